"""Schemas that only allow what the home has, for models that are shown no schemas.

A grammar made of them lets a model write no name that is not there, and none of a
device that cannot do what it has begun to write. That it wanted to write another one
shows in how sure it was.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import replace
from functools import lru_cache
from typing import Any

from ..engines.chat import ToolSpec
from .compact import ACTIONS, CONTROL, SET, STATE
from .home import ExposedEntity
from .surely import Meant
from .targets import GUARDED
from .translate import actions_of, values_of

type _Entities = tuple[ExposedEntity, ...]

# Schemas that are kept: of a home, and of what was named in the newest turns.
_MOST_KEPT = 16
# What the compact tools take for the whole home.
_HOME = "home"
# What values can be, in percent and degrees.
_LIMITS = dict.fromkeys(("brightness", "position", "volume", "speed"), (0, 100))
_LIMITS |= {"temperature": (5, 300), "kelvin": (1000, 10000)}
_PLACES = ("name", "area", "domain", "except")


def strict(
    tools: Iterable[ToolSpec],
    entities: Sequence[ExposedEntity],
    meant: Meant = Meant(),
) -> dict[str, ToolSpec]:
    """Return tools by name, with strict schemas where they are about the home.

    A timer's name or a list's is none of the home's.

    Args:
        tools: What is offered.
        entities: All that is exposed.
        meant: The devices whose names alone can be written, where they are able to do
            what is wanted, and the places; all, where it is empty.
    """
    held = {
        id(CONTROL.parameters): _control,
        id(SET.parameters): _set,
        id(STATE.parameters): _state,
    }
    return {
        tool.name: replace(tool, strict=make(tuple(entities), meant))
        if (make := held.get(id(tool.parameters)))
        else tool
        for tool in tools
    }


@lru_cache(_MOST_KEPT)
def _state(entities: _Entities, meant: Meant) -> dict[str, Any]:
    """Return the schema of ``state``: everything has one."""
    return _narrowed(STATE.parameters, entities, entities, meant)


@lru_cache(_MOST_KEPT)
def _control(entities: _Entities, meant: Meant) -> dict[str, Any]:
    """Return the schema of ``control``: actions, each with what can do them."""
    fields = CONTROL.parameters["properties"]

    def branch(
        actions: Sequence[str], able: Sequence[ExposedEntity]
    ) -> Mapping[str, Any]:
        narrower = {**fields, "action": {"enum": list(actions)}}
        parameters = {**CONTROL.parameters, "properties": narrower}
        return _narrowed(parameters, able, entities, meant)

    possible = _possible(meant, actions_of)
    actions = [
        action
        for action in ACTIONS
        if action not in meant.contrary and (not possible or action in possible)
    ]
    return _any_of(CONTROL.parameters, actions, actions_of, entities, branch)


@lru_cache(_MOST_KEPT)
def _set(entities: _Entities, meant: Meant) -> dict[str, Any]:
    """Return the schema of ``set``: values, each with what has them."""
    fields = SET.parameters["properties"]
    possible = _possible(meant, values_of)
    values = [
        field
        for field in fields
        if field not in _PLACES and (not possible or field in possible)
    ]

    def branch(
        changed: Sequence[str], able: Sequence[ExposedEntity]
    ) -> Mapping[str, Any]:
        narrower = {
            name: _limited(name, field, meant.numbers)
            for name, field in fields.items()
            if name in _PLACES or name in changed
        }
        parameters = {**SET.parameters, "properties": narrower}
        return _narrowed(parameters, able, entities, meant)

    return _any_of(SET.parameters, values, values_of, entities, branch)


def _possible(
    meant: Meant, deeds_of: Callable[[str], frozenset[str]]
) -> frozenset[str]:
    """Return what can be done with devices that were named; nothing where none were.

    What moves is not moved because it can do nothing else.
    """
    domains = {device.domain for device in meant.devices} if meant.named else set()
    if domains & GUARDED:
        return frozenset()
    return frozenset[str]().union(*map(deeds_of, domains))


def _limited(
    name: str, field: Mapping[str, Any], numbers: Sequence[float]
) -> Mapping[str, Any]:
    """Return a value's schema with only the numbers that were said and make sense."""
    limits = _LIMITS.get(name)
    if limits is None:
        return field
    least, most = limits
    fitting = [number for number in numbers if least <= number <= most]
    if field["type"] == "integer":
        fitting = [round(number) for number in fitting]
    else:
        fitting = [int(n) if n == int(n) else n for n in fitting]
    return {"enum": fitting} if fitting else field


def _any_of(
    parameters: Mapping[str, Any],
    deeds: Iterable[str],
    deeds_of: Callable[[str], frozenset[str]],
    entities: Sequence[ExposedEntity],
    branch: Callable[[Sequence[str], Sequence[ExposedEntity]], Mapping[str, Any]],
) -> dict[str, Any]:
    """Return a schema with a branch for all deeds that the same devices are able to.

    What no device is able to stays possible with any name: it is refused when it is
    tried, and the refusal can be told.
    """
    able: dict[str, frozenset[str]] = {
        domain: deeds_of(domain) for domain in {entity.domain for entity in entities}
    }
    alike: dict[frozenset[str], list[str]] = {}
    for deed in deeds:
        domains = frozenset(domain for domain, known in able.items() if deed in known)
        alike.setdefault(domains, []).append(deed)
    return {
        **parameters,
        "anyOf": [
            branch(some, [e for e in entities if not domains or e.domain in domains])
            for domains, some in alike.items()
        ],
    }


def _narrowed(
    parameters: Mapping[str, Any],
    able: Sequence[ExposedEntity],
    entities: Sequence[ExposedEntity],
    meant: Meant,
) -> dict[str, Any]:
    """Return a schema whose names are those of some devices.

    The areas are all there are: that there is no lamp in one can be told, too.
    """
    devices = frozenset(meant.devices)
    writable = [entity for entity in able if entity in devices] or able
    places = (place for entity in entities for place in (entity.area, entity.floor))
    known = list(dict.fromkeys(place for place in places if place))
    names = dict.fromkeys(name for entity in able for name in entity.names)
    words = {
        "area": list(meant.places) or [*known, _HOME],
        "except": list(dict.fromkeys((*names, *known))),
        "domain": list(dict.fromkeys(entity.kind for entity in able)),
        "name": list(
            dict.fromkeys(name for entity in writable for name in entity.names)
        ),
    }
    fields = {
        name: {"enum": words[name]} if words.get(name) else field
        for name, field in parameters["properties"].items()
        if meant.spares or name != "except"
    }
    return {**parameters, "properties": fields}
