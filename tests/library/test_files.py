"""Pulling, updating and deleting the files of an engine that Hearth runs itself."""

import asyncio
from collections.abc import AsyncIterator, Generator
from dataclasses import dataclass, field
import hashlib
import json
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.components.update import DOMAIN as UPDATE
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import ATTR_ENTITY_ID, CONF_MODEL
from homeassistant.core import Event, HomeAssistant
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.line import Priority
from custom_components.hearth.const import DOMAIN, SUBENTRY_CONVERSATION
from custom_components.hearth.library.base import (
    InstalledModel,
    LibraryError,
    Wanted,
)
from custom_components.hearth.library.file_removal import remove_model
from custom_components.hearth.library.pulls import Pulls
from custom_components.hearth.managed.fetching import Repository
from custom_components.hearth.models.hub import RemoteFile, RemoteModel

from ..conftest import ENTRY_ID, state_of
from ..engines.gguf_models import write_random
from ..managed.test_entry import ENTRY, PLAN, FakeManaged
from ..models.file_server import (
    COMMIT,
    Answer,
    Asked,
    FileServer,
    file,
    file_server,
    says,
)
from .conftest import act, until

NAME = "owner/small/small-Q4_K_M.gguf"
OTHER = "owner/small/small-Q8_0.gguf"
SMALL_ID = "update.llama_cpp_owner_small_small_q4_k_m_gguf"


@pytest.fixture(scope="module")
def versions(tmp_path_factory: pytest.TempPathFactory) -> tuple[bytes, bytes]:
    """Return two versions of a model."""
    folder = tmp_path_factory.mktemp("versions")
    for seed in (1, 2):
        write_random(folder / f"{seed}.gguf", seed=seed)
    old, new = ((folder / f"{seed}.gguf").read_bytes() for seed in (1, 2))
    return old, new


@dataclass(slots=True)
class HubSite:
    """A hub with one repository, whose files can change.

    Args:
        files: What is in the files.
        branch: The branch that they are in.
        status: What it answers to questions, where not 200.
        withholds: Whether files are only for others.
        stop_at: After which byte a file stops until ``go_on`` is set.
        server: Where it is, and what it was asked.
    """

    files: dict[str, bytes]
    branch: str = "main"
    status: str = "200 OK"
    withholds: bool = False
    stop_at: int | None = None
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    server: FileServer | None = None

    @property
    def begins(self) -> list[int]:
        """Return from which byte on files were asked for."""
        assert self.server is not None
        return [a.begin for a in self.server.asked if "/resolve/" in a.path]

    async def answer(self, asked: Asked, writer: asyncio.StreamWriter) -> None:
        """Answer as a hub does."""
        if "/resolve/" in asked.path and self.withholds:
            await says("403 Forbidden", "Content-Length: 0")(asked, writer)
        elif "/resolve/" in asked.path:
            content = self.files[asked.path.rpartition("/")[2]]
            begin = 0 if self.stop_at is None else self.stop_at
            await file(content, until=begin or None)(asked, writer)
            if begin:
                await self.go_on.wait()
                writer.write(content[max(begin, asked.begin) :])
        else:
            await self._page(asked)(asked, writer)

    def _page(self, asked: Asked) -> Answer:
        """Return what the hub tells of its repository."""
        if not self.status.startswith("200"):
            return says(self.status, "Content-Length: 0")
        if asked.path == f"/api/models/owner/small/revision/{self.branch}":
            return page({"sha": COMMIT})
        if asked.path.startswith(f"/api/models/owner/small/tree/{COMMIT}"):
            return page([listed(name, data) for name, data in self.files.items()])
        return says("404 Not Found", "Content-Length: 0")


def listed(name: str, content: bytes) -> dict[str, Any]:
    """Return a file as a hub lists it."""
    lfs = {"oid": hashlib.sha256(content).hexdigest(), "size": len(content)}
    return {"type": "file", "path": name, "lfs": lfs}


def page(value: Any) -> Answer:
    """Return an answer in JSON."""
    body = json.dumps(value).encode()
    return says("200 OK", f"Content-Length: {len(body)}", body=body)


@pytest.fixture
async def hub(
    socket_enabled: None, versions: tuple[bytes, bytes]
) -> AsyncIterator[HubSite]:
    """Return the hub."""
    site = HubSite({"small-Q4_K_M.gguf": versions[0]})
    async with file_server(site.answer) as site.server:
        with patch(
            "custom_components.hearth.managed.fetching._ENDPOINT", site.server.url
        ):
            yield site


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    """Return the folder for models."""
    return tmp_path / "models"


@pytest.fixture
def engines() -> Generator[list[FakeManaged]]:
    """Run no process; return the engines that were made."""
    FakeManaged.made.clear()
    with (
        patch(f"{ENTRY}.ManagedEngine", FakeManaged),
        patch(f"{ENTRY}.async_plan", AsyncMock(return_value=PLAN)),
    ):
        yield FakeManaged.made


def managed_entry(folder: Path, model: str = "nano") -> MockConfigEntry:
    """Return the entry of an engine of our own; not yet added."""
    return MockConfigEntry(
        data={
            CONF_MODEL: model,
            "models_folder": str(folder),
            "runtime": "llama_server",
        },
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        subentries_data=[
            {
                "data": {CONF_MODEL: "hearth-nano"},
                "subentry_type": SUBENTRY_CONVERSATION,
                "title": "Nano",
                "unique_id": None,
            }
        ],
        title="llama.cpp",
    )


async def set_up(hass: HomeAssistant, entry: MockConfigEntry) -> Pulls:
    """Set up an entry; return its pulls."""
    if (
        entry.state is ConfigEntryState.NOT_LOADED
        and not hass.config_entries.async_get_entry(entry.entry_id)
    ):
        entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    pulls: Pulls = entry.runtime_data.pulls
    return pulls


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    engines: list[FakeManaged],
    folder: Path,
    hub: HubSite,
    platforms: None,
) -> AsyncIterator[MockConfigEntry]:
    """Return the entry, set up, with the model that comes with Hearth."""
    entry = managed_entry(folder)
    await set_up(hass, entry)
    yield entry
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def pulls(entry: MockConfigEntry) -> Pulls:
    """Return what is on its way."""
    pulls: Pulls = entry.runtime_data.pulls
    return pulls


async def has_file(hass: HomeAssistant) -> None:
    """Pull the model of the hub."""
    await act(hass, "pull_model", model="owner/small", wait=True)
    await hass.async_block_till_done(wait_background_tasks=True)


def files_in(folder: Path) -> list[str]:
    """Return the files that there are."""
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


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


async def test_broken_split_model(
    hass: HomeAssistant, entry: MockConfigEntry, folder: Path
) -> None:
    """A model of which a file lacks is listed with what is there."""
    folder.mkdir()
    (folder / "x-00001-of-00002.gguf").write_bytes(b"half")
    listing = await act(hass, "list_models", respond=True)

    assert [one["size"] for one in listing["models"] if "x-" in one["name"]] == [4]
