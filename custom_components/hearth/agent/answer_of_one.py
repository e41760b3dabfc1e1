"""Answers to questions about one thing. English only."""

from .inquiry import Inquiry
from .inquiry_table import AWAY, CLEAR, DRY, OFF, ON, Of, Wanted
from .limits import beyond
from .seen import Seen

# Sensors that tell whether there is something.
_SENSING = frozenset(
    "carbon_monoxide gas moisture motion occupancy smoke sound vibration".split()
)
_OF_PEOPLE = frozenset({"motion", "occupancy"})
_NOTHING_THERE = frozenset({CLEAR, DRY, OFF})
_VALUES = {
    "temperature": "It is {}.",
    "humidity": "The humidity is {}.",
    "battery": "The battery is at {}.",
    "carbon_dioxide": "The CO2 level is {}.",
    "power": "The power is {}.",
    "energy": "The energy is {}.",
    "illuminance": "The brightness is {}.",
}


def told_of_one(said: str, asked: Inquiry, one: Seen) -> str:
    """Answer about one thing.

    Args:
        said: The user's words.
        asked: What they ask.
        one: What it is asked of.
    """
    lead, told = beyond(said, one), of_one(asked, one)
    return told if lead is None else f"{lead}, {_continued(told)}"


def _continued(told: str) -> str:
    """Return a sentence as it goes on after a yes or no: "it is 21 °C"."""
    return told[0].lower() + told[1:] if told.startswith(("It ", "The ")) else told


def of_one(asked: Inquiry, one: Seen) -> str:
    """Answer about one thing, whatever it is compared with."""
    name, kind = one.entity.name, one.entity.device_class
    if one.is_gone:
        return f"{name} is {one.state}."
    if (value := _aspect(asked, one)) is not None:
        return value
    if one.entity.domain == "sensor":
        return _VALUES.get(kind or "", f"{name} is {{}}.").format(one.told)
    so = _is_so(asked, one)
    if asked.wanted is Wanted.COUNT and so is not None:
        return f"1: {name}." if so else f"None: {name} is {one.short}."
    is_player = one.entity.domain == "media_player"
    if so is False and asked.wanted is Wanted.WHICH and not is_player:
        return f"None: {name} is {one.short}."
    if so is None or asked.wanted not in (Wanted.VALUE, Wanted.YES_NO):
        return f"{name} is {_whole(one)}."
    if asked.of is Of.NONE:
        so = not so
    return f"{'Yes' if so else 'No'}, {name} is {one.short}."


def _is_so(asked: Inquiry, one: Seen) -> bool | None:
    """Return whether something is as is asked; None where that is not known."""
    condition, kind = asked.condition, one.entity.device_class
    so = None if condition is None else one.is_so(condition)
    if so and condition == ON and asked.of is Of.ANY:
        return counts(one, ON)
    if so is None and kind in _SENSING and asked.wanted is not Wanted.COUNT:
        is_out = condition == AWAY and kind in _OF_PEOPLE
        return (one.state == ON) != (is_out or condition in _NOTHING_THERE)
    return so


def _whole(one: Seen) -> str:
    """Return a state in words; of a thermostat all there is."""
    if one.entity.domain != "climate":
        return one.short
    now, target = one.measure("current_temperature"), one.measure("temperature")
    parts = [
        one.state,
        *([] if now is None else [f"it is {now:g}°"]),
        *([] if target is None else [f"set to {target:g}°"]),
    ]
    return ", ".join(parts)


def _aspect(asked: Inquiry, one: Seen) -> str | None:
    """Tell what of a device was asked."""
    is_state = asked.condition is not None and asked.wanted is Wanted.YES_NO
    if one.entity.domain == "climate":
        return _of_thermostat(asked, one, is_state=is_state)
    if is_state:
        return None
    name, title = one.entity.name, one.attributes.get("media_title")
    if "muted" in asked.aspects and one.entity.domain == "media_player":
        is_muted = one.attributes.get("is_volume_muted") is True
        return f"Yes, {name} is muted." if is_muted else f"No, {name} is not muted."
    if "title" in asked.aspects and title and one.state == "playing":
        return f"{name} is playing {title}."
    for aspect, attribute, most in (
        ("volume", "volume_level", 1),
        ("brightness", "brightness", 255),
        ("speed", "percentage", 100),
        ("battery", "battery_level", 100),
    ):
        value = one.measure(attribute)
        if aspect not in asked.aspects or value is None:
            continue
        # What is off is neither bright nor fast.
        if value or aspect in ("battery", "volume"):
            lead = "The battery is at" if aspect == "battery" else f"The {aspect} is"
            return f"{lead} {round(100 * value / most)}%."
    return None


def _of_thermostat(asked: Inquiry, one: Seen, *, is_state: bool) -> str | None:
    """Tell what a thermostat measures or aims at."""
    now, target = one.measure("current_temperature"), one.measure("temperature")
    if is_state and ("climate" in asked.kinds or "temperature" not in asked.measured):
        return None
    if "target" in asked.aspects and target is not None:
        return f"{one.entity.name} is set to {target:g}°."
    if "temperature" in asked.measured and now is not None:
        return f"It is {now:g}°."
    return None


def counts(one: Seen, condition: str) -> bool:
    """Return whether something counts as so among others: what pauses is not on."""
    if one.state in ("paused", "idle"):
        return condition == OFF or (one.is_so(condition) is True and condition != ON)
    return one.is_so(condition) is True
