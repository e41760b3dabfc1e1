"""Buttons of the engine and of its agents."""

import asyncio

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.hearth.agent.line import Priority
from custom_components.hearth.engines.base import Capabilities, LoadedModel, ModelInfo
from custom_components.hearth.engines.faults import OutOfMemory, Unreachable

from .conftest import state_of
from .fake_engine import FakeEngine

LOAD = "button.tiny_load_model"
UNLOAD = "button.127_0_0_1_unload_models"
BENCHMARK = "button.127_0_0_1_run_benchmark"
LOADED = "sensor.127_0_0_1_loaded_model"


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the buttons, and the sensor that shows what they do."""
    return ["button", "sensor"]


async def press(hass: HomeAssistant, entity_id: str) -> None:
    """Press a button."""
    await hass.services.async_call(
        "button", "press", {"entity_id": entity_id}, blocking=True
    )
    await hass.async_block_till_done()


@pytest.mark.parametrize("platform_list", [["button"]])
async def test_buttons(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The buttons are as they were."""
    await snapshot_platform(hass, entity_registry, snapshot, setup_entry.entry_id)


@pytest.mark.parametrize("platform_list", [["button"]])
async def test_an_engine_that_cannot(
    hass: HomeAssistant,
    engine: FakeEngine,
    mock_config_entry: MockConfigEntry,
    mock_probe: object,
    platforms: None,
) -> None:
    """A button that could do nothing is not there."""
    engine.capabilities = Capabilities()
    mock_config_entry.add_to_hass(hass)
    assert await hass.config_entries.async_setup(mock_config_entry.entry_id)
    assert hass.states.async_entity_ids("button") == [
        BENCHMARK,
        "button.tiny_read_ahead",
    ]


async def test_out_of_memory_and_back(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """The model goes and comes, and the sensor follows."""
    engine.in_memory += (LoadedModel(name="other"),)
    engine.known += (ModelInfo(name="other"),)
    await press(hass, UNLOAD)
    assert engine.in_memory == ()
    assert state_of(hass, LOADED) == "none"

    await press(hass, LOAD)
    assert engine.in_memory == (LoadedModel(name="tiny", context_window=4096),)
    assert state_of(hass, LOADED) == "tiny"


@pytest.mark.parametrize(
    ("error", "key"),
    [(OutOfMemory("8 GiB"), "out_of_memory"), (Unreachable("gone"), "cannot_connect")],
)
async def test_what_fails_is_said(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    error: OutOfMemory | Unreachable,
    key: str,
) -> None:
    """An error is told in words."""
    engine.error = error
    with pytest.raises(HomeAssistantError) as caught:
        await press(hass, LOAD)
    assert caught.value.translation_key == key


async def test_people_go_first(
    hass: HomeAssistant, setup_entry: MockConfigEntry, engine: FakeEngine
) -> None:
    """A model is not taken away in the middle of an answer."""
    async with setup_entry.runtime_data.line.place(Priority.VOICE):
        task = asyncio.create_task(press(hass, UNLOAD))
        await asyncio.sleep(0.01)
        assert engine.in_memory
    await task
    assert engine.in_memory == ()


async def test_waiting_has_an_end(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """Who waits too long is told so."""
    monkeypatch.setattr("custom_components.hearth.helpers.PATIENCE", 0.01)
    async with setup_entry.runtime_data.line.place(Priority.VOICE):
        with pytest.raises(HomeAssistantError) as caught:
            await press(hass, UNLOAD)
    assert caught.value.translation_key == "line_too_long"
