"""Names with a number in them: in "dim lounge 1 to 35 percent" one number is a value.

The number of a name is hidden while the words of an order are read.
"""

from collections.abc import Iterator
from dataclasses import replace
from functools import lru_cache
import re

from .home import ExposedEntity
from .names import words
from .order import Order

# Homes of some agents, as they are and as they were.
_MOST_KEPT = 8
_HIDDEN = "number"
_SHOWN = re.compile(rf"{_HIDDEN}(\d+)")
_DIGITS = re.compile(r"(?<!\w)\d+(?!\w)")


def without_numbers(entities: tuple[ExposedEntity, ...], said: str) -> str:
    """Return what was said, with the numbers of names that were said hidden."""
    for name in _numbered(entities):
        said = name.sub(lambda found: _DIGITS.sub(rf"{_HIDDEN}\g<0>", found[0]), said)
    return said


def with_numbers(wanted: Order) -> Order:
    """Return an order with the words of names as they are."""
    return replace(
        wanted,
        rest=tuple(_shown(wanted.rest)),
        before=tuple(_shown(wanted.before)),
        spared=tuple(_shown(wanted.spared)),
    )


def _shown(spoken: tuple[str, ...]) -> Iterator[str]:
    """Yield words, those of hidden numbers as they were."""
    for word in spoken:
        yield _SHOWN.sub(r"\1", word)


@lru_cache(_MOST_KEPT)
def _numbered(entities: tuple[ExposedEntity, ...]) -> tuple[re.Pattern[str], ...]:
    """Return patterns of all names that have a number, the longest first."""
    names = {
        spoken
        for entity in entities
        for name in entity.names
        if any(map(str.isdecimal, spoken := words(name))) and len(spoken) > 1
    }
    return tuple(
        re.compile(rf"(?<!\w){r'\W+'.join(map(re.escape, name))}(?!\w)", re.IGNORECASE)
        for name in sorted(names, key=len, reverse=True)
    )
