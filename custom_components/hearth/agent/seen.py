"""Things whose states were looked up, and what can be said of each."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
import math
from typing import Any

from .home import ExposedEntity
from .inquiry_table import (
    AWAY,
    CLEANING,
    CLEAR,
    CLOSED,
    DETECTED,
    DOCKED,
    HOME,
    LOCKED,
    OFF,
    ON,
    OPEN,
    OPPOSITE,
    PAUSED,
    PLAYING,
    UNLOCKED,
)
from .sensing_table import said_words, told_words
from .states import describe
from .targets import EVERYTHING

# Their state is when they were used last, or unknown.
_STATELESS = frozenset({"button", "input_button", "scene"})
_PEOPLE = frozenset({"device_tracker", "person"})
_MOVING: Mapping[str, tuple[str, ...]] = {"opening": (OPEN,), "closing": (OPEN,)}
# What a state comes to in the words of an inquiry, where that is not its own word.
_DOMAINS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "climate": dict.fromkeys(
        ("heat", "cool", "auto", "heat_cool", "dry", "fan_only"), (ON,)
    ),
    "cover": _MOVING,
    "lawn_mower": {"docked": (DOCKED, OFF), "mowing": (CLEANING, ON)},
    "lock": {
        "locked": (LOCKED, CLOSED),
        "locking": (UNLOCKED,),
        "unlocking": (UNLOCKED,),
        "open": (UNLOCKED, OPEN),
    },
    "media_player": {
        "playing": (ON, PLAYING),
        "paused": (ON, PAUSED),
        "idle": (ON, "idle"),
        "on": (ON,),
        "buffering": (ON, PLAYING),
        "standby": (OFF,),
    },
    "vacuum": {"docked": (DOCKED, OFF), "cleaning": (CLEANING, ON)},
    "valve": _MOVING,
}
# The same of binary sensors, by device class: when they are on and when not.
_CLASSES: Mapping[str, tuple[str, str]] = {
    "battery_charging": (ON, OFF),
    "moving": (DETECTED, CLEAR),
    "running": (ON, OFF),
}
# A state that tells what something of a domain can be.
_USUAL: Mapping[str, str] = dict.fromkeys(
    (*EVERYTHING, "binary_sensor", "climate"), ON
) | {
    "cover": CLOSED,
    "device_tracker": HOME,
    "lawn_mower": DOCKED,
    "lock": LOCKED,
    "person": HOME,
    "vacuum": DOCKED,
    "valve": CLOSED,
}
# Things of these domains are that or not, whatever else they are.
_EITHER = {
    **dict.fromkeys((PLAYING, PAUSED), frozenset({"media_player"})),
    **dict.fromkeys((DOCKED, CLEANING), frozenset({"lawn_mower", "vacuum"})),
}


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing whose state was looked up."""

    entity: ExposedEntity
    state: str
    attributes: Mapping[str, Any]

    @property
    def is_gone(self) -> bool:
        """Return whether nobody knows what it is."""
        is_used = self.entity.domain in _STATELESS
        return self.state == "unavailable" or (self.state == "unknown" and not is_used)

    @property
    def told(self) -> str:
        """Return the state as the model is told it."""
        return describe(
            self.entity.domain, self.entity.device_class, self.state, self.attributes
        )

    @property
    def short(self) -> str:
        """Return the state in a word or two."""
        domain = self.entity.domain
        if self.is_gone:
            return self.state
        if domain in _STATELESS:
            return "ready"
        if domain in _PEOPLE:
            somewhere = f"at {self.state}"
            return {"home": HOME, "not_home": AWAY}.get(self.state, somewhere)
        if domain == "binary_sensor" and self.state in (ON, OFF):
            return said_words(self.entity.device_class)[self.state == OFF]
        return self.told if domain == "sensor" else self.told.partition(",")[0]

    @property
    def word(self) -> str:
        """Return what it has in common with others: not how bright or how far open."""
        first, _, last = self.short.rpartition(" ")
        has_level = last.endswith("%") and self.entity.domain != "sensor"
        return first if has_level else self.short

    @property
    def conditions(self) -> tuple[str, ...]:
        """Return what it is, in the words of an inquiry."""
        domain = self.entity.domain
        if domain in _PEOPLE:
            return (HOME,) if self.state == "home" else (AWAY,)
        if domain == "binary_sensor":
            kind = self.entity.device_class or ""
            also = _CLASSES.get(kind)
            return (self.told,) if also is None else (self.told, also[self.state != ON])
        return _DOMAINS.get(domain, {}).get(self.state, (self.word,))

    @property
    def _others(self) -> tuple[str, ...]:
        """Return what a sensor of its class is when it is on, and when not."""
        is_sensor = self.entity.domain == "binary_sensor"
        return told_words(self.entity.device_class) if is_sensor else ()

    @property
    def number(self) -> float | None:
        """Return what a sensor or a thermostat measures."""
        if "current_temperature" in self.attributes:
            return self.measure("current_temperature")
        return _number(self.state)

    def measure(self, attribute: str) -> float | None:
        """Return an attribute that is a number, None where it is none now."""
        return _number(self.attributes.get(attribute))

    def is_so(self, condition: str) -> bool | None:
        """Return whether something is so; None where that is not known."""
        if self.is_gone:
            return None
        mine = self.conditions
        if condition in mine:
            return True
        if OPPOSITE.get(condition) in mine or condition in self._others:
            return False
        return False if self.entity.domain in _EITHER.get(condition, ()) else None

    def can_be(self, condition: str) -> bool:
        """Return whether something can be so at all, in this state or another."""
        usual = _USUAL.get(self.entity.domain, self.state)
        return any(
            one.is_so(condition) is not None
            for one in (self, replace(self, state=usual))
        )


def _number(value: object) -> float | None:
    """Return a value as a finite number."""
    if not isinstance(value, str | int | float):
        return None
    try:
        number = float(value)
    except ValueError:
        return None
    return number if math.isfinite(number) else None
