"""Models that sleep at night, by the automation of the blueprint."""

from unittest.mock import AsyncMock

from freezegun.api import FrozenDateTimeFactory
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest

from custom_components.hearth.const import SUBENTRY_CONVERSATION
from custom_components.hearth.engines.base import LoadedModel, ModelInfo
from custom_components.hearth.engines.faults import Unreachable

from ..fake_engine import FakeEngine
from .conftest import TALKER, WORKER, Automate, entry_with, pass_time, run_by_hand


@pytest.mark.freeze_time("2026-11-20 23:00:00+01:00")
async def test_sleeps_and_wakes(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """Models go when the night begins, and are back as their agents need them."""
    await automate("sleep_at_night", agents=[TALKER, WORKER])
    await pass_time(hass, freezer, 29 * 60)
    assert len(engine.in_memory) == 2
    await pass_time(hass, freezer, 60)
    assert engine.in_memory == ()
    await pass_time(hass, freezer, 6.4 * 3600)
    assert engine.loads == []
    await pass_time(hass, freezer, 0.1 * 3600)
    assert sorted(engine.loads) == [("other", 2048, 60), ("tiny", 2048, 60)]


@pytest.mark.freeze_time("2026-11-20 12:00:00+01:00")
async def test_sleeps_when_told(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
) -> None:
    """The times are one's own, and models of other agents stay."""
    await automate(
        "sleep_at_night", agents=[TALKER], sleep_at="13:00:00", wake_at="14:00:00"
    )
    await pass_time(hass, freezer, 3600)
    assert engine.in_memory == (LoadedModel(name="other"),)
    await pass_time(hass, freezer, 3600)
    assert engine.loads == [("tiny", 2048, 60)]


@pytest.mark.freeze_time("2026-11-20 23:29:00+01:00")
async def test_one_keeps_nobody_awake(
    hass: HomeAssistant,
    automate: Automate,
    engine: FakeEngine,
    mock_probe: AsyncMock,
    freezer: FrozenDateTimeFactory,
    caplog: pytest.LogCaptureFixture,
) -> None:
    """An engine that is not there is told of; an agent that is gone, nobody misses."""
    other = FakeEngine(url="http://127.0.0.1:8080", known=(ModelInfo(name="attic"),))
    mock_probe.return_value = other
    entry = entry_with(other.url, {"attic": SUBENTRY_CONVERSATION})
    entry.add_to_hass(hass)
    await hass.config_entries.async_setup(entry.entry_id)
    # Whatever the order is, one comes after the engine that is off.
    agents = ["ai_task.gone", TALKER, "conversation.attic", WORKER]
    await automate("sleep_at_night", agents=agents)
    other.error = Unreachable("Gone")
    await pass_time(hass, freezer, 60)
    assert engine.in_memory == ()
    assert "Nothing answers at" in caplog.text
    assert "ai_task.gone" not in caplog.text

    other.error = None
    await pass_time(hass, freezer, 6.5 * 3600)
    assert len(engine.loads) == 2
    assert other.loads == [("attic", 2048, 60)]


async def test_a_name_of_ones_own(
    hass: HomeAssistant, automate: Automate, engine: FakeEngine
) -> None:
    """An agent may be called what one likes; run by hand, its model sleeps at once."""
    er.async_get(hass).async_update_entity(
        TALKER, name="Jeeves", new_entity_id="conversation.jeeves"
    )
    await hass.async_block_till_done()
    await automate("sleep_at_night", agents=["conversation.jeeves"])
    await run_by_hand(hass, "sleep_at_night")
    await hass.async_block_till_done()

    assert engine.in_memory == (LoadedModel(name="other"),)
