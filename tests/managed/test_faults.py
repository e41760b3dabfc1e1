"""What a person hears when an engine of our own breaks; with the real thing."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
import os
import signal

from homeassistant.core import HomeAssistant
from homeassistant.helpers.intent import IntentResponseType
import pytest

from custom_components.hearth.engines.chat import ChatRequest, Delta, Message, Role
from custom_components.hearth.engines.managed import ManagedEngine, ManagedState

from .conftest import say, spoken

LIGHT = "turn on the kitchen ceiling"

pytestmark = pytest.mark.usefixtures("socket_enabled")


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
