"""What the prompt tells of the states, and what a look at them returns."""

from .contract import Seen, answer, find_targets, named
from .homes import Home, Thing
from .render import Call

# As toolset.py's MOST_TOLD.
_MOST = 48


def told(home: Home, said: str) -> list[Thing]:
    """Return the things whose states the prompt tells, in its order."""
    by_id = {thing.entity.entity_id: thing for thing in home.things}
    return [by_id[e.entity_id] for e in named(home.entities, said)]


def is_told(home: Home, thing: Thing, said: str) -> bool:
    """Return whether the prompt tells a thing's state, and that it is this one's."""
    found = told(home, said)
    return thing in found and sum(t.name == thing.name for t in found) == 1


def looked_up(home: Home, calls: tuple[Call, ...]) -> list[tuple[Thing, ...]]:
    """Return what ``state`` calls find, by the agent's own tool."""
    found = []
    for _, arguments in calls:
        targets = find_targets(home.entities, arguments, here=None)
        reached = (
            frozenset[str]()
            if isinstance(targets, str)
            else frozenset(e.entity_id for t in targets for e in t.entities)
        )
        things = [t for t in home.things if t.entity.entity_id in reached]
        found.append(tuple(things[:_MOST]))
    return found


def answered(home: Home, calls: tuple[Call, ...], said: str) -> str | None:
    """Return what Hearth says when ``state`` calls were made for a question."""
    found = {t.entity.entity_id: t for some in looked_up(home, calls) for t in some}
    seen = [Seen(t.entity, t.state, t.attributes) for t in found.values()]
    return answer(said, seen, "en")


def states(things: tuple[Thing, ...]) -> dict[str, object]:
    """Return a ``state`` call's result."""
    return {"states": "; ".join(f"{t.name} = {t.told}" for t in things)}
