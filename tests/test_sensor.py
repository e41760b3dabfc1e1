"""What the sensors show."""

from freezegun.api import FrozenDateTimeFactory
from homeassistant.const import STATE_UNAVAILABLE, STATE_UNKNOWN
from homeassistant.core import HomeAssistant
from homeassistant.helpers import device_registry as dr, entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    async_fire_time_changed,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.hearth.agent.metrics import TurnMetrics
from custom_components.hearth.coordinator import INTERVAL_UP
from custom_components.hearth.engines.base import LoadedModel
from custom_components.hearth.engines.faults import Unreachable

from .conftest import AGENT_ID, ENTRY_ID, state_of
from .fake_engine import FakeEngine
from .hardware.board_trees import PI_5_8GB
from .machines import Machine

TURN = TurnMetrics(
    cached_tokens=600,
    first_word_seconds=0.75,
    generated_tokens=20,
    generated_tokens_per_second=10.0,
    passes=2,
    prompt_tokens=700,
    read_tokens_per_second=25.0,
    total_seconds=6.5,
)

LOADED_MODEL = "sensor.127_0_0_1_loaded_model"
MEMORY = "sensor.127_0_0_1_memory_of_loaded_models"
SPEED = "sensor.tiny_generation_speed"


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the sensors."""
    return ["sensor"]


@pytest.fixture
def ollama_on_pi_5(machine: Machine) -> Machine:
    """Run on a Raspberry Pi 5 with an Ollama whose models can be seen."""
    machine.plant(PI_5_8GB)
    (machine.root / "usr/share/ollama/.ollama/models").mkdir(parents=True)
    return machine


@pytest.mark.usefixtures("entity_registry_enabled_by_default")
async def test_sensors(
    hass: HomeAssistant,
    ollama_on_pi_5: Machine,
    setup_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The sensors are as they were, with the numbers of a turn."""
    setup_entry.runtime_data.metrics[AGENT_ID].add(TURN)
    await hass.async_block_till_done()

    await snapshot_platform(hass, entity_registry, snapshot, ENTRY_ID)


async def test_agent_device(
    setup_entry: MockConfigEntry,
    device_registry: dr.DeviceRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The agent is a device of its own, reached through the engine's."""
    agent = device_registry.async_get_device_by_identifier(
        ("hearth", AGENT_ID), ENTRY_ID
    )
    engine = device_registry.async_get_device_by_identifier(
        ("hearth", ENTRY_ID), ENTRY_ID
    )

    assert agent == snapshot
    assert engine is not None and agent is not None
    assert agent.via_device_id == engine.id
    assert agent.config_subentry_id == AGENT_ID


async def test_unknown_before_the_first_turn(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """An agent that never spoke has no numbers."""
    assert state_of(hass, SPEED) == STATE_UNKNOWN


async def test_follows_the_newest_turn(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """Each turn shows at once; what the engine did not tell is unknown."""
    metrics = setup_entry.runtime_data.metrics[AGENT_ID]

    metrics.add(TURN)
    assert state_of(hass, SPEED) == "10.0"

    metrics.add(TurnMetrics(passes=1))
    assert state_of(hass, SPEED) == STATE_UNKNOWN


async def test_stops_listening_when_unloaded(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """A turn that ends after the unloading changes nothing."""
    metrics = setup_entry.runtime_data.metrics[AGENT_ID]
    assert await hass.config_entries.async_unload(ENTRY_ID)

    metrics.add(TURN)

    assert state_of(hass, SPEED) == STATE_UNAVAILABLE


async def test_unavailable_while_the_engine_is_gone(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """Nothing is shown that may no longer be true."""
    coordinator = setup_entry.runtime_data.coordinator

    coordinator.async_report_error(Unreachable("reset"))
    assert state_of(hass, LOADED_MODEL) == STATE_UNAVAILABLE

    coordinator.async_report_success()
    assert state_of(hass, LOADED_MODEL) == "tiny"


@pytest.mark.parametrize(
    ("loaded", "names", "memory"),
    [
        ((), "none", "0.0"),
        (
            (LoadedModel(name="a", memory=2**30), LoadedModel(name="b", memory=2**29)),
            "a, b",
            "1.5",
        ),
        ((LoadedModel(name="x" * 300),), "x" * 255, STATE_UNKNOWN),
    ],
)
async def test_follows_what_is_loaded(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    engine: FakeEngine,
    freezer: FrozenDateTimeFactory,
    loaded: tuple[LoadedModel, ...],
    names: str,
    memory: str,
) -> None:
    """The engine's sensors follow the next poll."""
    engine.in_memory = loaded
    freezer.tick(INTERVAL_UP.total_seconds() + 1)
    async_fire_time_changed(hass)
    await hass.async_block_till_done(wait_background_tasks=True)

    assert state_of(hass, LOADED_MODEL) == names
    assert state_of(hass, MEMORY) == memory
