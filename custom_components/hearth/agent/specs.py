"""Any LLM API's tools, slimmed to what a model needs to call them."""

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any

from homeassistant.helpers import llm
import probatio

from ..engines.chat import ToolSpec

# The rest of OpenAPI costs prompt tokens and tells a model nothing.
_KEPT = frozenset(
    {
        "anyOf",
        "description",
        "enum",
        "items",
        "maximum",
        "minimum",
        "properties",
        "required",
        "type",
    }
)
MOST_DESCRIPTION = 160


def spec_of(tool: llm.Tool, serializer: Callable[[Any], Any] | None = None) -> ToolSpec:
    """Return what the model is shown of a tool."""
    if isinstance(spec := getattr(tool, "spec", None), ToolSpec):
        return spec
    if isinstance(tool, llm.NamespacedTool):
        return replace(spec_of(tool.tool, serializer), name=tool.name)
    schema = probatio.to_openapi(
        tool.parameters, custom_serializer=serializer, openapi_version="3.1.0"
    )
    parameters = _slim(schema)
    parameters.setdefault("type", "object")
    parameters.setdefault("properties", {})
    return ToolSpec(tool.name, _first_sentence(tool.description or ""), parameters)


def _slim(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a schema without what only validators need."""
    slim: dict[str, Any] = {}
    for name, value in schema.items():
        if name not in _KEPT or value in ("", [], None):
            continue
        match name, value:
            case "properties", dict():
                slim[name] = {field: _slim(inner) for field, inner in value.items()}
            case "items", dict():
                slim[name] = _slim(value)
            case "anyOf", list():
                slim[name] = [_slim(inner) for inner in value]
            case "description", str():
                slim[name] = _first_sentence(value)
            case _:
                slim[name] = value
    return slim


def _first_sentence(text: str) -> str:
    """Return the first sentence of a description, or its beginning."""
    return text.split(". ", maxsplit=1)[0].strip()[:MOST_DESCRIPTION]
