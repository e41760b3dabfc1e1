"""Questions about the home, and answers from the states that were told."""

from dataclasses import dataclass
from random import Random
from typing import Any

from .contract import named
from .homes import Home, Thing
from .references import place, refer
from .speech import finish
from .words import phrases

# What can be asked about yes or no: kind -> {asked: state words that mean yes}.
_YES: dict[str, dict[str, tuple[str, ...]]] = {
    "light": {"on": ("on",), "off": ("off",)},
    "switch": {"on": ("on",), "off": ("off",), "running": ("on",)},
    "helper": {"on": ("on",), "off": ("off",), "active": ("on",)},
    "humidifier": {"on": ("on",), "off": ("off",), "running": ("on",)},
    "fan": {"on": ("on",), "off": ("off",), "running": ("on",)},
    "cover": {
        "open": ("open",),
        "closed": ("closed",),
        "down": ("closed",),
        "up": ("open",),
        "shut": ("closed",),
    },
    "gate": {"open": ("open",), "closed": ("closed",), "shut": ("closed",)},
    "valve": {"open": ("open",), "closed": ("closed",)},
    "lock": {"locked": ("locked",), "unlocked": ("unlocked",)},
    "media": {
        "on": ("playing", "paused", "idle", "on"),
        "off": ("off", "standby"),
        "playing": ("playing",),
        "paused": ("paused",),
    },
    "window": {"open": ("on",), "closed": ("off",)},
    "door": {"open": ("on",), "closed": ("off",)},
    "leak": {"wet": ("on",), "dry": ("off",)},
    "vacuum": {
        "docked": ("docked",),
        "cleaning": ("cleaning",),
        "running": ("cleaning",),
    },
    "mower": {"docked": ("docked",), "mowing": ("mowing",)},
    "climate": {"on": ("heat", "cool", "auto", "heat_cool"), "off": ("off",)},
}
_VALUES: dict[str, tuple[tuple[str, ...], str]] = {
    "temperature": (
        phrases("""
        how warm is it in {p}; how cold is it in {p}; what's the temperature in {p}
        what is the temperature in {p}; how warm is {p}; how hot is {p}
        temperature in {p}; is it warm in {p}; how many degrees are there in {p}
        how cold is {p}; {p} temperature; tell me the temperature in {p}
        """),
        "It is {v}.",
    ),
    "humidity": (
        phrases("""
        how humid is it in {p}; what's the humidity in {p}
        what is the humidity in {p}; humidity in {p}; how humid is {p}
        tell me the humidity in {p}; how damp is {p}
        """),
        "The humidity is {v}.",
    ),
    "co2": (
        phrases("""
        what's the CO2 in {p}; how is the air in {p}; CO2 level in {p}
        how much CO2 is in {p}; what's the CO2 level in {p}
        how good is the air in {p}
        """),
        "The CO2 level is {v}.",
    ),
    "lux": (
        (
            "how bright is it in {p}",
            "how bright is {p}",
            "what's the brightness in {p}",
        ),
        "The brightness is {v}.",
    ),
}
_ASK_NAMED = phrases("""
        what's {n}; what is {n}; how is {n}; {n}?; tell me {n}; what does {n} say
        what's the value of {n}; how high is {n}; give me {n}; read {n} to me
        """)
_WORD = {
    "temperature": "It is {v}.",
    "humidity": "The humidity is {v}.",
    "battery": "The battery is at {v}.",
    "co2": "The CO2 level is {v}.",
    "power": "The power is {v}.",
    "energy": "The energy is {v}.",
    "lux": "The brightness is {v}.",
}


@dataclass(frozen=True, slots=True)
class Question:
    """A question, the states it is about and the answer.

    ``lookup`` are the arguments of the ``state`` call where the states were not
    told with the question.
    """

    said: str
    about: tuple[Thing, ...]
    answer: str
    lookup: dict[str, Any]


def told(home: Home, said: str) -> list[Thing]:
    """Return the things whose states the prompt tells for an utterance."""
    known = {entity.entity_id for entity in named(home.entities, said)}
    return [thing for thing in home.things if thing.entity.entity_id in known]


def yes_or_no(rng: Random, home: Home, here: str | None) -> Question | None:
    """Ask whether a device is in some state."""
    fitting = [t for t in home.things if _kind(t) in _YES and t.state != "unavailable"]
    if not fitting:
        return None
    thing = rng.choice(fitting)
    asked = rng.choice(list(_YES[_kind(thing)]))
    yes = thing.state in _YES[_kind(thing)][asked]
    n = refer(rng, home, thing, home.things, here)
    verb = "are" if n.endswith("s") and rng.random() < 0.5 else "is"
    said = rng.choice(
        [f"{verb} {n} {asked}"] * 5
        + [
            f"{verb} {n} {asked} right now",
            f"{verb} {n} still {asked}",
            f"did i leave {n} {asked}",
            f"can you check if {n} {verb} {asked}",
            f"do you know if {n} {verb} {asked}",
            f"tell me if {n} {verb} {asked}",
            f"check whether {n} {verb} {asked}",
            f"{n} {asked}?",
            f"{verb} {n} {asked} at the moment",
            f"{verb} {n} {asked} already",
            f"is it true that {n} {verb} {asked}",
        ]
    )
    state = _spoken(thing)
    answer = (
        f"Yes, {thing.name} is {asked}." if yes else f"No, {thing.name} is {state}."
    )
    return Question(finish(rng, said, "?"), (thing,), answer, {"name": thing.name})


def value(rng: Random, home: Home, here: str | None) -> Question | None:
    """Ask what a sensor says, by its name or by its area."""
    fitting = [t for t in home.things if t.kind in _WORD]
    if not fitting:
        return None
    thing = rng.choice(fitting)
    lookup: dict[str, Any] = {"name": thing.name}
    if thing.kind in _VALUES and thing.area and rng.random() < 0.65:
        frames, sentence = _VALUES[thing.kind]
        if any(
            t
            for t in home.things
            if t.kind == thing.kind and t.area == thing.area and t is not thing
        ):
            return None
        if thing.kind == "temperature" and any(
            t.domain == "climate" and t.area == thing.area for t in home.things
        ):
            return None
        said = rng.choice(frames).replace("{p}", place(rng, thing.area))
        if thing.area == here and rng.random() < 0.6:
            said = rng.choice([f for f in frames if " in {p}" in f]).replace(
                " in {p}", rng.choice(["", " here", " in here"])
            )
    else:
        sentence = _WORD[thing.kind]
        said = rng.choice(_ASK_NAMED).replace(
            "{n}", refer(rng, home, thing, home.things, here)
        )
    answer = sentence.replace("{v}", thing.told)
    if thing.state == "unavailable":
        answer = f"{thing.name} is unavailable."
    return Question(finish(rng, said.rstrip("?"), "?"), (thing,), answer, lookup)


def state_of(rng: Random, home: Home, here: str | None) -> Question | None:
    """Ask how a device is, or what a thermostat or a player does."""
    fitting = [t for t in home.things if t.kind not in _WORD and t.domain != "scene"]
    if not fitting:
        return None
    thing = rng.choice(fitting)
    n = refer(rng, home, thing, home.things, here)
    frames = [
        "what's the state of {n}",
        "what is {n} doing",
        "how is {n}",
        "what's the status of {n}",
        "status of {n}",
        "check {n}",
        "state of {n}",
        "in which state is {n}",
    ]
    answer = f"{thing.name} is {_spoken(thing)}."
    level = thing.attributes
    if "temperature" in level and rng.random() < 0.4:
        frames = [
            "what is {n} set to",
            "what's the target of {n}",
            "to what temperature is {n} set",
            "which temperature is {n} set to",
        ]
        answer = f"{thing.name} is set to {level['temperature']:g} °C."
    elif "current_temperature" in level and rng.random() < 0.5:
        frames = [
            "what temperature does {n} measure",
            "how warm is it at {n}",
            "what's the current temperature of {n}",
            "what does {n} measure",
        ]
        answer = f"It is {level['current_temperature']:g} °C."
    elif "volume_level" in level and rng.random() < 0.6:
        frames = [
            "how loud is {n}",
            "what's the volume of {n}",
            "volume of {n}",
            "what volume is {n} at",
        ]
        answer = f"The volume is {round(level['volume_level'] * 100)}%."
    elif "brightness" in level and rng.random() < 0.5:
        frames = [
            "how bright is {n}",
            "what's the brightness of {n}",
            "what brightness is {n} at",
        ]
        answer = f"The brightness is {round(level['brightness'] / 2.55)}%."
    elif "current_position" in level and rng.random() < 0.5:
        frames = [
            "how far is {n} open",
            "what position is {n} at",
            "how far open is {n}",
            "what's the position of {n}",
        ]
        answer = f"{thing.name} is {thing.told}."
    said = rng.choice(frames).replace("{n}", n)
    return Question(finish(rng, said, "?"), (thing,), answer, {"name": thing.name})


def of_area(rng: Random, home: Home, here: str | None) -> Question | None:
    """Ask which lights are on in an area, or whether a window is open."""
    group, domain, kinds, on, off = rng.choice(
        [
            ("lights", "light", ("light",), "on", "off"),
            ("windows", "binary_sensor", ("window",), "open", "closed"),
            ("doors", "lock", ("lock",), "locked", "unlocked"),
            ("blinds", "cover", ("cover",), "open", "closed"),
        ]
    )
    members = [t for t in home.things if t.kind in kinds]
    if not members:
        return None
    lookup: dict[str, Any] = {"domain": domain}
    where = ""
    if rng.random() < 0.6:
        area = rng.choice(members).area
        if area is None:
            return None
        members = [t for t in members if t.area == area]
        lookup = {"area": area, "domain": domain}
        where = f" in {place(rng, area)}"
    if len(members) > 8:
        return None
    wanted = rng.choice([on, off])
    found = [t.name for t in members if t.told.split(" ")[0] == wanted]
    said = rng.choice(
        [
            f"which {group} are {wanted}{where}",
            f"are any {group} {wanted}{where}",
            f"is any of the {group} {wanted}{where}",
            f"what {group} are {wanted}{where}",
        ]
    )
    if not found:
        answer = f"No {group} are {wanted}."
    else:
        answer = f"{' and '.join([', '.join(found[:-1]), found[-1]] if len(found) > 1 else found)} {'is' if len(found) == 1 else 'are'} {wanted}."
    return Question(finish(rng, said, "?"), tuple(members), answer, lookup)


def _kind(thing: Thing) -> str:
    return (
        "mower"
        if thing.kind == "mower_vacuum" and thing.state == "mowing"
        else thing.kind
    )


def _spoken(thing: Thing) -> str:
    """Say a state in a sentence: the first words of what the prompt tells."""
    return thing.told.partition(",")[0].replace("unknown", "ready")
