"""Pulling and updating the files of an engine that Hearth runs itself."""

import asyncio
from pathlib import Path
from typing import Any
from unittest.mock import patch

from homeassistant.components.update import DOMAIN as UPDATE
from homeassistant.const import ATTR_ENTITY_ID, CONF_MODEL
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.line import Priority
from custom_components.hearth.library.base import (
    LibraryError,
)
from custom_components.hearth.library.pulls import Pulls
from custom_components.hearth.managed.fetching import Repository
from custom_components.hearth.models.hub import RemoteFile, RemoteModel

from ...conftest import state_of
from ...managed.test_entry import FakeManaged
from ...models.file_server import COMMIT
from ..conftest import act, until
from .conftest import NAME, OTHER, SMALL_ID, files_in, has_file, set_up
from .hub_site import HubSite


async def test_pulls(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    folder: Path,
    pulls: Pulls,
    versions: tuple[bytes, bytes],
    finished: list[Event[Any]],
) -> None:
    """A model comes from the hub, and can be chosen, updated and deleted then."""
    answer = await act(
        hass, "pull_model", model="hf.co/owner/small:Q4_K_M", wait=True, respond=True
    )
    await hass.async_block_till_done(wait_background_tasks=True)

    assert answer == {"model": NAME, "success": True}
    assert (folder / NAME).read_bytes() == versions[0]
    assert finished[0].data["model"] == NAME
    assert state_of(hass, SMALL_ID) == "off"
    listing = await act(hass, "list_models", respond=True)
    [model, nano] = listing["models"][::-1]
    assert nano["name"] == "nano"
    assert model | {"parameters": ""} == {
        "name": NAME,
        "size": len(versions[0]),
        "quantization": "F16",
        "parameters": "",
        "context_window": 32768,
        "in_cloud": False,
        "loaded": False,
        "memory": None,
        "until": None,
        "update_available": False,
    }


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("small", "no name of a model"),
        ("../../etc/passwd", "no name of a model"),
        ("owner/small:Q2_K", "there are Q4_K_M"),
        ("owner/other", "does not have this"),
    ],
)
async def test_cannot_be_found(
    hass: HomeAssistant, entry: MockConfigEntry, name: str, words: str
) -> None:
    """What there is not is said at once."""
    with pytest.raises(ServiceValidationError, match=words):
        await act(hass, "pull_model", model=name)


async def test_update(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    engines: list[FakeManaged],
    folder: Path,
    hub: HubSite,
    versions: tuple[bytes, bytes],
) -> None:
    """Another sum at the hub is a newer version, which takes the place of the old."""
    await has_file(hass)
    hub.files["small-Q4_K_M.gguf"] = versions[1]
    await hass.services.async_call(
        "homeassistant", "update_entity", {ATTR_ENTITY_ID: SMALL_ID}, blocking=True
    )
    assert state_of(hass, SMALL_ID) == "on"

    await hass.services.async_call(
        UPDATE, "install", {ATTR_ENTITY_ID: SMALL_ID}, blocking=True
    )
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, SMALL_ID) == "off"
    assert (folder / NAME).read_bytes() == versions[1]
    # Another model runs, which goes on.
    assert len(engines) == 1


async def test_update_of_what_runs(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    engines: list[FakeManaged],
    folder: Path,
    hub: HubSite,
    versions: tuple[bytes, bytes],
) -> None:
    """The engine starts again with a new file, when nobody is listening to it."""
    await has_file(hass)
    await hass.config_entries.async_unload(entry.entry_id)
    data = {**entry.data, CONF_MODEL: str(folder / NAME)}
    hass.config_entries.async_update_entry(entry, data=data)
    await set_up(hass, entry)
    assert len(engines) == 2

    hub.files["small-Q4_K_M.gguf"] = versions[1]
    async with entry.runtime_data.line.place(Priority.VOICE):
        await act(hass, "pull_model", model=NAME, wait=True)
        await hass.async_block_till_done()
        assert len(engines) == 2
    await hass.async_block_till_done(wait_background_tasks=True)
    assert len(engines) == 3
    assert engines[1].stopped >= 1
    assert state_of(hass, SMALL_ID) == "off"


async def test_branch_is_kept(
    hass: HomeAssistant, entry: MockConfigEntry, hub: HubSite
) -> None:
    """A model of another branch is looked for in that one; nobody has it in main."""
    hub.branch = "v2"
    reference = "https://huggingface.co/owner/small/blob/v2/small-Q4_K_M.gguf"
    await act(hass, "pull_model", model=reference, wait=True)
    await hass.async_block_till_done(wait_background_tasks=True)
    shelf = entry.runtime_data.shelf
    [model] = [one for one in shelf.data if one.name == NAME]
    await shelf.async_ask(model)
    assert shelf.has_update(model) is False

    hub.branch = "main"
    await shelf.async_ask(model)
    await hass.async_block_till_done()
    assert shelf.known(model).missing
    assert hass.states.async_entity_ids(UPDATE) == []


async def test_hub_is_away(
    hass: HomeAssistant, entry: MockConfigEntry, hub: HubSite
) -> None:
    """A hub that is out of order changes nothing."""
    await has_file(hass)
    hub.status = "503 Service Unavailable"
    shelf = entry.runtime_data.shelf
    [model] = [one for one in shelf.data if one.name == NAME]
    await shelf.async_ask(model)

    assert shelf.has_update(model) is False
    with pytest.raises(HomeAssistantError, match="out of order"):
        await act(hass, "pull_model", model=NAME)


async def test_by_hand(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path
) -> None:
    """A file that somebody put there is listed, has no newer version, and can go."""
    own = folder / "mine.gguf"
    own.parent.mkdir(exist_ok=True)
    own.write_bytes(b"no model at all")
    await entry.runtime_data.shelf.async_refresh()
    assert hass.states.async_entity_ids(UPDATE) == []
    listing = await act(hass, "list_models", respond=True)
    [mine] = [one for one in listing["models"] if one["name"] == "mine.gguf"]
    assert (mine["size"], mine["quantization"]) == (15, None)
    assert (
        await entry.runtime_data.library.newest(
            entry.runtime_data.shelf.model("mine.gguf")
        )
        is None
    )

    await act(hass, "delete_model", model="mine.gguf")
    assert files_in(folder) == []


async def test_restart(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    folder: Path,
    hub: HubSite,
    pulls: Pulls,
    versions: tuple[bytes, bytes],
    finished: list[Event[Any]],
) -> None:
    """A download that a restart broke off goes on where it was."""
    hub.stop_at = half = len(versions[0]) // 2
    await act(hass, "pull_model", model="owner/small")
    [pull] = pulls
    await until(lambda: pull.meter.completed >= half)
    await hass.config_entries.async_unload(entry.entry_id)
    assert [name for name in files_in(folder) if name.endswith(".part")]
    assert not finished

    hub.stop_at = None
    [again] = await set_up(hass, entry)
    await again.wait()
    assert hub.begins == [0, half]
    assert (folder / NAME).read_bytes() == versions[0]
    assert [event.data["success"] for event in finished] == [True]


async def test_home_assistant_stops(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    entry: MockConfigEntry,
    folder: Path,
    hub: HubSite,
    pulls: Pulls,
    versions: tuple[bytes, bytes],
    finished: list[Event[Any]],
) -> None:
    """Nothing is lost when Home Assistant ends without unloading anything."""
    hub.stop_at = half = len(versions[0]) // 2
    await act(hass, "pull_model", model="owner/small")
    [pull] = pulls
    await until(lambda: pull.meter.completed >= half)
    await hass.async_stop(force=True)
    # Home Assistant gives what it cancels some seconds more.
    await until(lambda: pull.error)

    assert str(pull.error).startswith("('pull_stopped'")
    assert not finished
    assert [(folder / name).stat().st_size for name in files_in(folder)] == [half]
    kept = hass_storage[f"hearth.library.{entry.entry_id}"]["data"]["unfinished"]
    assert kept == {NAME: "owner/small"}


async def test_cancel(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    folder: Path,
    hub: HubSite,
    pulls: Pulls,
    versions: tuple[bytes, bytes],
) -> None:
    """Cancelling removes what came."""
    hub.stop_at = len(versions[0]) // 2
    await act(hass, "pull_model", model="owner/small")
    [pull] = pulls
    await until(lambda: pull.meter.completed)
    await act(hass, "cancel_pull", model="owner/small")

    assert files_in(folder) == []
    with pytest.raises(LibraryError, match="cancelled"):
        await pull.wait()


async def test_cancel_an_update(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    folder: Path,
    hub: HubSite,
    pulls: Pulls,
    versions: tuple[bytes, bytes],
) -> None:
    """Who gives up an update keeps the version of before."""
    await has_file(hass)
    before = files_in(folder)
    hub.files["small-Q4_K_M.gguf"] = versions[1]
    hub.stop_at = len(versions[0]) // 2
    await act(hass, "pull_model", model=NAME)
    [pull] = pulls
    await until(lambda: pull.meter.completed)
    await act(hass, "cancel_pull", model=NAME)

    assert files_in(folder) == before
    assert (folder / NAME).read_bytes() == versions[0]


async def test_cancel_after_a_restart(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    folder: Path,
    hub: HubSite,
    pulls: Pulls,
    versions: tuple[bytes, bytes],
) -> None:
    """What came before a restart is removed also where it has not gone on yet."""
    hub.files["small-Q8_0.gguf"] = versions[1]
    hub.stop_at = len(versions[0]) // 2
    third = "owner/small/small-F16.gguf"
    hub.files["small-F16.gguf"] = versions[1] + bytes(32)
    for name in (NAME, OTHER):
        await act(hass, "pull_model", model=name)
    await until(lambda: all(pull.meter.completed for pull in pulls))
    await hass.config_entries.async_unload(entry.entry_id)
    assert len(files_in(folder)) == 2
    pulls = await set_up(hass, entry)
    await until(lambda: len(hub.begins) == 4)
    await act(hass, "pull_model", model=third)
    for name in (third, OTHER, NAME):
        await act(hass, "cancel_pull", model=name)

    assert files_in(folder) == []
    assert not [*pulls]


async def test_disk_is_full(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path, hub: HubSite
) -> None:
    """Where the disk has no room for a file and a reserve, nothing is begun."""
    with (
        patch(
            "custom_components.hearth.models.download_places.free_bytes",
            return_value=1 << 30,
        ),
        pytest.raises(HomeAssistantError, match=r"1\.1 GB are needed, 1\.1"),
    ):
        await act(hass, "pull_model", model="owner/small")
    assert hub.begins == []


async def test_the_same_by_two_names(
    hass: HomeAssistant, entry: MockConfigEntry, hub: HubSite, pulls: Pulls
) -> None:
    """Whatever a model is called, it comes once."""
    names = ("owner/small", "hf.co/owner/small:q4_k_m", NAME)
    first, *others = await asyncio.gather(*map(pulls.async_start, names))
    await first.wait()

    assert all(other is first for other in others)
    assert len(hub.begins) == 1


async def test_hub_does_not_give_it(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    hub: HubSite,
    finished: list[Event[Any]],
) -> None:
    """A file that the hub does not hand out is told as such."""
    hub.withholds = True
    with pytest.raises(HomeAssistantError, match="does not hand this model out"):
        await act(hass, "pull_model", model="owner/small", wait=True)
    assert finished[0].data["success"] is False


async def test_name_that_is_not_safe(
    hass: HomeAssistant, entry: MockConfigEntry, hub: HubSite
) -> None:
    """A hub that calls a file so that it would lie elsewhere is not believed."""
    model = RemoteModel(
        repository="owner/small",
        revision=COMMIT,
        files=(RemoteFile(name="../x.gguf", size=1, sha256="0" * 64, url=""),),
    )
    found = Repository(models=(model,), suggested=model, token=None)
    with (
        patch(
            "custom_components.hearth.library.files.async_look_up", return_value=found
        ),
        pytest.raises(HomeAssistantError, match="not safe"),
    ):
        await act(hass, "pull_model", model="owner/small")


async def test_broken_split_model(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path
) -> None:
    """A model of which a file lacks is listed with what is there."""
    folder.mkdir()
    (folder / "x-00001-of-00002.gguf").write_bytes(b"half")
    listing = await act(hass, "list_models", respond=True)

    assert [one["size"] for one in listing["models"] if "x-" in one["name"]] == [4]
