"""The orders in an English utterance: several at once, corrected, with exceptions."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise
import re

from .order import Order, order, without_courtesies
from .order_words import ASKING
from .spoken_numbers import numbers_in, spoken_words

# Words between two orders.
_BETWEEN = re.compile(
    r"\s*[,;.!]+\s*(?:and\b|then\b|\s)*|\s+(?:and|then|plus)\b(?:\s+then\b)?"
)
# More parts are not told apart: nobody says so many, and each may end an order.
_MOST_PARTS = 5
# Words before what is left out, and after it.
_SPARED = re.compile(
    r"[\s,]+(?:(?:except|apart|aside)(?: for| from)?|other than|excluding|bar|save(?: for)?"
    r"|minus|(?:but|just|only|and)?\s*not|(?:but|and|just|only)\s+(?:leave|spare|skip|keep)"
    r"|(?<=\ball)\s+but|(?<=\bevery)thing\s+but)\s+(?:in |on |at |the ones? (?:in|on|at) )?",
    re.IGNORECASE,
)
_ALL_BUT = re.compile(
    r"\b(all|every|each)\b(.*?)\bbut\s+(?!leave|not|also)", re.IGNORECASE
)
_LEFT = re.compile(
    r"\s+(?:alone|out(?: of it)?|be|untouched|as (?:it is|they are)|ones?|on|off)$",
    re.IGNORECASE,
)
# What people say when they have named the wrong thing, and around the right one.
_NO = (
    r"no,? wait|wait,? no|no,? no|no,? sorry|sorry,? no|scrap that|scratch that"
    r"|strike that|forget that|correction|make (?:that|it)|i mean|i meant|or rather"
    r"|actually|hang on|hold on|sorry|rather|wait|no"
)
_CORRECTED = re.compile(
    rf"[\s,.;!\u2013\u2014-]+(?:(?:oh|ah|uh|er|erm|um|well)[\s,]+)*(?:{_NO})\b"
    rf"(?:[\s,.;!\u2013\u2014-]+(?:(?:{_NO}|oh|ah|uh|er|erm|um|not that(?: one)?)\b))*"
    r"[\s,.;!\u2013\u2014-]*",
    re.IGNORECASE,
)
_AROUND_RIGHT = re.compile(
    r"^(?:it's|its|that's|to)\s+|[\s,]+(?:i (?:mean|meant)|instead|rather)\W*$",
    re.IGNORECASE,
)


def orders(said: str) -> Iterator[tuple[Order, ...]]:
    """Yield the ways in which words are orders, the simplest first."""
    if "?" in said and ASKING.isdisjoint(spoken_words(said)):
        return
    parts = _CORRECTED.split(said.strip())
    if len(parts) > 1:
        right = _corrected(*parts) if len(parts) == 2 else None
        if right is not None:
            yield (right,)
        return
    rest, spared = _without_spared(said)
    whole = order(rest)
    if whole is not None:
        yield (replace(whole, spared=spared),)
    if not spared:
        yield from _several(rest)


def _corrected(first: str, second: str) -> Order | None:
    """Return the order that counts: "the hall lamp on, no, the desk lamp".

    What is said at last is an order of its own, or a thing or a value for the first.
    """
    said = _AROUND_RIGHT.sub("", second.strip())
    right = order(said)
    if right is not None and (right.value is None or right.rest):
        return right
    wrong, spoken = order(first), without_courtesies(said)
    if wrong is None or not spoken:
        return None
    values, others = numbers_in(spoken)
    if not values:
        return replace(wrong, rest=tuple(spoken))
    if wrong.value is None or isinstance(wrong.value, str) or len(values) > 1:
        return None
    if right is not None:
        return replace(right, fields=right.fields & wrong.fields, rest=wrong.rest)
    return None if others else replace(wrong, value=values[0])


def _without_spared(said: str) -> tuple[str, tuple[str, ...]]:
    """Return an order without its exceptions, and the words of these.

    A particle may come after them: "all lights but the hall lamp off".
    """
    found = _SPARED.search(said)
    if found is not None:
        rest, spared = said[: found.start()], said[found.end() :]
    elif (all_but := _ALL_BUT.search(said)) is not None:
        rest = said[: all_but.end(2)]
        spared = said[all_but.end() :]
    else:
        return said, ()
    spared = spared.strip(" .,!?")
    if order(rest) is None and (end := re.search(r"\s(on|off|up|down)$", spared)):
        rest, spared = rest + end[0], spared[: end.start()]
    return rest, tuple(without_courtesies(_LEFT.sub("", spared)))


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
        own = order(part)
        if own is None:
            own = _like(made[-1], part) if made else None
        elif made:
            own = replace(own, before=made[-1].rest)
        if own is None:
            return None
        made.append(own)
    return tuple(made)


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
