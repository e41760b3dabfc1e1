"""The compact overview of what is exposed: one line an area, no states."""

from dataclasses import dataclass
from functools import lru_cache
from itertools import groupby
from typing import override

from homeassistant.components.homeassistant import async_should_expose
from homeassistant.core import HomeAssistant, State, callback
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
    floor_registry as fr,
    intent,
)

# Scripts are tools of their own; calendars are asked through theirs.
HIDDEN_DOMAINS = frozenset({"calendar", "conversation", "script"})


def kind_of(domain: str) -> str:
    """Return what a domain is called in a prompt: who asks a sensor says so."""
    return "sensor" if domain == "binary_sensor" else domain


@dataclass(frozen=True, slots=True, kw_only=True)
class ExposedEntity:
    """An entity as the prompt knows it; ``area`` and ``floor`` are names."""

    entity_id: str
    name: str
    aliases: tuple[str, ...] = ()
    area: str | None = None
    floor: str | None = None
    device_class: str | None = None

    @override
    def __hash__(self) -> int:
        """Return what a home of these is looked up by, often: the id tells enough."""
        return hash(self.entity_id)

    @property
    def domain(self) -> str:
        """Return the entity's domain."""
        return self.entity_id.partition(".")[0]

    @property
    def kind(self) -> str:
        """Return what the model knows the domain as."""
        return kind_of(self.domain)

    @property
    def names(self) -> tuple[str, ...]:
        """Return every name the entity answers to, the first one first."""
        return (self.name, *self.aliases)


@callback
def async_exposed_entities(
    hass: HomeAssistant, assistant: str
) -> tuple[ExposedEntity, ...]:
    """Return what is exposed to an assistant, in the order of the overview."""
    entities = er.async_get(hass)
    found = []
    for state in hass.states.async_all():
        if state.domain in HIDDEN_DOMAINS or not async_should_expose(
            hass, assistant, state.entity_id
        ):
            continue
        entry = entities.async_get(state.entity_id)
        name, *aliases = intent.async_get_entity_aliases(hass, entry, state=state) or [
            state.name
        ]
        area, floor = _place(hass, entry)
        found.append(
            ExposedEntity(
                entity_id=state.entity_id,
                name=name.strip(),
                aliases=tuple(sorted(alias.strip() for alias in aliases)),
                area=area,
                floor=floor,
                device_class=_device_class(state),
            )
        )
    return tuple(sorted(found, key=_order))


def _device_class(state: State) -> str | None:
    """Return the device class, which says what a sensor measures."""
    value = state.attributes.get("device_class")
    return None if value is None else str(value)


def _place(
    hass: HomeAssistant, entry: er.RegistryEntry | None
) -> tuple[str | None, str | None]:
    """Return the names of the area and the floor an entity is in."""
    if entry is None:
        return None, None
    area_id = entry.area_id
    if (
        area_id is None
        and entry.device_id
        and (device := dr.async_get(hass).async_get(entry.device_id))
    ):
        area_id = dr.async_get_effective_area_id(hass, device)
    if area_id is None or (area := ar.async_get(hass).async_get_area(area_id)) is None:
        return None, None
    floor = fr.async_get(hass).async_get_floor(area.floor_id) if area.floor_id else None
    return area.name, floor.name if floor else None


@callback
def area_of(hass: HomeAssistant, device_id: str | None) -> str | None:
    """Return the name of the area of the device that heard the words."""
    if (
        device_id
        and (device := dr.async_get(hass).async_get(device_id))
        and (area_id := dr.async_get_effective_area_id(hass, device))
        and (area := ar.async_get(hass).async_get_area(area_id))
    ):
        return area.name
    return None


def _order(entity: ExposedEntity) -> tuple[str, str, str, str, str]:
    """Sort so that a new entity adds to one line and moves nothing else."""
    return (
        entity.floor or "\uffff",
        entity.area or "\uffff",
        entity.kind,
        entity.name,
        entity.entity_id,
    )


@lru_cache(maxsize=4)
def overview(entities: tuple[ExposedEntity, ...]) -> str:
    """Write the home down: a line for each floor's name and one for each area.

    An area's line names its entities grouped by kind, aliases in parentheses:
    ``Kitchen: light: Ceiling, Counter; switch: Coffee machine (espresso)``.
    Entities without an area come last, below ``No area``.
    """
    lines = []
    for floor, on_floor in groupby(entities, key=lambda entity: entity.floor):
        if floor is not None:
            lines.append(f"{floor}")
        for area, in_area in groupby(on_floor, key=lambda entity: entity.area):
            kinds = (
                f"{kind}: {', '.join(_spelled(entity) for entity in of_kind)}"
                for kind, of_kind in groupby(in_area, key=lambda entity: entity.kind)
            )
            lines.append(f"{area or 'No area'}: {'; '.join(kinds)}")
    return "\n".join(lines)


def _spelled(entity: ExposedEntity) -> str:
    """Return the entity's name with its aliases."""
    if not entity.aliases:
        return entity.name
    return f"{entity.name} ({', '.join(entity.aliases)})"
