"""Sensors of a home file."""

from datetime import date, datetime
from typing import override

from homeassistant.components.sensor import SensorDeviceClass, SensorEntity
from homeassistant.const import STATE_UNKNOWN
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
    """Add the home's sensors."""
    async_add_described(hass, "sensor", HomeFileSensor, async_add_entities)


class HomeFileSensor(HomeFileEntity, SensorEntity):
    """A sensor that always measures the same."""

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        self._attr_native_unit_of_measurement = self.given("unit_of_measurement")
        self._attr_state_class = self.given("state_class")
        self._attr_native_value = _value(self.described.state, self.device_class)


def _value(
    state: str, device_class: str | None
) -> str | int | float | date | datetime | None:
    """Return a state as what a sensor of its class has; None if it is unknown."""
    if state == STATE_UNKNOWN:
        return None
    if device_class == SensorDeviceClass.DATE:
        return date.fromisoformat(state)
    if device_class == SensorDeviceClass.TIMESTAMP:
        return datetime.fromisoformat(state)
    for kind in (int, float):
        try:
            return kind(state)
        except ValueError:
            continue
    return state
