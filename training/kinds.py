"""The kinds of devices: their domains, words and states."""

from collections.abc import Callable
from dataclasses import dataclass
from random import Random
from typing import Any

from . import words as w

type State = tuple[str, dict[str, Any]]


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of device; ``weight`` says how common it is in a home."""

    domain: str
    nouns: tuple[str, ...]
    state: Callable[[Random], State]
    weight: float = 1.0
    device_class: str | None = None


def _one_of(*states: str) -> Callable[[Random], State]:
    return lambda rng: (rng.choice(states), {})


def _light(rng: Random) -> State:
    if rng.random() < 0.6:
        return "off", {}
    return "on", {"brightness": rng.randint(2, 255)} if rng.random() < 0.8 else {}


def _cover(rng: Random) -> State:
    position = rng.choice([0, 0, 0, 100, 100, rng.randint(1, 99)])
    if rng.random() < 0.25:
        return rng.choice(["open", "closed"]), {}
    return "open" if position else "closed", {"current_position": position}


def _climate(rng: Random) -> State:
    state = rng.choice(["heat", "heat", "off", "cool", "auto", "heat_cool"])
    now = rng.choice([rng.randint(14, 29), rng.randint(140, 290) / 10])
    attributes: dict[str, Any] = {"current_temperature": now}
    if state != "off" or rng.random() < 0.5:
        attributes["temperature"] = rng.choice(
            [rng.randint(15, 26), rng.randint(30, 52) / 2]
        )
    return state, attributes


def _fan(rng: Random) -> State:
    if rng.random() < 0.6:
        return "off", {"percentage": 0}
    return "on", {"percentage": rng.choice([25, 33, 50, 66, 75, 100])}


def _media(rng: Random) -> State:
    state = rng.choice(["off", "playing", "paused", "idle", "standby", "on"])
    if state in ("off", "standby"):
        return state, {}
    attributes: dict[str, Any] = {"volume_level": rng.randint(0, 100) / 100}
    if state in ("playing", "paused") and rng.random() < 0.3:
        attributes["media_title"] = f"{w.invented(rng)} {rng.choice(w.SCENES)}"
    return state, attributes


def _number(
    low: float, high: float, unit: str, digits: int
) -> Callable[[Random], State]:
    def state(rng: Random) -> State:
        if rng.random() < 0.02:
            return "unavailable", {"unit_of_measurement": unit}
        value = round(rng.uniform(low, high), rng.choice([0, 0, digits]))
        return f"{value:g}", {"unit_of_measurement": unit}

    return state


_ON_OFF = _one_of("on", "off", "off")

KINDS = {
    "light": Kind("light", w.LIGHTS, _light, 9),
    "switch": Kind("switch", w.SWITCHES, _ON_OFF, 5),
    "cover": Kind("cover", w.COVERS, _cover, 2.6, "blind"),
    "gate": Kind("cover", w.GATES, _cover, 0.6, "garage"),
    "lock": Kind("lock", w.LOCKS, _one_of("locked", "unlocked"), 1.5),
    "climate": Kind("climate", w.CLIMATES, _climate, 1.7),
    "fan": Kind("fan", w.FANS, _fan, 1.4),
    "media": Kind("media_player", w.MEDIA, _media, 2.2),
    "vacuum": Kind(
        "vacuum", w.VACUUMS, _one_of("docked", "cleaning", "returning", "idle"), 0.7
    ),
    "mower": Kind("lawn_mower", w.MOWERS, _one_of("docked", "mowing", "paused"), 0.25),
    "mower_vacuum": Kind("vacuum", w.MOWERS, _one_of("docked", "cleaning"), 0.2),
    "valve": Kind("valve", w.VALVES, _one_of("open", "closed"), 0.3),
    "humidifier": Kind("humidifier", w.HUMIDIFIERS, _ON_OFF, 0.3),
    "scene": Kind(
        "scene", w.SCENES, _one_of("unknown", "2026-05-01T10:00:00+00:00"), 0.3
    ),
    "helper": Kind("input_boolean", w.HELPERS, _ON_OFF, 0.4),
    "temperature": Kind(
        "sensor", ("temperature",), _number(-8, 34, "°C", 1), 1.6, "temperature"
    ),
    "humidity": Kind("sensor", ("humidity",), _number(20, 95, "%", 1), 1.2, "humidity"),
    "battery": Kind(
        "sensor", ("battery", "battery level"), _number(1, 100, "%", 0), 0.6, "battery"
    ),
    "co2": Kind(
        "sensor",
        ("CO2", "CO2 level"),
        _number(400, 2200, "ppm", 0),
        0.5,
        "carbon_dioxide",
    ),
    "power": Kind(
        "sensor", ("power", "power usage"), _number(0, 3800, "W", 1), 0.5, "power"
    ),
    "energy": Kind(
        "sensor", ("energy", "energy today"), _number(0, 60, "kWh", 1), 0.3, "energy"
    ),
    "lux": Kind(
        "sensor",
        ("illuminance", "brightness"),
        _number(0, 20000, "lx", 0),
        0.3,
        "illuminance",
    ),
    "window": Kind(
        "binary_sensor",
        ("window", "skylight window", "window contact"),
        _ON_OFF,
        1.0,
        "window",
    ),
    "door": Kind(
        "binary_sensor",
        ("door contact", "door sensor", "contact"),
        _ON_OFF,
        0.7,
        "door",
    ),
    "motion": Kind(
        "binary_sensor",
        ("motion", "motion sensor", "presence motion"),
        _ON_OFF,
        0.7,
        "motion",
    ),
    "leak": Kind(
        "binary_sensor", ("leak", "leak sensor", "water leak"), _ON_OFF, 0.4, "moisture"
    ),
    "smoke": Kind(
        "binary_sensor",
        ("smoke", "smoke detector", "smoke alarm"),
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
