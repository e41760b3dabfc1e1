"""Compact calls as calls of Assist's tools."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import intent

from .targets import Target

_VOLUME_STEPS = {"louder": "up", "quieter": "down"}
_MEDIA = {
    "mute": "HassMediaPlayerMute",
    "next": "HassMediaNext",
    "pause": "HassMediaPause",
    "play": "HassMediaUnpause",
    "previous": "HassMediaPrevious",
    "unmute": "HassMediaPlayerUnmute",
}
# What `start` and `dock` are called, by domain.
_START = {"lawn_mower": "HassLawnMowerStartMowing", "vacuum": "HassVacuumStart"}
_DOCK = {"lawn_mower": "HassLawnMowerDock", "vacuum": "HassVacuumReturnToBase"}
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
    "control": frozenset(
        {
            intent.INTENT_TURN_ON,
            intent.INTENT_TURN_OFF,
            intent.INTENT_STOP_MOVING,
            *_START.values(),
            *_DOCK.values(),
        }
    ),
    "media": frozenset(_MEDIA.values()) | {"HassSetVolumeRelative"},
    "set": frozenset(name for name, _ in _VALUES.values()),
    "state": frozenset({"GetLiveContext", "GetDateTime"}),
}


@dataclass(frozen=True, slots=True)
class AssistCall:
    """A call of one of Assist's tools, its target left out."""

    intent: str
    slots: dict[str, Any]


def translate(
    tool: str, arguments: Mapping[str, Any], target: Target
) -> Iterator[AssistCall]:
    """Yield the calls of Assist that one compact call means for one target.

    Raises:
        HomeAssistantError: the action does not exist for this kind of device.
    """
    match tool:
        case "control":
            yield AssistCall(_control(str(arguments["action"]), target.domain), {})
        case "media":
            action = str(arguments["action"])
            if (step := _VOLUME_STEPS.get(action)) is not None:
                yield AssistCall("HassSetVolumeRelative", {"volume_step": step})
            else:
                yield AssistCall(_MEDIA[action], {})
        case _:
            yield from _set(arguments, target.domain)


def _control(action: str, domain: str) -> str:
    """Return the intent of an action for a domain.

    Assist locks with TurnOn and unlocks with TurnOff; a model that says "off" to
    a lock does not mean to unlock it, so only the word "unlock" does.
    """
    match action, domain:
        case (("on" | "off" | "open" | "close" | "start" | "stop" | "dock"), "lock"):
            raise HomeAssistantError("A lock can only be locked or unlocked")
        case (("lock" | "unlock"), _) if domain != "lock":
            raise HomeAssistantError(f"A {domain} cannot be locked")
        case "lock", _:
            return intent.INTENT_TURN_ON
        case "unlock", _:
            return intent.INTENT_TURN_OFF
        case (("start" | "on"), _) if domain in _START:
            return _START[domain]
        case (("dock" | "off" | "stop"), _) if domain in _DOCK:
            return _DOCK[domain]
        case (("on" | "open" | "start"), _):
            return intent.INTENT_TURN_ON
        case "stop", ("cover" | "valve"):
            return intent.INTENT_STOP_MOVING
        case _:
            return intent.INTENT_TURN_OFF


def _set(arguments: Mapping[str, Any], domain: str) -> Iterator[AssistCall]:
    """Yield a call for each of Assist's tools that the values need."""
    calls: dict[str, dict[str, Any]] = {}
    for field in _VALUES:
        if (value := arguments.get(field)) is None:
            continue
        if field in _PERCENT:
            value = min(100, max(0, value))
        # Models say temperature for a light's color temperature too.
        warmth = field == "temperature" and domain == "light"
        name, slot = _VALUES["kelvin" if warmth else field]
        calls.setdefault(name, {})[slot] = round(value) if warmth else value
    if not calls:
        raise HomeAssistantError("Nothing was set: no value was given")
    for name, slots in calls.items():
        yield AssistCall(name, slots)
