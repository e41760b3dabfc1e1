"""Floors, areas and entities of a home in Home Assistant's registries."""

from homeassistant.components.homeassistant.exposed_entities import (
    async_expose_entity,
)
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import (
    area_registry as ar,
    entity_registry as er,
    floor_registry as fr,
)

from demo.homes import Home

ASSISTANT = "conversation"
PLATFORM = "home_file"


@callback
def async_register(hass: HomeAssistant, home: Home) -> None:
    """Make what the home needs in the registries and expose it to Assist.

    Entities are registered before their platforms add them, so that they get
    the file's entity ids, areas and aliases.
    """
    area_ids = _async_make_areas(hass, home)
    registry = er.async_get(hass)
    for entity in home.entities:
        entry = registry.async_get_or_create(
            entity.domain,
            PLATFORM,
            entity.entity_id,
            suggested_object_id=entity.object_id,
            original_name=entity.name,
        )
        registry.async_update_entity(
            entry.entity_id,
            area_id=area_ids.get(entity.area) if entity.area else None,
            aliases=[er.COMPUTED_NAME, *entity.aliases],
        )
        async_expose_entity(hass, ASSISTANT, entry.entity_id, True)


@callback
def _async_make_areas(hass: HomeAssistant, home: Home) -> dict[str, str]:
    """Make floors and areas; return the ids of the areas by name."""
    floors = fr.async_get(hass)
    floor_ids = {
        name: (
            floors.async_get_floor_by_name(name) or floors.async_create(name)
        ).floor_id
        for name in home.floors
    }
    areas = ar.async_get(hass)
    area_ids = {}
    for name, floor in home.areas.items():
        area = areas.async_get_or_create(name)
        areas.async_update(area.id, floor_id=floor_ids[floor] if floor else None)
        area_ids[name] = area.id
    return area_ids
