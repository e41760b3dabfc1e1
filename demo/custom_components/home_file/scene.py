"""Scenes of a home file."""

from typing import Any, override

from homeassistant.components.scene import Scene
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
    """Add the home's scenes."""
    async_add_described(hass, "scene", HomeFileScene, async_add_entities)


class HomeFileScene(HomeFileEntity, Scene):
    """A scene that sets nothing; its state is when it was last asked for."""

    @override
    def restore(self) -> None:
        """Keep the state: Home Assistant alone writes a scene's."""

    @override
    async def async_activate(self, **kwargs: Any) -> None:
        """Set nothing."""
