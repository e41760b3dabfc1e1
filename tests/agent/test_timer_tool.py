"""The compact tool for timers, with Home Assistant's own timers."""

from collections.abc import Awaitable, Callable
from dataclasses import replace
from datetime import timedelta
from typing import Any

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components.intent import async_register_timer_handler
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, llm
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.toolset import async_register_api

from ..conftest import state_of

type Call = Callable[..., Awaitable[Any]]


@pytest.fixture
def satellite(
    hass: HomeAssistant,
    home: None,
    llm_context: llm.LLMContext,
) -> llm.LLMContext:
    """Return who asks: somebody at a satellite that can have timers."""
    async_register_api(hass)
    entry = MockConfigEntry()
    entry.add_to_hass(hass)
    device = dr.async_get(hass).async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("test", "satellite")}
    )
    async_register_timer_handler(hass, device.id, lambda *_: None)
    return replace(llm_context, device_id=device.id)


@pytest.fixture
async def call(hass: HomeAssistant, satellite: llm.LLMContext) -> Call:
    """Return a function that calls the tool."""
    api = await llm.async_get_api(hass, "hearth", satellite)

    async def _call(action: str, **more: Any) -> llm.ToolResult:
        arguments = {"action": action, **more}
        return await api.async_call_tool(
            llm.ToolInput(tool_name="timer", tool_args=arguments)
        )

    return _call


async def test_one_tool_where_there_are_timers(
    hass: HomeAssistant, satellite: llm.LLMContext, llm_context: llm.LLMContext
) -> None:
    """It takes the place of eight, and is not there for who has no satellite."""
    at_satellite = await llm.async_get_api(hass, "hearth", satellite)
    elsewhere = await llm.async_get_api(hass, "hearth", llm_context)

    names = ["control", "set", "state"]
    assert [tool.name for tool in elsewhere.tools] == names
    assert [tool.name for tool in at_satellite.tools] == [*names, "timer"]


async def test_a_life_of_a_timer(call: Call, freezer: FrozenDateTimeFactory) -> None:
    """It is started, changed, paused, resumed, asked for and cancelled."""
    started = await call("start", minutes=5, name="Tea")
    assert started.data == {"done": ["start"]}
    await call("add", minutes=2, name="Tea")
    await call("subtract", minutes=1, name="tea")
    await call("pause", name="Tea")
    assert (await call("status")).data == {
        "timers": [{"left": "0:06:00", "of": "0:05:00", "name": "Tea", "paused": True}]
    }
    await call("resume", name="Tea")
    freezer.tick(timedelta(minutes=2))
    (timer,) = (await call("status", name="Tea")).data["timers"]
    assert "paused" not in timer
    assert (await call("cancel", name="Tea")).data == {"done": ["cancel"]}
    assert (await call("status")).data == {"timers": []}


async def test_found_by_its_length(call: Call) -> None:
    """Of several, the one of ten minutes is known by them."""
    await call("start", minutes=10)
    await call("start", hours=1, minutes=0, seconds=0)

    assert (await call("cancel", minutes=10)).data == {"done": ["cancel"]}
    (left,) = (await call("status")).data["timers"]
    assert left == {"left": "1:00:00", "of": "1:00:00"}
    assert (await call("cancel all")).data == {"done": ["cancel all"]}


async def test_a_command_later(hass: HomeAssistant, call: Call) -> None:
    """What is to be done when the time is over is done then."""
    await call("start", seconds=1, command=" turn on the kitchen ceiling ")
    assert state_of(hass, "light.kitchen_ceiling") == "off"

    await hass.async_block_till_done(wait_background_tasks=True)

    assert state_of(hass, "light.kitchen_ceiling") == "on"


@pytest.mark.parametrize(
    ("made", "reason"),
    [
        ({"action": "start"}, "Say how long"),
        ({"action": "add", "minutes": 0}, "Say how long"),
        ({"action": "cancel", "name": "Eggs"}, "There is no such timer"),
        ({"action": "pause"}, "There are several"),
        ({"action": "start", "minutes": -3}, "Say how long"),
    ],
)
async def test_what_cannot_be_done(
    call: Call, made: dict[str, Any], reason: str
) -> None:
    """The model is told what is missing."""
    await call("start", minutes=1)
    await call("start", minutes=2)

    result = await call(**made)

    assert result.error
    assert reason in str(result.data["error"])
