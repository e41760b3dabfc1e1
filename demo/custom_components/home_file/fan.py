"""Fans of a home file."""

from typing import Any, override

from homeassistant.components.fan import FanEntity, FanEntityFeature
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.helpers.typing import ConfigType, DiscoveryInfoType

from .entity import HomeFileEntity, async_add_described

FASTEST = 100


async def async_setup_platform(
    hass: HomeAssistant,
    config: ConfigType,
    async_add_entities: AddEntitiesCallback,
    discovery_info: DiscoveryInfoType | None = None,
) -> None:
    """Add the home's fans."""
    async_add_described(hass, "fan", HomeFileFan, async_add_entities)


class HomeFileFan(HomeFileEntity, FanEntity):
    """A fan with a speed in percent; zero is off."""

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        self._attr_supported_features = FanEntityFeature(
            self.given("supported_features", 0)
        )
        running = self.described.state == "on"
        self._attr_percentage = self.given("percentage") or (FASTEST if running else 0)

    @override
    async def async_set_percentage(self, percentage: int) -> None:
        """Run at another speed."""
        self._attr_percentage = percentage
        self.async_write_ha_state()

    @override
    async def async_turn_on(
        self,
        percentage: int | None = None,
        preset_mode: str | None = None,
        **kwargs: Any,
    ) -> None:
        """Run, at the speed that is asked for."""
        self._attr_percentage = FASTEST if percentage is None else percentage
        self.async_write_ha_state()

    @override
    async def async_turn_off(self, **kwargs: Any) -> None:
        """Stop."""
        self._attr_percentage = 0
        self.async_write_ha_state()
