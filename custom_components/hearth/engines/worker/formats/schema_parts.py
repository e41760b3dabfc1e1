"""What is in a JSON schema, which may be anything."""

from collections.abc import Mapping
import math
from typing import Any

from .gbnf import SchemaError

type JsonObject = dict[str, Any]

# Counts above this are left open: llama.cpp writes every repetition out.
_MOST_REPEATED = 500


def parts_of(schema: JsonObject) -> list[tuple[str, object, bool]]:
    """Return an object's keys, what each is, and whether it must be there."""
    needed = list_in(schema, "required")
    return [(k, p, k in needed) for k, p in object_in(schema, "properties").items()]


def types_of(schema: JsonObject | None) -> dict[str, tuple[str, ...]]:
    """Return the types that a schema names for each of an object's keys."""
    properties = object_in(schema or {}, "properties")
    return {key: types_of_value(part) for key, part in properties.items()}


def types_of_value(schema: object) -> tuple[str, ...]:
    """Return the types that a schema names; none where any type will do."""
    if not isinstance(schema, dict):
        return ()
    found = schema.get("type")
    kinds = found if isinstance(found, list) else [found]
    if found is None:
        kinds = [k for key, k in _TELLING if key in schema][:1]
        values = [schema["const"]] if "const" in schema else list_in(schema, "enum")
        kinds = kinds or [_kind(value) for value in values]
        for key in ("anyOf", "oneOf"):
            for part in list_in(schema, key):
                kinds += types_of_value(part)
    if schema.get("nullable") is True:
        kinds = [*kinds, "null"]
    if unknown := [kind for kind in kinds if kind not in _KINDS]:
        raise SchemaError(f"The schema has an unknown type: {unknown[0]!r:.40}")
    return tuple(dict.fromkeys(kinds))


_KINDS = frozenset("array boolean integer null number object string".split())
_TELLING = (
    ("properties", "object"),
    ("additionalProperties", "object"),
    ("items", "array"),
    ("prefixItems", "array"),
    ("minLength", "string"),
    ("maxLength", "string"),
    ("pattern", "string"),
    ("minimum", "number"),
    ("maximum", "number"),
)


def _kind(value: object) -> str:
    """Return the type of a value."""
    if value is None:
        return "null"
    kinds = {
        bool: "boolean",
        dict: "object",
        int: "integer",
        list: "array",
        str: "string",
    }
    return kinds.get(type(value), "number")


def object_in(schema: JsonObject, key: str) -> Mapping[str, Any]:
    """Return an object in a schema; empty where there is none."""
    found = schema.get(key)
    return found if isinstance(found, dict) else {}


def list_in(schema: JsonObject, key: str) -> list[Any]:
    """Return a list in a schema; empty where there is none."""
    found = schema.get(key)
    return found if isinstance(found, list) else []


def without(schema: JsonObject, key: str) -> JsonObject:
    """Return a schema without one of its keys."""
    return {k: v for k, v in schema.items() if k != key}


def _number(schema: JsonObject, key: str) -> float | None:
    """Return a number in a schema, where there is one."""
    found = schema.get(key)
    if isinstance(found, bool) or not isinstance(found, int | float):
        return None
    return found if math.isfinite(found) else None


def limits(schema: JsonObject, *, whole: bool) -> tuple[float | None, float | None]:
    """Return the least and the greatest number allowed."""
    low, high = _number(schema, "minimum"), _number(schema, "maximum")
    above = _number(schema, "exclusiveMinimum")
    below = _number(schema, "exclusiveMaximum")
    if above is not None:
        above = math.floor(above) + 1 if whole else above
        low = above if low is None else max(low, above)
    if below is not None:
        below = math.ceil(below) - 1 if whole else below
        high = below if high is None else min(high, below)
    return low, high


def counts(schema: JsonObject, least: str, most: str) -> tuple[int, int | None]:
    """Return how often something may be repeated."""
    low, high = _number(schema, least), _number(schema, most)
    fewest = min(max(int(low or 0), 0), _MOST_REPEATED)
    if high is None or high > _MOST_REPEATED:
        return fewest, None
    return fewest, max(int(high), fewest)


def repeated(schema: JsonObject, least: str, most: str) -> str:
    """Return how often something may be repeated, as a grammar has it."""
    low, high = counts(schema, least, most)
    if high is None:
        return f"{{{low},}}" if low else "*"
    return f"{{{low},{high}}}"
