"""What a person hears when an engine of our own breaks; with the real thing."""

import asyncio
from collections.abc import AsyncGenerator, AsyncIterator
from contextlib import aclosing
import os
from pathlib import Path
import signal

from homeassistant.components import conversation
from homeassistant.config_entries import ConfigEntryState
from homeassistant.const import CONF_MODEL
from homeassistant.core import Context, HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.intent import IntentResponseType
from homeassistant.setup import async_setup_component
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent_form import first_agent
from custom_components.hearth.const import DOMAIN, SUBENTRY_CONVERSATION
from custom_components.hearth.engines.base import ChatRequest, Delta, Message, Role
from custom_components.hearth.engines.managed import ManagedEngine, ManagedState
from custom_components.hearth.managed.settings import ManagedSettings

from ..engines.gguf_models import write_random
from ..engines.llama_servers import BIN
from ..homes import async_set_up_home

LIGHT = "turn on the kitchen ceiling"
# Seconds. What the tiny model needs on a machine with other work is a fraction.
PATIENCE = 60

pytestmark = pytest.mark.usefixtures("socket_enabled")


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
                "data": first_agent(ManagedSettings.of(data).alias),
                "subentry_type": SUBENTRY_CONVERSATION,
                "title": "Nano",
                "unique_id": None,
            }
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


async def say(hass: HomeAssistant, text: str) -> conversation.ConversationResult:
    """Say something to the agent."""
    (agent,) = (
        entity.entity_id
        for entity in er.async_get(hass).entities.values()
        if entity.platform == DOMAIN and entity.domain == "conversation"
    )
    async with asyncio.timeout(PATIENCE):
        return await conversation.async_converse(
            hass, text, None, Context(), language="en", agent_id=agent
        )


def spoken(result: conversation.ConversationResult) -> str:
    """Return what a person hears."""
    return str(result.response.speech["plain"]["speech"])


async def test_answers_while_it_still_loads(
    hass: HomeAssistant, engine: ManagedEngine
) -> None:
    """Who speaks while the model is being loaded is answered when it is."""
    assert engine.state is ManagedState.STARTING

    result = await say(hass, LIGHT)

    assert result.response.response_type is IntentResponseType.ACTION_DONE
    state = hass.states.get("light.kitchen_ceiling")
    assert state is not None
    assert state.state == "on"


@pytest.mark.parametrize("model", ["babbler.gguf"], indirect=True)
async def test_killed_while_it_speaks(
    hass: HomeAssistant, engine: ManagedEngine, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A sentence is heard, it is started again, and the next turn works."""
    await engine.ready()
    died: list[int] = []
    chat = engine.chat

    async def chat_and_die(request: ChatRequest) -> AsyncGenerator[Delta]:
        async with aclosing(chat(request)) as deltas:
            async for delta in deltas:
                yield delta
                if not died:
                    assert engine.pid is not None
                    died.append(engine.pid)
                    os.kill(engine.pid, signal.SIGKILL)

    with monkeypatch.context() as patched:
        patched.setattr(engine, "chat", chat_and_die)
        result = await say(hass, LIGHT)
    assert len(died) == 1
    assert result.response.response_type is IntentResponseType.ERROR
    assert spoken(result)

    request = ChatRequest(
        model="babbler",
        messages=(Message(role=Role.USER, content=LIGHT),),
        max_tokens=8,
    )
    deltas = [delta async for delta in engine.chat(request)]
    assert deltas[-1].stats is not None
    assert engine.restarts == 1
    assert engine.pid not in died


async def test_speaking_when_it_was_just_killed(
    hass: HomeAssistant, engine: ManagedEngine
) -> None:
    """Who speaks while it is being started again only waits a little."""
    await engine.ready()
    assert engine.pid is not None
    os.kill(engine.pid, signal.SIGKILL)
    while engine.state is ManagedState.READY:
        await asyncio.sleep(0.001)

    result = await say(hass, LIGHT)

    assert result.response.response_type is IntentResponseType.ACTION_DONE


async def test_home_assistant_stops_in_mid_answer(
    hass: HomeAssistant, engine: ManagedEngine
) -> None:
    """Stopping Home Assistant ends the engine, whatever it is doing."""
    await engine.ready()
    pid = engine.pid
    assert pid is not None
    request = ChatRequest(
        model="hearth-nano", messages=(Message(role=Role.USER, content=LIGHT),)
    )
    async with aclosing(engine.chat(request)) as deltas:
        await anext(deltas)
        await hass.async_stop(force=True)

    assert engine.state is ManagedState.STOPPED
    with pytest.raises(ProcessLookupError):
        os.kill(pid, 0)
