"""Calls as a question, in the user's language."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .home import ExposedEntity
from .question_table import QUESTIONS
from .reply import MOST_NAMES
from .targets import VALUE_DOMAINS

# Nobody can say yes to more at once.
_MOST_DEEDS = 3
_FALLBACK = "en"
# How a value is said; what is not here is a percentage.
_UNITS = {"color": "{}", "kelvin": "{} K", "temperature": "{}°"}


@dataclass(frozen=True, slots=True)
class Deed:
    """What a call would do.

    Args:
        action: A key of the table of questions.
        arguments: The call's.
        entities: What it changes; of a call that changes nothing nobody is asked.
    """

    action: str
    arguments: Mapping[str, Any]
    entities: tuple[ExposedEntity, ...]


def question(deeds: Iterable[Deed], language: str) -> str | None:
    """Return whether all that is meant, None where there are no words for it."""
    table = QUESTIONS.get(language.partition("-")[0], QUESTIONS[_FALLBACK])
    asked: dict[tuple[str, str], list[Deed]] = {}
    for deed in deeds:
        if deed.entities:
            asked.setdefault((deed.action, _values(deed)), []).append(deed)
    if not 0 < len(asked) <= _MOST_DEEDS or any(key not in table for key, _ in asked):
        return None
    said = [
        table[action].format(what=_what(alike, table), values=values)
        for (action, values), alike in asked.items()
    ]
    return table["ask"].format(deed=_listed(said, table))


def _values(deed: Deed) -> str:
    """Return the values that a deed sets, as they are said."""
    return ", ".join(
        _UNITS.get(field, "{} %").format(deed.arguments[field])
        for field in VALUE_DOMAINS
        if field in deed.arguments
    )


def _what(deeds: Sequence[Deed], table: Mapping[str, str]) -> str:
    """Return what something is done to: a few names, or how many there are."""
    entities = {e.entity_id: e for deed in deeds for e in deed.entities}
    names = list(dict.fromkeys(entity.name for entity in entities.values()))
    if len(names) <= MOST_NAMES:
        return _listed(names, table)
    places = {deed.arguments.get("area") for deed in deeds}
    place = places.pop() if len(places) == 1 else None
    pattern = table["several" if place is None else "several_there"]
    return pattern.format(count=len(entities), place=place)


def _listed(words: Sequence[str], table: Mapping[str, str]) -> str:
    """Return words as a list that is spoken."""
    *first, last = words
    return f"{', '.join(first)} {table['and']} {last}" if first else last
