"""What calls would do in a home: the actions, the devices and the data."""

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import yaml

from .contract import ExposedEntity, order
from .homes import Home, Thing
from .render import Call

_SERVICES = {
    "on": {"": "turn_on", "scene": "turn_on", "cover": "open_cover", "vacuum": "start"},
    "off": {"": "turn_off", "cover": "close_cover", "vacuum": "return_to_base"},
    "open": {"": "open", "cover": "open_cover", "valve": "open_valve", "lock": "open"},
    "close": {"": "close", "cover": "close_cover", "valve": "close_valve"},
    "lock": {"": "lock"},
    "unlock": {"": "unlock"},
    "stop": {"": "stop", "cover": "stop_cover"},
    "start": {"": "start", "lawn_mower": "start_mowing", "switch": "turn_on"},
    "dock": {"": "return_to_base", "lawn_mower": "dock"},
    "play": {"": "media_play"},
    "pause": {"": "media_pause"},
    "next": {"": "media_next_track"},
    "previous": {"": "media_previous_track"},
    "mute": {"": "volume_mute"},
    "unmute": {"": "volume_mute"},
    "louder": {"": "volume_up"},
    "quieter": {"": "volume_down"},
}
_VALUES = {
    "brightness": ("light", "turn_on", "brightness_pct", 1),
    "color": ("light", "turn_on", "color_name", None),
    "kelvin": ("light", "turn_on", "color_temp_kelvin", 1),
    "temperature": ("climate", "set_temperature", "temperature", 1),
    "position": ("cover", "set_cover_position", "position", 1),
    "volume": ("media_player", "volume_set", "volume_level", 0.01),
    "speed": ("fan", "set_percentage", "percentage", 1),
}


@dataclass(frozen=True, slots=True)
class Effect:
    """One action on some devices."""

    service: str
    entities: frozenset[str]
    data: dict[str, Any] = field(default_factory=dict)


def effects(home: Home, calls: tuple[Call, ...]) -> list[Effect]:
    """Return what calls do, the same action on several devices as one."""
    found: dict[tuple[str, str], Effect] = {}
    for tool, arguments in calls:
        if tool == "state":
            continue
        for service, thing, data in _single(home, tool, arguments):
            known = found.get((service, str(data)), Effect(service, frozenset(), data))
            found[service, str(data)] = Effect(
                service, known.entities | {thing.entity.entity_id}, data
            )
    return list(found.values())


def _single(
    home: Home, tool: str, arguments: dict[str, Any]
) -> list[tuple[str, Thing, dict[str, Any]]]:
    """Return what one call does to every device it reaches."""
    domain, verb, data = arguments.get("domain"), "", {}
    if tool == "set":
        for name, (of, service, key, scale) in _VALUES.items():
            if name in arguments:
                value = arguments[name]
                domain, verb, data = (
                    of,
                    service,
                    {key: value * scale if scale else value},
                )
    done = []
    for thing in _reached(home, arguments, domain):
        services = _SERVICES.get(arguments.get("action", ""), {})
        service = verb or services.get(thing.domain, services.get("", "unknown"))
        done.append((f"{thing.domain}.{service}", thing, data))
    return done


def _reached(home: Home, arguments: dict[str, Any], domain: str | None) -> list[Thing]:
    name, area = arguments.get("name"), arguments.get("area")
    if name is not None:
        return [thing for thing in home.things if thing.name == name]
    return [
        t
        for t in home.things
        if t.domain == domain and (area is None or area in (t.area, t.entity.floor))
    ]


def reference_home(path: Path) -> Home:
    """Read a reference home."""
    data = yaml.safe_load(path.read_text())
    floors = {area: floor for floor, areas in data["floors"].items() for area in areas}
    things = []
    for row in data["entities"]:
        attributes = row.get("attributes", {})
        entity = ExposedEntity(
            entity_id=row["entity_id"],
            name=row["name"],
            aliases=tuple(sorted(row.get("aliases", ()))),
            area=row.get("area"),
            floor=floors.get(row.get("area")),
            device_class=attributes.get("device_class"),
        )
        things.append(Thing(entity, entity.domain, "", row["state"], attributes))
    return Home(tuple(sorted(things, key=lambda thing: order(thing.entity))))
