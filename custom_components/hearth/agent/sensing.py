"""What is asked of what binary sensors sense, and of where people are. English only.

"Are any batteries low", "is the phone charging", "who is at home": all of the words are
known, or nothing is understood.
"""

from dataclasses import dataclass

from .home import ExposedEntity
from .inquiry_table import Of, Wanted
from .named_things import Entities
from .names import key, singular, words
from .sensing_question import SensingQuestion, sensing_question
from .sensing_reading import Reading, common_words, reading
from .sensing_table import (
    EVERYBODY,
    OCCUPANCY,
    PERSON,
    PRESENCE,
    PRONOUNS,
    SENSORS,
    THINGS,
    sense_of,
)
from .targets import ONLY_TELL

# What may stand around what is asked. Nothing of it points back to anything.
_AROUND = PRONOUNS | frozenset(
    map(
        singular,
        "a an the my our any all every each both some no not is s are isn t aren were been"
        " there what whats which how many where tell show me us i we you do does have has"
        " hasn haven having got can could check if whether please hey hi now right"
        " currently presently still moment already home house anywhere everywhere".split(),
    )
)
_WHAT = "what"
# What may stand between "what" and what it is.
_BETWEEN = frozenset("is s are isn t aren not currently still now".split())
_AND = frozenset({"and"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Sensed:
    """What is asked.

    Args:
        things: What it is asked of.
        place: Where they are, if that was said.
        is_named: Whether they were called by their names.
        condition: What they may be, as states tell it; None where just that is asked.
        adjective: How that is said of a thing.
        wanted: The form of the answer.
        of: Of how many it is asked whether they are so.
    """

    things: Entities
    place: str | None
    is_named: bool
    condition: str | None
    adjective: str
    wanted: Wanted
    of: Of | None


def sensing(entities: Entities, said: str) -> Sensed | None:
    """Return what is asked of what is sensed, None where a word is not understood.

    Args:
        entities: What is exposed, or what was looked up.
        said: The user's words.
    """
    asked = sensing_question(entities, said)
    if asked is None:
        return None
    found = {
        kind: sensed
        for kind in dict.fromkeys(map(sense_of, entities))
        if kind and (sensed := _sensed(asked, kind)) is not None
    }
    # Where somebody is, what is carried is as well.
    if PERSON in found:
        return found[PERSON]
    return next(iter(found.values())) if len(found) == 1 else None


def _sensed(asked: SensingQuestion, kind: str) -> Sensed | None:
    """Return what is asked of a class, None where the question is not about it."""
    read = reading(asked, kind)
    if (
        read is None
        or (read.is_on is None and not _asks_where(asked, read))
        or not _is_known(read)
        or _means_others(asked, read)
    ):
        return None
    here = _here(asked, read)
    are_meant = (
        _are_named(asked, read, here) if read.named else _are_all(asked, read, here)
    )
    if not here or not are_meant:
        return None
    is_off = read.is_on is False
    return Sensed(
        things=here,
        place=read.place,
        is_named=bool(read.named),
        condition=None if read.is_on is None else read.sense.told[is_off],
        adjective=read.sense.said[is_off],
        wanted=asked.wanted,
        of=_of(asked, read, here),
    )


def _asks_where(asked: SensingQuestion, read: Reading) -> bool:
    """Return whether it is asked where somebody or something is."""
    is_meant = read.named or not EVERYBODY.isdisjoint(asked.spoken)
    return (
        asked.wanted is Wanted.WHERE
        and read.kind in (PERSON, PRESENCE)
        and bool(is_meant)
    )


def _is_known(read: Reading) -> bool:
    """Return whether no word says more than is understood."""
    joined = read.left & _AND
    are_several = len({key(entity.name) for entity in read.named}) > 1
    return (
        len(read.places) < 2
        and bool(joined) == are_several
        and read.left - joined <= _AROUND | read.known
    )


def _means_others(asked: SensingQuestion, read: Reading) -> bool:
    """Return whether something else was named, or can be so as well."""
    common = asked.places | common_words(read.sense) if read.is_many else asked.places
    named = {entity.entity_id for entity in read.named}
    for entity in asked.entities:
        parts = asked.named.get(entity.entity_id)
        if parts is None or entity.entity_id in named:
            continue
        is_switched = read.is_bare and entity.domain not in ONLY_TELL
        if parts <= read.used:
            if is_switched or entity.domain in read.sense.rivals:
                return True
        elif not parts <= common:
            return True
    return not read.named and _has_rivals(asked, read)


def _has_rivals(asked: SensingQuestion, read: Reading) -> bool:
    """Return whether other things may be meant: updates are no sensors only."""
    is_class = any(said in read.sense.nouns for _, said in read.nouns)
    return not is_class and any(
        entity.domain in read.sense.rivals and _is_at(entity, read.place)
        for entity in asked.entities
    )


def _here(asked: SensingQuestion, read: Reading) -> Entities:
    """Return what is meant, where it is in the place that was said."""
    return tuple(
        entity
        for entity in read.named or asked.entities
        if sense_of(entity) == read.kind and _is_at(entity, read.place)
    )


def _is_at(entity: ExposedEntity, place: str | None) -> bool:
    """Return whether something is in a place, or no place was said."""
    return place in (None, entity.area, entity.floor)


def _are_named(asked: SensingQuestion, read: Reading, here: Entities) -> bool:
    """Return whether each thing that was named can be told from others.

    "Phones" are not what is called "Phone".
    """
    names = [key(entity.name) for entity in here]
    is_exact = all(
        any(set(words(name)) <= set(asked.spoken) for name in entity.names)
        for entity in here
    )
    return (
        len(here) == len(set(names)) == len({key(e.name) for e in read.named})
        and (is_exact or asked.of is None)
        and asked.wanted in (Wanted.YES_NO, Wanted.WHERE)
    )


def _are_all(asked: SensingQuestion, read: Reading, here: Entities) -> bool:
    """Return whether all of a class are meant, or the only one there is."""
    if _WHAT in asked.heard and not _is_what(asked, read):
        return False
    is_place = read.kind == OCCUPANCY and read.place is not None
    if read.kind == OCCUPANCY and any(
        said in read.sense.signs for _, said in read.nouns
    ):
        # "Is anyone free" asks for no room.
        return is_place and read.is_there
    if read.nouns:
        return read.is_many or is_place or len(here) == 1
    if is_place:
        return not read.is_bare
    if not PRONOUNS.isdisjoint(asked.heard) or _WHAT in asked.heard:
        return not read.is_vague
    is_thing = not (SENSORS | THINGS).isdisjoint(asked.heard)
    return is_thing and read.is_many and read.kind not in (PERSON, OCCUPANCY)


def _is_what(asked: SensingQuestion, read: Reading) -> bool:
    """Return whether "what" asks for things: "what batteries are low", "what's charging".

    "What is a low battery" asks for something else.
    """
    after = asked.heard.index(_WHAT) + 1
    if asked.heard[after] in SENSORS | THINGS or after in dict(read.nouns):
        return True
    while asked.heard[after] in _BETWEEN:
        after += 1
    return after in dict(read.states) and not read.nouns


def _of(asked: SensingQuestion, read: Reading, here: Entities) -> Of | None:
    """Return of how many it is asked: who asks if "all is well" means all of them."""
    if read.named:
        return Of.ALL if len(here) > 1 else asked.of
    if asked.of is not None or asked.wanted is not Wanted.YES_NO:
        return asked.of
    return Of.ALL if read.sense.good or not read.is_on else Of.ANY
