"""Ten satellites before one engine; with the real thing."""

import asyncio

from homeassistant.core import HomeAssistant
from homeassistant.helpers.intent import IntentResponseType
import pytest

from custom_components.hearth.engines.chat import ChatRequest, Message, Role
from custom_components.hearth.engines.managed import ManagedEngine

from .conftest import say, spoken

LIGHTS = (
    "kitchen ceiling",
    "kitchen counter",
    "living room lamp",
    "reading lamp",
    "desk lamp",
    "hallway",
    "bedroom ceiling",
    "bedside lamp left",
    "bedside lamp right",
    "garden path",
)

pytestmark = pytest.mark.usefixtures("socket_enabled")


async def test_all_are_answered_in_order(
    hass: HomeAssistant, engine: ManagedEngine
) -> None:
    """Who speaks first is answered first, and nobody is forgotten."""
    await engine.ready()
    answered: list[str] = []

    async def speak(light: str) -> None:
        result = await say(
            hass, f"turn on the {light} for grandma", f"assist_satellite.{light}"
        )
        assert result.response.response_type is IntentResponseType.ACTION_DONE
        assert spoken(result)
        answered.append(light)

    await asyncio.gather(*(speak(light) for light in LIGHTS))

    assert answered == list(LIGHTS)
    for light in LIGHTS:
        state = hass.states.get(f"light.{light.replace(' ', '_')}")
        assert state is not None
        assert state.state == "on", light


@pytest.mark.parametrize("model", ["babbler.gguf"], indirect=True)
async def test_who_leaves_leaves_nothing_behind(
    hass: HomeAssistant, engine: ManagedEngine
) -> None:
    """The engine works for nobody who has gone, waiting or being answered."""
    await engine.ready()
    people = [
        asyncio.create_task(say(hass, "tell me everything", f"assist_satellite.{name}"))
        for name in LIGHTS
    ]
    line = hass.config_entries.async_entries("hearth")[0].runtime_data.line
    while line.waiting < len(LIGHTS) - 1:
        await asyncio.sleep(0.01)
    for person in people:
        person.cancel()
    await asyncio.gather(*people, return_exceptions=True)

    # The one slot of the engine is free: a request is answered at once.
    request = ChatRequest(
        model="babbler",
        messages=(Message(role=Role.USER, content="hello"),),
        max_tokens=4,
    )
    async with asyncio.timeout(10):
        deltas = [delta async for delta in engine.chat(request)]
    assert deltas[-1].stats is not None
    # What is still read ahead is read for nobody, and comes to its end.
    async with asyncio.timeout(30):
        while line.locked():
            await asyncio.sleep(0.01)
    assert line.waiting == 0
