"""The kinds of devices: their domains, words and states."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from .dice import Dice
from .words import Word, invented

type State = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of device.

    ``nouns`` are what it is called, or the section of devices.txt that has them;
    ``weight`` says how common it is in a home.
    """

    domain: str
    nouns: str | tuple[Word, ...]
    state: Callable[[Dice], State]
    weight: float = 1.0
    device_class: str | None = None


def _one_of(*states: str) -> Callable[[Dice], State]:
    return lambda dice: (dice.choice(states), {})


def _light(dice: Dice) -> State:
    if dice.random() < 0.6:
        return "off", {}
    return "on", {"brightness": dice.randint(2, 255)} if dice.random() < 0.8 else {}


def _cover(dice: Dice) -> State:
    position = dice.choice([0, 0, 0, 100, 100, dice.randint(1, 99)])
    if dice.random() < 0.25:
        return dice.choice(["open", "closed"]), {}
    return "open" if position else "closed", {"current_position": position}


def _climate(dice: Dice) -> State:
    state = dice.choice(["heat", "heat", "off", "cool", "auto", "heat_cool"])
    now = dice.choice([dice.randint(14, 29), dice.randint(140, 290) / 10])
    attributes: dict[str, Any] = {"current_temperature": now}
    if state != "off" or dice.random() < 0.5:
        attributes["temperature"] = dice.choice(
            [dice.randint(15, 26), dice.randint(30, 52) / 2]
        )
    return state, attributes


def _fan(dice: Dice) -> State:
    if dice.random() < 0.6:
        return "off", {"percentage": 0}
    return "on", {"percentage": dice.choice([25, 33, 50, 66, 75, 100])}


def _media(dice: Dice) -> State:
    state = dice.choice(["off", "playing", "paused", "idle", "standby", "on"])
    if state in ("off", "standby"):
        return state, {}
    attributes: dict[str, Any] = {"volume_level": dice.randint(0, 100) / 100}
    if state in ("playing", "paused") and dice.random() < 0.3:
        attributes["media_title"] = f"{invented(dice)} {invented(dice)}"
    return state, attributes


def _number(low: float, high: float, unit: str, digits: int) -> Callable[[Dice], State]:
    def state(dice: Dice) -> State:
        if dice.random() < 0.02:
            return "unavailable", {"unit_of_measurement": unit}
        value = round(dice.uniform(low, high), dice.choice([0, 0, digits])) + 0.0
        return f"{value:g}", {"unit_of_measurement": unit}

    return state


def _nouns(*texts: str) -> tuple[Word, ...]:
    return tuple(Word(text) for text in texts)


_ON_OFF = _one_of("on", "off", "off")

KINDS = {
    "light": Kind("light", "devices/light", _light, 9),
    "switch": Kind("switch", "devices/switch", _ON_OFF, 5),
    "cover": Kind("cover", "devices/cover", _cover, 2.6, "blind"),
    "shade": Kind("cover", "devices/shade", _cover, 0.4, "awning"),
    "gate": Kind("cover", "devices/gate", _cover, 0.6, "garage"),
    "lock": Kind("lock", "devices/lock", _one_of("locked", "unlocked"), 1.5),
    "climate": Kind("climate", "devices/climate", _climate, 1.7),
    "fan": Kind("fan", "devices/fan", _fan, 1.4),
    "media": Kind("media_player", "devices/media", _media, 2.2),
    "vacuum": Kind(
        "vacuum",
        "devices/vacuum",
        _one_of("docked", "cleaning", "returning", "idle"),
        0.7,
    ),
    "mower": Kind(
        "lawn_mower", "devices/mower", _one_of("docked", "mowing", "paused"), 0.25
    ),
    "mower_vacuum": Kind("vacuum", "devices/mower", _one_of("docked", "cleaning"), 0.2),
    "valve": Kind("valve", "devices/valve", _one_of("open", "closed"), 0.3),
    "humidifier": Kind("humidifier", "devices/humidifier", _ON_OFF, 0.3),
    "scene": Kind(
        "scene", "devices/scene", _one_of("unknown", "2026-05-01T10:00:00+00:00"), 0.5
    ),
    "person": Kind(
        "person",
        "words/persons",
        _one_of("home", "home", "not_home", "Work", "School", "Gym"),
        0.35,
    ),
    "helper": Kind("input_boolean", "devices/helper", _ON_OFF, 0.4),
    "temperature": Kind(
        "sensor", _nouns("temperature"), _number(-8, 34, "°C", 1), 1.6, "temperature"
    ),
    "humidity": Kind(
        "sensor", _nouns("humidity"), _number(20, 95, "%", 1), 1.2, "humidity"
    ),
    "battery": Kind(
        "sensor",
        _nouns("battery", "battery level"),
        _number(1, 100, "%", 0),
        0.6,
        "battery",
    ),
    "co2": Kind(
        "sensor",
        _nouns("CO2", "CO2 level"),
        _number(400, 2200, "ppm", 0),
        0.5,
        "carbon_dioxide",
    ),
    "power": Kind(
        "sensor", _nouns("power", "power usage"), _number(0, 3800, "W", 1), 0.5, "power"
    ),
    "energy": Kind(
        "sensor",
        _nouns("energy", "energy today"),
        _number(0, 60, "kWh", 1),
        0.3,
        "energy",
    ),
    "lux": Kind(
        "sensor",
        _nouns("illuminance", "brightness"),
        _number(0, 20000, "lx", 0),
        0.3,
        "illuminance",
    ),
    "window": Kind(
        "binary_sensor",
        _nouns("window", "skylight window", "window contact"),
        _ON_OFF,
        1.0,
        "window",
    ),
    "door": Kind(
        "binary_sensor",
        _nouns("door contact", "door sensor", "contact"),
        _ON_OFF,
        0.7,
        "door",
    ),
    "motion": Kind(
        "binary_sensor",
        _nouns("motion", "motion sensor", "presence motion"),
        _ON_OFF,
        0.7,
        "motion",
    ),
    "leak": Kind(
        "binary_sensor",
        _nouns("leak", "leak sensor", "water leak"),
        _ON_OFF,
        0.4,
        "moisture",
    ),
    "smoke": Kind(
        "binary_sensor",
        _nouns("smoke", "smoke detector", "smoke alarm"),
        _ON_OFF,
        0.3,
        "smoke",
    ),
}

# Kinds that are named for what they measure, not for what they are.
MEASURES = frozenset(
    {"temperature", "humidity", "battery", "co2", "power", "energy", "lux"}
    | {"window", "door", "motion", "leak", "smoke"}
)
