"""Reading ahead with an engine of our own that really runs."""

import asyncio
from collections.abc import Callable
import os
import signal

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.metrics import TurnMetrics
from custom_components.hearth.const import SUBENTRY_CONVERSATION
from custom_components.hearth.engines.managed import ManagedEngine, ManagedState
from custom_components.hearth.read_ahead import ReadAhead

from .conftest import say

LIGHT = "turn on the kitchen ceiling"
# Time, states and words of the newest message, and what the template adds to it.
MOST_NEW = 60

pytestmark = pytest.mark.usefixtures("socket_enabled")


@pytest.fixture
def ahead(entry: MockConfigEntry) -> ReadAhead:
    """Return what reads ahead for the agent."""
    (agent,) = entry.get_subentries_of_type(SUBENTRY_CONVERSATION)
    found = entry.runtime_data.read_ahead[agent.subentry_id]
    assert isinstance(found, ReadAhead)
    return found


@pytest.fixture
def last(entry: MockConfigEntry) -> Callable[[], TurnMetrics]:
    """Return what the newest turn measured."""
    (agent,) = entry.get_subentries_of_type(SUBENTRY_CONVERSATION)

    def read() -> TurnMetrics:
        turn = entry.runtime_data.metrics[agent.subentry_id].last
        assert isinstance(turn, TurnMetrics)
        return turn

    return read


async def until_ready(ahead: ReadAhead) -> None:
    """Wait until the prompt is read."""
    async with asyncio.timeout(30):
        while not ahead.warm_up.is_ready:
            await asyncio.sleep(0.01)


def read_in_first_pass(turn: TurnMetrics) -> int:
    """Return the tokens that a turn of one or two passes had to read at most."""
    assert turn.prompt_tokens is not None
    assert turn.cached_tokens is not None
    return turn.prompt_tokens - turn.cached_tokens


async def test_the_first_turn_reads_little(
    hass: HomeAssistant,
    engine: ManagedEngine,
    ahead: ReadAhead,
    last: Callable[[], TurnMetrics],
) -> None:
    """Everything but the newest words was read when nobody was waiting."""
    await until_ready(ahead)
    await say(hass, "I wonder whether the front door is locked")
    assert read_in_first_pass(last()) <= MOST_NEW


async def test_after_a_crash(
    hass: HomeAssistant,
    entry: MockConfigEntry,
    engine: ManagedEngine,
    ahead: ReadAhead,
    last: Callable[[], TurnMetrics],
) -> None:
    """An engine that was started again reads by itself what it has lost."""
    await until_ready(ahead)
    pid = engine.pid
    assert pid is not None
    os.kill(pid, signal.SIGKILL)
    async with asyncio.timeout(30):
        while engine.pid in {None, pid} or engine.state is not ManagedState.READY:
            await asyncio.sleep(0.01)
        # The coordinator looks again some seconds after it has looked.
        await entry.runtime_data.coordinator.async_refresh()
        while not ahead.warm_up.is_ready:
            await asyncio.sleep(0.01)
    await say(hass, "I wonder whether the front door is locked")
    assert read_in_first_pass(last()) <= MOST_NEW


async def test_after_a_new_name(
    hass: HomeAssistant,
    engine: ManagedEngine,
    ahead: ReadAhead,
    last: Callable[[], TurnMetrics],
) -> None:
    """A changed home is read again, and the first turn after that reads little."""
    await until_ready(ahead)
    er.async_get(hass).async_update_entity("light.desk_lamp", name="Beacon")
    await hass.async_block_till_done()
    await ahead.warm_up.run()
    await say(hass, "I wonder whether the front door is locked")
    assert read_in_first_pass(last()) <= MOST_NEW
