"""Wishes that a device cannot fulfil, and what is said of them."""

import re

from . import speech
from .dice import Dice
from .homes import Home
from .mentions import mention
from .refusals import Refusal, value_for

_IMPOSSIBLE: dict[str, tuple[str, ...]] = {
    "light": (
        *("open", "lock", "unlock", "close", "mute", "pause", "dock"),
        *("heat", "set the volume of", "set the speed of", "set the position of"),
    ),
    "switch": (
        *("open", "lock", "mute", "unlock", "pause", "dim", "dim", "dim", "color"),
        *("heat",) * 5,
        *("set the volume of", "set the speed of", "set the position of"),
    ),
    "lock": ("dim", "mute", "pause", "color", "heat", "set the volume of"),
    "media_player": (
        *("lock", "open", "unlock", "dock", "heat", "color", "dim"),
        *("set the speed of", "set the position of"),
    ),
    "cover": (
        *("lock", "unlock", "mute", "color", "pause", "heat", "dim"),
        *("set the volume of", "set the speed of"),
    ),
    "climate": (
        *("open", "lock", "mute", "color", "unlock", "dim"),
        *("set the volume of", "set the position of"),
    ),
    "fan": (
        *("lock", "open", "unlock", "mute", "color", "dim", "heat"),
        *("set the volume of", "set the position of"),
    ),
    "vacuum": ("lock", "open", "dim", "unlock", "color", "heat", "set the volume of"),
    "valve": ("lock", "unlock", "dim", "color", "heat", "mute"),
    "sensor": ("turn on", "turn off", "open", "lock", "dim", "close", "mute"),
    "binary_sensor": ("turn on", "turn off", "lock", "dim", "mute"),
}


# Verbs that say what cannot be set.
_IMPOSSIBLE_VALUES = {
    "dim": "brightness",
    "color": "color",
    "heat": "temperature",
    "set the volume of": "volume",
    "set the speed of": "speed",
    "set the position of": "position",
}
# What has to be said for another value not to be meant, where a device has one.
_CLEAR = {
    "dim": re.compile(r"\bdim|bright|\bglow|\bshin", re.IGNORECASE),
    "heat": re.compile(r"degree|°|celsius|temperature|warm|heat|cool", re.IGNORECASE),
    "set the volume of": re.compile(r"volume|loud", re.IGNORECASE),
    "set the speed of": re.compile(r"speed|spin|blow", re.IGNORECASE),
    "set the position of": re.compile(r"position|open|raise|lower", re.IGNORECASE),
}
# Words of these orders that mean nothing else to another kind of device.
_ORDERS = {
    "open": re.compile(r"\bopen", re.IGNORECASE),
    "close": re.compile(r"\bclos", re.IGNORECASE),
    "lock": re.compile(r"\b(?:lock|bolt)", re.IGNORECASE),
    "unlock": re.compile(r"\bun(?:lock|bolt)", re.IGNORECASE),
    "mute": re.compile(r"\b(?:mut|sound)", re.IGNORECASE),
    "pause": re.compile(r"\b(?:un)?paus", re.IGNORECASE),
    "dock": re.compile(r"\bdock", re.IGNORECASE),
}


def wrong_capability(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Ask something of a device that it cannot do."""
    pool = home.of(*_IMPOSSIBLE)
    if not pool:
        return None
    thing = dice.of(pool)
    if home.has_namesake(thing):
        return None
    said = mention(dice, home, thing, home.things, here)
    if said is None:
        return None
    verb = dice.of(_IMPOSSIBLE[thing.domain])
    words = f"{verb} {said}"
    value = _IMPOSSIBLE_VALUES.get(verb)
    if value and (" " in verb or dice.often(0.8)):
        words, _ = speech.order(
            dice, [f"values/{value}"], said, v=value_for(dice, value)
        )
        clear = _CLEAR.get(verb)
        needs = thing.domain != "switch" or " " in verb
        if clear and needs and not clear.search(words.replace(said, "")):
            return None
    elif verb in _ORDERS and dice.often(0.6):
        words, tone = speech.order(dice, [f"control/{verb}"], said)
        if tone == "indirect" or not _ORDERS[verb].search(words.replace(said, "")):
            return None
    elif dice.often(0.3):
        words = dice.say("talk/before.order", 0.3).replace("{c}", words)
    text, _ = speech.dressed(dice, words)
    return text, f"I cannot {verb} {thing.name}.", "wrong_capability"
