"""What all entities of a home file have in common."""

from abc import abstractmethod
from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any, override

from homeassistant.const import STATE_UNAVAILABLE
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers.entity import Entity
from homeassistant.helpers.entity_platform import AddEntitiesCallback
from homeassistant.util.hass_dict import HassKey

from demo.homes import Home, HomeEntity


@dataclass(slots=True, kw_only=True)
class HomeData:
    """The home that was read, and the entities that were made of it."""

    home: Home
    entities: list[HomeFileEntity] = field(default_factory=list)


DATA_HOME: HassKey[HomeData] = HassKey("home_file")


class HomeFileEntity(Entity):
    """An entity that starts as the file says and then follows the actions."""

    _attr_should_poll = False

    def __init__(self, described: HomeEntity) -> None:
        """Take over what the file says."""
        self.described = described
        self.entity_id = described.entity_id
        self._attr_name = described.name
        self._attr_unique_id = described.entity_id
        self._attr_device_class = described.attributes.get("device_class")
        self._attr_available = described.state != STATE_UNAVAILABLE
        self.restore()

    def given(self, attribute: str, default: Any = None) -> Any:
        """Return an attribute that the file gives."""
        return self.described.attributes.get(attribute, default)

    @abstractmethod
    def restore(self) -> None:
        """Take on the state that the file gives."""

    @callback
    def async_reset(self) -> None:
        """Go back to the state that the file gives."""
        self.restore()
        self.async_write_ha_state()

    @override
    async def async_added_to_hass(self) -> None:
        """Be found by the action that resets the home."""
        await super().async_added_to_hass()
        self.hass.data[DATA_HOME].entities.append(self)


@callback
def async_add_described(
    hass: HomeAssistant,
    domain: str,
    make: Callable[[HomeEntity], HomeFileEntity],
    async_add_entities: AddEntitiesCallback,
) -> None:
    """Add the home's entities of one domain."""
    async_add_entities(
        make(described)
        for described in hass.data[DATA_HOME].home.entities
        if described.domain == domain
    )
