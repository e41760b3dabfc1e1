"""Answers of a given structure: what the engine is held to, and whether it fits."""

from collections.abc import Mapping
from dataclasses import dataclass
import json
from math import ceil, floor
from typing import Any

from homeassistant.helpers import llm
import probatio

# Characters. No answer of a small model is as long.
_LONGEST_ANSWER = 1 << 20
# What a number may be where nobody said it.
_MOST = 1_000_000
_FENCE = "```"
# Characters. Between the parts of JSON, llama.cpp's grammars allow two line ends and
# 20 spaces (json-schema-to-grammar.cpp), and models without sense use them.
_SPACE = 22
# A character of a text may be written as six: a backslash, a u and four digits.
_ESCAPED = 6


class DoesNotFit(Exception):
    """An answer has not the structure that was asked for.

    Args:
        field: The field that is wrong, empty for the whole answer.
        reason: What is wrong with it.
    """

    def __init__(self, field: str, reason: str) -> None:
        """Keep what to tell."""
        super().__init__(f"{field}: {reason}" if field else reason)
        self.field = field
        self.reason = reason


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long an answer may get where the structure does not say it.

    Args:
        text: Characters of a text.
        items: Items of a list.
        strict: Whether everything that could be wrong is left out: numbers are
            whole and within their range, free objects are empty.
    """

    text: int
    items: int
    strict: bool = False


GENEROUS = Limits(text=600, items=20)
# From long to short; the first that surely ends in time is taken.
STRICT = tuple(
    Limits(text=text, items=items, strict=True)
    for text, items in ((200, 8), (100, 4), (48, 3), (24, 2), (12, 1), (6, 1))
)


def json_schema(structure: probatio.Schema) -> dict[str, Any]:
    """Return the JSON schema of a task's structure."""
    schema: dict[str, Any] = probatio.to_openapi(
        structure,
        custom_serializer=llm.selector_serializer,
        openapi_version="3.1.0",
    )
    return schema


def bounded(schema: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """Return a schema of which every answer comes to an end."""
    found = dict(schema)
    match found.get("type"):
        case "object":
            _bound_object(found, limits)
        case "array":
            items = found.get("items") or {"type": "string"}
            found["items"] = bounded(items, limits)
            most = min(limits.items, len(items.get("enum", ())) or limits.items)
            found.setdefault("maxItems", max(most, found.get("minItems", 0)))
        case "string" if not found.keys() & {"enum", "format"}:
            found.setdefault("maxLength", max(limits.text, found.get("minLength", 0)))
        case "number" | "integer" if limits.strict and "enum" not in found:
            found = _whole_number(found)
    return found


def _bound_object(found: dict[str, Any], limits: Limits) -> None:
    """Bound what is in an object."""
    properties = found.get("properties")
    if properties:
        found["properties"] = {
            name: bounded(inner, limits) for name, inner in properties.items()
        }
        found["additionalProperties"] = False
    elif limits.strict:
        found |= {"properties": {}, "additionalProperties": False}


def _whole_number(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a number as a whole one in its range, where there is one in it."""
    low = ceil(schema.get("minimum", min(-_MOST, schema.get("maximum", 0))))
    high = floor(schema.get("maximum", max(_MOST, low)))
    if low > high:
        return dict(schema)
    return {**schema, "type": "integer", "minimum": low, "maximum": high}


def strict_limits(schema: Mapping[str, Any], characters: int) -> Limits:
    """Return the widest strict limits with which an answer is no longer than that."""
    for limits in STRICT:
        if longest(bounded(schema, limits)) <= characters:
            return limits
    return STRICT[-1]


def longest(schema: Mapping[str, Any]) -> int:
    """Return the most characters that an answer by a bounded schema has."""
    return _SPACE + _longest(schema)


def _longest(schema: Mapping[str, Any]) -> int:
    """Return the most characters of a part of an answer, without space around it."""
    if options := schema.get("enum"):
        return max(len(json.dumps(option)) for option in options)
    match schema.get("type"):
        case "object":
            return 2 + sum(
                len(name) + 6 + 2 * _SPACE + longest(inner)
                for name, inner in schema.get("properties", {}).items()
            )
        case "array":
            return 2 + int(schema.get("maxItems", 1)) * (2 + longest(schema["items"]))
        case "string":
            return 2 + _ESCAPED * int(schema.get("maxLength", 32))
        case _:
            return 16


def read_answer(text: str, structure: probatio.Schema) -> Any:
    """Return the data of an answer; raises :class:`DoesNotFit`."""
    if len(text) > _LONGEST_ANSWER:
        raise DoesNotFit("", "it is too long")
    try:
        data = json.loads(_unfenced(text))
    except (ValueError, RecursionError) as err:
        raise DoesNotFit("", f"it is no whole JSON ({err})") from err
    try:
        structure(data)
    except probatio.Invalid as err:
        raise _misfit(err) from err
    return data


def _misfit(err: probatio.Invalid) -> DoesNotFit:
    """Return the first thing that is wrong, with the field it is wrong with."""
    if isinstance(err, probatio.MultipleInvalid):
        err = err.errors[0]
    return DoesNotFit(".".join(str(part) for part in err.path), err.error_message)


def _unfenced(text: str) -> str:
    """Return a text without the fence that some models put around JSON."""
    text = text.strip()
    if text.startswith(_FENCE) and text.endswith(_FENCE):
        _, _, text = text.removesuffix(_FENCE).partition("\n")
    return text
