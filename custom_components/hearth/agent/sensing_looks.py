"""What to look up for a question about what is sensed."""

from .looks import MOST_NAMED, look, looks_at_kinds
from .named_things import Entities
from .names import key
from .plain_call import PlainCall
from .sensing import Sensed
from .states import MOST_STATES


def sensing_looks(entities: Entities, asked: Sensed) -> tuple[PlainCall, ...]:
    """Return a look at each thing that was named, or at all of a class.

    Where there are too many other sensors, each of the class is looked at by its name.

    Args:
        entities: What is exposed.
        asked: What is asked.
    """
    names = list({key(thing.name): thing.name for thing in asked.things}.values())
    by_name = tuple(look(name=name) for name in names)
    if asked.is_named:
        return by_name if len(names) <= MOST_NAMED else ()
    kinds = list(dict.fromkeys(thing.kind for thing in asked.things))
    all_there = looks_at_kinds(entities, kinds, asked.place)
    return all_there or (by_name if len(names) <= MOST_STATES else ())
