"""What calls do in a home, by the agent's own tools: actions, devices and data.

Calls are read from the text that the model writes, checked against the tools'
schemas, and given to the code that finds their targets and makes calls of Assist's
tools of them. Only Assist's own part is a table here.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
import json
from pathlib import Path
import re
from typing import Any

from homeassistant.exceptions import HomeAssistantError
import voluptuous as vol
import yaml

from .contract import (
    TOOLS,
    ExposedEntity,
    find_targets,
    order,
    schema_of,
    translate,
)
from .goals import VALUES, Goal
from .homes import Home, Thing
from .render import Call
from .words import Word

_SCHEMAS = {tool.name: schema_of(tool) for tool in TOOLS}
_CALL = re.compile(
    r'<tool_call>\n\{"name": "(\w+)", "arguments": (\{.*?\})\}\n</tool_call>'
)
# What Assist's tools do: by domain, else for all.
_SERVICES = {
    "HassTurnOn": {
        "": "turn_on",
        "cover": "open_cover",
        "valve": "open_valve",
        "lock": "lock",
    },
    "HassTurnOff": {
        "": "turn_off",
        "cover": "close_cover",
        "valve": "close_valve",
        "lock": "unlock",
    },
    "HassStopMoving": {"cover": "stop_cover", "valve": "stop_valve"},
    "HassVacuumStart": {"": "start"},
    "HassVacuumReturnToBase": {"": "return_to_base"},
    "HassLawnMowerStartMowing": {"": "start_mowing"},
    "HassLawnMowerDock": {"": "dock"},
    "HassMediaUnpause": {"": "media_play"},
    "HassMediaPause": {"": "media_pause"},
    "HassMediaNext": {"": "media_next_track"},
    "HassMediaPrevious": {"": "media_previous_track"},
    "HassMediaPlayerMute": {"": "volume_mute"},
    "HassMediaPlayerUnmute": {"": "volume_unmute"},
    "HassLightSet": {"": "turn_on"},
    "HassSetPosition": {"cover": "set_cover_position", "valve": "set_valve_position"},
    "HassFanSetSpeed": {"": "set_percentage"},
    "HassClimateSetTemperature": {"": "set_temperature"},
    "HassSetVolume": {"": "volume_set"},
}
_SLOTS = {
    ("HassLightSet", "brightness"): ("brightness_pct", 1),
    ("HassLightSet", "color"): ("color_name", None),
    ("HassLightSet", "temperature"): ("color_temp_kelvin", 1),
    ("HassSetPosition", "position"): ("position", 1),
    ("HassFanSetSpeed", "percentage"): ("percentage", 1),
    ("HassClimateSetTemperature", "temperature"): ("temperature", 1),
    ("HassSetVolume", "volume_level"): ("volume_level", 0.01),
}
# The same for what was meant, written down independently of the tools.
_MEANT = {
    "on": {"": "turn_on"},
    "off": {"": "turn_off"},
    "open": {"cover": "open_cover", "valve": "open_valve"},
    "close": {"cover": "close_cover", "valve": "close_valve"},
    "lock": {"lock": "lock"},
    "unlock": {"lock": "unlock"},
    "stop": {"cover": "stop_cover", "valve": "stop_valve"},
    "start": {"vacuum": "start", "lawn_mower": "start_mowing"},
    "dock": {"vacuum": "return_to_base", "lawn_mower": "dock"},
    "play": {"media_player": "media_play"},
    "pause": {"media_player": "media_pause"},
    "next": {"media_player": "media_next_track"},
    "previous": {"media_player": "media_previous_track"},
    "mute": {"media_player": "volume_mute"},
    "unmute": {"media_player": "volume_unmute"},
    "louder": {"media_player": "volume_up"},
    "quieter": {"media_player": "volume_down"},
}
_DATA = {
    "brightness": ("turn_on", "brightness_pct", 1),
    "color": ("turn_on", "color_name", None),
    "kelvin": ("turn_on", "color_temp_kelvin", 1),
    "temperature": ("set_temperature", "temperature", 1),
    "position": ("set_cover_position", "position", 1),
    "volume": ("volume_set", "volume_level", 0.01),
    "speed": ("set_percentage", "percentage", 1),
}
# Nothing of these is switched by a word that is for all of an area.
_SWITCHED = ("lock", "cover", "valve", "climate", "vacuum", "lawn_mower")


@dataclass(frozen=True, slots=True)
class Effect:
    """One action on some devices."""

    service: str
    entities: frozenset[str]
    data: dict[str, Any] = field(default_factory=dict)


class WrongCall(Exception):
    """A call that the tools do not take; ``kind`` tells in what way."""

    def __init__(self, kind: str, text: str) -> None:
        """Note what is wrong."""
        super().__init__(text)
        self.kind = kind


def calls_in(text: str) -> tuple[Call, ...]:
    """Return the calls in what the model wrote, as a server parses them."""
    return tuple((found[1], json.loads(found[2])) for found in _CALL.finditer(text))


def effects(home: Home, calls: Iterable[Call], here: str | None = None) -> list[Effect]:
    """Return what calls do; raises where a tool would refuse one."""
    found: list[tuple[str, str, dict[str, Any]]] = []
    for tool, arguments in calls:
        try:
            checked = _SCHEMAS[tool](arguments)
        except (KeyError, vol.Invalid) as err:
            raise WrongCall(
                "a call that no tool takes", f"{tool} {arguments}: {err}"
            ) from err
        targets = find_targets(home.entities, checked, here=here)
        if isinstance(targets, str):
            raise WrongCall("named what is not there", f"{tool} {arguments}: {targets}")
        if tool == "state":
            continue
        for target in targets:
            try:
                planned = list(translate(tool, checked, target))
            except HomeAssistantError as err:
                raise WrongCall(
                    "wanted what the device cannot do", f"{tool} {arguments}: {err}"
                ) from err
            for call in planned:
                service, data = service_of(call.intent, call.slots, target.domain)
                found += [(service, e.entity_id, data) for e in target.entities]
    return _merged(found)


def service_of(
    intent: str, slots: dict[str, Any], domain: str
) -> tuple[str, dict[str, Any]]:
    """Return the action that one of Assist's tools takes on a domain."""
    if intent == "HassSetVolumeRelative":
        return f"{domain}.volume_{slots['volume_step']}", {}
    services = _SERVICES[intent]
    service = services.get(domain, services.get("", "unknown"))
    data = {}
    for slot, value in slots.items():
        name, scale = _SLOTS[intent, slot]
        data[name] = value * scale if scale else value
    return f"{domain}.{service}", data


def intended(goals: Sequence[Goal]) -> list[Effect]:
    """Return what is to happen."""
    found = []
    for goal in goals:
        data: dict[str, Any] = {}
        services = _MEANT.get(goal.action, {})
        for field_name, value in goal.values:
            service, name, scale = _DATA[field_name]
            services = {VALUES[field_name]: service}
            data[name] = value * scale if scale else value
        for thing in goal.things:
            domain = thing.domain
            service = services.get(domain) or (
                services.get("", "impossible") if domain not in _SWITCHED else ""
            )
            if domain == "climate" and goal.action in ("on", "off"):
                service = f"turn_{goal.action}"
            found.append((f"{domain}.{service}", thing.entity.entity_id, data))
    return _merged(found)


def _merged(found: list[tuple[str, str, dict[str, Any]]]) -> list[Effect]:
    """Make one effect of the same action on several devices."""
    merged: dict[tuple[str, str], Effect] = {}
    for service, entity_id, data in found:
        known = merged.get((service, str(data)))
        entities = known.entities if known else frozenset()
        merged[service, str(data)] = Effect(service, entities | {entity_id}, data)
    return list(merged.values())


def same(some: Sequence[Effect], others: Sequence[Effect]) -> bool:
    """Return whether two lists of effects come to the same."""
    return len(some) == len(others) and all(effect in others for effect in some)


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
        things.append(Thing(entity, entity.domain, Word(""), row["state"], attributes))
    return Home(tuple(sorted(things, key=lambda thing: order(thing.entity))))
