"""Thermostats of a home file."""

from typing import Any, override

from homeassistant.components.climate import (
    ATTR_HVAC_MODE,
    ClimateEntity,
    ClimateEntityFeature,
    HVACMode,
)
from homeassistant.const import ATTR_TEMPERATURE, UnitOfTemperature
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
    """Add the home's thermostats."""
    async_add_described(hass, "climate", HomeFileClimate, async_add_entities)


class HomeFileClimate(HomeFileEntity, ClimateEntity):
    """A thermostat; the room's own temperature stays what it is."""

    _attr_temperature_unit = UnitOfTemperature.CELSIUS

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        modes = self.given("hvac_modes", [HVACMode.HEAT, HVACMode.OFF])
        self._attr_hvac_modes = [HVACMode(mode) for mode in modes]
        self._attr_hvac_mode = HVACMode(self.described.state)
        self._attr_supported_features = ClimateEntityFeature(
            self.given("supported_features", 0)
        )
        self._attr_current_temperature = self.given("current_temperature")
        self._attr_target_temperature = self.given("temperature")

    @override
    async def async_set_temperature(self, **kwargs: Any) -> None:
        """Aim at another temperature."""
        self._attr_target_temperature = kwargs.get(
            ATTR_TEMPERATURE, self._attr_target_temperature
        )
        self._attr_hvac_mode = kwargs.get(ATTR_HVAC_MODE, self._attr_hvac_mode)
        self.async_write_ha_state()

    @override
    async def async_set_hvac_mode(self, hvac_mode: HVACMode) -> None:
        """Heat, cool or stop."""
        self._attr_hvac_mode = hvac_mode
        self.async_write_ha_state()
