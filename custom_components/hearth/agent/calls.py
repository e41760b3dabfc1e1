"""Repairing what a small model got nearly right in a tool call.

Most failures of small models are wrong arguments, not wrong intent: null and
empty values, fields the tool does not know, numbers as ``"30 %"``, JSON inside
strings, a name with another case, accent, article or plural. All of that can be
mended before the tool runs.
"""

import ast
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
import json
import re
from typing import Any

from ..engines.chat import ToolCall, ToolSpec
from .names import best_match, key

# Arguments longer than this are noise, not a call.
MAX_ARGUMENTS = 20_000
# Fields that models wrap the arguments into.
_WRAPPERS = ("arguments", "parameters", "args", "properties")
_BLANK = frozenset({"", "none", "null", "n/a", "any", "undefined"})
_NUMBER = re.compile(r"[-+]?\d+(?:[.,]\d+)?")


@dataclass(frozen=True, slots=True)
class RepairedCall:
    """A call that fits its tool, and what was done to make it fit."""

    name: str
    arguments: dict[str, Any]
    repairs: tuple[str, ...] = ()


def repair(
    call: ToolCall,
    tools: Mapping[str, ToolSpec],
    names: Iterable[str] = (),
    areas: Iterable[str] = (),
) -> RepairedCall:
    """Make a call fit the tool it means.

    Args:
        call: The call as the model made it.
        tools: The tools it may have meant, by name.
        names: Names and aliases of what is exposed.
        areas: Names of areas and floors.

    A call to a tool that does not exist comes back with its name unchanged; the
    caller lets it fail, so that the model is told.
    """
    notes: list[str] = []
    arguments = parse_arguments(call.arguments)
    if not isinstance(call.arguments, Mapping) and call.arguments:
        notes.append("arguments were text")
    name = _tool_name(call.name, tools)
    if name != call.name:
        notes.append(f"tool {call.name!r} is {name!r}")
    if (tool := tools.get(name)) is None:
        return RepairedCall(name, arguments, tuple(notes))
    fields: Mapping[str, Any] = tool.parameters.get("properties", {})
    arguments = _unwrap(arguments, fields)
    kept: dict[str, Any] = {}
    for field, value in arguments.items():
        target = _field(field, fields)
        if target is None or _is_blank(value):
            notes.append(f"dropped {field}={value!r}")
            continue
        fitted = _fit(value, fields[target])
        if fitted is None:
            notes.append(f"dropped {field}={value!r}")
            continue
        if fitted != value or target != field:
            notes.append(f"{field}={value!r} is {target}={fitted!r}")
        kept[target] = fitted
    places = tuple(areas) if "area" in fields else ()
    _match_names(kept, tuple(names), places, notes)
    return RepairedCall(name, kept, tuple(notes))


def parse_arguments(raw: Mapping[str, Any] | str) -> dict[str, Any]:
    """Read arguments as JSON, or as the Python that some models write instead."""
    if isinstance(raw, Mapping):
        return dict(raw)
    text = raw.strip()[:MAX_ARGUMENTS]
    for read in (json.loads, ast.literal_eval):
        try:
            value = read(text)
        except ValueError, SyntaxError, RecursionError, MemoryError, TypeError:
            continue
        if isinstance(value, str):
            return parse_arguments(value) if value.strip().startswith("{") else {}
        return dict(value) if isinstance(value, dict) else {}
    return {}


def _tool_name(said: str, tools: Mapping[str, ToolSpec]) -> str:
    """Find the tool that was meant: other case, or another prefix."""
    if said in tools:
        return said
    bare = key(said.rpartition("__")[2].rpartition(".")[2])
    found = [name for name in tools if key(name.rpartition("__")[2]) == bare]
    return found[0] if len(found) == 1 else said


def _unwrap(arguments: dict[str, Any], fields: Mapping[str, Any]) -> dict[str, Any]:
    """Take the arguments out of a wrapper that the tool does not have."""
    for wrapper in _WRAPPERS:
        inner = arguments.get(wrapper)
        if wrapper in fields or inner is None:
            continue
        if isinstance(inner, str):
            inner = parse_arguments(inner)
        if isinstance(inner, Mapping):
            rest = {name: value for name, value in arguments.items() if name != wrapper}
            return {**rest, **inner}
    return arguments


def _field(said: str, fields: Mapping[str, Any]) -> str | None:
    """Find the field that was meant, whatever its case."""
    if said in fields:
        return said
    return best_match(said, fields)


def _is_blank(value: object) -> bool:
    """Return whether a value says nothing."""
    if isinstance(value, str):
        return value.strip().casefold() in _BLANK
    return value is None or value in ([], {})


def _fit(value: Any, schema: Mapping[str, Any]) -> Any:
    """Return the value in the type that the schema asks for, or ``None``."""
    # Where the words are listed, a type would only cost tokens.
    kind = schema.get("type", "string" if "enum" in schema else None)
    if (
        isinstance(value, str)
        and value.lstrip().startswith(("[", "{"))
        and kind in ("array", "object", "string")
    ):
        value = _inner_json(value)
    match kind:
        case "integer" | "number":
            return _number(value, whole=kind == "integer")
        case "boolean":
            return _boolean(value)
        case "array":
            items = value if isinstance(value, list) else [value]
            inner = schema.get("items", {})
            return [x for x in (_fit(item, inner) for item in items) if x is not None]
        case "string":
            return _string(value, schema)
        case _:
            return value


def _inner_json(text: str) -> Any:
    """Read JSON that stands inside a string; the string itself where it is none."""
    try:
        return json.loads(text[:MAX_ARGUMENTS])
    except ValueError, RecursionError:
        return text


def _string(value: Any, schema: Mapping[str, Any]) -> str | None:
    """Return a string, one of the allowed ones where there are such."""
    if isinstance(value, list):
        value = value[0] if len(value) == 1 else ", ".join(map(str, value))
    if isinstance(value, bool | dict):
        value = json.dumps(value)
    text = str(value).strip()
    if "enum" not in schema:
        return text
    allowed = [str(item) for item in schema["enum"]]
    return text if text in allowed else best_match(text, allowed)


def _number(value: Any, *, whole: bool) -> int | float | None:
    """Return a number, also out of ``"30 %"`` or ``"21,5 °C"``."""
    if isinstance(value, list) and len(value) == 1:
        value = value[0]
    if isinstance(value, str):
        found = _NUMBER.search(value)
        value = float(found[0].replace(",", ".")) if found else None
    if isinstance(value, bool) or not isinstance(value, int | float):
        return None
    if whole:
        return round(value) if abs(value) < 1e9 else None
    return value


def _boolean(value: Any) -> bool | None:
    """Return a truth value, also out of words."""
    if isinstance(value, bool):
        return value
    match str(value).strip().casefold():
        case "true" | "yes" | "on" | "1":
            return True
        case "false" | "no" | "off" | "0":
            return False
        case _:
            return None


def _match_names(
    arguments: dict[str, Any],
    names: tuple[str, ...],
    areas: tuple[str, ...],
    notes: list[str],
) -> None:
    """Write names as they are exposed, and put an area's name where it belongs."""
    for field, known in (("name", names), ("area", areas), ("floor", areas)):
        said = arguments.get(field)
        if not isinstance(said, str) or said in known:
            continue
        match = best_match(said, known)
        if match is not None:
            arguments[field] = match
            notes.append(f"{field} {said!r} is {match!r}")
    said = arguments.get("name")
    if (
        isinstance(said, str)
        and "area" not in arguments
        and best_match(said, names) is None
        and said not in names
        and (area := best_match(said, areas))
    ):
        del arguments["name"]
        arguments["area"] = area
        notes.append(f"name {said!r} is the area {area!r}")
