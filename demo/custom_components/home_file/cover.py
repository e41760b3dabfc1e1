"""Blinds and doors of a home file."""

from typing import Any, override

from homeassistant.components.cover import (
    ATTR_POSITION,
    CoverEntity,
    CoverEntityFeature,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.helpers.typing import ConfigType, DiscoveryInfoType

from .entity import HomeFileEntity, async_add_described

CLOSED = 0
OPEN = 100


async def async_setup_platform(
    hass: HomeAssistant,
    config: ConfigType,
    async_add_entities: AddEntitiesCallback,
    discovery_info: DiscoveryInfoType | None = None,
) -> None:
    """Add the home's covers."""
    async_add_described(hass, "cover", HomeFileCover, async_add_entities)


class HomeFileCover(HomeFileEntity, CoverEntity):
    """A cover that is at its new position at once."""

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        self._attr_supported_features = CoverEntityFeature(
            self.given("supported_features", 0)
        )
        closed = self.described.state == "closed"
        self._move_to(self.given("current_position", CLOSED if closed else OPEN))

    @override
    async def async_open_cover(self, **kwargs: Any) -> None:
        """Open wholly."""
        self._move_to(OPEN)
        self.async_write_ha_state()

    @override
    async def async_close_cover(self, **kwargs: Any) -> None:
        """Close wholly."""
        self._move_to(CLOSED)
        self.async_write_ha_state()

    @override
    async def async_set_cover_position(self, **kwargs: Any) -> None:
        """Move to the position that is asked for."""
        self._move_to(kwargs[ATTR_POSITION])
        self.async_write_ha_state()

    @override
    async def async_stop_cover(self, **kwargs: Any) -> None:
        """Stay; nothing moves for long here."""
        self.async_write_ha_state()

    def _move_to(self, position: int) -> None:
        """Be at a position, in percent open."""
        self._attr_current_cover_position = position
        self._attr_is_closed = position == CLOSED
