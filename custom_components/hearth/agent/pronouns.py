"""Orders about "it" where what it is was said just before. English only.

"The radio is far too loud, turn it down", "I left the desk lamp on so switch it off".
"""

from collections.abc import Iterator
import re

from .named_things import Entities, named_in
from .names import words
from .order import order
from .reasons import LONGEST_SAID, before_orders

_IT = re.compile(r"\b(?:it|that thing|this thing)\b", re.IGNORECASE)
_THEM = re.compile(
    r"\b(?:them both|both of them|the both of them|them)\b", re.IGNORECASE
)
_SKIPPED = re.compile(r"\bskip (?:it|that thing|this thing)\b", re.IGNORECASE)
# Where it was said of the thing that it is left alone, or who wants what.
_LEFT_ALONE = re.compile(
    r"\b(?:don'?t|do not|never|leave|keep|nobody|told|said|says|asked|wants|if|when|whenever"
    r"|unless|until|before)\b",
    re.IGNORECASE,
)
# A spider on the lamp may be meant.
_OTHER = re.compile(r"\bkill\b", re.IGNORECASE)
_MOST_THINGS = 3


def with_its_name(entities: Entities, said: str) -> Iterator[str]:
    """Yield what may be an order, with the thing's name for "it".

    Args:
        entities: What is exposed.
        said: The user's words.
    """
    said = " ".join(said.split())
    if len(words(said)) > LONGEST_SAID:
        return
    for before, after in before_orders(said):
        if _OTHER.search(after) or _LEFT_ALONE.search(before) or order(before):
            continue
        named = tuple(named_in(entities, words(before)))
        if len(named) == 1 and len(_IT.findall(after)) == 1:
            name = named[0].name
            skipped = _put(_SKIPPED, f"skip this song on {name}", after)
            yield _put(_IT, name, skipped)
        elif 1 < len(named) <= _MOST_THINGS and len(_THEM.findall(after)) == 1:
            names = " and ".join(thing.name for thing in named)
            yield _put(_THEM, names, after)


def _put(pattern: re.Pattern[str], name: str, said: str) -> str:
    """Put a name, which may have any signs in it, for what a pattern finds."""
    return pattern.sub(lambda _: name, said)
