"""Which exposed entities a compact call reaches."""

from collections.abc import Mapping
from dataclasses import dataclass
import difflib
from typing import Any

from .home import ExposedEntity, kind_of
from .names import best_match, key

# "Everything off" means what hums and shines: never locks, doors or heating.
EVERYTHING = frozenset(
    {"fan", "humidifier", "input_boolean", "light", "media_player", "siren", "switch"}
)
_COVERS = frozenset({"cover"})
_OPENING = frozenset({"cover", "valve"})
# What must not move, and not be disarmed, unasked.
GUARDED = frozenset({"alarm_control_panel", "cover", "lock", "valve"})
# Covers that people and cars go through: "all blinds" are none of them.
PASSAGES = frozenset({"door", "garage", "gate"})
_ROBOTS = frozenset({"lawn_mower", "vacuum"})
_LOCKS = frozenset({"lock"})
# The domains that an action is about when no name is said.
ACTION_DOMAINS: Mapping[str, frozenset[str]] = {
    "close": _OPENING,
    "dock": _ROBOTS,
    "lock": _LOCKS,
    "off": EVERYTHING,
    "on": EVERYTHING,
    "open": _OPENING,
    "start": _ROBOTS,
    "stop": _OPENING,
    "unlock": _LOCKS,
}
# The domains whose values `set` changes.
VALUE_DOMAINS: Mapping[str, frozenset[str]] = {
    "brightness": frozenset({"light"}),
    "color": frozenset({"light"}),
    "kelvin": frozenset({"light"}),
    "position": _OPENING,
    "speed": frozenset({"fan"}),
    "temperature": frozenset({"climate", "water_heater"}),
    "volume": frozenset({"media_player"}),
}
MEDIA_ACTIONS = frozenset(
    {"play", "pause", "next", "previous", "mute", "unmute", "louder", "quieter"}
)
# Nothing happens to a thing that only tells something.
ONLY_TELL = frozenset({"binary_sensor", "device_tracker", "person", "sensor", "sun"})
# How alike two names are (difflib's ratio) for one to be a slip of the other. A
# model takes the hint for an order, so a Soundbar is no slip of a sauna.
NEARLY = 0.8
# What models write for the whole home.
_WHOLE_HOME = frozenset({"home", "house", "everywhere", "all", "whole home"})


@dataclass(frozen=True, slots=True)
class Target:
    """Entities of one domain, and the slots by which Assist finds them."""

    domain: str
    slots: dict[str, str]
    entities: tuple[ExposedEntity, ...]


@dataclass(frozen=True, slots=True)
class _Place:
    """A part of the home: the slot for Assist, and what is there."""

    slots: dict[str, str]
    entities: tuple[ExposedEntity, ...]


def find_targets(
    entities: tuple[ExposedEntity, ...],
    arguments: Mapping[str, Any],
    *,
    here: str | None,
) -> list[Target] | str:
    """Return what a call reaches, or a sentence that says why it reaches nothing.

    Args:
        entities: What is exposed.
        arguments: The call's arguments.
        here: The area of the satellite. A call without name and area means it,
            unless it says ``home``.
    """
    said = arguments.get("area")
    place = _place(entities, said or (None if arguments.get("name") else here))
    if place is None:
        areas = sorted({entity.area for entity in entities if entity.area})
        return f"There is no area {said}. Areas: {', '.join(areas)}"
    about = _domains(arguments)
    if name := arguments.get("name"):
        is_change = _changes(arguments)
        return _by_name(str(name), place, entities, about, is_change=is_change)
    if not place.slots and not _may_reach_all(arguments):
        return "Say which device or which area"
    found = _at(place, about, arguments)
    if isinstance(found, str):
        return found
    meant = found
    if _changes(arguments):
        meant = _without_passages(found, is_here=bool(place.slots))
    if spared := arguments.get("except"):
        if len(_without(found, str(spared))) == len(found):
            return f"There is no {spared} among them"
        meant = _without(meant, str(spared))
    if not meant:
        return "Say which device or which area"
    if len(meant) < len(found):
        return _one_by_one(meant)
    return _together(meant, place)


def _place(entities: tuple[ExposedEntity, ...], said: str | None) -> _Place | None:
    """Return the area or floor that was said; the whole home where none was."""
    if said is None or said.casefold() in _WHOLE_HOME:
        return _Place({}, entities)
    for slot in ("area", "floor"):
        known = {place for entity in entities if (place := getattr(entity, slot))}
        if (match := best_match(said, known)) is not None:
            return _Place(
                {slot: match},
                tuple(entity for entity in entities if getattr(entity, slot) == match),
            )
    return None


def _domains(arguments: Mapping[str, Any]) -> frozenset[str] | None:
    """Return the domains that a call is about by itself; ``None``: all."""
    values = [VALUE_DOMAINS[field] for field in VALUE_DOMAINS if field in arguments]
    if values:
        return frozenset[str]().union(*values)
    action = arguments.get("action")
    if action in MEDIA_ACTIONS:
        return frozenset({"media_player"})
    return ACTION_DOMAINS.get(str(action))


def _changes(arguments: Mapping[str, Any]) -> bool:
    """Return whether a call does more than to read states."""
    return "action" in arguments or any(field in arguments for field in VALUE_DOMAINS)


def _may_reach_all(arguments: Mapping[str, Any]) -> bool:
    """Return whether a call without a name may mean the whole home.

    Nothing is unlocked all over the home, not even on request, and only blinds and
    their like are opened; switching everything or setting a value everywhere takes at
    least the kind of device, or the word that it is the home that is meant.
    """
    action = arguments.get("action")
    if action == "unlock":
        return False
    if action == "open":
        return arguments.get("domain") == "cover"
    changes = action in ("on", "off") or any(f in arguments for f in VALUE_DOMAINS)
    return not changes or bool(arguments.get("domain") or arguments.get("area"))


def _at(
    place: _Place, about: frozenset[str] | None, arguments: Mapping[str, Any]
) -> tuple[ExposedEntity, ...] | str:
    """Return everything of the right kind in a place."""
    domain = arguments.get("domain")
    if domain:
        kind = kind_of(str(domain))
        kind = best_match(kind, {entity.kind for entity in place.entities}) or kind
        found = [e for e in place.entities if e.kind == kind]
    else:
        found = [e for e in place.entities if about is None or e.domain in about]
    if not found:
        what = f"{domain} " if domain else "such thing "
        return f"There is no {what}in {arguments.get('area') or 'this home'}"
    return tuple(found)


def _without_passages(
    found: tuple[ExposedEntity, ...], *, is_here: bool
) -> tuple[ExposedEntity, ...]:
    """Leave out garage doors and gates, unless a place has nothing else of the kind."""
    covers = [entity for entity in found if entity.domain in _COVERS]
    passages = {e.entity_id for e in covers if e.device_class in PASSAGES}
    if is_here and len(passages) == len(covers):
        return found
    return tuple(entity for entity in found if entity.entity_id not in passages)


def _without(
    found: tuple[ExposedEntity, ...], spared: str
) -> tuple[ExposedEntity, ...]:
    """Leave out what has a name, or what is in a place of that name."""
    wanted = key(spared)
    return tuple(
        entity
        for entity in found
        if wanted
        not in {
            key(name) for name in (*entity.names, entity.area, entity.floor) if name
        }
    )


def _together(entities: tuple[ExposedEntity, ...], place: _Place) -> list[Target]:
    """Return all that is in a place, by domain."""
    return [
        Target(
            domain,
            {**place.slots, "domain": domain},
            tuple(entity for entity in entities if entity.domain == domain),
        )
        for domain in sorted({entity.domain for entity in entities})
    ]


def _one_by_one(entities: tuple[ExposedEntity, ...]) -> list[Target]:
    """Return things by their names, as Assist knows no exceptions."""
    return [
        Target(
            entity.domain,
            {
                **({"area": entity.area} if entity.area else {}),
                "name": entity.name,
                "domain": entity.domain,
            },
            (entity,),
        )
        for entity in entities
    ]


def _by_name(
    said: str,
    place: _Place,
    everywhere: tuple[ExposedEntity, ...],
    about: frozenset[str] | None,
    *,
    is_change: bool,
) -> list[Target] | str:
    """Return what has a name: in the place that was said, else anywhere.

    Of several that share the name, those are meant that the call is about.
    """
    wanted = key(said)
    for candidates, slots in ((place.entities, place.slots), (everywhere, {})):
        found = [e for e in candidates if wanted in {key(name) for name in e.names}]
        if about is not None:
            found = (
                [e for e in found if e.domain in about]
                or [e for e in found if e.domain not in ONLY_TELL]
                or found
            )
        if found:
            named = [
                Target(e.domain, {**slots, "name": e.name, "domain": e.domain}, (e,))
                for e in found
            ]
            return _each_once(named) if is_change else named
    names = [name for entity in everywhere for name in entity.names]
    near = difflib.get_close_matches(said, names, n=3, cutoff=NEARLY)
    hint = f". Did you mean: {', '.join(near)}?" if near else ""
    return f"There is no {said} in this home{hint}"


def _each_once(named: list[Target]) -> list[Target]:
    """Return one of those that share domain and name, as Assist is called once for them.

    Where they are in several areas, Assist decides by the satellite's.
    """
    by_slots = {(one.domain, one.slots["name"]): one for one in reversed(named)}
    return list(by_slots.values())
