"""How sure a model must be of what it wants to do, before it is done unasked.

Sureness is a confidence as `ToolCall` defines it. The numbers come from 304 held-out
turns, from what others said in eight homes (922 utterances), and from 3,000 sentences that
ask for no lock, cover or valve to move. Choose them again for another Nano with
`python -m training.sureness`.
"""

from collections.abc import Iterable
import re

from .another_one import speaks_of_another
from .corrections import is_corrected
from .heard import heard_by_name, heard_places, spoken_names
from .hedges import is_put_off, may_be_no_order, ordering_clause
from .home import ExposedEntity
from .movement import says_how, speaks_of_movement
from .named_things import KINDS
from .names import stems, words
from .order import without_courtesies
from .question import Deed
from .statements import is_told
from .targets import GUARDED, PASSAGES

# Where something was not named, or not so that it can be seen, asking below this held 28
# wrong turns and asked back for 16 right ones. Where all that changes was named, in words
# that are an order, asking below a hundredth would hold 15 wrong ones and ask for 12 right
# ones: a name that the grammar had to write says little about what is to be done.
SURE = 0.1
# With words that an order seldom has. Of 1,834 turns it held 24 wrong ones and 17 with
# nothing to be done, and asked back for 29 right ones; with twice as much, 5, 1, and 7 more.
SURE_IN_DOUBT = 0.1
# Locks, covers and valves that were not called by their names: held 6 wrong turns and
# asked back for 14 right ones. With a half, 8 of the 3,000 sentences moved one, not 5.
SURE_TO_MOVE = 0.7
# Where something moves, this can be done without harm.
_HARMLESS = "stop"
# More than any confidence: it is always asked.
_NEVER = 2.0
# Things that many homes have. Who names one that this home has not, means nothing else.
_THINGS = frozenset(
    "alarm aquarium bathtub blender boiler camera charger dehumidifier dishwasher"
    " doorbell dryer fireplace"
    " freezer fridge fryer grill humidifier iron jacuzzi kettle laptop microwave mixer"
    " monitor oven phone piano pool printer projector pump purifier radio refrigerator"
    " robot router sauna shower siren sprinkler stereo stove tablet telephone toaster"
    " tractor treadmill tub vacuum washer washing".split()
)
_ROBOTS = dict.fromkeys(("lawn_mower", "vacuum"), ("robot",))
# Values that nothing has that moves.
_OTHER_VALUES = frozenset(
    "brightness celsius degree fahrenheit kelvin speed spin temperature volume".split()
)
_HERE = re.compile(r"\b(?:here|this (?:room|space|area))\b", re.IGNORECASE)
# Before a name: any such thing, and none of the home's.
_ANY = frozenset("a an another any some".split())
# Places that many homes have: "the terrace door" is not the patio's, where no terrace is.
_PLACES = frozenset(
    "attic balcony basement bathroom carport corridor foyer garage greenhouse hallway lobby bedroom cellar conservatory courtyard deck driveway"
    " garden kitchen landing laundry library loft lounge nursery pantry patio porch shed stable"
    " street terrace veranda yard".split()
)


def least_sure(
    deed: Deed,
    together: Iterable[Deed],
    entities: tuple[ExposedEntity, ...],
    said: str,
    language: str,
    here: str | None = None,
) -> float:
    """Return the confidence that it takes to do something without asking.

    Args:
        deed: What would be done.
        together: All that would be done at once, this among it.
        entities: What is exposed.
        said: The user's words.
        language: The user's.
        here: The area of the satellite.
    """
    if not deed.entities:
        return 0.0
    if is_put_off(said, language):
        return _NEVER
    is_guarded = any(entity.domain in GUARDED for entity in deed.entities)
    # What was corrected, and not understood as that, may be what was wrong.
    doubtful = may_be_no_order(said, language, strictly=is_guarded) or is_corrected(
        said
    )
    by_name = heard_by_name(entities, stems(said))
    is_whole = all(entity.entity_id in by_name for entity in deed.entities)
    is_own = is_whole and all(
        by_name[entity.entity_id] - KINDS.keys() for entity in deed.entities
    )
    # The "machine" of a washing machine names no coffee machine.
    absent = _THINGS | _PLACES if is_guarded else _THINGS
    told = said if is_guarded else (ordering_clause(said) or said)
    if not is_whole and _names_what_is_absent(absent, entities, told):
        return _NEVER
    if not is_guarded:
        if doubtful:
            return SURE_IN_DOUBT
        return 0.0 if _are_named(deed.entities, entities, said) else SURE
    if deed.action == _HARMLESS:
        return _NEVER if doubtful else SURE_TO_MOVE
    changed = [entity for one in together for entity in one.entities]
    doubtful = doubtful or _is_elsewhere(changed, entities, said)
    doubtful = doubtful or not _OTHER_VALUES.isdisjoint(stems(said))
    doubtful = doubtful or _is_any(deed.entities, said)
    # "The garage door's up."
    spoken = without_courtesies(said)
    doubtful = doubtful or (bool(spoken) and is_told(spoken))
    doubtful = doubtful or speaks_of_another(said, changed, entities)
    doubtful = doubtful or _is_not_here(changed, said, here)
    if doubtful or not _may_move(deed.entities, said, language):
        return _NEVER
    is_clear = is_own and says_how(said, deed.action, deed.entities)
    return SURE if is_clear else SURE_TO_MOVE


def _may_move(changed: tuple[ExposedEntity, ...], said: str, language: str) -> bool:
    """Return whether it takes no word of movement, or there is one.

    Blinds close because the sun blinds somebody, but no door opens for a hint.
    """
    if not language.startswith("en"):
        return True
    doors = [
        entity
        for entity in changed
        if entity.domain in GUARDED
        and (entity.domain != "cover" or entity.device_class in PASSAGES)
    ]
    return not doors or speaks_of_movement(said, doors)


def _is_any(changed: Iterable[ExposedEntity], said: str) -> bool:
    """Return whether something is spoken of in general: "they want a side gate, too"."""
    spoken = words(said)
    return any(
        spoken[place - 1] in _ANY
        for entity in changed
        for name in filter(None, map(words, entity.names))
        for place in range(1, len(spoken) - len(name) + 1)
        if spoken[place : place + len(name)] == name
    )


def _is_not_here(changed: Iterable[ExposedEntity], said: str, here: str | None) -> bool:
    """Return whether it was said of this room, and something of another one changes."""
    is_here = here is not None and _HERE.search(said)
    return bool(is_here) and any(here not in (e.area, e.floor) for e in changed)


def _are_named(
    changed: Iterable[ExposedEntity], entities: tuple[ExposedEntity, ...], said: str
) -> bool:
    """Return whether each was called by a name, or by a word that only it has."""
    heard = stems(said)
    owners = spoken_names(entities).owners
    named = {
        *heard_by_name(entities, heard),
        *(owners[word] for word in heard if word in owners),
    }
    return all(entity.entity_id in named for entity in changed)


def _names_what_is_absent(
    known_words: frozenset[str], entities: tuple[ExposedEntity, ...], said: str
) -> bool:
    """Return whether a thing was named that nothing at home is called, or is."""
    things = known_words.intersection(stems(said))
    known = spoken_names(entities)
    named = (parts for names in known.names.values() for parts in names)
    kinds = (
        (*entity.domain.split("_"), *_ROBOTS.get(entity.domain, ()))
        for entity in entities
    )
    return bool(things) and things.isdisjoint(
        word for parts in (*known.places.values(), *named, *kinds) for word in parts
    )


def _is_elsewhere(
    changed: Iterable[ExposedEntity], entities: tuple[ExposedEntity, ...], said: str
) -> bool:
    """Return whether an area or a floor was named where nothing would change."""
    heard = stems(said)
    used = frozenset[str]().union(*heard_by_name(entities, heard).values())
    here = {place for entity in changed for place in (entity.area, entity.floor)}
    return any(
        place not in here and not words <= used
        for place, words in heard_places(entities, heard).items()
    )
