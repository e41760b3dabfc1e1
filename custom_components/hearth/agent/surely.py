"""Which devices, places and numbers somebody means beyond doubt: those that were said.

A very small model takes the wrong one of them now and then, so it gets no other to
choose from. In simple sentences only: in "turn on all lights except the hall lamp" and
"the hall lamp, then the one at my bed" a name says little about what else is meant.
Of 517 generated calls in such sentences, in homes and words that such a model never
learned and in those that it did, 512 were for what was named with two words or more.
Where a place is named, what is meant is in it, or has a name that was said.
English only.
"""

from dataclasses import dataclass

from .heard import heard_by_name, heard_places, spoken_names
from .home import ExposedEntity
from .names import stems, words
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
# Smaller ones count things rather than percents and degrees.
_LEAST_NUMBER = 5
# Words of the whole home, and of what is left out: they may mean any place.
_ANYWHERE = frozenset(
    "anywhere apart apartment aside bar but entire everywhere except excepted excluding"
    " flat here home house leave leaving minus not other save skip throughout whole"
    " without".split()
)


@dataclass(frozen=True, slots=True)
class Meant:
    """What alone can be meant; empty is anything.

    Args:
        devices: Those whose names can be written.
        places: Those areas and floors that can be.
        numbers: Those that values can be set to.
    """

    devices: tuple[ExposedEntity, ...] = ()
    places: tuple[str, ...] = ()
    numbers: tuple[float, ...] = ()


def surely_meant(
    entities: tuple[ExposedEntity, ...], said: str, language: str
) -> Meant:
    """Return what alone can be meant."""
    if not language.startswith("en"):
        return Meant()
    places = _places(entities, said)
    named = _named(entities, said)
    numbers = _numbers(said)
    if named or not places:
        return Meant(named, places, numbers)
    heard = stems(said)
    owners = spoken_names(entities).owners
    spoken = {
        *heard_by_name(entities, heard),
        *(owners[word] for word in heard if word in owners),
    }
    there = tuple(
        entity
        for entity in entities
        if entity.area in places
        or entity.floor in places
        or entity.entity_id in spoken
        or any(stems(place) <= stems(entity.name) for place in places)
    )
    return Meant(there, places, numbers)


def _numbers(said: str) -> tuple[float, ...]:
    """Return the numbers that were said, none where one may be a difference."""
    spoken = spoken_words(said)
    if _RELATIVE.intersection(spoken) and _TO not in spoken:
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
    if _NOT_SIMPLE.intersection(words(said)):
        return ()
    heard = stems(said)
    named = heard_by_name(entities, heard)
    if any(len(parts) < _FEWEST_WORDS for parts in named.values()):
        return ()
    found = tuple(entity for entity in entities if entity.entity_id in named)
    used = frozenset[str]().union(*named.values())
    here = {place for entity in found for place in (entity.area, entity.floor)}
    is_elsewhere = any(
        place not in here and not parts <= used
        for place, parts in heard_places(entities, heard).items()
    )
    return () if is_elsewhere else found
