"""Commands: what is said, and the calls that do it."""

from dataclasses import dataclass
from random import Random
from typing import Any

from . import frames
from .homes import Home, Thing, word_set
from .references import place, refer
from .render import Call
from .speech import decorate, listed, number

COLORS = (
    "red", "green", "blue", "yellow", "orange", "purple", "pink", "white", "cyan", "magenta", "turquoise",
    "violet", "gold", "teal", "lime", "indigo", "coral", "salmon", "crimson", "lavender", "beige",
)
WHITES = {
    "warm white": 2700, "warm light": 2700, "warmer": 2700, "cosy warm": 2200, "candlelight": 2200,
    "neutral white": 4000, "neutral": 4000, "cold white": 6500, "cool white": 6500, "cold light": 6500,
    "daylight": 5500, "colder": 6500, "a cold tone": 6500, "a warm tone": 2700, "warm": 2700, "cold": 6500,
}
# What a plural word means in an area: its domain, and what can be done with it.
GROUPS: dict[str, tuple[str, tuple[str, ...]]] = {
    "lights": ("light", ("on", "off")),
    "lamps": ("light", ("on", "off")),
    "switches": ("switch", ("on", "off")),
    "blinds": ("cover", ("open", "close")),
    "shutters": ("cover", ("open", "close")),
    "curtains": ("cover", ("open", "close")),
    "covers": ("cover", ("open", "close")),
    "locks": ("lock", ("lock", "unlock")),
    "doors": ("lock", ("lock", "unlock")),
    "fans": ("fan", ("on", "off")),
    "speakers": ("media_player", ("off",)),
    "media players": ("media_player", ("off",)),
}
CONTROLLABLE = (
    "light", "switch", "cover", "lock", "climate", "fan", "media_player", "vacuum", "lawn_mower",
    "valve", "humidifier", "scene", "input_boolean",
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
            return ["on"] * 4 + ["off"] * 4 + ["brightness"] * 3 + ["color", "kelvin", "kelvin_word", "bright"]
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


def command(rng: Random, thing: Thing, action: str, target: dict[str, Any]) -> tuple[str, Call]:
    """Return a frame that still wants its {n}, and the call."""
    match action:
        case "brightness" | "volume" | "position" | "speed":
            return _percent(rng, action, target)
        case "temperature":
            value = rng.choice([rng.randint(5, 30), rng.randint(15, 25), rng.randint(15, 25) + 0.5])
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
            return rng.choice(frames.BRIGHT[value]), ("set", target | {"brightness": value})
        case "scene":
            return rng.choice(frames.CONTROL["scene"]), ("control", {"action": "on"} | target)
        case _ if action in frames.MEDIA:
            return rng.choice(frames.MEDIA[action]), ("media", {"action": action} | target)
        case _:
            choices = frames.CONTROL[action]
            if thing.domain == "light":
                choices += frames.CONTROL[f"light_{action}"]
            return rng.choice(choices), ("control", {"action": action} | target)


def _percent(rng: Random, field: str, target: dict[str, Any]) -> tuple[str, Call]:
    if rng.random() < 0.25:
        value = rng.choice(list(frames.SHARES))
        return rng.choice(frames.SHARES[value]), ("set", target | {field: value})
    value = rng.choice([rng.randint(0, 100), rng.randint(0, 20) * 5, rng.randint(1, 10) * 10])
    return _set(rng, field, field, value, number(rng, value), target)


def _set(rng: Random, frame: str, field: str, value: Any, said: str, target: dict[str, Any]) -> tuple[str, Call]:
    return rng.choice(frames.SET[frame]).replace("{v}", said), ("set", target | {field: value})


def several(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Ask the same of two or three devices, or two things in one breath."""
    pool = home.of(*CONTROLLABLE)
    if len(pool) < 4:
        return None
    if rng.random() < 0.3:
        parts, calls = [], []
        for thing in rng.sample(pool, 2):
            frame, call = command(rng, thing, rng.choice(actions(thing)), {"name": thing.name})
            parts.append(frame.replace("{n}", refer(rng, home, thing, pool, here)))
            calls.append(call)
        return Asked(decorate(rng, rng.choice([" and ", " and then ", ", then "]).join(parts)), tuple(calls))
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


def place_wide(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Ask something of everything of a kind in an area, on a floor, at home."""
    group = rng.choice(["lights"] * 10 + list(GROUPS))
    domain, can = GROUPS[group]
    action = rng.choice(can)
    found = home.of(domain)
    if not found:
        return None
    thing = rng.choice(found)
    floor = thing.entity.floor
    r = rng.random()
    if r < 0.1:
        verb = {"on": "on", "off": "off", "open": "up", "close": "down"}.get(action)
        said = rng.choice(frames.PLACES[action]).replace("{p}", rng.choice(["the house", "the whole house", "the home", "every room"]))
        if verb and rng.random() < 0.4:
            said = rng.choice([f"all {group} {verb}", f"every one of the {group} {verb}"])
        return Asked(decorate(rng, said.replace("{t}", group)), (("control", {"action": action, "domain": domain}),))
    where = floor if floor and r < 0.25 else thing.area
    if where is None or _is_a_name(home, f"{where} {group}") or _is_a_name(home, group):
        return None
    call: Call = ("control", {"action": action, "area": where, "domain": domain})
    if where == here and rng.random() < 0.7:
        said = rng.choice(frames.CONTROL[action][:12]).replace("{n}", rng.choice([f"the {group}", group, f"all {group}", f"the {group} in here", f"the {group} here"]))
        if domain == "light" and rng.random() < 0.5:
            said = rng.choice(frames.CONTROL[action][:9]).replace("{n}", rng.choice(["the light", "the light in here", "light"]))
        return Asked(decorate(rng, said), (call,))
    if rng.random() < 0.3:
        said = rng.choice(frames.CONTROL[action][:8]).replace("{n}", rng.choice([f"the {where.lower()} {group}", f"{where.lower()} {group}", f"all {where} {group}"]))
    else:
        said = rng.choice(frames.PLACES[action]).replace("{t}", group).replace("{p}", place(rng, where))
    return Asked(decorate(rng, said), (call,))


def _is_a_name(home: Home, said: str) -> bool:
    """Return whether a device is called just this."""
    wanted = word_set(said)
    return any(word_set(name) == wanted for t in home.things for name in t.entity.names)


def place_values(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Set the lights, the blinds or the temperature of an area."""
    found = home.of("light", "climate", "cover")
    if not found:
        return None
    thing = rng.choice(found)
    if thing.area is None:
        return None
    target = {"area": thing.area}
    where = thing.area.lower()
    if _is_a_name(home, where) or _is_a_name(home, f"{where} lights") or _is_a_name(home, "light"):
        return None
    match thing.domain:
        case "light":
            names = [f"the lights in the {where}", f"the {where} lights", f"all lights in the {where}"]
            if here == thing.area:
                names += ["the lights", "the light"] * 2
            action = rng.choice(["brightness", "brightness", "color", "kelvin_word", "bright"])
        case "climate":
            names = [f"the {where}", f"the temperature in the {where}", f"the heating in the {where}"]
            action = "temperature"
        case _:
            names = [f"the blinds in the {where}", f"all blinds in the {where}", f"the {where} blinds", f"the {where} shutters"]
            if len([t for t in home.of("cover") if t.area == thing.area]) < 2:
                return None
            action = "position"
    frame, call = command(rng, thing, action, target)
    return Asked(decorate(rng, frame.replace("{n}", rng.choice(names))), (call,))


def everything(rng: Random, home: Home, here: str | None) -> Asked | None:
    """Switch off all that can be switched off in an area."""
    areas = home.areas
    if not areas:
        return None
    area = rng.choice(areas)
    domains = [d for d in ("fan", "light", "media_player", "switch") if any(t.area == area for t in home.of(d))]
    if not domains:
        return None
    where = place(rng, area)
    said = rng.choice([
        "everything in {p} off", "turn everything off in {p}", "turn off everything in {p}", "switch everything off in {p}",
        "shut down {p}", "good night, everything in {p} off", "all off in {p}", "turn off all the things in {p}",
        "i'm leaving {p}, turn everything off there", "everything off in {p}", "switch off everything in {p}",
    ]).replace("{p}", where)
    calls = tuple(("control", {"action": "off", "area": area, "domain": d}) for d in domains)
    return Asked(decorate(rng, said), calls)
