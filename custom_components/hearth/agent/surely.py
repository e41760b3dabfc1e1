"""Which devices, places and numbers somebody means beyond doubt: those that were said.

A very small model takes the wrong one of them now and then, so it gets no other to
choose from. In simple sentences only: in "turn on all lights except the hall lamp" and
"the hall lamp, then the one at my bed" a name says little about what else is meant.
Of 517 generated calls in such sentences, in homes and words that such a model never
learned and in those that it did, 512 were for what was named with two words or more.
Where a place is named, what is meant is in it, or has a name that was said.
English only.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
import re
from typing import Any

from .changes import change, changed
from .contrary import contrary
from .heard import heard_by_name, heard_places, spoken_names
from .home import ExposedEntity
from .misheard import ORDINARY
from .named_things import KINDS, SCREENS
from .names import singular, stems, words
from .order_words import PARTICLED, VERBS
from .spoken_numbers import numbers_in, spoken_words

# Words of more than one thing, of exceptions, and of who corrects himself.
_NOT_SIMPLE = frozenset(
    "afterwards all also and apart besides both but correction each every everything"
    " except excepted excluding hold instead leaving mean meant minus neither no nor not"
    " or other others plus rather save sorry than then uh uhm um wait well without".split()
)
# A single word may be a room's name, or what several devices are.
_FEWEST_WORDS = 2
# Words with which a number is a difference, or may be one.
_RELATIVE = frozenset(
    "by more less another extra further additional bump nudge knock off again up down"
    " warmer cooler colder hotter brighter dimmer louder quieter higher lower".split()
)
_TO = "to"
# Words with which something may be left out.
_SPARING = frozenset(
    "apart aside bar besides but except excepted excluding just keep leave leaving minus"
    " not only other save skip spare though without".split()
)
# With these something is asked, mostly of what measures it.
_QUESTIONS = frozenset(
    "is are what whats which how where who any do does did tell give check read show".split()
)
# A temperature is set, and measured.
_KINDS = KINDS.keys() - {"temperature"}
# Where another order may begin, and its words.
_CLAUSES = re.compile(r"[,;.!]")
_ORDERING = frozenset({*KINDS, *VERBS, *PARTICLED, "set", "make", "dim", "off"})
# Smaller ones count things rather than percents and degrees.
_LEAST_NUMBER = 5
# Words of the whole home, and of what is left out: they may mean any place.
_ANYWHERE = frozenset(
    "anywhere apart apartment aside bar but entire everywhere except excepted excluding"
    " flat here home house leave leaving minus not other save skip throughout whole"
    " without".split()
)


type AttributesOf = Callable[[str], Mapping[str, Any]]


@dataclass(frozen=True, slots=True)
class Meant:
    """What alone can be meant; empty is anything.

    Args:
        devices: Those whose names can be written.
        places: Those areas and floors that can be.
        numbers: Those that values can be set to.
        contrary: The actions that cannot be meant.
        spares: Whether something may be left out.
        named: Whether the devices were called by their names, so that only what they
            can do is meant.
    """

    devices: tuple[ExposedEntity, ...] = ()
    places: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()
    contrary: frozenset[str] = frozenset()
    spares: bool = True
    named: bool = False


def surely_meant(
    entities: tuple[ExposedEntity, ...],
    said: str,
    language: str,
    attributes_of: AttributesOf | None = None,
) -> Meant:
    """Return what alone can be meant.

    Args:
        entities: What is exposed.
        said: The user's words.
        language: The user's.
        attributes_of: Returns the attributes that something has now, by its entity ID.
    """
    if not language.startswith("en"):
        return Meant()
    places = _places(entities, said)
    named = _named(entities, said)
    return Meant(
        devices=named or _there(entities, said, places),
        places=places,
        numbers=_changed(named, said, attributes_of) or _numbers(said),
        contrary=contrary(said, language),
        spares=not _SPARING.isdisjoint(words(said)),
        named=bool(named),
    )


def _there(
    entities: tuple[ExposedEntity, ...], said: str, places: tuple[str, ...]
) -> tuple[ExposedEntity, ...]:
    """Return what is in the places and of the kinds that were named, or was spoken of."""
    kinds = _kinds(said)
    if not places and not kinds:
        return ()
    heard = stems(said)
    owners = spoken_names(entities).owners
    by_name = heard_by_name(entities, heard)
    spoken = {
        *(key for key, parts in by_name.items() if not parts <= KINDS.keys()),
        *(owners[word] for word in heard if word in owners),
    }
    there = tuple(
        entity
        for entity in entities
        if not places
        or entity.area in places
        or entity.floor in places
        or entity.entity_id in spoken
        or any(stems(place) <= stems(entity.name) for place in places)
    )
    others = heard - KINDS.keys() - frozenset[str]().union(*map(stems, places))
    of_kind = tuple(
        entity
        for entity in there
        if not kinds
        or entity.domain in kinds
        or any(others & stems(name) for name in entity.names)
    )
    return of_kind or (there if places else ())


def _kinds(said: str) -> frozenset[str]:
    """Return the domains whose kind was named in a simple order."""
    spoken = words(said)
    is_question = "?" in said or not _QUESTIONS.isdisjoint(spoken[:1])
    if is_question or not _NOT_SIMPLE.isdisjoint(spoken):
        return frozenset()
    kinds = (KINDS[word] for word in map(singular, spoken) if word in _KINDS)
    return frozenset(kinds)


def _changed(
    named: tuple[ExposedEntity, ...], said: str, attributes_of: AttributesOf | None
) -> tuple[float, ...]:
    """Return what the value of the only thing that was named comes to."""
    wanted = change(said)
    if wanted is None or len(named) != 1 or attributes_of is None:
        return ()
    (thing,) = named
    value = changed(thing.domain, attributes_of(thing.entity_id), wanted)
    return () if value is None else (value,)


def _numbers(said: str) -> tuple[float, ...]:
    """Return the numbers that were said, none where one may be a difference."""
    spoken = spoken_words(said)
    is_goal = _TO in spoken and "by" not in spoken
    if _RELATIVE.intersection(spoken) and not is_goal:
        return ()
    numbers, _ = numbers_in(spoken)
    return tuple(dict.fromkeys(n for n in numbers if n >= _LEAST_NUMBER))


def _places(entities: tuple[ExposedEntity, ...], said: str) -> tuple[str, ...]:
    """Return the places that were named, none where it may be another one, too."""
    spoken = words(said)
    if _ANYWHERE.intersection(spoken):
        return ()
    heard = heard_places(entities, stems(said))
    return tuple(
        place
        for place, parts in heard.items()
        if not any(parts < other for other in heard.values())
    )


def _named(entities: tuple[ExposedEntity, ...], said: str) -> tuple[ExposedEntity, ...]:
    """Return the devices that were named in a simple sentence."""
    if _NOT_SIMPLE.intersection(words(said)) or _has_more(said):
        return ()
    heard = stems(said)
    named = heard_by_name(entities, heard)
    if any(_says_little(parts) for parts in named.values()):
        return ()
    found = tuple(entity for entity in entities if entity.entity_id in named)
    used = frozenset[str]().union(*named.values())
    here = {place for entity in found for place in (entity.area, entity.floor)}
    is_elsewhere = any(
        place not in here and not parts <= used
        for place, parts in heard_places(entities, heard).items()
    )
    return () if is_elsewhere else found


def _has_more(said: str) -> bool:
    """Return whether there may be more than one order, with a comma between them.

    What comes before the first may be its reason: "it's nippy, turn the heating up".
    """
    parts = (words(part) for part in _CLAUSES.split(said))
    return sum(not _ORDERING.isdisjoint(map(singular, part)) for part in parts) > 1


def _says_little(parts: frozenset[str]) -> bool:
    """Return whether the words of a name may be meant otherwise: "Light", "Right"."""
    is_ordinary = parts - SCREENS <= ORDINARY
    return len(parts) < _FEWEST_WORDS and is_ordinary and not parts <= SCREENS
