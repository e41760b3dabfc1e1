"""Corrections in English: "the hall lamp on, no wait, I mean the desk lamp"."""

from collections.abc import Sequence
from dataclasses import replace
import re

from .exceptions import without_spared
from .hedges import may_be_no_order
from .names import words
from .order import Order, order, without_courtesies
from .order_words import COLORS
from .spoken_numbers import numbers_in

# What people say when they have named the wrong thing, and around the right one.
_NO = (
    r"no,? wait|wait,? no|no,? no|no,? sorry|sorry,? no|(?:scrap|scratch|scrub|strike) that"
    r"|forget that|i tell a lie|correction|i mean|i meant|or rather|what am i saying"
    r"|(?:(?:better|let's|let us) )?make (?:that|it)|(?:better|let's|let us) say"
    r"|not (?:that|those) ones?|not (?:that|them|those|it|hers|his|mine)(?=\s*[,.;])"
    r"|that's (?:not (?:right|it)|wrong)|wrong one|actually|hang on|hold on|sorry|rather|wait|no"
)
_OH = r"(?:ach|ah|arre|eh|er|erm|hmm|och|oh|shoot|uh|uhm|um|well)"
_CORRECTED = re.compile(
    rf"(?<![\s,.;!\u2013\u2014-])[\s,.;!\u2013\u2014-]++(?:{_OH}[\s,]+)*(?:{_NO})\b"
    rf"(?:[\s,.;!\u2013\u2014-]+(?:(?:{_NO}|{_OH}|not (?:that|them|those|it)(?: ones?)?)\b))*"
    r"[\s,.;!\u2013\u2014-]*",
    re.IGNORECASE,
)
# "Thieves can actually open it": there is no mark before the word.
_MARKED = re.compile(
    r"[,.;!\u2013\u2014-]|\b(?:no|sorry|mean|meant|wait)\b", re.IGNORECASE
)
# Less is nothing that could be corrected.
_FEWEST_WORDS = 2
_ASKING = frozenset(
    "am are check could did do does had has have how is look s see should there was were what"
    " when who why would".split()
)
_BEFORE_VALUES = frozenset({"at", "to"})
_ONES, _OWNS = ("one", "ones"), "s"
_SEVERAL = re.compile(r"[,;]|\band\b|\bthen\b", re.IGNORECASE)
_AROUND_RIGHT = re.compile(
    r"^(?:it's|its|that's|to)\s+|[\s,]+(?:(?:it's |is |was )?(?:what )?(?:i'm after|i mean|i meant"
    r"|i want)|instead|rather)\W*$",
    re.IGNORECASE,
)


def is_corrected(said: str) -> bool:
    """Return whether there are words with which somebody corrects himself."""
    return _CORRECTED.search(said.strip()) is not None


def corrects(part: str) -> bool:
    """Return whether a part of an utterance takes back what came before it."""
    before = f", {part.strip()}"
    found = _CORRECTED.match(before)
    return found is not None and found.end() < len(before)


def corrected(said: str) -> Order | None:
    """Return the order that counts, None where that is not clear.

    What is said at last is an order of its own, or a thing or a value for the first.
    """
    parts = _CORRECTED.split(said.strip())
    if len(parts) != 2:
        return None
    first, second = parts
    mark = _CORRECTED.search(said.strip())
    # "You no raise the shutters" and "did you actually close it" correct nothing.
    before, wrong = words(first), order(first)
    if len(before) < _FEWEST_WORDS or _is_more(first):
        return None
    if wrong is None and (
        not _ASKING.isdisjoint(before)
        or may_be_no_order(first, "en")
        or (mark and without_courtesies(first) and not _MARKED.search(mark[0]))
    ):
        return None
    last = _AROUND_RIGHT.sub("", second.strip())
    right = order(last)
    if right is not None and (right.value is None or right.rest):
        return right
    spoken = without_courtesies(last)
    return _instead(wrong, right, spoken) if wrong is not None and spoken else None


def _instead(wrong: Order, right: Order | None, spoken: Sequence[str]) -> Order | None:
    """Return the first order with a thing or a value that was said at last."""
    if len(spoken) > 1 and spoken[-1] in _ONES:
        return replace(wrong, rest=completed(wrong.rest, spoken))
    values, others = numbers_in(spoken)
    if not values and COLORS.issuperset(spoken):
        is_color = isinstance(wrong.value, str) and len(spoken) == 1
        return replace(wrong, value=spoken[0]) if is_color else None
    if not values:
        return replace(wrong, rest=completed(wrong.rest, spoken))
    if wrong.value is None or isinstance(wrong.value, str) or len(values) > 1:
        return None
    if right is not None:
        return replace(right, fields=right.fields & wrong.fields, rest=wrong.rest)
    return None if others else replace(wrong, value=values[0])


def completed(before: Sequence[str], spoken: Sequence[str]) -> tuple[str, ...]:
    """Return what was said at last, with the noun that only the first thing had.

    "Aoife's lamp, I mean Declan's", "the bedroom blinds, no, the hall ones".
    """
    spoken, before = _before_values(spoken), _before_values(before)
    if not spoken or not before:
        return tuple(spoken)
    if spoken[-1] in _ONES:
        return (*spoken[:-1], before[-1])
    if spoken[-1] == _OWNS:
        owned = before[before.index(_OWNS) + 1 :] if _OWNS in before else before[-1:]
        return (*spoken, *owned)
    return tuple(spoken)


def _before_values(spoken: Sequence[str]) -> Sequence[str]:
    """Return words without the last one, where a value came after it."""
    return spoken[:-1] if {*spoken[-1:]} & _BEFORE_VALUES else spoken


def _is_more(said: str) -> bool:
    """Return whether there are several orders, or exceptions, to be corrected."""
    return _SEVERAL.search(said) is not None or without_spared(said)[1] != ()
