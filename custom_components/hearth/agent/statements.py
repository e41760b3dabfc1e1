"""Words that are put like an order, and tell how something is. English only.

"The garage door's up", "close to the garage door", "the gate up again".
"""

from collections.abc import Sequence

from .order_words import ENDS, PARTICLED, VERBS
from .spoken_numbers import numbers_in

_OWNS, _AGAIN = "s", "again"
# "Up again": somebody complains.
_MOVED = frozenset("closed dark down open shut up".split())
_ARTICLES = frozenset({"the", "my", "our"})
_AT = frozenset({"at", "to"})
# What comes after a verb where it says only where somebody goes, or is.
_WHERE = frozenset({"at", "by", "of", "to", "with"})
_POINTING = frozenset({"that", "this"})


def is_told(spoken: Sequence[str]) -> bool:
    """Return whether words tell how something is, or where: they are no order."""
    return _is_state(spoken) or _is_elsewhere(spoken)


def _is_state(spoken: Sequence[str]) -> bool:
    """Return whether "is" is in it: "kettle's on", "the gate's at thirty percent".

    "Val's at thirty percent" may be what is wanted of Val's lamp.
    """
    is_again = spoken[-1:] == [_AGAIN] and not _MOVED.isdisjoint(spoken[-2:-1])
    is_again = is_again and spoken[0] not in {*PARTICLED, *VERBS}
    followed = zip(spoken, spoken[1:], [*spoken[2:], ""], strict=False)
    return is_again or any(
        word == _OWNS
        and (
            (after in ENDS and not numbers_in([then])[0])
            or (after in _AT and spoken[0] in _ARTICLES)
        )
        for word, after, then in followed
    )


def _is_elsewhere(spoken: Sequence[str]) -> bool:
    """Return whether it says where to go, or where to put what was pointed at."""
    particles = PARTICLED.get(spoken[0], {})
    after = list(spoken[1:])
    if not particles and spoken[0] not in VERBS:
        return False
    if {*after[:1]} & _POINTING and {*after[1:2]} & particles.keys():
        return True
    if {*after[:1]} & particles.keys():
        del after[0]
    return not _WHERE.isdisjoint(after[:1])
