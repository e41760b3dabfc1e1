"""The compact tools as the model sees them; toolset.py makes them work."""

from collections.abc import Mapping
from typing import Any

from ..engines.chat import ToolSpec


def _values(kind: str, *names: str) -> dict[str, Any]:
    """Return properties of one JSON type."""
    return {name: {"type": kind} for name in names}


def _strings(*names: str) -> dict[str, Any]:
    """Return properties that are text."""
    return _values("string", *names)


def _tool(
    name: str,
    description: str,
    properties: Mapping[str, Any],
    required: tuple[str, ...] = (),
) -> ToolSpec:
    """Return a tool with these properties."""
    schema: dict[str, Any] = {"type": "object", "properties": dict(properties)}
    if required:
        schema["required"] = list(required)
    return ToolSpec(name=name, description=description, parameters=schema)


# Every word here is read before every first answer: a name that says it needs no
# description.
_PLACE = _strings("name", "area")

ACTIONS = (
    "on",
    "off",
    "open",
    "close",
    "lock",
    "unlock",
    "stop",
    "start",
    "dock",
    "play",
    "pause",
    "next",
    "previous",
    "mute",
    "unmute",
    "louder",
    "quieter",
)
CONTROL = _tool(
    "control",
    "Act on a device, or on all of a domain in an area, floor or home",
    {"action": {"enum": list(ACTIONS)}} | _PLACE | _strings("domain", "except"),
    ("action",),
)
SET = _tool(
    "set",
    "Set values, in percent where that fits",
    _PLACE
    | _strings("except")
    | _values("integer", "brightness")
    | _strings("color")
    | _values("integer", "kelvin")
    | _values("number", "temperature")
    | _values("integer", "position", "volume", "speed"),
)
STATE = _tool("state", "Read states", _PLACE | _strings("domain"))
LIST = _tool(
    "list",
    "Show a to-do list, or change an item of it",
    {"action": {"enum": ["show", "add", "complete", "remove"]}}
    | _strings("item", "name"),
    ("action",),
)
TIMER = _tool(
    "timer",
    "Use timers; a command is said to you when the time is over",
    {
        "action": {
            "enum": [
                "start",
                "cancel",
                "cancel all",
                "pause",
                "resume",
                "add",
                "subtract",
                "status",
            ],
        }
    }
    | _values("integer", "hours", "minutes", "seconds")
    | _strings("name", "command"),
    ("action",),
)
