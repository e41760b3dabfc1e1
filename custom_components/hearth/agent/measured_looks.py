"""Looks at what measures what is asked: "how warm is it in the kitchen". English only."""

from collections.abc import Sequence

from .home import ExposedEntity
from .inquiry import Inquiry
from .inquiry_table import MEASURED, Wanted
from .looks import ALL_OVER, look
from .named_things import Entities
from .names import key, singular, stems
from .plain_call import PlainCall

OUTSIDE = frozenset("outside outdoor outdoors".split())
_UTMOST = frozenset("most least highest lowest".split())


def looks_at_measured(
    entities: Entities,
    asked: Inquiry,
    places: Sequence[str],
    spoken: Sequence[str],
    here: str | None,
) -> tuple[PlainCall, ...]:
    """Return a look at what measures something in places, or all over the home."""
    if places:
        return _in_places(entities, asked, places)
    if not OUTSIDE.isdisjoint(spoken):
        outside = [e for e in _measuring(entities, asked) if stems(e.name) & OUTSIDE]
        return (look(name=outside[0].name),) if len(outside) == 1 else ()
    is_utmost = bool(asked.more and asked.more[1].startswith("the "))
    if is_utmost or not _UTMOST.isdisjoint(spoken):
        return (look(area=ALL_OVER, domain="sensor"),)
    if called := called_after(entities, asked, spoken):
        return (look(name=called.name),)
    return () if here is None or asked.more else _in_places(entities, asked, [here])


def _in_places(
    entities: Entities, asked: Inquiry, places: Sequence[str]
) -> tuple[PlainCall, ...]:
    """Return a look at what measures something in each of some places."""
    found: list[ExposedEntity] = []
    for place in places:
        there = [e for e in entities if place in (e.area, e.floor)]
        measuring = _measuring(there, asked)
        if len({e.area for e in there if e.area and _may_measure(e, asked)}) > 1:
            return ()
        if len(measuring) > 1:
            own = stems(place) | MEASURED.keys()
            measuring = [e for e in measuring if stems(e.name) <= own]
        if len(measuring) != 1:
            return ()
        found += measuring
    names = [key(entity.name) for entity in entities]
    if asked.wanted is Wanted.COUNT or any(names.count(key(e.name)) > 1 for e in found):
        return ()
    return tuple(look(name=entity.name) for entity in dict.fromkeys(found))


def called_after(
    entities: Entities, asked: Inquiry, spoken: Sequence[str]
) -> ExposedEntity | None:
    """Return the only sensor that is called after what was named: the golf cart's."""
    heard = frozenset(map(singular, spoken))
    called = [
        entity
        for entity in _measuring(entities, asked)
        if (own := stems(entity.name) - MEASURED.keys()) and own <= heard
    ]
    return called[0] if len(called) == 1 and not asked.more else None


def _may_measure(entity: ExposedEntity, asked: Inquiry) -> bool:
    """Return whether something tells what is asked, as well as others or not."""
    is_heating = entity.domain == "climate" and "temperature" in asked.measured
    return is_heating or (
        entity.domain == "sensor" and entity.device_class in asked.measured
    )


def _measuring(
    entities: Sequence[ExposedEntity], asked: Inquiry
) -> list[ExposedEntity]:
    """Return what measures what is asked: a thermostat where there is no thermometer."""
    sensors = [
        e for e in entities if e.domain == "sensor" and e.device_class in asked.measured
    ]
    is_target = "target" in asked.aspects
    if (sensors and not is_target) or "temperature" not in asked.measured:
        return sensors
    return [entity for entity in entities if entity.domain == "climate"]
