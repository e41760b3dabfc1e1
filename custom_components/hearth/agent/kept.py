"""What was gathered about the home, kept as long as nothing about it changes.

Gathering it takes a millisecond or two in each turn, because it touches so much: every
state, every registry, every integration that offers something to Assist.
"""

from collections.abc import Hashable
from typing import Any

from homeassistant.components.homeassistant import exposed_entities
from homeassistant.const import (
    ATTR_DEVICE_CLASS,
    ATTR_FRIENDLY_NAME,
    ATTR_SUPPORTED_FEATURES,
    EVENT_COMPONENT_LOADED,
    EVENT_SERVICE_REGISTERED,
    EVENT_SERVICE_REMOVED,
    EVENT_STATE_CHANGED,
)
from homeassistant.core import EventStateChangedData, HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
)

# Scripts come and go as services do, and are tools.
_EVENTS = (
    ar.EVENT_AREA_REGISTRY_UPDATED,
    dr.EVENT_DEVICE_REGISTRY_UPDATED,
    er.EVENT_ENTITY_REGISTRY_UPDATED,
    fr.EVENT_FLOOR_REGISTRY_UPDATED,
    EVENT_COMPONENT_LOADED,
    EVENT_SERVICE_REGISTERED,
    EVENT_SERVICE_REMOVED,
)
_TELLING = (ATTR_FRIENDLY_NAME, ATTR_DEVICE_CLASS, ATTR_SUPPORTED_FEATURES)


class Kept[T]:
    """Values that hold as long as there are the same things with the same names.

    States are none of it: they change all the time, and nothing kept tells them.
    """

    def __init__(self, hass: HomeAssistant) -> None:
        """Keep nothing yet, and hear of what changes."""
        self._hass = hass
        self._assistants: set[str] = set()
        self._values: dict[Hashable, T] = {}
        for kind in _EVENTS:
            hass.bus.async_listen(str(kind), self._async_forget)
        hass.bus.async_listen(EVENT_STATE_CHANGED, self._async_forget, _is_news)

    @callback
    def async_values(self, assistant: str) -> dict[Hashable, T]:
        """Return what is known of what an assistant may see.

        What is gathered for a while goes into the mapping as it was in the beginning:
        where something has changed meanwhile, nobody asks that one any more.
        """
        if assistant not in self._assistants:
            self._assistants.add(assistant)
            exposed_entities.async_listen_entity_updates(
                self._hass, assistant, self._async_forget
            )
        return self._values

    @callback
    def _async_forget(self, _: Any = None) -> None:
        """Know that all of it may be different now."""
        self._values = {}


@callback
def _is_news(data: EventStateChangedData) -> bool:
    """Return whether a state is new, gone, or tells something else of its entity."""
    old, new = data["old_state"], data["new_state"]
    if old is None or new is None:
        return True
    before, after = old.attributes, new.attributes
    return before is not after and any(
        before.get(name) != after.get(name) for name in _TELLING
    )
