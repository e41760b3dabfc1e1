"""Lights of a home file."""

from typing import Any, override

from homeassistant.components.light import (
    ATTR_BRIGHTNESS,
    ATTR_COLOR_TEMP_KELVIN,
    ATTR_HS_COLOR,
    ColorMode,
    LightEntity,
    LightEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.helpers.typing import ConfigType, DiscoveryInfoType

from .entity import HomeFileEntity, async_add_described

BRIGHTEST = 255
WARM_WHITE = 2700
# The most colourful mode first: a lamp starts in the last one it has.
MODES = (ColorMode.HS, ColorMode.COLOR_TEMP, ColorMode.BRIGHTNESS, ColorMode.ONOFF)


async def async_setup_platform(
    hass: HomeAssistant,
    config: ConfigType,
    async_add_entities: AddEntitiesCallback,
    discovery_info: DiscoveryInfoType | None = None,
) -> None:
    """Add the home's lights."""
    async_add_described(hass, "light", HomeFileLight, async_add_entities)


class HomeFileLight(HomeFileEntity, LightEntity):
    """A light with the brightness and colours that the file gives it."""

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        modes = {
            ColorMode(mode)
            for mode in self.given("supported_color_modes", [ColorMode.ONOFF])
        }
        self._attr_supported_color_modes = modes
        self._attr_color_mode = [mode for mode in MODES if mode in modes][-1]
        self._attr_supported_features = LightEntityFeature(
            self.given("supported_features", 0)
        )
        self._attr_is_on = self.described.state == "on"
        self._attr_brightness = self.given("brightness", BRIGHTEST)
        self._attr_color_temp_kelvin = self.given("color_temp_kelvin", WARM_WHITE)
        self._attr_hs_color = self.given("hs_color")

    @override
    async def async_turn_on(self, **kwargs: Any) -> None:
        """Switch on, with the brightness and the colour that are asked for."""
        self._attr_is_on = True
        self._attr_brightness = kwargs.get(ATTR_BRIGHTNESS, self._attr_brightness)
        if ATTR_HS_COLOR in kwargs:
            self._attr_color_mode = ColorMode.HS
            self._attr_hs_color = kwargs[ATTR_HS_COLOR]
        if ATTR_COLOR_TEMP_KELVIN in kwargs:
            self._attr_color_mode = ColorMode.COLOR_TEMP
            self._attr_color_temp_kelvin = kwargs[ATTR_COLOR_TEMP_KELVIN]
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Switch off."""
        self._attr_is_on = False
        self.async_write_ha_state()
