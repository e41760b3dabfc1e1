"""Whether the engine can be reached, and whether its machine is well."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .board_sensors import async_board_binary_sensors
from .coordinator import HearthConfigEntry
from .entity import HearthEngineEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HearthConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the engine's connectivity and the problems of its machine."""
    async_add_entities([HearthConnectivity(entry, "connectivity")])
    async_add_entities(async_board_binary_sensors(hass, entry))


class HearthConnectivity(HearthEngineEntity, BinarySensorEntity):
    """On while the engine answers."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    @property
    @override
    def available(self) -> bool:
        """Stay available: that the engine does not answer is the news."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the engine answered when last spoken to."""
        return self.coordinator.last_update_success
