"""Deleting the files of an engine that Hearth runs itself."""

from pathlib import Path
from typing import Any

from homeassistant.components.update import DOMAIN as UPDATE
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.library.base import (
    InstalledModel,
    LibraryError,
    Wanted,
)
from custom_components.hearth.library.file_removal import remove_model

from ...managed.test_entry import FakeManaged
from ..conftest import act
from .conftest import NAME, files_in, has_file, managed_entry, set_up


async def test_delete(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path
) -> None:
    """With a model goes all that lay beside it, and its folder."""
    await has_file(hass)
    part = folder / f"{NAME}.0123456789abcdef.part"
    part.write_bytes(b"of another version")
    await act(hass, "delete_model", model=NAME)

    assert files_in(folder) == []
    assert not (folder / "owner").exists()
    assert hass.states.async_entity_ids(UPDATE) == []


async def test_delete_what_runs(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path
) -> None:
    """The model that runs stays, also by force, and so does the one of Hearth."""
    await has_file(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    data = {**entry.data, CONF_MODEL: str(folder / NAME)}
    hass.config_entries.async_update_entry(entry, data=data)
    await set_up(hass, entry)
    with pytest.raises(ServiceValidationError, match=r"llama\.cpp runs"):
        await act(hass, "delete_model", model=NAME, force=True)
    with pytest.raises(ServiceValidationError, match="leaves it alone"):
        await act(hass, "delete_model", model="nano", force=True)
    assert (folder / NAME).is_file()


async def test_file_elsewhere(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    engines: list[FakeManaged],
    folder: Path,
    tmp_path: Path,
    versions: tuple[bytes, bytes],
) -> None:
    """A file that runs and lies elsewhere is listed, and never touched."""
    own = tmp_path / "elsewhere" / "own.gguf"
    own.parent.mkdir()
    own.write_bytes(versions[0])
    (folder / "link").parent.mkdir()
    (folder / "link").symlink_to(own.parent)
    entry = managed_entry(folder, str(own))
    await set_up(hass, entry)
    names = [model.name for model in entry.runtime_data.shelf.data]
    assert str(own) in names
    for name in names:
        with pytest.raises(ServiceValidationError):
            await act(hass, "delete_model", model=name, force=True)
    assert own.read_bytes() == versions[0]
    await hass.config_entries.async_unload(entry.entry_id)


async def test_library_alone(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    folder: Path,
    versions: tuple[bytes, bytes],
) -> None:
    """What is gone meanwhile, or never was, is nothing to be removed."""
    library = entry.runtime_data.library
    await library.discard(Wanted(key="owner/small/x.gguf", name="x"))
    gone = InstalledModel(name="gone.gguf", alias="gone")
    with pytest.raises(LibraryError, match="model_not_ours"):
        await library.delete(gone)
    nano = entry.runtime_data.shelf.model("nano")
    with pytest.raises(LibraryError, match="model_not_ours"):
        await library.delete(nano)


def test_removes_whole_models(tmp_path: Path) -> None:
    """All files of a split model go, of a broken one those that are there."""
    folder = tmp_path / "models"
    first, second = (folder / f"a/x-0000{n}-of-00002.gguf" for n in (1, 2))
    other = folder / "a" / "x-00001.gguf"
    first.parent.mkdir(parents=True)
    for path in (first, second, other):
        path.touch()
    (folder / "a" / f"{second.name}.0123.part").touch()
    assert remove_model(folder, first)
    assert files_in(folder) == ["a/x-00001.gguf"]

    first.touch()
    assert remove_model(folder, first)
    assert files_in(folder) == ["a/x-00001.gguf"]


@pytest.mark.parametrize("name", ["../out.gguf", "link/out.gguf", "", "none.gguf"])
def test_removes_nothing_else(tmp_path: Path, name: str) -> None:
    """What lies outside stays, whichever way leads there."""
    folder, outside = tmp_path / "models", tmp_path / "out.gguf"
    folder.mkdir()
    outside.touch()
    (folder / "link").symlink_to(tmp_path)

    assert not remove_model(folder, folder / name)
    assert outside.exists()
