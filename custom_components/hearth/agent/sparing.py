"""Exceptions taken out of an order before a model reads it, and put into its calls.

A very small model leaves "all but the hall" out of account more often than not, and
understands the rest of the sentence better without it. English only.
"""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .exceptions import without_spared
from .home import ExposedEntity
from .names import best_match
from .orders import LONGEST
from .spared_things import spared_of
from .targets import VALUE_DOMAINS

type Call = tuple[str, Mapping[str, Any]]

# Less is no order.
_FEWEST_WORDS = 2
_HOME = "home"


def apart(
    entities: tuple[ExposedEntity, ...], said: str, language: str
) -> tuple[str, tuple[str, ...]]:
    """Return an order without its exception, and the words of that, if it is clear.

    Args:
        entities: What is exposed.
        said: The user's words.
        language: The user's.
    """
    said = " ".join(said.split())
    if not language.startswith("en") or len(said) > LONGEST:
        return said, ()
    rest, spared = without_spared(said)
    found = spared_of(entities, spared) if spared else None
    if found is None or found.name is None or len(rest.split()) < _FEWEST_WORDS:
        return said, ()
    return rest, spared or ()


def sparing(
    calls: Iterable[Call], entities: tuple[ExposedEntity, ...], spared: Sequence[str]
) -> list[Call]:
    """Return calls that leave out what was spared.

    Args:
        calls: Tools and their arguments.
        entities: What is exposed.
        spared: Words of what is left out.
    """
    if not spared:
        return list(calls)
    kept: list[Call] = []
    for tool, arguments in calls:
        there = _reached(entities, arguments)
        found = spared_of(there, spared) or spared_of(entities, spared)
        left = [e for e in there if found is None or e not in found.devices]
        if found is None or len(left) == len(there) or not _changes(arguments):
            kept.append((tool, arguments))
        elif left:
            # One thing has no exception, nor can a call say two.
            is_all = found.name is not None and "name" not in arguments
            exception = {"except": found.name} if is_all else {}
            kept.append((tool, {**arguments, **exception}))
    return kept


def _changes(arguments: Mapping[str, Any]) -> bool:
    """Return whether a call does something, and does not only look."""
    return "action" in arguments or not VALUE_DOMAINS.keys().isdisjoint(arguments)


def _reached(
    entities: tuple[ExposedEntity, ...], arguments: Mapping[str, Any]
) -> list[ExposedEntity]:
    """Return what a call may be about."""
    name, area = arguments.get("name"), arguments.get("area")
    domain = arguments.get("domain")
    return [
        entity
        for entity in entities
        if (name is None or best_match(str(name), entity.names) is not None)
        and (domain is None or entity.kind == domain)
        and (area in (None, _HOME, entity.area, entity.floor))
    ]
