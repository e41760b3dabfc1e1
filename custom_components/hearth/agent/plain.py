"""Orders that leave nothing open: every word of them is known. English only.

"Turn off the lights on the ground floor", "set the office heater to nineteen degrees": a
very small model gets even such wrong now and then, so it is not asked about them.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .compact import CONTROL, SET
from .heard import heard_by_name, heard_places, spoken_names
from .home import ExposedEntity, kind_of
from .names import key, singular
from .spoken_numbers import numbers_in, spoken_words
from .sure_enough import GUARDED
from .targets import ONLY_TELL
from .translate import actions_of

# Words of an order that say nothing about what is to be done.
_EMPTY = frozenset(
    "a an the my our please could can would will you kindly now just hey hi hello ok okay"
    " thanks thank right of in on at to with for all every each any percent per cent degree"
    " degrees celsius brightness volume speed position level".split()
)
_EVERYWHERE = frozenset("all every everywhere house home whole entire".split())
_SWITCHING = frozenset("turn switch put power flip".split())
_SETTING = frozenset("set dim change adjust brighten make".split())
_VERBS: Mapping[str, str] = {
    "open": "open",
    "close": "close",
    "shut": "close",
    "lock": "lock",
    "unlock": "unlock",
    "pause": "pause",
    "mute": "mute",
    "unmute": "unmute",
    "start": "start",
    "stop": "stop",
}
# What a call has for the whole home.
_HOME = "home"
# What a value is set of, by what is set, where nothing else is said.
_FIELDS: Mapping[str, str] = {
    "light": "brightness",
    "climate": "temperature",
    "cover": "position",
    "media_player": "volume",
    "fan": "speed",
}
# Words for all devices of a domain.
_KINDS: Mapping[str, str] = {
    "light": "light",
    "lamp": "light",
    "blind": "cover",
    "shutter": "cover",
    "curtain": "cover",
    "fan": "fan",
    "lock": "lock",
    "speaker": "media_player",
    "heating": "climate",
    "temperature": "climate",
    "thermostat": "climate",
}
_COLORS = frozenset(
    "red green blue yellow orange purple pink white cyan magenta turquoise violet".split()
)


@dataclass(frozen=True, slots=True)
class PlainCall:
    """A call of a compact tool."""

    tool: str
    arguments: dict[str, Any]


@dataclass(frozen=True, slots=True)
class _Deed:
    """What is to be done, and the words that do not say it."""

    action: str | None
    value: float | str | None
    rest: tuple[str, ...]


def plain_calls(
    entities: tuple[ExposedEntity, ...], said: str, language: str
) -> tuple[PlainCall, ...]:
    """Return the calls that an order means, none where a word is not understood.

    Args:
        entities: What is exposed.
        said: The user's words.
        language: The user's.
    """
    spoken = spoken_words(said)
    deed = _deed(spoken) if language.startswith("en") else None
    if deed is None:
        return ()
    rest = frozenset(map(singular, deed.rest))
    named = _named(entities, rest)
    devices = tuple(
        entity
        for entity in entities
        if entity.entity_id in named and entity.domain not in ONLY_TELL
    )
    used = frozenset[str]().union(*(named[e.entity_id] for e in devices))
    places = _places(entities, rest, used)
    left = rest - used - _EMPTY.union(*places.values())
    if not devices:
        return _of_kind(deed, entities, left, tuple(places))
    here = {place for entity in devices for place in (entity.area, entity.floor)}
    of_kind = {word for word, domain in _KINDS.items() if domain in _domains(devices)}
    joined = {"and"} if len(devices) > 1 else set[str]()
    if left - of_kind - joined or not here.issuperset(places):
        return ()
    return _of_devices(deed, devices)


def _named(
    entities: tuple[ExposedEntity, ...], heard: frozenset[str]
) -> Mapping[str, frozenset[str]]:
    """Return the words of what was named, by entity ID.

    One word is enough where only one device has it, and it opens nothing.
    """
    if named := heard_by_name(entities, heard):
        return named
    owners = spoken_names(entities).owners
    found = heard.intersection(owners) - _EMPTY - _KINDS.keys()
    meant = {owners[word] for word in found}
    if len(meant) != 1 or any(one.partition(".")[0] in GUARDED for one in meant):
        return {}
    return {meant.pop(): found}


def _places(
    entities: tuple[ExposedEntity, ...], heard: frozenset[str], used: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Return the places that were named, with their words, but no part of a name."""
    found = {
        place: parts
        for place, parts in heard_places(entities, heard).items()
        if not parts <= used
    }
    return {
        place: parts
        for place, parts in found.items()
        if not any(parts < other for other in found.values())
    }


def _domains(devices: Iterable[ExposedEntity]) -> set[str]:
    return {entity.domain for entity in devices}


def _deed(spoken: Sequence[str]) -> _Deed | None:
    """Return what words want to be done: a verb, and a value for some."""
    meaning = [word for word in spoken if word not in ("please", "now", "just")]
    while meaning and meaning[0] in _EMPTY:
        del meaning[0]
    if not meaning:
        return None
    verb, *rest = meaning
    ends = [rest.index(word) for word in ("on", "off") if word in rest]
    if verb in _SWITCHING and ends:
        return _Deed(rest[min(ends)], None, tuple(_without(rest, min(ends))))
    if verb in _VERBS and not {"on", "off"}.intersection(rest[-1:]):
        return _Deed(_VERBS[verb], None, tuple(rest))
    if verb in _SETTING:
        return _setting(rest)
    if rest and rest[-1] in ("on", "off"):
        return _Deed(rest[-1], None, (verb, *rest[:-1]))
    return None


def _setting(spoken: Sequence[str]) -> _Deed | None:
    """Return a deed with the only value among words."""
    values, others = numbers_in(spoken)
    colors = [word for word in others if word in _COLORS]
    found: list[float | str] = [*values, *colors]
    if len(found) != 1:
        return None
    return _Deed(None, found[0], tuple(word for word in others if word not in colors))


def _without(spoken: Sequence[str], place: int) -> Iterable[str]:
    """Return words without the one at a place."""
    return (*spoken[:place], *spoken[place + 1 :])


def _of_devices(
    deed: _Deed, devices: tuple[ExposedEntity, ...]
) -> tuple[PlainCall, ...]:
    """Return calls for what was named, where all of it are able to do that."""
    names = {key(entity.name) for entity in devices}
    wanted = _wanted(deed, _domains(devices))
    if wanted is None or len(names) < len(devices):
        return ()
    tool, arguments = wanted
    return tuple(
        PlainCall(tool, _ordered(arguments, {"name": entity.name}))
        for entity in devices
    )


def _of_kind(
    deed: _Deed,
    entities: tuple[ExposedEntity, ...],
    left: frozenset[str],
    places: tuple[str, ...],
) -> tuple[PlainCall, ...]:
    """Return a call for all of a kind in a place, or at home."""
    everywhere = bool(_EVERYWHERE.intersection(deed.rest))
    kinds = {_KINDS.get(word, "") for word in left - _EVERYWHERE}
    if len(kinds) != 1 or len(places) > 1 or not (places or everywhere):
        return ()
    (domain,) = kinds
    there = any(
        entity.domain == domain
        and (not places or places[0] in (entity.area, entity.floor))
        for entity in entities
    )
    wanted = _wanted(deed, {domain}) if there else None
    if wanted is None or (domain == "lock" and deed.action != "lock" and not places):
        return ()
    tool, arguments = wanted
    target = {"area": places[0] if places else _HOME}
    if tool == CONTROL.name:
        target["domain"] = kind_of(domain)
    return (PlainCall(tool, _ordered(arguments, target)),)


def _wanted(deed: _Deed, domains: set[str]) -> tuple[str, dict[str, Any]] | None:
    """Return the tool and what it is told, where all the domains can do that."""
    if deed.action is not None:
        able = domains and all(deed.action in actions_of(domain) for domain in domains)
        return (CONTROL.name, {"action": deed.action}) if able else None
    if isinstance(deed.value, str):
        return (SET.name, {"color": deed.value}) if domains == {"light"} else None
    fields = {_FIELDS.get(domain) for domain in domains}
    field = fields.pop() if len(fields) == 1 else None
    value = deed.value
    if field is None or value is None:
        return None
    if field == "temperature":
        return SET.name, {field: int(value) if value == int(value) else value}
    return (SET.name, {field: round(value)}) if 0 <= value <= 100 else None


def _ordered(arguments: dict[str, Any], target: dict[str, str]) -> dict[str, Any]:
    """Return arguments in the order in which the model writes them."""
    if "action" in arguments:
        return arguments | target
    return target | arguments
