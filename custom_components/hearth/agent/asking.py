"""Whether words ask how things are now, and ask one thing only. English only."""

from collections.abc import Sequence
from itertools import pairwise, product

from .inquiry import Inquiry
from .inquiry_table import (
    CLOSED,
    CONDITIONS,
    KINDS,
    LOCKED,
    MEASURED,
    OPEN,
    QUANTITIES,
    UNLOCKED,
)
from .order_words import PARTICLED, SETTING, VERBS

# A question begins with one of these, or has a question mark.
_BEGINS = frozenset("is are what whats which how where wheres any does did has".split())
# So do these with what comes after them.
_BEGINS_WITH = frozenset(
    {
        *product(("tell", "show"), ("me",)),
        *product(("check",), ("if", "whether")),
        *product(("have",), ("we", "i", "you", "they", "any")),
        *product(("do",), ("we", "i", "they", "any", "all", "the", "my", "our")),
    }
)
# These ask for something else.
_BEGINS_NOT = frozenset(
    {("are", "you"), ("what", "if"), *product(("how",), ("about", "do", "does"))}
)
_ENDS_NOT = frozenset({"for", "do"})
# Without a word that asks these are orders: "lock the front door, ok?"
_ORDERING = frozenset(
    {*PARTICLED, *VERBS, *SETTING, "have", "do", "leave", "keep", "who"}
)
# Questions that no state answers.
_NO_STATE = frozenset(
    "when why will would should shall long often far soon opens closes turns".split()
)
# With these it is a wish.
_MAY = frozenset({"can", "could", "may"})
LOCKING, OPENING = frozenset({LOCKED, UNLOCKED}), frozenset({OPEN, CLOSED})
_AND, _TWO = "and", 2
_BEING = frozenset("is are does do has have did".split())


def asks_for_states(said: str, spoken: Sequence[str]) -> bool:
    """Return whether words are a question about how things are now."""
    first, second = tuple(spoken[:1]), tuple(spoken[:2])
    if (
        not _NO_STATE.isdisjoint(spoken)
        or second in _BEGINS_NOT
        or not _ENDS_NOT.isdisjoint(spoken[-1:])
    ):
        return False
    if not _MAY.isdisjoint(spoken):
        return tuple(spoken[1:4]) == ("you", "tell", "me")
    if not _BEGINS.isdisjoint(first) or second in _BEGINS_WITH:
        return True
    return "?" in said and len(spoken) > _TWO and _ORDERING.isdisjoint(first)


def are_two(
    spoken: Sequence[str], left: frozenset[str], asked: Inquiry, *, named: int
) -> bool:
    """Return whether more than one thing is asked: "is it closed and are all lights off".

    A door that is open and one that is unlocked are two.
    """
    conditions = {CONDITIONS[word] for word in spoken if word in CONDITIONS}
    others = left & (KINDS.keys() | QUANTITIES.keys() | MEASURED.keys())
    if conditions & LOCKING and conditions & OPENING and (others or named < _TWO):
        return True
    if _AND not in spoken:
        return False
    return (
        len(asked.measured) > 1
        or bool(named and asked.condition and others)
        or bool(others and _is_joined(spoken))
    )


def _is_joined(spoken: Sequence[str]) -> bool:
    """Return whether a second question begins after an "and"."""
    return any(word == _AND and after in _BEING for word, after in pairwise(spoken))
