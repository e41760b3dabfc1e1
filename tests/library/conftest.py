"""A home with an Ollama whose models can be changed."""

import asyncio
from collections.abc import AsyncIterator, Callable, Generator
from typing import Any
from unittest.mock import patch

from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_MODEL, CONF_URL
from homeassistant.core import Event, HomeAssistant
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_capture_events,
)

from custom_components.hearth.const import (
    DOMAIN,
    EVENT_PULL_FINISHED,
    SUBENTRY_CONVERSATION,
)
from custom_components.hearth.library.pulls import Pulls

from ..conftest import ENTRY_ID
from .ollama_site import OllamaSite, ollama_site, path_of

# Seconds. All that is waited for takes a fraction.
PATIENCE = 20


@pytest.fixture
async def site(socket_enabled: None) -> AsyncIterator[OllamaSite]:
    """Return an Ollama with two models, of which the registry has one as it is."""
    async with ollama_site() as site:
        site.has("toolbot:latest")
        site.has("own:latest")
        site.offers(path_of("toolbot"))
        registries = {"registry.ollama.ai": site.url}
        with patch("custom_components.hearth.library.opening.ENDPOINTS", registries):
            yield site


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the updates."""
    return ["update"]


@pytest.fixture(autouse=True)
def hasty() -> Generator[None]:
    """Try again at once what broke off."""
    with patch("custom_components.hearth.library.pulls.AGAIN", (0.0, 0.0)):
        yield


def entry_of(site: OllamaSite, agent: str = "toolbot") -> MockConfigEntry:
    """Return an entry for an Ollama, with an agent; not yet added."""
    return MockConfigEntry(
        data={CONF_URL: site.url},
        domain=DOMAIN,
        entry_id=ENTRY_ID,
        subentries_data=[
            {
                "data": {CONF_MODEL: agent},
                "subentry_type": SUBENTRY_CONVERSATION,
                "title": "Toolbot",
                "unique_id": None,
            }
        ],
        title="Ollama",
    )


@pytest.fixture
async def entry(
    hass: HomeAssistant,
    hass_storage: dict[str, Any],
    site: OllamaSite,
    platforms: None,
) -> AsyncIterator[MockConfigEntry]:
    """Return the entry of the Ollama, set up."""
    entry = entry_of(site)
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    yield entry
    if entry.state is ConfigEntryState.LOADED:
        await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def pulls(entry: MockConfigEntry) -> Pulls:
    """Return what is on its way to the Ollama."""
    pulls: Pulls = entry.runtime_data.pulls
    return pulls


@pytest.fixture
def finished(hass: HomeAssistant) -> list[Event[Any]]:
    """Return the events that tell that a pull has ended."""
    events: list[Event[Any]] = async_capture_events(hass, EVENT_PULL_FINISHED)
    return events


async def until(condition: Callable[[], object]) -> None:
    """Wait until something is so."""
    async with asyncio.timeout(PATIENCE):
        while not condition():
            await asyncio.sleep(0.005)


async def act(
    hass: HomeAssistant, action: str, *, respond: bool = False, **fields: Any
) -> Any:
    """Call one of the actions."""
    async with asyncio.timeout(PATIENCE):
        return await hass.services.async_call(
            DOMAIN, action, fields, blocking=True, return_response=respond
        )
