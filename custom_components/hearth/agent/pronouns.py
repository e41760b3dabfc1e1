"""Orders about "it", and for "there", where it was said what that is. English only.

"The radio is far too loud, turn it down", "nobody is in the hall so lights off in there".
"""

from collections.abc import Iterator, Sequence
import re

from .hedges import is_hedged
from .home import ExposedEntity
from .named_things import Entities, left_of, named_in
from .names import key, singular, words
from .order import order
from .reasons import before_orders, before_verbs, speakable

_IT = re.compile(r"\b(?:it|that thing|this thing)\b", re.IGNORECASE)
_THEM = re.compile(
    r"\b(?:them both|both of them|the both of them|them)\b", re.IGNORECASE
)
_THERE = re.compile(r"\b(?:(?:up|down|out|in|over) )?there\b", re.IGNORECASE)
_SKIPPED = re.compile(r"\bskip (?:it|that thing|this thing)\b", re.IGNORECASE)
# Where it was said of the thing that it is left alone, or who wants what.
_LEFT_ALONE = re.compile(
    r"\b(?:don'?t|do not|never|leave|keep|told|said|says|asked|wants|if|when|whenever"
    r"|unless|until|before)\b",
    re.IGNORECASE,
)
# A spider on the lamp may be meant, or somebody is to stop it.
_OTHER = re.compile(
    r"\bkill\b|\b(?:break|call|cut|get|knock|put) it off\b|\b(?:stop|shut|get) it\W*$",
    re.IGNORECASE,
)
# Where they stand, songs and films are no stories, and to hear oneself think no thought.
_NO_STORY = re.compile(
    r"\b(?:book|film|movie|song|story)\b|\bmyself think\b", re.IGNORECASE
)
_NOT = re.compile(r"\bnot\b", re.IGNORECASE)
# Before a name these say where something is. What sounds is heard over it, and on it.
_WHERE = frozenset(
    "above against at behind below beside between by for in near next of on over to under".split()
)
_ARTICLES = frozenset("a an my our that the this".split())
_SOUNDING = {"fan": frozenset({"under"}), "media_player": frozenset({"on", "over"})}
_IN = re.compile(r"\b(?:i'm|i am|we're|we are) (?:in|on|at)\b", re.IGNORECASE)
_ELSEWHERE = re.compile(r"\b(?:down|out|over|up) there\b", re.IGNORECASE)
# By these alone nothing is named.
_VAGUE = frozenset(
    "back big bottom far first front last left little new old right side small top".split()
)
_MOST_THINGS = 3


def with_names(entities: Entities, said: str) -> Iterator[str]:
    """Yield what may be an order, with the thing's name for "it", the place for "there".

    Args:
        entities: What is exposed.
        said: The user's words.
    """
    said = speakable(said)
    for before, after in (*before_orders(said), *before_verbs(said)):
        if _OTHER.search(after) or _may_be_left(before) or order(before):
            continue
        named = [
            one
            for one, used in named_in(entities, words(before)).items()
            if not used <= _VAGUE
            and not _is_place(one)
            and not _is_where(one, used, before)
        ]
        if len(named) == 1 and len(_IT.findall(after)) == 1:
            name = named[0].name
            skipped = _put(_SKIPPED, f"skip this song on {name}", after)
            yield _put(_IT, name, skipped)
        elif _are_all(named, before) and len(_THEM.findall(after)) == 1:
            names = " and ".join(thing.name for thing in named)
            yield _put(_THEM, names, after)
        places, _ = left_of(entities, words(before))
        is_here = _IN.search(before) and _ELSEWHERE.search(after)
        if len(places) == 1 and len(_THERE.findall(after)) == 1 and not is_here:
            yield _put(_THERE, f"in the {places[0]}", after)


def _is_place(thing: ExposedEntity) -> bool:
    """Return whether a thing is called like where it is: it may not be meant."""
    return key(thing.name) in {
        key(place) for place in (thing.area, thing.floor) if place
    }


def _are_all(named: Sequence[ExposedEntity], said: str) -> bool:
    """Return whether as many things were understood as were named."""
    return 1 < len(named) <= _MOST_THINGS and words(said).count("and") == len(named) - 1


def _may_be_left(said: str) -> bool:
    """Return whether words say that something is left alone, or is for another time."""
    plain = _NO_STORY.sub("it", said)
    is_left = _LEFT_ALONE.search(said) or _NOT.search(said)
    return is_left is not None or is_hedged(plain, "en", denied=False)


def _is_where(thing: ExposedEntity, used: frozenset[str], said: str) -> bool:
    """Return whether a name only says where something is: "the cat is on the printer"."""
    spoken = words(said)
    places = [place for place, word in enumerate(spoken) if singular(word) in used]
    before = places[0] - 1 if places else -1
    while before >= 0 and spoken[before] in _ARTICLES:
        before -= 1
    where = _WHERE - _SOUNDING.get(thing.domain, frozenset())
    return before >= 0 and spoken[before] in where


def _put(pattern: re.Pattern[str], name: str, said: str) -> str:
    """Put a name, which may have any signs in it, for what a pattern finds."""
    return pattern.sub(lambda _: name, said)
