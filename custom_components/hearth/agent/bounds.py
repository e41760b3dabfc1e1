"""Schemas of which every answer comes to an end, and is what Home Assistant takes."""

from collections.abc import Mapping
from dataclasses import dataclass
import json
from math import ceil, floor
from typing import Any

# What a number may be where nobody said it.
_MOST = 1_000_000
# Characters of a text of a known form: a date, an entity's id.
_FORMAL = 40
# Characters. Between the parts of JSON, llama.cpp's grammars allow two line ends and
# 20 spaces (json-schema-to-grammar.cpp), and models without sense use them.
_SPACE = 22
# Bytes of a character of a text; each may be a token of its own.
_BYTES = 3

_TIME = "([01][0-9]|2[0-3]):[0-5][0-9]:[0-5][0-9]"
# Days that are in the calendar of every year.
_DATE = (
    "(19|20)[0-9]{2}-("
    "(01|03|05|07|08|10|12)-(0[1-9]|[12][0-9]|3[01])|"
    "(04|06|09|11)-(0[1-9]|[12][0-9]|30)|"
    "02-(0[1-9]|1[0-9]|2[0-8]))"
)
# Forms that engines do not know, or know in a way that Home Assistant does not: a
# time of JSON schema ends with a time zone.
_FORMS = {
    "entity_id": (
        r"^[a-z]{2,16}(_[a-z]{2,16}){0,2}\.[a-z0-9]{1,16}(_[a-z0-9]{1,16}){0,4}$"
    ),
    "time": f"^{_TIME}$",
}
# Engines know these, but let through what is in no calendar.
_STRICT_FORMS = _FORMS | {"date": f"^{_DATE}$", "date-time": f"^{_DATE}T{_TIME}$"}
# All that can stand in a text without a backslash, and is surely a character: models
# with bytes among their tokens may put together what is none.
_CHARACTERS = r"[\u0020-\u0021\u0023-\u005B\u005D-\uD7FF\uE000-\uFFFD]"
_BYTE = {"type": "integer", "minimum": 0, "maximum": 255}


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """How long an answer may get where the structure does not say it.

    Args:
        text: Characters of a text.
        items: Items of a list.
        strict: Whether everything that could be wrong is left out: numbers are
            whole and within their range, free objects are empty, texts plain.
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


def bounded(schema: Mapping[str, Any], limits: Limits) -> dict[str, Any]:
    """Return a schema of which every answer comes to an end."""
    found = dict(schema)
    match found.get("type"):
        case "object":
            _bound_object(found, limits)
        case "array":
            _bound_list(found, limits)
        case "string" if not found.keys() & {"enum", "pattern"}:
            _bound_text(found, limits)
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


def _bound_list(found: dict[str, Any], limits: Limits) -> None:
    """Bound a list and its items."""
    items = found.get("items") or {"type": "string"}
    if found.get("format") == "RGB":
        items = _BYTE
    found["items"] = bounded(items, limits)
    most = min(limits.items, len(items.get("enum", ())) or limits.items)
    found.setdefault("maxItems", max(most, found.get("minItems", 0)))


def _bound_text(found: dict[str, Any], limits: Limits) -> None:
    """Bound a text, and see to its form where that is known."""
    form = found.get("format")
    if form in _STRICT_FORMS:
        if pattern := (_STRICT_FORMS if limits.strict else _FORMS).get(form):
            found["pattern"] = pattern
            del found["format"]
        found.setdefault("maxLength", _FORMAL)
        return
    least = found.get("minLength", 0)
    most = found.setdefault("maxLength", max(limits.text, least))
    if limits.strict:
        found["pattern"] = f"^{_CHARACTERS}{{{least},{most}}}$"


def _whole_number(schema: Mapping[str, Any]) -> dict[str, Any]:
    """Return a number as a whole one in its range, where there is one in it."""
    low = ceil(schema.get("minimum", min(-_MOST, schema.get("maximum", 0))))
    high = floor(schema.get("maximum", max(_MOST, low)))
    if low > high:
        return dict(schema)
    return {**schema, "type": "integer", "minimum": low, "maximum": high}


def strict_limits(schema: Mapping[str, Any], tokens: int) -> Limits:
    """Return the widest strict limits with which an answer is no longer than that."""
    for limits in STRICT:
        if longest(bounded(schema, limits)) <= tokens:
            return limits
    return STRICT[-1]


def longest(schema: Mapping[str, Any]) -> int:
    """Return the most tokens that an answer by a strict schema has."""
    return _SPACE + _longest(schema)


def _longest(schema: Mapping[str, Any]) -> int:
    """Return the most tokens of a part of an answer, without space around it."""
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
            return 2 + _BYTES * int(schema.get("maxLength", _FORMAL))
        case _:
            return 16
