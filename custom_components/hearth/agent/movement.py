"""Whether words say that something is to be opened, closed, locked or moved."""

from collections.abc import Iterable

from .home import ExposedEntity
from .names import stems, words

# With none of these nobody asks for a door to move. English only.
_MOVING = frozenset(
    "access ajar allow bar block bolt bolted close closed closing come cover crack cut draw"
    " drawn drop extend fasten fastened fold half halfway higher in latch leave let lift"
    " lifted lock locked locking lower lowered move open opened opening out part pull pulled"
    " quarter raise raised release retract roll rolled seal secure secured set shut"
    " shutting slam slide spread stop third throw tight tightly unblock unbar unbolt unbolted"
    " undo unfasten unfold unfurl unlatch unlock unlocked unlocking unroll up wide wider"
    " down percent".split()
)


def speaks_of_movement(said: str, changed: Iterable[ExposedEntity]) -> bool:
    """Return whether words speak of moving something, apart from what it is called.

    "Check the shut-off valve" does not, though "shut" is in it.
    """
    names = frozenset[str]().union(
        *(stems(name) for entity in changed for name in entity.names)
    )
    spoken = {word for word in words(said) if word not in names}
    return bool(spoken & _MOVING) or any(word.isdecimal() for word in spoken)
