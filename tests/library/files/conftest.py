"""A home with an engine of our own, and a hub that it has its models from."""

from collections.abc import AsyncIterator, Generator
from pathlib import Path
from typing import Any
from unittest.mock import AsyncMock, patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_MODEL
from homeassistant.core import HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.const import DOMAIN, SUBENTRY_CONVERSATION
from custom_components.hearth.library.pulls import Pulls

from ...conftest import ENTRY_ID
from ...engines.gguf_models import write_random
from ...managed.test_entry import ENTRY, PLAN, FakeManaged
from ...models.file_server import file_server
from ..conftest import act
from .hub_site import HubSite

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


def managed_entry(folder: Path, model: str = "nano", **more: str) -> MockConfigEntry:
    """Return the entry of an engine of our own; not yet added."""
    return MockConfigEntry(
        data={
            CONF_MODEL: model,
            "models_folder": str(folder),
            "runtime": "llama_server",
            **more,
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
