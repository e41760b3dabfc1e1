"""Which devices, kinds and places the words of an English order name."""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from functools import lru_cache

from .heard import heard_by_name, heard_places, spoken_names
from .home import ExposedEntity
from .names import singular, stems, words
from .targets import GUARDED, ONLY_TELL

type Entities = tuple[ExposedEntity, ...]

# Words that say nothing about what is meant.
_ARTICLES = frozenset({"the", "my", "our", "that", "this"})
_ALL = frozenset({"all", "every", "each", "both"})
_EMPTY = (
    frozenset(map(singular, _ARTICLES)) | _ALL | set("of in at to with for s".split())
)
# Homes of some agents, as they are and as they were.
_MOST_KEPT = 8
_AND, _ON = "and", "on"
# Words for all devices of a domain.
KINDS: Mapping[str, str] = {
    "light": "light",
    "lamp": "light",
    **dict.fromkeys(("illumination", "lamplight", "lighting"), "light"),
    "blind": "cover",
    "shutter": "cover",
    "curtain": "cover",
    "shade": "cover",
    "drape": "cover",
    "fan": "fan",
    "lock": "lock",
    "speaker": "media_player",
    "heating": "climate",
    "heater": "climate",
    "radiator": "climate",
    "temp": "climate",
    "temperature": "climate",
    "thermostat": "climate",
}
# Words for one device, beside its name.
_CALLED: Mapping[str, str] = {
    **KINDS,
    **dict.fromkeys(("switch", "plug", "socket", "outlet"), "switch"),
    "scene": "scene",
    "robot": "vacuum",
}
# Things that others are called after.
_APPLIANCES = frozenset(
    "bath boiler car cooker freezer fridge hob oven pool range sauna shower sink stove water".split()
)
_WHERE = frozenset("above at behind beside by near over under".split())
SCREENS = frozenset({"tv", "television", "telly"})
_MUSIC = frozenset({"music", "song", "sound"})
# What tells only, and what nobody disarms in passing.
UNTOUCHED = ONLY_TELL | {"alarm_control_panel"}


def named_in(
    entities: Entities, spoken: Sequence[str]
) -> dict[ExposedEntity, frozenset[str]]:
    """Return the devices that were named, with the words of their names.

    One word is enough where only one device has it, and it opens nothing. "Light" is no
    name where there are others.
    """
    heard = frozenset(map(singular, spoken))
    domains = _domains(entities)
    named = heard_by_name(entities, heard) or _owned(entities, heard)
    return {
        entity: named[entity.entity_id]
        for entity in entities
        if entity.entity_id in named
        and entity.domain not in UNTOUCHED
        and (domains[entity.domain] == 1 or named[entity.entity_id] - KINDS.keys())
    }


@lru_cache(_MOST_KEPT)
def _domains(entities: Entities) -> Counter[str]:
    """Return how many there are of each domain; they are the same in each turn."""
    return Counter(entity.domain for entity in entities)


def _owned(entities: Entities, heard: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Return the only device that words belong to, with these words."""
    owners = spoken_names(entities).owners
    found = heard.intersection(owners) - _EMPTY - KINDS.keys()
    found -= {
        word for word in found & _APPLIANCES if _is_beside(owners[word], word, entities)
    }
    meant = {owners[word] for word in found}
    domains = {one.partition(".")[0] for one in meant}
    # A light behind the TV is not the TV.
    is_other = found & (SCREENS | _MUSIC) and "media_player" not in domains
    if len(meant) != 1 or domains & GUARDED or is_other:
        return {}
    return {meant.pop(): found}


def _is_beside(entity_id: str, word: str, entities: Entities) -> bool:
    """Return whether a thing is called after another one: the oven's hood is no oven."""
    names = [
        words(name) for e in entities if e.entity_id == entity_id for name in e.names
    ]
    return not any(
        name and singular(name[-1]) == word and _WHERE.isdisjoint(name)
        for name in names
    )


def means_all(device: ExposedEntity, spoken: Sequence[str], entities: Entities) -> bool:
    """Return whether all of a kind are meant, although one is called like that.

    "Turn off all the lights in the kitchen", where one is called "Kitchen light", or
    "all the desk lamps", where there are "Desk lamp" and "Desk lamp 2".
    """
    kinds = {word for word in spoken if singular(word) in KINDS}
    place = stems(f"{device.area or ''} {device.floor or ''}")
    is_general = any(stems(name) <= place | KINDS.keys() for name in device.names)
    has_namesakes = any(
        stems(device.name) < stems(other.name)
        for other in entities
        if other.domain == device.domain
    )
    plural = {word for word in kinds if word not in KINDS}
    called = {word for name in device.names for word in words(name)}
    return (
        (is_general or has_namesakes)
        and bool(kinds)
        and bool(plural - called or _ALL.intersection(spoken))
    )


def split(spoken: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the words between each "and"."""
    while _AND in spoken:
        place = spoken.index(_AND)
        yield spoken[:place]
        spoken = spoken[place + 1 :]
    yield spoken


def only_one(entities: Entities, spoken: Sequence[str]) -> ExposedEntity | None:
    """Return the only device that was named, where no other word says more.

    Words that are of no name may tell where it is, and what kind it is of.
    """
    named = named_in(entities, spoken)
    if len(named) != 1:
        return None
    ((device, used),) = named.items()
    places, left = left_of(entities, spoken, used)
    kinds = {word for word, domain in _CALLED.items() if domain == device.domain}
    # A scene is for a place, and in none.
    is_here = device.domain == "scene" or {device.area, device.floor}.issuperset(places)
    is_one = is_here and left <= kinds and not means_all(device, spoken, entities)
    return device if is_one else None


def group_in(entities: Entities, spoken: Sequence[str]) -> tuple[ExposedEntity, ...]:
    """Return several devices that have a part of their names in common: "bedside lamps".

    All of them are of the kind that was named in the plural.
    """
    kinds = {word for word in spoken if singular(word) in KINDS and word not in KINDS}
    if len(kinds) != 1:
        return ()
    heard = frozenset(map(singular, spoken)) - _EMPTY
    domain = KINDS[singular(*kinds)]
    if heard <= KINDS.keys():
        return ()
    return tuple(
        entity
        for entity in entities
        if entity.domain == domain and any(heard <= stems(n) for n in entity.names)
    )


def left_of(
    entities: Entities, spoken: Sequence[str], used: frozenset[str] = frozenset()
) -> tuple[list[str], frozenset[str]]:
    """Return the places that were named beside a name, and the words of neither."""
    heard = frozenset(map(singular, spoken))
    places = {
        place: parts
        for place, parts in heard_places(entities, heard).items()
        if not parts <= used
    }
    places = {
        place: parts
        for place, parts in places.items()
        if not any(parts < other for other in places.values())
    }
    theirs = frozenset[str]().union(*places.values())
    empty = _EMPTY | {_ON} if _is_where(spoken, theirs) else _EMPTY
    return list(places), heard - used - theirs - empty


def _is_where(spoken: Sequence[str], places: frozenset[str]) -> bool:
    """Return whether each "on" is that of a place: "on the ground floor"."""
    meaning = [word for word in spoken if word not in _ARTICLES]
    return all(
        word != _ON or singular(after) in places
        for word, after in zip(meaning, [*meaning, ""][1:], strict=True)
    )
