"""The orders in an English utterance: several at once, corrected, with exceptions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
import re

from .corrections import completed, corrected, is_corrected
from .exceptions import without_spared
from .order import Order, order, result, without_courtesies
from .order_words import BRINGING, CHANGING, DEGREES, PERCENT, is_question
from .spoken_numbers import numbers_in

# Characters. Nobody gives longer orders.
LONGEST = 240
# Words between two orders.
_BETWEEN = re.compile(
    r"\s*[,;.!]+\s*(?:and\b|then\b|\s)*|\s+(?:and|then|plus)\b(?:\s+then\b)?"
)
# Before an order nothing is corrected by it.
_WAIT = re.compile(r"^(?:(?:wait|whoa)[\s,!.]+)+", re.IGNORECASE)
_SWITCHED = frozenset({"on", "off"})
# What is said after that may be meant instead of what was said before.
_HESITATING = re.compile(r"^\W*(?:um|uh|uhm|er|erm|no)\b", re.IGNORECASE)
# More parts are not told apart: nobody says so many, and each may end an order.
_MOST_PARTS = 5


def orders(said: str) -> Iterator[tuple[Order, ...]]:
    """Yield the ways in which words are orders, the simplest first."""
    said = _WAIT.sub("", " ".join(said.split()))
    if len(said) > LONGEST:
        return
    if is_question(said):
        return
    if is_corrected(said):
        if (right := corrected(said)) is not None:
            yield (right,)
        return
    rest, spared = without_spared(said)
    if spared is None:
        return
    whole = order(rest)
    if whole is not None:
        yield (replace(whole, spared=spared),)
    if not spared:
        yield from _several(rest)


def _several(said: str) -> Iterator[tuple[Order, ...]]:
    """Yield orders one after the other, those with the longest parts first.

    A part that says only what is concerned has the verb of the part before: "turn off
    the desk lamp and the lights in the hall".
    """
    ends = [(match.start(), match.end()) for match in _BETWEEN.finditer(said)]
    ends = [(start, end) for start, end in ends if start > 0 and end < len(said)]
    if not 0 < len(ends) < _MOST_PARTS:
        return
    ways = sorted(range(1, 2 ** len(ends)), key=int.bit_count)
    for way in ways:
        cuts = [cut for place, cut in enumerate(ends) if way >> place & 1]
        bounds = [(0, 0), *cuts, (len(said), len(said))]
        parts = [said[end:start] for (_, end), (start, _) in pairwise(bounds)]
        if (found := _one_by_one(parts)) is not None:
            yield found


def _one_by_one(parts: Sequence[str]) -> tuple[Order, ...] | None:
    """Return an order for each part, None where one is none."""
    made: list[Order] = []
    for part in parts:
        own = order(part) or result(part)
        if own is None and _HESITATING.match(part):
            return None
        if made:
            own = _after(made[-1], part, own)
        if own is None:
            return None
        made.append(own)
    return tuple(made)


def _after(first: Order, part: str, own: Order | None) -> Order | None:
    """Return what a part is after another order, which says what it does not say."""
    # Of what a second value is, where that was not said, is told by the first.
    is_untold = own is not None and own.fields == PERCENT | DEGREES
    if own is None or (is_untold and first.value is not None and not _has_verb(part)):
        own = _like(first, part) or own
    # "Off and on again" is nothing that can be done at once.
    if own is None or (own.action in _SWITCHED and not own.rest):
        return None
    return replace(own, before=first.rest, rest=completed(first.rest, own.rest))


def _has_verb(part: str) -> bool:
    """Return whether a part begins with a verb of its own for a value."""
    return not (BRINGING | CHANGING).isdisjoint(without_courtesies(part)[:1])


def _like(first: Order, part: str) -> Order | None:
    """Return the same order of something else, where a part has a value with its own."""
    spoken = without_courtesies(part)
    if not spoken:
        return None
    if first.value is None:
        return replace(first, rest=tuple(spoken), before=first.rest)
    own = order(f"set {part}")
    if own is not None:
        return replace(own, before=first.rest, fields=own.fields & first.fields)
    if numbers_in(spoken)[0]:
        return None
    return replace(first, rest=tuple(spoken), before=first.rest)
