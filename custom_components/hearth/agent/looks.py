"""Looks at states: of one thing, and of all of some kinds in a place."""

from collections.abc import Collection

from .compact import STATE
from .named_things import Entities
from .plain_call import PlainCall

# What an agent is told of at once.
MOST_TOLD = 48
MOST_NAMED = 4
ALL_OVER = "home"


def look(**target: str) -> PlainCall:
    """Return a look at states."""
    return PlainCall(STATE.name, target)


def looks_at_kinds(
    entities: Entities, kinds: Collection[str], place: str | None
) -> tuple[PlainCall, ...]:
    """Return a look at all of each kind in a place, nothing where they are too many.

    Args:
        entities: What is exposed.
        kinds: What a model calls their domains.
        place: The area or floor; None is all over the home.
    """
    all_there = [
        entity
        for entity in entities
        if entity.kind in kinds and place in (None, entity.area, entity.floor)
    ]
    if len(all_there) > MOST_TOLD:
        return ()
    return tuple(look(area=place or ALL_OVER, domain=kind) for kind in kinds)
