"""Locks of a home file."""

from typing import Any, override

from homeassistant.components.lock import LockEntity, LockEntityFeature
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
    """Add the home's locks."""
    async_add_described(hass, "lock", HomeFileLock, async_add_entities)


class HomeFileLock(HomeFileEntity, LockEntity):
    """A lock that is locked or not."""

    @override
    def restore(self) -> None:
        """Take on the state that the file gives."""
        self._attr_supported_features = LockEntityFeature(
            self.given("supported_features", 0)
        )
        self._attr_is_locked = self.described.state == "locked"

    @override
    async def async_lock(self, **kwargs: Any) -> None:
        """Lock."""
        self._attr_is_locked = True
        self.async_write_ha_state()

    @override
    async def async_unlock(self, **kwargs: Any) -> None:
        """Unlock."""
        self._attr_is_locked = False
        self.async_write_ha_state()
