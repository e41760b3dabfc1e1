"""Compact calls as calls of Assist's tools."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent

from .targets import ONLY_TELL, VALUE_DOMAINS, Target

_ON, _OFF = intent.INTENT_TURN_ON, intent.INTENT_TURN_OFF
_SWITCHED: Mapping[str, str] = {"on": _ON, "off": _OFF}
_OPENED: Mapping[str, str] = {
    "open": _ON,
    "close": _OFF,
    "stop": intent.INTENT_STOP_MOVING,
    **_SWITCHED,
}
_STEP = "HassSetVolumeRelative"
_STEPS: Mapping[str, str] = {"louder": "up", "quieter": "down"}
# What an action is called in Assist, by domain. Assist locks with TurnOn and
# unlocks with TurnOff; a model that says "off" to a lock does not mean to unlock
# it, so only the word "unlock" does.
_ACTIONS: Mapping[str, Mapping[str, str]] = {
    "cover": _OPENED,
    "lawn_mower": {
        **dict.fromkeys(("start", "on"), "HassLawnMowerStartMowing"),
        **dict.fromkeys(("dock", "off", "stop"), "HassLawnMowerDock"),
    },
    "lock": {"lock": _ON, "unlock": _OFF},
    "media_player": {
        "play": "HassMediaUnpause",
        **dict.fromkeys(("pause", "stop"), "HassMediaPause"),
        "next": "HassMediaNext",
        "previous": "HassMediaPrevious",
        "mute": "HassMediaPlayerMute",
        "unmute": "HassMediaPlayerUnmute",
        **dict.fromkeys(_STEPS, _STEP),
        **_SWITCHED,
    },
    # What is over at once is not turned off.
    **{domain: {"on": _ON} for domain in ("button", "input_button", "scene")},
    "vacuum": {
        **dict.fromkeys(("start", "on"), "HassVacuumStart"),
        **dict.fromkeys(("dock", "off", "stop"), "HassVacuumReturnToBase"),
    },
    "valve": _OPENED,
}
# The fields of `set`: Assist's tool and slot.
_VALUES = {
    "brightness": ("HassLightSet", "brightness"),
    "color": ("HassLightSet", "color"),
    "kelvin": ("HassLightSet", "temperature"),
    "position": (intent.INTENT_SET_POSITION, "position"),
    "speed": ("HassFanSetSpeed", "percentage"),
    "temperature": ("HassClimateSetTemperature", "temperature"),
    "volume": ("HassSetVolume", "volume_level"),
}
_PERCENT = frozenset({"brightness", "position", "speed", "volume"})

# Assist's tools that a compact tool stands for, by the compact tool's name.
# GetLiveContext and GetDateTime are covered by the prompt and by `state`.
COVERED: Mapping[str, frozenset[str]] = {
    "control": frozenset().union(*(names.values() for names in _ACTIONS.values())),
    "set": frozenset(name for name, _ in _VALUES.values()),
    "state": frozenset({"GetLiveContext", "GetDateTime"}),
}


@dataclass(frozen=True, slots=True)
class AssistCall:
    """A call of one of Assist's tools, its target left out."""

    intent: str
    slots: dict[str, Any]


def actions_of(domain: str) -> frozenset[str]:
    """Return what `control` can do with a kind of device."""
    if domain in ONLY_TELL:
        return frozenset()
    return frozenset(_ACTIONS.get(domain, _SWITCHED))


def values_of(domain: str) -> frozenset[str]:
    """Return what `set` can change of a kind of device."""
    fields = {field for field, domains in VALUE_DOMAINS.items() if domain in domains}
    # Models say temperature for a light's color temperature, too.
    return frozenset(fields | {"temperature"} if "kelvin" in fields else fields)


def translate(
    tool: str, arguments: Mapping[str, Any], target: Target
) -> Iterator[AssistCall]:
    """Yield the calls of Assist that one compact call means for one target.

    Raises:
        HomeAssistantError: the action does not exist for this kind of device.
    """
    match tool:
        case "control":
            action = str(arguments["action"])
            slots = {"volume_step": _STEPS[action]} if action in _STEPS else {}
            yield AssistCall(_intent(action, target.domain), slots)
        case _:
            yield from _set(arguments, target.domain)


def _intent(action: str, domain: str) -> str:
    """Return Assist's intent for an action on a domain."""
    known = _ACTIONS.get(domain, _SWITCHED)
    if action not in known:
        raise HomeAssistantError(f"A {domain} knows only: {', '.join(known)}")
    return known[action]


def _set(arguments: Mapping[str, Any], domain: str) -> Iterator[AssistCall]:
    """Yield a call for each of Assist's tools that the values need."""
    calls: dict[str, dict[str, Any]] = {}
    for field in _VALUES:
        if (value := arguments.get(field)) is None:
            continue
        if field in _PERCENT:
            value = min(100, max(0, value))
        warmth = field == "temperature" and domain == "light"
        name, slot = _VALUES["kelvin" if warmth else field]
        calls.setdefault(name, {})[slot] = round(value) if warmth else value
    if not calls:
        raise HomeAssistantError("Nothing was set: no value was given")
    for name, slots in calls.items():
        yield AssistCall(name, slots)
