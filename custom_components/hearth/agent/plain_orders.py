"""Orders that leave nothing open: every word of them is known. English only.

"Turn off the lights on the ground floor", "set the office heater to nineteen degrees": a
very small model gets even such wrong now and then, so it is not asked about them.
"""

from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from .compact import CONTROL, SET
from .heard import heard_by_name, heard_places, spoken_names
from .home import ExposedEntity, kind_of
from .names import key, singular, stems, words
from .order import Order, order
from .sure_enough import GUARDED
from .targets import ONLY_TELL, PASSAGES
from .translate import actions_of

type _Entities = tuple[ExposedEntity, ...]

# Words that say nothing about what is meant.
_ARTICLES = frozenset({"the", "my", "our"})
_ALL = frozenset({"all", "every", "each"})
_EMPTY = _ARTICLES | _ALL | {"of", "in", "at", "to", "with", "for"}
_EVERYWHERE = frozenset("all every everywhere house home whole entire".split())
_AND, _ON = "and", "on"
# What a call has for the whole home.
_HOME = "home"
# What a value is set of, by what is set.
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
# Device classes that are called by each other's names; None is of what tells none.
_ALIKE = frozenset({None, "blind", "curtain", "receiver", "shade", "shutter"})
_SCREENS = frozenset({"tv", "television", "telly"})
# What a word for all of a kind does not mean, where a name says so.
_OTHERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("blind", "shutter", "curtain"), PASSAGES),
    "speaker": _SCREENS,
    "heating": frozenset({"ac", "aircon", "conditioner"}),
}
# These may be of several devices without a plural.
_OF_SEVERAL = frozenset({"light", "heating", "temperature"})
_ON_OFF = frozenset({"on", "off"})
# What tells only, and what nobody disarms in passing.
_UNTOUCHED = ONLY_TELL | {"alarm_control_panel"}


@dataclass(frozen=True, slots=True)
class PlainCall:
    """A call of a compact tool."""

    tool: str
    arguments: dict[str, Any]


def plain_calls(entities: _Entities, said: str, language: str) -> tuple[PlainCall, ...]:
    """Return the calls that an order means, none where a word is not understood.

    Args:
        entities: What is exposed.
        said: The user's words.
        language: The user's.
    """
    wanted = order(said) if language.startswith("en") else None
    if wanted is None:
        return ()
    named = _named(entities, wanted.rest)
    one = next(iter(named)) if len(named) == 1 else None
    if not named or (one and _means_all(one, wanted.rest, entities)):
        return _of_kind(wanted, entities)
    parts = [wanted.rest] if one else _split(wanted.rest)
    devices = [_only(entities, part) for part in parts]
    return _of_devices(wanted, devices, entities)


def _named(
    entities: _Entities, spoken: Sequence[str]
) -> dict[ExposedEntity, frozenset[str]]:
    """Return the devices that were named, with the words of their names.

    One word is enough where only one device has it, and it opens nothing. "Light" is no
    name where there are others.
    """
    heard = frozenset(map(singular, spoken))
    domains = Counter(entity.domain for entity in entities)
    named = heard_by_name(entities, heard) or _owned(entities, heard)
    return {
        entity: named[entity.entity_id]
        for entity in entities
        if entity.entity_id in named
        and entity.domain not in _UNTOUCHED
        and (domains[entity.domain] == 1 or named[entity.entity_id] - _KINDS.keys())
    }


def _owned(entities: _Entities, heard: frozenset[str]) -> Mapping[str, frozenset[str]]:
    """Return the only device that words belong to, with these words."""
    owners = spoken_names(entities).owners
    found = heard.intersection(owners) - _EMPTY - _KINDS.keys()
    meant = {owners[word] for word in found}
    domains = {one.partition(".")[0] for one in meant}
    # A light behind the TV is not the TV.
    is_other = found & _SCREENS and "media_player" not in domains
    if len(meant) != 1 or domains & GUARDED or is_other:
        return {}
    return {meant.pop(): found}


def _means_all(
    device: ExposedEntity, spoken: Sequence[str], entities: _Entities
) -> bool:
    """Return whether all of a kind are meant, although one is called like that.

    "Turn off all the lights in the kitchen", where one is called "Kitchen light", or
    "all the desk lamps", where there are "Desk lamp" and "Desk lamp 2".
    """
    kinds = {word for word in spoken if singular(word) in _KINDS}
    place = stems(f"{device.area or ''} {device.floor or ''}")
    is_general = any(stems(name) <= place | _KINDS.keys() for name in device.names)
    has_namesakes = any(
        stems(device.name) < stems(other.name)
        for other in entities
        if other.domain == device.domain
    )
    plural = {word for word in kinds if word not in _KINDS}
    called = {word for name in device.names for word in words(name)}
    return (
        (is_general or has_namesakes)
        and bool(kinds)
        and bool(plural - called or _ALL.intersection(spoken))
    )


def _split(spoken: Sequence[str]) -> Iterator[Sequence[str]]:
    """Yield the words between each "and"."""
    while _AND in spoken:
        place = spoken.index(_AND)
        yield spoken[:place]
        spoken = spoken[place + 1 :]
    yield spoken


def _only(entities: _Entities, spoken: Sequence[str]) -> ExposedEntity | None:
    """Return the only device that was named, where no other word says more.

    Words that are of no name may tell where it is, and what kind it is of.
    """
    named = _named(entities, spoken)
    if len(named) != 1:
        return None
    ((device, used),) = named.items()
    places, left = _left(entities, spoken, used)
    kinds = {word for word, domain in _KINDS.items() if domain == device.domain}
    is_here = {device.area, device.floor}.issuperset(places)
    is_one = is_here and left <= kinds and not _means_all(device, spoken, entities)
    return device if is_one else None


def _left(
    entities: _Entities, spoken: Sequence[str], used: frozenset[str] = frozenset()
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


def _of_devices(
    wanted: Order, devices: Sequence[ExposedEntity | None], entities: _Entities
) -> tuple[PlainCall, ...]:
    """Return calls for what was named, where each was understood and can do that.

    A call has a device's first name, so nothing else may be called that.
    """
    known = {device for device in devices if device is not None}
    others = {
        key(name)
        for entity in entities
        if entity not in known and entity.domain not in _UNTOUCHED
        for name in entity.names
    }
    told = _told(wanted, {device.domain for device in known})
    if told is None or len(known) < len(devices):
        return ()
    if any(key(device.name) in others for device in known):
        return ()
    return tuple(_call(told, {"name": one.name}) for one in devices if one)


def _of_kind(wanted: Order, entities: _Entities) -> tuple[PlainCall, ...]:
    """Return a call for all of a kind in a place, or at home."""
    places, left = _left(entities, wanted.rest)
    everywhere = bool(_EVERYWHERE.intersection(wanted.rest))
    left -= _EVERYWHERE
    if len(left) != 1 or len(places) > 1 or not (places or everywhere):
        return ()
    (kind,) = left
    domain = _KINDS.get(kind)
    there = [
        entity
        for entity in entities
        if entity.domain == domain
        and entity.device_class not in PASSAGES
        and (not places or places[0] in (entity.area, entity.floor))
    ]
    told = _told(wanted, {entity.domain for entity in there})
    if told is None or not _are_called(kind, there):
        return ()
    if wanted.action == "unlock" and not places:
        return ()
    # A temperature is set. It is one lamp of several that is meant, but of all a light.
    is_one = kind in wanted.rest and kind not in _OF_SEVERAL and not everywhere
    if (is_one and len(there) > 1) or (wanted.action and kind == "temperature"):
        return ()
    target = {"area": places[0] if places else _HOME}
    if told[0] == CONTROL.name:
        target["domain"] = kind_of(str(domain))
    return (_call(told, target),)


def _are_called(kind: str, devices: Sequence[ExposedEntity]) -> bool:
    """Return whether all that a call would reach is what a word calls it.

    All speakers are no television, and where there are blinds and curtains, curtains
    are only some of it.
    """
    classes = {device.device_class for device in devices}
    names = [stems(device.name) for device in devices]
    others = _OTHERS.get(kind, frozenset())
    if any(kind not in name and name & others for name in names):
        return False
    return classes <= ({None, kind} if kind in classes else _ALIKE)


def _told(wanted: Order, domains: set[str]) -> tuple[str, dict[str, Any]] | None:
    """Return the tool and what it is told, where all the domains can do that.

    A door that goes "on" would open: nobody says so who means it.
    """
    if not domains or (wanted.action in _ON_OFF and domains & GUARDED):
        return None
    if wanted.action is not None:
        able = all(wanted.action in actions_of(domain) for domain in domains)
        return (CONTROL.name, {"action": wanted.action}) if able else None
    value = wanted.value
    if isinstance(value, str):
        return (SET.name, {"color": value}) if domains == {"light"} else None
    fields = {_FIELDS.get(domain, "") for domain in domains}
    if value is None or len(fields) > 1 or not fields <= wanted.fields:
        return None
    (field,) = fields
    if field == "temperature":
        return SET.name, {field: int(value) if value.is_integer() else value}
    return (SET.name, {field: round(value)}) if value <= 100 else None


def _call(told: tuple[str, dict[str, Any]], target: dict[str, str]) -> PlainCall:
    """Return a call with arguments in the order in which the model writes them."""
    tool, arguments = told
    if tool == CONTROL.name:
        return PlainCall(tool, arguments | target)
    return PlainCall(tool, target | arguments)
