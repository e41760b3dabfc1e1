"""What binary sensors sense, by device class, and the words for it. English only.

Persons and what is tracked are here as well: they are home or away.
"""

from collections.abc import Mapping
from dataclasses import dataclass

from .home import ExposedEntity
from .inquiry_table import AWAY, HOME
from .names import singular

type Phrase = tuple[str, ...]

PERSON, PRESENCE, OCCUPANCY = "person", "presence", "occupancy"
# Classes of things that are somewhere, and have a domain of their own.
_BY_DOMAIN = {"person": PERSON, "device_tracker": PRESENCE}


@dataclass(frozen=True, slots=True, kw_only=True)
class Sense:
    """What sensors of a class tell, and the words with which it is asked.

    Args:
        told: What they are when they are on and when they are off, in Home Assistant's
            own words (its English translations of binary_sensor).
        said: The same behind "is", where that is said otherwise.
        on: Words for what they are when they are on, without plural endings.
        off: The same for off.
        nouns: What such sensors, or the things that have them, are called.
        signs: What there is when they are on.
        trips: Whether one that is called by its name is "on" when it senses something.
        good: Whether on is how all of them are meant to be.
        rivals: Domains of things that can be so, too.
    """

    told: tuple[str, str]
    said: tuple[str, str]
    on: frozenset[Phrase]
    off: frozenset[Phrase]
    nouns: frozenset[Phrase]
    signs: frozenset[Phrase]
    trips: bool
    good: bool
    rivals: frozenset[str]


def phrases(listed: str) -> frozenset[Phrase]:
    """Return what is listed between commas, as words without plural endings."""
    return frozenset(
        tuple(map(singular, phrase.split()))
        for phrase in listed.split(",")
        if phrase.strip()
    )


def _sense(
    on: str,
    off: str,
    *,
    said: tuple[str, str] | None = None,
    on_words: str = "",
    off_words: str = "",
    nouns: str = "",
    signs: str = "",
    trips: bool = False,
    good: bool = False,
    rivals: str = "",
) -> Sense:
    """Return what sensors of a class tell, from lists of words."""
    return Sense(
        told=(on, off),
        said=said or (on, off),
        on=phrases(on_words or on),
        off=phrases(off_words or off),
        nouns=phrases(nouns),
        signs=phrases(signs),
        trips=trips,
        good=good,
        rivals=frozenset(rivals.split()),
    )


def _detector(
    *,
    said: tuple[str, str] | None = None,
    on_words: str = "",
    off_words: str = "",
    nouns: str = "",
    signs: str = "",
) -> Sense:
    """Return what sensors tell that find something or not."""
    return _sense(
        "detected",
        "clear",
        said=said,
        on_words=f"detected, sensed, triggered, tripped, {on_words}",
        off_words=f"clear, {off_words}",
        nouns=nouns,
        signs=signs,
        trips=True,
    )


def _opening(nouns: str = "") -> Sense:
    """Return what contacts tell."""
    return _sense(
        "open",
        "closed",
        on_words="open, opened, ajar",
        off_words="closed, shut",
        nouns=nouns,
        rivals="cover valve",
    )


_BATTERY = "battery, batteries, battery level, battery levels"
_ANYONE = "anyone, anybody, someone, somebody, nobody, no one, people"
_PLACED = "at home, home, back home"
_GONE = "away, out, gone"

SENSES: Mapping[str, Sense] = {
    PERSON: _sense(
        HOME,
        AWAY,
        on_words=_PLACED,
        off_words=_GONE,
        nouns=f"{_ANYONE}, everyone, everybody, who, person, persons",
    ),
    "battery": _sense(
        "low",
        "normal",
        on_words="low, running low, getting low, weak",
        off_words="normal, battery ok, battery okay, battery fine, batteries ok,"
        " batteries okay, batteries fine",
        nouns=_BATTERY,
    ),
    "battery_charging": _sense(
        "charging",
        "not charging",
        on_words="charging, recharging, being charged",
        off_words="discharging",
        nouns=_BATTERY,
    ),
    "carbon_monoxide": _detector(
        nouns="co", signs="carbon monoxide, carbon monoxide leak, co leak"
    ),
    "cold": _sense("cold", "normal", on_words="cold, freezing", nouns="cold"),
    "connectivity": _sense(
        "connected",
        "disconnected",
        on_words="connected, online",
        off_words="disconnected, offline",
        nouns="connection, connectivity",
        good=True,
    ),
    "door": _opening(),
    "garage_door": _opening(),
    "gas": _detector(signs="gas, gas leak"),
    "glass_break": _detector(nouns="glass break", signs="broken glass, breaking glass"),
    "heat": _sense("hot", "normal", on_words="hot, overheating", nouns="heat"),
    "light": _sense(
        "light detected",
        "no light",
        said=("detecting light", "detecting no light"),
        on_words="detected, light detected, detecting light, seen",
        off_words="dark",
        nouns="light",
    ),
    "lock": _sense("unlocked", "locked", rivals="lock"),
    "moisture": _sense(
        "wet",
        "dry",
        on_words="wet, leaking, flooded, damp, moist, detected, triggered, tripped",
        off_words="dry, clear",
        nouns="moisture, water",
        signs="leak, water leak, flood, flooding",
        trips=True,
    ),
    "motion": _detector(on_words="moving", signs="motion, movement"),
    "moving": _sense("moving", "not moving", off_words="stationary, standing still"),
    OCCUPANCY: _detector(
        said=("occupied", "clear"),
        on_words="occupied, taken",
        off_words="empty, unoccupied, vacant, free",
        nouns="occupancy, room",
        signs=_ANYONE,
    ),
    "opening": _opening("opening"),
    "plug": _sense(
        "plugged in", "unplugged", on_words="plugged in", nouns="plug", good=True
    ),
    "power": _sense(
        "on",
        "off",
        on_words="powered on, powered, powered up, detected",
        off_words="powered off, powered down, unpowered",
        signs="power",
        trips=True,
    ),
    PRESENCE: _sense(
        HOME,
        AWAY,
        on_words=_PLACED,
        off_words=_GONE,
        nouns="presence",
        good=True,
    ),
    "problem": _sense(
        "problem",
        "ok",
        said=("having a problem", "ok"),
        on_words="having problem, having a problem, having any problem, faulty, detected",
        off_words="ok, okay, fine",
        signs="problem, issue, fault",
    ),
    "running": _sense("running", "not running", off_words="idle, stopped"),
    "safety": _sense("unsafe", "safe", nouns="safety"),
    "smoke": _detector(signs="smoke"),
    "sound": _detector(
        said=("detecting sound", "quiet"),
        on_words="noisy, loud",
        off_words="quiet, silent",
        signs="sound, noise",
    ),
    "tamper": _sense(
        "tampered",
        "clear",
        said=("tampered with", "clear"),
        on_words="tampered, tampered with, detected, triggered, tripped",
        nouns="tamper",
        signs="tampering",
        trips=True,
    ),
    "update": _sense(
        "update available",
        "up-to-date",
        said=("out of date", "up to date"),
        on_words="update available, updates are available, out of date, outdated",
        off_words="up to date, updated",
        signs="update",
        rivals="update",
    ),
    "vibration": _detector(
        said=("vibrating", "not vibrating"),
        on_words="vibrating, shaking",
        signs="vibration",
    ),
    "window": _opening(),
}
_DEFAULT = ("on", "off")

# What any sensor may be called, and any thing that has one.
SENSORS = frozenset("sensor detector alarm".split())
THINGS = frozenset("thing device appliance machine".split())
PRONOUNS = frozenset("anything everything something nothing".split())
# With these a sensor is on or off, whatever it senses.
BARE_ON = phrases("on, triggered, tripped, active, activated, going off, gone off")
BARE_OFF = phrases("off, inactive")
# These tell nothing of what is meant where only "anything" is.
VAGUE = phrases(
    "ok, okay, fine, safe, unsafe, normal, clear, low, weak, hot, cold, freezing, home,"
    " at home, away, out, gone, free, empty, taken, detected, dark, seen"
)
EVERYBODY = frozenset({"everyone", "everybody"})


def sense_of(entity: ExposedEntity) -> str | None:
    """Return what something senses, None where that is not known."""
    if entity.domain == "binary_sensor":
        return entity.device_class if entity.device_class in SENSES else None
    return _BY_DOMAIN.get(entity.domain)


def told_words(device_class: str | None) -> tuple[str, str]:
    """Return what a binary sensor is when it is on and when it is off."""
    sense = SENSES.get(device_class or "")
    return _DEFAULT if sense is None else sense.told


def said_words(device_class: str | None) -> tuple[str, str]:
    """Return the same as it is said behind "is"."""
    sense = SENSES.get(device_class or "")
    return _DEFAULT if sense is None else sense.said
