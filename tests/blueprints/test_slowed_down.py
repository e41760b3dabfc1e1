"""A machine that slows down while it speaks, told by the automation of the blueprint."""

import asyncio

from freezegun.api import FrozenDateTimeFactory
from homeassistant.components import conversation
from homeassistant.components.persistent_notification import (
    Notification,
    UpdateType,
    async_register_callback,
)
from homeassistant.core import Context, HomeAssistant, callback
import pytest
from pytest_homeassistant_custom_component.common import (
    async_capture_events,
    async_fire_time_changed,
)

from custom_components.hearth.const import EVENT_TURN_FINISHED
from custom_components.hearth.engines.faults import Unreachable

from ..conftest import state_of
from ..fake_engine import FakeEngine, Step, says
from ..machines import HOT, Machine
from .conftest import TALKER, WORKER, Automate, pass_time, run_by_hand

THROTTLED = "binary_sensor.127_0_0_1_throttled"


@pytest.fixture
def notices(hass: HomeAssistant) -> asyncio.Queue[str]:
    """Return the messages of notifications, as they come."""
    messages: asyncio.Queue[str] = asyncio.Queue()

    @callback
    def changed(kind: UpdateType, found: dict[str, Notification]) -> None:
        if kind in (UpdateType.ADDED, UpdateType.UPDATED):
            for notice in found.values():
                messages.put_nowait(notice["message"])

    async_register_callback(hass, changed)
    return messages


async def say(hass: HomeAssistant, engine: FakeEngine, *steps: Step) -> None:
    """Say something to the agent, and hear it answer or fail.

    Does not wait for the automation: it goes on for as long as it says nothing more.
    """
    engine.passes.append(list(steps) or says("Hello."))
    await conversation.async_converse(
        hass, "Hello", None, Context(), language="en", agent_id=TALKER
    )
    # The event comes in the loop's next round, and an automation hears of it in the
    # one after that.
    await asyncio.sleep(0)
    await asyncio.sleep(0)


async def test_tells_of_a_slow_machine(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    machine: Machine,
    notices: asyncio.Queue[str],
    freezer: FrozenDateTimeFactory,
) -> None:
    """Who is not slowed down hears nothing, who is hears it once in a while."""
    await automate("slowed_down", throttled=THROTTLED)
    await say(hass, engine)
    await pass_time(hass, freezer, 6)

    machine.slow_down(HOT)
    await say(hass, engine)
    message = await notices.get()
    assert message.endswith("helps. The answer came with 10.0 tokens per second.")
    assert "\n" not in message

    await say(hass, engine)
    freezer.tick(11.9 * 3600)
    async_fire_time_changed(hass)
    for _ in range(3):
        await say(hass, engine)
    await pass_time(hass, freezer, 0.2 * 3600)
    assert notices.empty()

    await say(hass, engine)
    assert await notices.get() == message
    assert notices.empty()


@pytest.mark.parametrize(("agent", "told"), [(TALKER, 2), (WORKER, 0)])
async def test_does_what_one_likes(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    machine: Machine,
    agent: str,
    told: int,
) -> None:
    """Agents elsewhere do not count, and what is done, and how often, is a choice."""
    events = async_capture_events(hass, "too_hot")
    data = {"speed": "{{ speed }}"}
    await automate(
        "slowed_down",
        actions=[{"event": "too_hot", "event_data": data}],
        agents=[agent],
        pause=0,
        throttled=THROTTLED,
    )
    machine.slow_down(HOT)
    for _ in range(2):
        await say(hass, engine)
        await hass.async_block_till_done(wait_background_tasks=True)

    assert [event.data for event in events] == [{"speed": 10.0}] * told


async def test_a_turn_that_failed_at_once(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    machine: Machine,
    notices: asyncio.Queue[str],
) -> None:
    """A machine that was not put to work was not slowed down by that."""
    machine.slow_down(HOT)
    await say(hass, engine)
    await hass.async_block_till_done(wait_background_tasks=True)
    assert state_of(hass, THROTTLED) == "on"
    await automate("slowed_down", throttled=THROTTLED)
    turns = async_capture_events(hass, EVENT_TURN_FINISHED)
    await say(hass, engine, Unreachable("Gone"))
    await hass.async_block_till_done(wait_background_tasks=True)

    assert [turn.data["passes"] for turn in turns] == [0]
    assert notices.empty()


async def test_run_by_hand(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    machine: Machine,
    notices: asyncio.Queue[str],
) -> None:
    """Who runs the automation to see what it does sees that."""
    machine.slow_down(HOT)
    await say(hass, engine)
    await hass.async_block_till_done(wait_background_tasks=True)
    await automate("slowed_down", throttled=THROTTLED)
    await run_by_hand(hass, "slowed_down")
    assert (await notices.get()).endswith("power supply helps.")
