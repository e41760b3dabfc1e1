"""Whether words say that something is to be opened, closed, locked or moved."""

from collections.abc import Iterable, Mapping

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


_NONE = frozenset[str]()
# What says that something is to be done, and not the contrary.
_SAYS: Mapping[str, frozenset[str]] = {
    "open": frozenset("open opened opening raise raised lift lifted up pull".split()),
    "close": frozenset(
        "bar close closed closing down draw drawn drop lower lowered pull shut".split()
    ),
    "lock": frozenset("bolt bolted lock locked locking secure secured".split()),
    "unlock": frozenset("unbolt unbolted unlock unlocked unlocking".split()),
    # To a position.
    "set": _MOVING,
}


def says_how(said: str, action: str, changed: Iterable[ExposedEntity]) -> bool:
    """Return whether a word says what is to be done with something that moves.

    Args:
        said: The user's words.
        action: A key of the table of questions.
        changed: What would move; words of its names say nothing.
    """
    return not _SAYS.get(action, _NONE).isdisjoint(_beside_names(said, changed))


def speaks_of_movement(said: str, changed: Iterable[ExposedEntity]) -> bool:
    """Return whether words speak of moving something, apart from what it is called.

    "Check the shut-off valve" does not, though "shut" is in it.
    """
    spoken = _beside_names(said, changed)
    return bool(spoken & _MOVING) or any(word.isdecimal() for word in spoken)


def _beside_names(said: str, changed: Iterable[ExposedEntity]) -> set[str]:
    """Return the words that are of no name of what would move."""
    names = frozenset[str]().union(
        *(stems(name) for entity in changed for name in entity.names)
    )
    return {word for word in words(said) if word not in names}
