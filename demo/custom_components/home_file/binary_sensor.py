"""Contacts and detectors of a home file."""

from typing import override

from homeassistant.components.binary_sensor import BinarySensorEntity
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.helpers.typing import ConfigType, DiscoveryInfoType

from .entity import HomeFileEntity, async_add_described


async def async_setup_platform(
    hass: HomeAssistant,
    config: ConfigType,
    async_add_entities: AddEntitiesCallback,
    discovery_info: DiscoveryInfoType | None = None,
) -> None:
    """Add the home's contacts and detectors."""
    async_add_described(hass, "binary_sensor", HomeFileContact, async_add_entities)


class HomeFileContact(HomeFileEntity, BinarySensorEntity):
    """A contact or detector that always says the same."""

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        self._attr_is_on = self.described.state == "on"
