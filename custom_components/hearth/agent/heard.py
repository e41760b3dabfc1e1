"""Which names of the home were said."""

from collections.abc import Iterable

from .home import ExposedEntity
from .names import stems


def longest_heard(names: Iterable[str], heard: frozenset[str]) -> frozenset[str]:
    """Return the words of the longest name of which every word was said."""
    return max(
        (parts for name in names if (parts := stems(name)) <= heard),
        key=len,
        default=frozenset(),
    )


def heard_by_name(
    entities: Iterable[ExposedEntity], heard: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Return the words of what was named, by entity ID.

    A part of a longer name that was said is none: in "is the garage door open" the
    door is named, not the garage.
    """
    spoken = {
        entity.entity_id: matched
        for entity in entities
        if (matched := longest_heard(entity.names, heard))
    }
    return {
        entity_id: mine
        for entity_id, mine in spoken.items()
        if not any(mine < other for other in spoken.values())
    }
