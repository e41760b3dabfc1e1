"""A home with an engine of our own that really runs."""

import asyncio
from collections.abc import AsyncIterator
from pathlib import Path

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_MODEL
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent_form import AGENT_KINDS
from custom_components.hearth.const import (
    DOMAIN,
    SUBENTRY_AI_TASK,
    SUBENTRY_CONVERSATION,
)
from custom_components.hearth.engines.managed import ManagedEngine
from custom_components.hearth.managed.settings import ManagedSettings

from ..engines.gguf_models import write_random
from ..engines.llama_servers import BIN
from ..homes import async_set_up_home

# Seconds. What the tiny model needs on a machine with other work is a fraction.
PATIENCE = 60


@pytest.fixture
def model(request: pytest.FixtureRequest, tmp_path: Path) -> str:
    """Return the tiny model, or one that talks nonsense for as long as it may."""
    if not getattr(request, "param", None):
        return "nano"
    path = tmp_path / request.param
    write_random(path)
    return str(path)


@pytest.fixture
async def entry(hass: HomeAssistant, model: str) -> AsyncIterator[MockConfigEntry]:
    """Return the entry of an engine of our own that runs a model."""
    assert await async_setup_component(hass, "conversation", {})
    await async_set_up_home(hass)
    program = BIN / "llama-server"
    data = {CONF_MODEL: model, "runtime": "llama_server"}
    if program.exists():
        data["program"] = str(program)
    entry = MockConfigEntry(
        data=data,
        domain=DOMAIN,
        subentries_data=[
            {
                "data": AGENT_KINDS[SUBENTRY_CONVERSATION].first(
                    ManagedSettings.of(data).alias
                ),
                "subentry_type": SUBENTRY_CONVERSATION,
                "title": "Nano",
                "unique_id": None,
            },
            {
                "data": {CONF_MODEL: ManagedSettings.of(data).alias},
                "subentry_type": SUBENTRY_AI_TASK,
                "title": "Tasks",
                "unique_id": None,
            },
        ],
        title="llama.cpp",
    )
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    await hass.async_block_till_done()
    assert entry.state is ConfigEntryState.LOADED
    yield entry
    await hass.config_entries.async_unload(entry.entry_id)


@pytest.fixture
def engine(entry: MockConfigEntry) -> ManagedEngine:
    """Return the engine of the entry."""
    engine = entry.runtime_data.engine
    assert isinstance(engine, ManagedEngine)
    return engine


async def say(
    hass: HomeAssistant, text: str, satellite: str | None = None
) -> conversation.ConversationResult:
    """Say something to the agent, perhaps to one of the satellites."""
    (agent,) = (
        entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.platform == DOMAIN and entity.domain == "conversation"
    )
    async with asyncio.timeout(PATIENCE):
        result = await conversation.async_converse(
            hass,
            text,
            None,
            Context(),
            language="en",
            agent_id=agent,
            satellite_id=satellite,
        )
    # The entities learn of it when the words are on their way.
    await asyncio.sleep(0)
    return result


def spoken(result: conversation.ConversationResult) -> str:
    """Return what a person hears."""
    return str(result.response.speech["plain"]["speech"])
