"""The compact tools as the model sees them; toolset.py makes them work."""

from collections.abc import Mapping
from typing import Any

from ..engines.base import ToolSpec


def _strings(**descriptions: str) -> dict[str, Any]:
    """Return string properties; an empty description is left out."""
    return {
        name: {"type": "string"} | ({"description": text} if text else {})
        for name, text in descriptions.items()
    }


def _tool(
    name: str,
    description: str,
    properties: Mapping[str, Any],
    required: tuple[str, ...] = (),
) -> ToolSpec:
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    if required:
        schema["required"] = list(required)
    return ToolSpec(name=name, description=description, parameters=schema)


def _actions(*names: str) -> dict[str, Any]:
    return {"action": {"type": "string", "enum": list(names)}}


CONTROL = _tool(
    "control",
    "Switch, open, lock or start one device by name, or all of a domain in an area",
    _actions("on", "off", "open", "close", "lock", "unlock", "stop", "start", "dock")
    | _strings(name="", area="area, floor or home", domain=""),
    ("action",),
)
SET = _tool(
    "set",
    "Set values of a device or of an area",
    _strings(name="", area="area or floor")
    | {
        "brightness": {"type": "integer", "description": "percent"},
        "color": {"type": "string"},
        "kelvin": {"type": "integer"},
        "temperature": {"type": "number"},
        "position": {"type": "integer", "description": "percent open"},
        "volume": {"type": "integer", "description": "percent"},
        "speed": {"type": "integer", "description": "percent"},
    },
)
MEDIA = _tool(
    "media",
    "Control a player",
    _actions("play", "pause", "next", "previous", "mute", "unmute", "louder", "quieter")
    | _strings(name="", area=""),
    ("action",),
)
STATE = _tool(
    "state",
    "Present states that you were not told",
    _strings(name="", area="", domain=""),
)
