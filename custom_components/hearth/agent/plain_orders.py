"""Orders that leave nothing open: every word of them is known. English only.

"Turn off the lights on the ground floor", "set the office heater to nineteen degrees": a
very small model gets even such wrong now and then, so it is not asked about them.
"""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .compact import CONTROL, SET
from .home import ExposedEntity, kind_of
from .named_things import (
    KINDS,
    SCREENS,
    UNTOUCHED,
    Entities,
    group_in,
    left_of,
    means_all,
    named_in,
    only_one,
    split,
)
from .names import key, singular, stems
from .order import Order
from .orders import orders
from .plain_call import PlainCall
from .reasons import without_reasons
from .spared_things import Spared, spared_of
from .targets import GUARDED, PASSAGES
from .translate import actions_of

_EVERYWHERE = frozenset(
    "all every everything everywhere house home whole entire".split()
)
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
# Device classes that are called by each other's names; None is of what tells none.
_ALIKE = frozenset({None, "blind", "curtain", "receiver", "shade", "shutter"})
# What a word for all of a kind does not mean, where a name says so.
_OTHERS: Mapping[str, frozenset[str]] = {
    **dict.fromkeys(("blind", "shutter", "curtain", "shade", "drape"), PASSAGES),
    "speaker": SCREENS,
    **dict.fromkeys(
        ("heating", "heater", "radiator"), frozenset({"ac", "aircon", "conditioner"})
    ),
}
# These may be of several devices without a plural.
_OF_SEVERAL = frozenset({"light", "heating", "temperature"})
_ON_OFF = frozenset({"on", "off"})
# Words whose action depends on what is concerned. A dishwasher that is started is on.
_STARTED = ("fan", "input_boolean", "scene", "switch")
_DEPENDS: Mapping[str, Mapping[str, str]] = {
    "raise": {"cover": "open"},
    "lower": {"cover": "close"},
    "up": {"media_player": "louder"},
    "down": {"media_player": "quieter"},
    "start": dict.fromkeys(_STARTED, "on"),
    "stop": dict.fromkeys(_STARTED, "off"),
}
# "Bedside lamps" are two or three; more are found by their place.
_LARGEST_GROUP = 6
# What is lowered over a terrace opens.
_UPSIDE_DOWN = "awning"


def plain_calls(entities: Entities, said: str, language: str) -> tuple[PlainCall, ...]:
    """Return the calls that an order means, none where a word is not understood.

    Args:
        entities: What is exposed.
        said: The user's words.
        language: The user's.
    """
    if not language.startswith("en"):
        return ()
    if calls := _meant_by(entities, said):
        return calls
    for order in without_reasons(entities, said):
        calls = _meant_by(entities, order)
        # What a reason is for may be something else, and nothing opens by guess.
        if calls and not any(call.opens for call in calls):
            return calls
    return ()


def _meant_by(entities: Entities, said: str) -> tuple[PlainCall, ...]:
    """Return the calls that words mean which are all understood."""
    for wanted in orders(said):
        made = [_calls(one, entities) for one in wanted]
        calls = tuple(call for some in made for call in some)
        # Who names a thing twice has named another one, which was not understood.
        if all(made) and all(calls.count(call) == 1 for call in calls):
            return calls
    return ()


def _calls(wanted: Order, entities: Entities) -> tuple[PlainCall, ...]:
    """Return the calls that one order means, none where a word is not understood."""
    named = named_in(entities, wanted.rest)
    one = next(iter(named)) if len(named) == 1 else None
    if not named or (one and means_all(one, wanted.rest, entities)):
        return _of_kind(wanted, entities) or _of_group(wanted, entities)
    parts = [wanted.rest] if one else split(wanted.rest)
    devices = [only_one(entities, part) for part in parts]
    return _of_devices(wanted, devices, entities)


def _of_devices(
    wanted: Order, devices: Sequence[ExposedEntity | None], entities: Entities
) -> tuple[PlainCall, ...]:
    """Return calls for what was named, where each was understood and can do that.

    A call has a device's first name, so nothing else may be called that.
    """
    known = {device for device in devices if device is not None}
    others = {
        key(name)
        for entity in entities
        if entity not in known and entity.domain not in UNTOUCHED
        for name in entity.names
    }
    told = _told(wanted, known)
    if told is None or len(known) < len(devices):
        return ()
    if any(key(device.name) in others for device in known):
        return ()
    if wanted.spared and only_one(entities, wanted.spared) in {None, *known}:
        return ()
    return tuple(_call(told, {"name": one.name}) for one in devices if one)


def _of_kind(wanted: Order, entities: Entities) -> tuple[PlainCall, ...]:
    """Return calls for all of a kind in a place, or at home, but for what is spared."""
    places, left = left_of(entities, wanted.rest)
    everywhere = bool(_EVERYWHERE.intersection(wanted.rest))
    before = map(singular, wanted.before)
    left = left - _EVERYWHERE or frozenset(word for word in before if word in KINDS)
    if len(left) != 1 or len(places) > 1 or not (places or everywhere):
        return ()
    (kind,) = left
    domain = KINDS.get(kind)
    there = [
        entity
        for entity in entities
        if entity.domain == domain
        and entity.device_class not in PASSAGES
        and (not places or places[0] in (entity.area, entity.floor))
    ]
    told = _told(wanted, there)
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
    if not wanted.spared:
        return (_call(told, target),)
    spared = spared_of(there, wanted.spared)
    return _but(told, target, there, spared) if spared else ()


def _of_group(wanted: Order, entities: Entities) -> tuple[PlainCall, ...]:
    """Return calls for devices that have a part of their names in common."""
    group = group_in(entities, wanted.rest)
    if not 1 < len(group) <= _LARGEST_GROUP or wanted.spared:
        return ()
    return _of_devices(wanted, group, entities)


def _but(
    told: tuple[str, dict[str, Any]],
    target: dict[str, str],
    there: Sequence[ExposedEntity],
    spared: Spared,
) -> tuple[PlainCall, ...]:
    """Return a call with an exception; where a call cannot say it, one for each thing."""
    if spared.name is not None:
        return (_call(told, target | {"except": spared.name}),)
    meant = [entity for entity in there if entity not in spared.devices]
    names = [key(entity.name) for entity in there]
    if any(names.count(key(entity.name)) > 1 for entity in meant):
        return ()
    return tuple(_call(told, {"name": entity.name}) for entity in meant)


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


def _told(
    wanted: Order, devices: Collection[ExposedEntity]
) -> tuple[str, dict[str, Any]] | None:
    """Return the tool and what it is told, where all the devices can do that.

    A door that goes "on" would open: nobody says so who means it.
    """
    domains = {device.domain for device in devices}
    if not domains or (wanted.action in _ON_OFF and domains & GUARDED):
        return None
    if wanted.action is not None:
        action = _action(wanted.action, devices)
        return None if action is None else (CONTROL.name, {"action": action})
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


def _action(word: str, devices: Collection[ExposedEntity]) -> str | None:
    """Return the action that a word is for all of some devices, None where there is none."""
    found = {_DEPENDS.get(word, {}).get(device.domain, word) for device in devices}
    if word in ("raise", "lower") and any(
        device.device_class == _UPSIDE_DOWN for device in devices
    ):
        return None
    able = all(found <= actions_of(device.domain) for device in devices)
    return found.pop() if able and len(found) == 1 else None


def _call(told: tuple[str, dict[str, Any]], target: dict[str, str]) -> PlainCall:
    """Return a call with arguments in the order in which the model writes them."""
    tool, arguments = told
    if tool == CONTROL.name:
        return PlainCall(tool, arguments | target)
    return PlainCall(tool, target | arguments)
