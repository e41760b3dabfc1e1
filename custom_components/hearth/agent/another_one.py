"""Words beside the kind of a thing that the thing is not called: it is another one.

Who says "the side gate" where there is only a yard gate may mean none of this home.
English only.
"""

from collections.abc import Iterable, Sequence

from .home import ExposedEntity
from .names import singular, stems, words
from .order_words import ENDS, PARTICLED, VERBS

_OWNS = "s"
# What moves, as people call it.
_NOUNS = frozenset(
    "awning blind canopy cover curtain door drape flap gate hatch latch lock pergola roller"
    " screen shade sheer shutter skylight sunshade valve window".split()
)
_NOBODY = frozenset("he here it let she that there what who".split())
# A skylight's blind is not just any blind.
_OF_ONE_SORT = frozenset("awning pergola screen skylight valve".split())
# What may come before it in any home.
_ANY = frozenset(
    "a all an and any at back behind big both but could down draw each either every for from get"
    " give good have her his in it its just left let little lower lowest main make middle my new"
    " next no of off old on one only or other our out over put raise right second set small some"
    " s that the their then these this those to top two under up upper way which with without your"
    " please bring pull roll slide swing throw drop lift keep leave nearest whole".split()
) | {*PARTICLED, *VERBS, *ENDS}


def speaks_of_another(
    said: str, changed: Iterable[ExposedEntity], entities: Iterable[ExposedEntity]
) -> bool:
    """Return whether a word before such a kind is of nothing that would change.

    Args:
        said: The user's words.
        changed: What would move.
        entities: What is exposed; its places are no names.
    """
    places = (place for e in entities for place in (e.area, e.floor) if place)
    names = (name for entity in changed for name in entity.names)
    own = frozenset[str]().union(*map(stems, (*places, *names)))
    known = own | _ANY | (_NOUNS - _OF_ONE_SORT)
    spoken = words(said)
    return any(
        not (singular(before) in known or before in known or before.isdecimal())
        for place, word in enumerate(spoken)
        if singular(word) in _NOUNS and (before := _before(spoken, place))
    )


def _before(spoken: Sequence[str], place: int) -> str:
    """Return the word before one, or whose it is: nothing where there is none."""
    before = spoken[place - 1] if place else ""
    is_owned = before == _OWNS and place > 1 and spoken[place - 2] not in _NOBODY
    return spoken[place - 2] if is_owned else before
