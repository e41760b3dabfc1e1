"""Calling Home Assistant's own Assist tools on behalf of the compact ones."""

from collections.abc import Iterable, Mapping
from typing import Any

from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
import voluptuous as vol

from ..engines.chat import ToolSpec


def intent_name(tool: str) -> str:
    """Return a tool's name without the integration that provides it."""
    return tool.rpartition("__")[2]


def available(assist: llm.APIInstance) -> set[str]:
    """Return what Assist can do in this home, for who asks."""
    return {intent_name(tool.name) for tool in assist.tools}


async def async_call_assist(
    assist: llm.APIInstance, intent: str, slots: Mapping[str, Any]
) -> llm.ToolResult:
    """Call the tool of Assist that stands for an intent.

    Raises:
        HomeAssistantError: there is none in this home, or it failed.
        vol.Invalid: the slots are not what it takes.
    """
    for tool in assist.tools:
        if intent_name(tool.name) == intent:
            return await assist.async_call_tool(
                llm.ToolInput(tool_name=tool.name, tool_args=dict(slots))
            )
    raise HomeAssistantError(f"This home cannot do that ({intent})")


def schema_of(spec: ToolSpec) -> vol.Schema:
    """Return the validator of a compact tool's arguments."""
    required: Iterable[str] = spec.parameters.get("required", ())
    fields: dict[Any, Any] = {}
    for name, field in spec.parameters["properties"].items():
        marker = vol.Required if name in required else vol.Optional
        fields[marker(name, description=field.get("description"))] = _validator(field)
    return vol.Schema(fields)


def _validator(field: Mapping[str, Any]) -> Any:
    """Return the validator of one argument."""
    if "enum" in field:
        return vol.In(field["enum"])
    return {"integer": vol.Coerce(int), "number": vol.Coerce(float)}.get(
        field["type"], str
    )
