"""Commands: what is said, and the calls that do it."""

from dataclasses import dataclass
from random import Random
from typing import Any

from . import frames
from .homes import Home, Thing
from .references import refer
from .render import Call
from .speech import decorate, listed, number

COLORS = (
    "red",
    "green",
    "blue",
    "yellow",
    "orange",
    "purple",
    "pink",
    "white",
    "cyan",
    "magenta",
    "turquoise",
    "violet",
    "gold",
    "teal",
    "lime",
    "indigo",
    "coral",
    "salmon",
    "crimson",
    "lavender",
    "beige",
)
WHITES = {
    "warm white": 2700,
    "warm light": 2700,
    "warmer": 2700,
    "cosy warm": 2200,
    "candlelight": 2200,
    "neutral white": 4000,
    "neutral": 4000,
    "cold white": 6500,
    "cool white": 6500,
    "cold light": 6500,
    "daylight": 5500,
    "colder": 6500,
    "a cold tone": 6500,
    "a warm tone": 2700,
    "warm": 2700,
    "cold": 6500,
}
CONTROLLABLE = (
    "light",
    "switch",
    "cover",
    "lock",
    "climate",
    "fan",
    "media_player",
    "vacuum",
    "lawn_mower",
    "valve",
    "humidifier",
    "scene",
    "input_boolean",
)


@dataclass(frozen=True, slots=True)
class Asked:
    """An utterance with the calls it asks for."""

    said: str
    calls: tuple[Call, ...]


def actions(thing: Thing) -> list[str]:
    """Return what can be asked of a device, the common things more often."""
    match thing.domain:
        case "light":
            return (
                ["on"] * 4
                + ["off"] * 4
                + ["brightness"] * 3
                + ["color", "kelvin", "kelvin_word", "bright"]
            )
        case "cover":
            return ["open", "close"] * 3 + ["position"] * 3 + ["stop"]
        case "lock":
            return ["lock", "unlock"]
        case "climate":
            return ["temperature"] * 4 + ["on", "off"]
        case "fan":
            return ["on", "off"] * 2 + ["speed"] * 2
        case "media_player":
            return ["on", "off", *frames.MEDIA, "pause", "play"] + ["volume"] * 3
        case "vacuum" | "lawn_mower":
            return ["start", "dock"]
        case "valve":
            return ["open", "close"]
        case "scene":
            return ["scene"]
        case _:
            return ["on", "off"]


def one(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Ask something of one device."""
    pool = home.of(*CONTROLLABLE)
    if not pool:
        return None
    thing = rng.choice(pool)
    action = rng.choice(actions(thing))
    said = refer(rng, home, thing, pool, here)
    frame, call = command(rng, thing, action, {"name": thing.name})
    return Asked(decorate(rng, frame.replace("{n}", said)), (call,))


def command(
    rng: Random, thing: Thing, action: str, target: dict[str, Any]
) -> tuple[str, Call]:
    """Return a frame that still wants its {n}, and the call."""
    match action:
        case "brightness" | "volume" | "position" | "speed":
            return _percent(rng, action, target)
        case "temperature":
            value = rng.choice(
                [rng.randint(5, 30), rng.randint(15, 25), rng.randint(15, 25) + 0.5]
            )
            return _set(rng, action, action, value, number(rng, value), target)
        case "color":
            value = rng.choice(COLORS)
            return _set(rng, action, action, value, value, target)
        case "kelvin":
            kelvin = rng.randrange(2000, 6600, 100)
            return _set(rng, action, action, kelvin, f"{kelvin}", target)
        case "kelvin_word":
            white = rng.choice(list(WHITES))
            return _set(rng, action, "kelvin", WHITES[white], white, target)
        case "bright":
            value = rng.choice(list(frames.BRIGHT))
            return rng.choice(frames.BRIGHT[value]), (
                "set",
                target | {"brightness": value},
            )
        case "scene":
            return rng.choice(frames.CONTROL["scene"]), (
                "control",
                {"action": "on"} | target,
            )
        case _ if action in frames.MEDIA:
            return rng.choice(frames.MEDIA[action]), (
                "control",
                {"action": action} | target,
            )
        case _:
            choices = frames.CONTROL[action]
            if thing.domain == "light":
                choices += frames.CONTROL[f"light_{action}"]
            return rng.choice(choices), ("control", {"action": action} | target)


def _percent(rng: Random, field: str, target: dict[str, Any]) -> tuple[str, Call]:
    if rng.random() < 0.25:
        value = rng.choice(list(frames.SHARES))
        return rng.choice(frames.SHARES[value]), ("set", target | {field: value})
    value = rng.choice(
        [rng.randint(0, 100), rng.randint(0, 20) * 5, rng.randint(1, 10) * 10]
    )
    return _set(rng, field, field, value, number(rng, value), target)


def _set(
    rng: Random, frame: str, field: str, value: Any, said: str, target: dict[str, Any]
) -> tuple[str, Call]:
    return rng.choice(frames.SET[frame]).replace("{v}", said), (
        "set",
        target | {field: value},
    )


def several(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Ask the same of two or three devices, or two things in one breath."""
    pool = home.of(*CONTROLLABLE)
    if len(pool) < 4:
        return None
    if rng.random() < 0.3:
        parts, calls = [], []
        for thing in rng.sample(pool, 2):
            frame, call = command(
                rng, thing, rng.choice(actions(thing)), {"name": thing.name}
            )
            parts.append(frame.replace("{n}", refer(rng, home, thing, pool, here)))
            calls.append(call)
        return Asked(
            decorate(rng, rng.choice([" and ", " and then ", ", then "]).join(parts)),
            tuple(calls),
        )
    first = rng.choice(pool)
    action = rng.choice(actions(first))
    fitting = [t for t in pool if t is not first and action in actions(t)]
    if not fitting:
        return None
    things = [first, *rng.sample(fitting, min(len(fitting), rng.choice([1, 1, 2])))]
    frame, (tool, arguments) = command(rng, first, action, {})
    names = listed([refer(rng, home, thing, pool, here) for thing in things])
    calls = [(tool, _with_name(tool, arguments, thing.name)) for thing in things]
    return Asked(decorate(rng, frame.replace("{n}", names)), tuple(calls))


def _with_name(tool: str, arguments: dict[str, Any], name: str) -> dict[str, Any]:
    """Put the name where calls have it: after the action, before values."""
    if "action" in arguments:
        return arguments | {"name": name}
    return {"name": name} | arguments
