"""Calls that a very small model makes twice, where it means two things.

In "both bedside lamps on" it may write the left one twice. The second call is then for
the other thing that the words fit best, and if there is none it is left out.
"""

from collections.abc import Iterable, Mapping
from typing import Any

from .home import ExposedEntity
from .names import stems

type Call = tuple[str, Mapping[str, Any]]


def without_repeats(
    calls: Iterable[Call], entities: tuple[ExposedEntity, ...], said: str
) -> list[Call]:
    """Return calls, each of them once.

    Args:
        calls: Tools and their arguments.
        entities: What is exposed.
        said: The user's words.
    """
    kept: list[Call] = []
    for call in calls:
        if call not in kept:
            kept.append(call)
        elif (other := _other(call, kept, entities, said)) is not None:
            kept.append(other)
    return kept


def _other(
    call: Call, made: Iterable[Call], entities: tuple[ExposedEntity, ...], said: str
) -> Call | None:
    """Return the call for what was meant beside what is called already."""
    tool, arguments = call
    first = next((e for e in entities if arguments.get("name") in e.names), None)
    if first is None:
        return None
    called = {known.get("name") for _, known in made}
    heard = stems(said)
    fitting = [
        (len(heard & _words(entity)), entity)
        for entity in entities
        if (entity.domain, entity.device_class) == (first.domain, first.device_class)
        and called.isdisjoint(entity.names)
    ]
    most = max((fits for fits, _ in fitting), default=0)
    best = [entity for fits, entity in fitting if fits == most]
    if not most or len(best) != 1:
        return None
    rest = {key: value for key, value in arguments.items() if key != "area"}
    return tool, rest | {"name": best[0].name}


def _words(entity: ExposedEntity) -> frozenset[str]:
    """Return the words by which an entity may be meant."""
    places = (place for place in (entity.area, entity.floor) if place)
    return frozenset[str]().union(*map(stems, (*entity.names, *places)))
