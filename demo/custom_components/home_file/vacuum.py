"""Robots of a home file."""

from typing import Any, override

from homeassistant.components.vacuum import (
    StateVacuumEntity,
    VacuumActivity,
    VacuumEntityFeature,
)
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
    """Add the home's robots."""
    async_add_described(hass, "vacuum", HomeFileVacuum, async_add_entities)


class HomeFileVacuum(HomeFileEntity, StateVacuumEntity):
    """A robot that works or rests."""

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        self._attr_supported_features = VacuumEntityFeature(
            self.given("supported_features", 0)
        )
        self._attr_activity = VacuumActivity(self.described.state)

    @override
    async def async_start(self) -> None:
        """Start to work."""
        self._become(VacuumActivity.CLEANING)

    @override
    async def async_pause(self) -> None:
        """Pause."""
        self._become(VacuumActivity.PAUSED)

    @override
    async def async_stop(self, **kwargs: Any) -> None:
        """Stop where it is."""
        self._become(VacuumActivity.IDLE)

    @override
    async def async_return_to_base(self, **kwargs: Any) -> None:
        """Go home."""
        self._become(VacuumActivity.RETURNING)

    @override
    async def async_locate(self, **kwargs: Any) -> None:
        """Make itself heard, if it could."""

    def _become(self, activity: VacuumActivity) -> None:
        """Take on an activity."""
        self._attr_activity = activity
        self.async_write_ha_state()
