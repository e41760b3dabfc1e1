"""The agents that people talk to, as Home Assistant knows them."""

from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
import pytest
from pytest_homeassistant_custom_component.common import (
    MockConfigEntry,
    snapshot_platform,
)
from syrupy.assertion import SnapshotAssertion


@pytest.fixture
def platform_list() -> list[str]:
    """Set up the agents."""
    return ["conversation"]


async def test_conversation_agents(
    hass: HomeAssistant,
    setup_entry: MockConfigEntry,
    entity_registry: er.EntityRegistry,
    snapshot: SnapshotAssertion,
) -> None:
    """The agents are as they were."""
    await snapshot_platform(hass, entity_registry, snapshot, setup_entry.entry_id)
