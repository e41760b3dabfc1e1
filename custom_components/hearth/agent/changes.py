"""By how much somebody wants a value to change: "two degrees warmer". English only.

A very small model sets the heating to two degrees then, or counts wrong. What comes out
is computed from what is set now.
"""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import Any

from .spoken_numbers import numbers_in, spoken_words

_MORE = frozenset(
    "up warmer hotter higher raise increase more add boost bump brighter louder another"
    " brighten crank extra".split()
)
_LESS = frozenset(
    "down cooler colder lower drop decrease reduce less off knock dimmer quieter darker"
    " dim cut".split()
)
# "Turn it up to twenty" says no difference, nor does "set it at twenty",
# nor "half a degree", which is more than numbers tell here.
_NO_CHANGE = frozenset({"to", "at", "half", "quarter"})
_BY = "by"
_UNITS = frozenset({"degree", "degrees", "percent"})
_A_DEGREE = re.compile(r"\b(?:a|one|another) (?:degree|notch)\b", re.IGNORECASE)
# Nobody wants more at once.
_MOST_DEGREES = 10
# What is set of each kind of device: an attribute, and what of it is a percent.
_SET: Mapping[str, tuple[str, float]] = {
    "climate": ("temperature", 1),
    "cover": ("current_position", 1),
    "fan": ("percentage", 1),
    "light": ("brightness", 2.55),
    "media_player": ("volume_level", 0.01),
}
_DEGREES = frozenset({"climate"})


@dataclass(frozen=True, slots=True)
class Change:
    """By how much a value is to change; less than nothing is down."""

    by: float
    is_degrees: bool


def change(said: str) -> Change | None:
    """Return by how much a value is to change, None where no number says it."""
    spoken = spoken_words(said)
    ups, downs = _MORE.intersection(spoken), _LESS.intersection(spoken)
    units = _UNITS.intersection(spoken)
    if bool(ups) == bool(downs) or len(units) != 1:
        return None
    if _BY not in spoken and not _NO_CHANGE.isdisjoint(spoken):
        return None
    numbers, _ = numbers_in(spoken)
    if not numbers and _A_DEGREE.search(said):
        numbers = [1.0]
    if len(numbers) != 1 or not numbers[0]:
        return None
    by = numbers[0] if ups else -numbers[0]
    return Change(by, is_degrees="percent" not in units)


def changed(domain: str, attributes: Mapping[str, Any], wanted: Change) -> float | None:
    """Return what a value comes to, None where it is not known.

    Args:
        domain: The device's.
        attributes: Its attributes now.
        wanted: The change.
    """
    attribute, percent = _SET.get(domain, ("", 1))
    now = attributes.get(attribute)
    if not isinstance(now, int | float) or wanted.is_degrees != (domain in _DEGREES):
        return None
    if wanted.is_degrees:
        return now + wanted.by if abs(wanted.by) <= _MOST_DEGREES else None
    return float(min(100, max(0, round(now / percent + wanted.by))))
