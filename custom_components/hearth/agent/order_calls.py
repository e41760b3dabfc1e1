"""What an order says to devices that were found, as calls. English only."""

from collections.abc import Collection, Mapping, Sequence
from typing import Any

from .compact import CONTROL, SET
from .home import ExposedEntity
from .named_things import UNTOUCHED, Entities, only_one
from .names import key
from .order import Order
from .order_words import DEGREES, PERCENT
from .plain_call import PlainCall
from .targets import GUARDED
from .translate import actions_of

# What a value is set of, by what is set.
_FIELDS: Mapping[str, str] = {
    "light": "brightness",
    "climate": "temperature",
    "cover": "position",
    "media_player": "volume",
    "fan": "speed",
}
# No room is set colder or warmer, in any unit.
_BOUNDS: Mapping[str, tuple[int, int]] = {"temperature": (5, 100)}
# Numbers without a unit that may be something else there, but for round ones.
_STEPPED, _STEP = frozenset({"speed", "volume"}), 5
_ON_OFF = frozenset({"on", "off"})
# Words whose action depends on what is concerned. A dishwasher that is started is on.
_STARTED = ("fan", "input_boolean", "scene", "switch")
_STOPPED = (*_STARTED, "light")
_DEPENDS: Mapping[str, Mapping[str, str]] = {
    "cut": dict.fromkeys(("fan", "light", "media_player", "switch"), "off"),
    "raise": {"cover": "open"},
    "lower": {"cover": "close"},
    "draw": {"cover": "close"},
    "hold": {"cover": "stop"},
    "up": {"media_player": "louder"},
    "down": {"media_player": "quieter"},
    "start": dict.fromkeys(_STARTED, "on"),
    "stop": dict.fromkeys(_STOPPED, "off"),
}
# What is lowered over a terrace opens.
_UPSIDE_DOWN = "awning"


def of_devices(
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
    what = told(wanted, known)
    if what is None or len(known) < len(devices):
        return ()
    if any(key(device.name) in others for device in known):
        return ()
    if wanted.spared and only_one(entities, wanted.spared) in {None, *known}:
        return ()
    return tuple(call_of(what, {"name": one.name}) for one in devices if one)


def told(
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
    lowest, highest = _BOUNDS.get(field, (0, 100))
    # A station and a step are no percent.
    is_share = len(wanted.fields) < len(PERCENT | DEGREES) or value % _STEP == 0
    if not lowest <= value <= highest or (field in _STEPPED and not is_share):
        return None
    whole = value.is_integer() or field != "temperature"
    return SET.name, {field: round(value) if whole else value}


def _action(word: str, devices: Collection[ExposedEntity]) -> str | None:
    """Return the action that a word is for all of some devices, None where there is none."""
    found = {_DEPENDS.get(word, {}).get(device.domain, word) for device in devices}
    if word in ("raise", "lower", "draw") and any(
        device.device_class == _UPSIDE_DOWN for device in devices
    ):
        return None
    able = all(found <= actions_of(device.domain) for device in devices)
    return found.pop() if able and len(found) == 1 else None


def field_of(device: ExposedEntity) -> str:
    """Return what a value is set of; nothing where nothing is."""
    return _FIELDS.get(device.domain, "")


def call_of(what: tuple[str, dict[str, Any]], target: dict[str, str]) -> PlainCall:
    """Return a call with arguments in the order in which the model writes them."""
    tool, arguments = what
    if tool == CONTROL.name:
        return PlainCall(tool, arguments | target)
    return PlainCall(tool, target | arguments)
