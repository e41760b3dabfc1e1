"""Tool calls on their way to an engine and back."""

from collections.abc import Mapping
import json
from typing import Any

from .chat import ToolCall, ToolSpec


def read_arguments(written: object) -> Mapping[str, Any] | str:
    """Return arguments as an object, or as the text a model wrote."""
    if isinstance(written, dict):
        return written
    if written is None:
        return {}
    if not isinstance(written, str):
        return json.dumps(written)
    if not written.strip():
        return {}
    found = _object_in(written)
    return written if found is None else found


def object_arguments(call: ToolCall) -> Mapping[str, Any]:
    """Return arguments as the object that engines insist on in a chat's past."""
    if isinstance(call.arguments, str):
        return _object_in(call.arguments) or {}
    return call.arguments


def _object_in(written: str) -> dict[str, Any] | None:
    """Return the JSON object that a text is, if it is one."""
    try:
        found = json.loads(written)
    except ValueError, RecursionError:
        return None
    return found if isinstance(found, dict) else None


def describe_tool(tool: ToolSpec) -> dict[str, Any]:
    """Return a tool in the form that all dialects share."""
    return {
        "type": "function",
        "function": {
            "name": tool.name,
            "description": tool.description,
            "parameters": dict(tool.parameters),
        },
    }
