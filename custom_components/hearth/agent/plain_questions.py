"""Questions that leave nothing open: every word of them is known. English only.

"Is the garage door closed?", "how many lights are on upstairs": what they ask about is
looked up, and what that comes to is said, without asking a model.
"""

from collections.abc import Collection, Mapping, Sequence
from itertools import pairwise
import re

from .asked_sensor import looks_at_sensors
from .asking import LOCKING, OPENING, are_two, asks_for_states
from .heard import heard_by_name, spoken_names
from .home import ExposedEntity
from .inquiry import Inquiry, inquiry
from .inquiry_table import (
    ARTICLES,
    ASKING,
    ASPECTS,
    CONDITIONS,
    DEGREES,
    KINDS,
    LOCKED,
    MEASURED,
    MORE,
    QUANTITIES,
    UNLOCKED,
    WHETHER,
    Of,
    Wanted,
)
from .limits import LIMITING, limit_in
from .looks import MOST_NAMED, look, looks_at_kinds
from .measured_looks import OUTSIDE, called_after, looks_at_measured
from .named_things import SCREENS, Entities, left_of, named_in, only_one
from .names import key, singular, stems, words
from .plain_call import PlainCall
from .sensing import sensing
from .sensing_looks import sensing_looks
from .spoken_numbers import numbers_in
from .targets import PASSAGES

# What stands around what is asked.
_AROUND = ARTICLES | frozenset(
    "can could is are was do does did has have had i you we me us it its s there in on at of to for"
    " and or with please right now currently moment still tell know check kindly hey ok"
    " okay hi how what which who where many much level reading value current state status"
    " percent degree than one an be been being get got say said by from re isn aren leave"
    " left full measure show turned switched sitting standing actually just yet"
    " again exactly anywhere somebody someone anybody anyone".split()
)
_KNOWN = (
    frozenset(
        word
        for table in (
            ASKING,
            ASPECTS,
            CONDITIONS,
            DEGREES,
            KINDS,
            MEASURED,
            MORE,
            QUANTITIES,
        )
        for word in table
    )
    | _AROUND
    | WHETHER
    | frozenset({"everywhere", "home", "house"})
)
_KNOWN_STEMS = frozenset(map(singular, _KNOWN)) | OUTSIDE
# A television is called by its kind.
_GENERAL = frozenset(KINDS) - SCREENS
# What can be open.
_OPENED = frozenset({"binary_sensor", "cover", "valve"})
# "The back lights" are some of them.
_ADJECTIVES = frozenset("back left motion".split())
_POINTS_BACK = frozenset("it its that they them those these this one".split())
_MANY = frozenset({Of.ALL, Of.ANY, Of.NONE})
_LISTS = frozenset({Wanted.COUNT, Wanted.WHICH})
# "What's the robot up to?"
_DOING = re.compile(
    r"^\W*what(?:['\u2019]?s| is) (.+?) (?:up to|doing)"
    r"(?: (?:now|right now|just now|at the moment))?\W*$",
    re.IGNORECASE,
)
# What a value is asked with.
_VALUES = frozenset("what whats tell how".split())


def plain_lookups(
    entities: Entities, said: str, language: str, here: str | None = None
) -> tuple[PlainCall, ...]:
    """Return what to look up for a question, nothing where a word is not understood.

    Args:
        entities: What is exposed.
        said: The user's words.
        language: The user's.
        here: The area of the satellite, which is meant where no place is named.
    """
    if not language.startswith("en"):
        return ()
    if (sensed := sensing(entities, said)) is not None:
        return sensing_looks(entities, sensed)
    doing = _DOING.match(said)
    if doing and (one := only_one(entities, words(doing[1]))):
        return (look(name=one.name),)
    spoken = words(said)
    return _asked(entities, said, spoken, here) if asks_for_states(said, spoken) else ()


def _asked(
    entities: Entities, said: str, spoken: Sequence[str], here: str | None
) -> tuple[PlainCall, ...]:
    """Return what to look up for words that ask for states."""
    heard = frozenset(map(singular, spoken))
    asked = inquiry(said)
    if not asked.is_order and (told := looks_at_sensors(entities, spoken)):
        return told
    named = _named(entities, heard, asked) or _owned(entities, spoken, asked)
    used = frozenset[str]().union(*named.values())
    places, left = left_of(entities, spoken, used)
    if "here" in left and here and not places:
        places, left = [here], left - {"here"}
    if _asks_for_one(spoken, asked, named):
        return _of_named(list(named), places)
    sensor = None if named else called_after(entities, asked, spoken)
    if (
        asked.is_order
        or not _beside_limits(left, said)
        <= _KNOWN_STEMS | stems(sensor.name if sensor else "")
        or are_two(spoken, left, asked, named=len(named))
    ):
        return ()
    if named:
        able = all(_can_be(entity, asked.condition) for entity in named)
        return _of_named(list(named), places) if able else ()
    if asked.measured and not _is_of_things(asked):
        return looks_at_measured(entities, asked, places, spoken, here)
    return _of_kinds(entities, asked, places, spoken)


def _beside_limits(left: frozenset[str], said: str) -> frozenset[str]:
    """Return words without those of a limit: "over twenty"."""
    if limit_in(said) is None:
        return left
    return left & frozenset(map(singular, numbers_in(words(said))[1])) - LIMITING


def _asks_for_one(
    spoken: Sequence[str], asked: Inquiry, named: Mapping[ExposedEntity, frozenset[str]]
) -> bool:
    """Return whether it is asked what a sensor tells, in whatever words.

    "What is the ozone level indicated by the living room ozone sensor": nothing else
    was named, and all of its name was said.
    """
    return (
        len(named) == 1
        and all(entity.domain == "sensor" for entity in named)
        and spoken[0] in _VALUES
        and "about" not in spoken[1:2]
        and asked.condition is None
        and asked.more is None
        and not asked.is_order
    )


def _can_be(entity: ExposedEntity, condition: str | None) -> bool:
    """Return whether a thing can be what is asked: no lamp is open, and no lock."""
    if condition in LOCKING:
        return entity.domain == "lock"
    return condition not in OPENING or entity.domain in _OPENED


def _is_of_place(asked: Inquiry) -> bool:
    """Return whether it is asked about what is in a place, rather than about a thing."""
    return bool(
        asked.kinds or asked.measured or asked.of in _MANY or asked.wanted in _LISTS
    )


def _named(
    entities: Entities, heard: frozenset[str], asked: Inquiry
) -> dict[ExposedEntity, frozenset[str]]:
    """Return what was named, with the words of its names.

    "Light" is no name, and in "which windows are open in the hall" the hall is a room,
    also where a light is called so. What is set is not what a thermometer is called.
    """
    by_name = heard_by_name(entities, heard)
    is_of_place, is_target = _is_of_place(asked), "target" in asked.aspects
    places = set(spoken_names(entities).places.values()) if is_of_place else set()
    return {
        entity: by_name[entity.entity_id]
        for entity in entities
        if entity.entity_id in by_name
        and not by_name[entity.entity_id] <= _GENERAL
        and by_name[entity.entity_id] not in places
        and not (is_target and entity.domain == "sensor")
    }


def _owned(
    entities: Entities, spoken: Sequence[str], asked: Inquiry
) -> dict[ExposedEntity, frozenset[str]]:
    """Return the only thing that has words which no other thing has: "the airer"."""
    if asked.measured or asked.kinds or asked.more or asked.is_order:
        return {}
    return named_in(entities, [w for w in spoken if singular(w) not in _KNOWN_STEMS])


def _of_named(
    named: list[ExposedEntity], places: Sequence[str]
) -> tuple[PlainCall, ...]:
    """Return a look at each thing that was named, where it is in the places that were."""
    there = {place for entity in named for place in (entity.area, entity.floor)}
    names = {key(entity.name) for entity in named}
    if (
        len(named) > MOST_NAMED
        or len(names) < len(named)
        or not there.issuperset(places)
    ):
        return ()
    return tuple(look(name=entity.name) for entity in named)


def _is_of_things(asked: Inquiry) -> bool:
    """Return whether it is asked if things are so: "are the lights on"."""
    is_light = asked.measured == {"illuminance"} and "light" in asked.kinds
    return bool(asked.kinds) and (asked.condition is not None or is_light)


def _of_kinds(
    entities: Entities, asked: Inquiry, places: Sequence[str], spoken: Sequence[str]
) -> tuple[PlainCall, ...]:
    """Return a look at all of some kinds in a place, or all over the home."""
    is_many = (
        asked.of in _MANY
        or asked.wanted in _LISTS
        or any(word not in KINDS and singular(word) in KINDS for word in spoken)
    )
    if not asked.kinds or len(places) > 1 or not (places or is_many):
        return ()
    if not places and not (_POINTS_BACK | OUTSIDE).isdisjoint(spoken):
        return ()
    if any(
        word in _ADJECTIVES and singular(after) in KINDS
        for word, after in pairwise(spoken)
    ):
        return ()
    place = places[0] if places else None
    there = [
        entity
        for entity in entities
        if _is_of_kind(asked.kinds, entity)
        and place in (None, entity.area, entity.floor)
    ]
    kinds = dict.fromkeys(entity.kind for entity in _able(there, asked.condition))
    return looks_at_kinds(entities, kinds, place)


def _able(there: list[ExposedEntity], condition: str | None) -> list[ExposedEntity]:
    """Return those that a word fits: a door is locked by its lock, and open without."""
    locks = [entity for entity in there if entity.domain == "lock"]
    others = [entity for entity in there if entity.domain != "lock"]
    if condition in (LOCKED, UNLOCKED):
        return locks or others
    return others or locks


def _is_of_kind(kinds: Collection[str], entity: ExposedEntity) -> bool:
    """Return whether something is of a kind that was named; a garage door no blind."""
    is_passage = entity.domain == "cover" and entity.device_class in PASSAGES
    return entity.device_class in kinds or (entity.domain in kinds and not is_passage)
