"""Whether the engine can be reached."""

from homeassistant.const import STATE_OFF, STATE_ON
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion

from custom_components.hearth.engines.faults import Unreachable

from .conftest import state_of
from .hardware.board_trees import PI_5_8GB
from .machines import Machine

CONNECTIVITY = "binary_sensor.127_0_0_1_connectivity"


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the binary sensors."""
    return ["binary_sensor"]


@pytest.fixture
def pi_5(machine: Machine) -> Machine:
    """Run on a Raspberry Pi 5."""
    machine.plant(PI_5_8GB)
    return machine


async def test_binary_sensors(
    hass: HomeAssistant,
    pi_5: Machine,
    setup_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The binary sensors are as they were."""
    await snapshot_platform(hass, entity_registry, snapshot, setup_entry.entry_id)


async def test_says_off_when_the_engine_is_gone(
    hass: HomeAssistant, setup_entry: MockConfigEntry
) -> None:
    """It stays available through an outage and follows it."""
    coordinator = setup_entry.runtime_data.coordinator
    coordinator.async_report_error(Unreachable("reset"))
    assert state_of(hass, CONNECTIVITY) == STATE_OFF

    coordinator.async_report_success()
    assert state_of(hass, CONNECTIVITY) == STATE_ON
