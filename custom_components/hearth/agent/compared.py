"""Where it is warmer, where it is the most humid. English only."""

from collections.abc import Collection, Sequence
import re

from .inquiry_table import BEING
from .names import words
from .seen import Seen
from .telling import all_told

_SUPERLATIVE = "the "
_THAN = "than"
# "How many degrees warmer is it here than there?"
_HOW_MUCH = re.compile(r"\bhow (?:much|many)\b", re.IGNORECASE)


def compared(more: tuple[bool, str], seen: Sequence[Seen], said: str) -> str:
    """Say where it is more or less, where that can be counted.

    Args:
        more: Whether more is meant, and the word of the answer.
        seen: What is compared.
        said: The user's words.
    """
    is_more, word = more
    known = [one for one in seen if one.number is not None]
    if len(known) < 2:
        return f"{all_told(seen)}."
    known.sort(key=lambda one: one.number or 0.0, reverse=is_more)
    first, second = known[:2]
    if first.number == second.number:
        return f"{all_told(known[:2])}."
    where = _where(first, frozenset(words(said)))
    if len(known) > 2 or word.startswith(_SUPERLATIVE):
        return f"{where} is {word}, {_value(first)}."
    if _HOW_MUCH.search(said):
        return (
            f"{where} is {_between(first, second)} {word},"
            f" {_value(first)} and {_value(second)}."
        )
    return (
        f"{_lead(first, second, said)}{where} is {word},"
        f" {_value(first)} and {_value(second)}."
    )


def _lead(first: Seen, second: Seen, said: str) -> str:
    """Return yes or no, where that was asked.

    Only "is it warmer here than there" is answered so. It begins with what it is asked
    of, and what comes after "than" is the other.
    """
    spoken = words(said)
    if _THAN not in spoken or BEING.isdisjoint(spoken):
        return ""
    than = spoken.index(_THAN)
    here, there = frozenset(spoken[:than]), frozenset(spoken[than:])
    yes = _is_named(first, here) or _is_named(second, there)
    no = _is_named(second, here) or _is_named(first, there)
    if yes == no:
        return ""
    return "Yes, " if yes else "No, "


def _where(one: Seen, heard: Collection[str]) -> str:
    """Return the place of something: the floor, where that was said."""
    area, floor = one.entity.area, one.entity.floor
    if floor and _is_said(floor, heard) and not (area and _is_said(area, heard)):
        return floor
    return area or one.entity.name


def _is_named(one: Seen, heard: Collection[str]) -> bool:
    """Return whether the place of something was said as a whole."""
    places = (one.entity.area, one.entity.floor)
    return any(_is_said(place, heard) for place in places if place)


def _is_said(place: str, heard: Collection[str]) -> bool:
    """Return whether every word of a place was said."""
    return set(words(place)) <= set(heard)


def _value(one: Seen) -> str:
    """Return what is measured, with its unit."""
    now = one.measure("current_temperature")
    return one.told if now is None else f"{now:g}°"


def _between(first: Seen, second: Seen) -> str:
    """Return the difference of what two things measure, with its unit."""
    difference = abs((first.number or 0.0) - (second.number or 0.0))
    unit = _value(first).lstrip("-+0123456789.,")
    return f"{round(difference, 1):g}{unit}"
