"""Whether what was said needs nothing of what was said before.

A very small model takes an order for another question when a question came before it:
of 40 plain orders it did 40 at the beginning of a conversation, and 8 after a question.
So it is not told what came before, where the words make sense without it. English only,
as such a model is.
"""

from .heard import heard_places, spoken_names
from .home import ExposedEntity
from .names import stems, words

# Words that point back, wherever they are.
_BACK = frozenset(
    "again also another back both else instead it its likewise mean meant more one"
    " ones other others"
    " rather same that them then there these they this those too undo".split()
)
# Words that point back at the beginning.
_BEGINS = frozenset("and but how nah no nope not or sorry what".split())
# Words that ask for nothing: a name with these alone answers a question.
_IDLE = frozenset("a an at for in my of our please the".split())


def stands_alone(said: str, entities: tuple[ExposedEntity, ...]) -> bool:
    """Return whether words name a device or a place, and say what about it."""
    spoken, heard = words(said), stems(said)
    if not spoken or spoken[0] in _BEGINS or _BACK.intersection(spoken):
        return False
    named = spoken_names(entities).names.values()
    names = (parts for own in named for parts in own if parts <= heard)
    places = heard_places(entities, heard).values()
    used = frozenset[str]().union(*names, *places)
    return bool(used) and bool(heard - used - _IDLE)
