"""Things whose states were looked up, and what can be said of each."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from .home import ExposedEntity
from .inquiry import AWAY, CLEANING, DOCKED, HOME, OFF, ON, OPPOSITE, PAUSED, PLAYING
from .states import describe

# What a state comes to in the words of an inquiry, where that is not its own word.
_DOMAINS: Mapping[str, Mapping[str, tuple[str, ...]]] = {
    "media_player": {
        "playing": (ON, PLAYING),
        "paused": (ON, PAUSED),
        "idle": (ON, "idle"),
        "on": (ON,),
        "buffering": (ON, PLAYING),
        "standby": (OFF,),
    },
    "vacuum": {"docked": (DOCKED, OFF), "cleaning": (CLEANING, ON)},
    "lawn_mower": {"docked": (DOCKED, OFF), "mowing": (CLEANING, ON)},
    "climate": dict.fromkeys(
        ("heat", "cool", "auto", "heat_cool", "dry", "fan_only"), (ON,)
    ),
    "lock": {"locked": ("locked", "closed"), "unlocked": ("unlocked",)},
}
# Something is that or it is not; of anything else it is not known.
_PLAIN = (PLAYING, PAUSED, DOCKED, CLEANING)


@dataclass(frozen=True, slots=True)
class Seen:
    """A thing whose state was looked up."""

    entity: ExposedEntity
    state: str
    attributes: Mapping[str, Any]

    @property
    def told(self) -> str:
        """Return the state as the model is told it."""
        return describe(
            self.entity.domain, self.entity.device_class, self.state, self.attributes
        )

    @property
    def short(self) -> str:
        """Return the state in a word or two."""
        if self.entity.domain == "person" and self.state not in ("home", "not_home"):
            return f"at {self.state}"
        words = self.told.partition(",")[0]
        return {"unknown": "ready", "not_home": "away"}.get(words, words)

    @property
    def conditions(self) -> tuple[str, ...]:
        """Return what it is, in the words of an inquiry."""
        domain = self.entity.domain
        if domain == "person":
            return (HOME,) if self.state == "home" else (AWAY,)
        word = self.told.partition(",")[0].partition(" ")[0]
        return _DOMAINS.get(domain, {}).get(self.state, (word,))

    @property
    def number(self) -> float | None:
        """Return what a sensor or a thermostat measures."""
        value = self.attributes.get("current_temperature", self.state)
        try:
            return float(value)
        except TypeError, ValueError:
            return None

    def is_so(self, condition: str) -> bool | None:
        """Return whether something is so; None where it cannot be that at all."""
        mine = self.conditions
        if condition in mine:
            return True
        if OPPOSITE.get(condition) in mine:
            return False
        return False if condition in _PLAIN else None
