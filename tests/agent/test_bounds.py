"""Schemas of which every answer comes to an end."""

import re
from typing import Any

from homeassistant.helpers.selector import selector
import probatio
import pytest

from custom_components.hearth.agent.bounds import (
    GENEROUS,
    STRICT,
    Limits,
    bounded,
    strict_limits,
)
from custom_components.hearth.agent.structure import json_schema

NARROW = Limits(text=10, items=2, strict=True)


def text(most: int, **more: Any) -> dict[str, Any]:
    """Return a text of plain characters."""
    span = f"{{{more.get('minLength', 0)},{most}}}"
    plain = rf"^[\u0020-\u0021\u0023-\u005B\u005D-\uD7FF\uE000-\uFFFD]{span}$"
    return {"type": "string", "maxLength": most, "pattern": plain} | more


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, text(10)),
        ({"type": "string", "minLength": 50}, text(50, minLength=50)),
        ({"type": "string", "maxLength": 5}, text(5)),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a"]}),
        ({"type": "string", "pattern": "^a$"}, {"type": "string", "pattern": "^a$"}),
        ({"type": "string", "format": "jinja2"}, text(10, format="jinja2")),
        ({"type": "array"}, {"type": "array", "items": text(10), "maxItems": 2}),
        (
            {"type": "array", "minItems": 3, "maxItems": 3, "format": "RGB"},
            {
                "type": "array",
                "items": {"type": "integer", "minimum": 0, "maximum": 255},
                "minItems": 3,
                "maxItems": 3,
                "format": "RGB",
            },
        ),
        (
            {"type": "array", "items": {"enum": ["a"]}, "uniqueItems": True},
            {
                "type": "array",
                "items": {"enum": ["a"]},
                "maxItems": 1,
                "uniqueItems": True,
            },
        ),
        (
            {"type": "array", "items": {"type": "boolean"}, "minItems": 3},
            {
                "type": "array",
                "items": {"type": "boolean"},
                "minItems": 3,
                "maxItems": 3,
            },
        ),
        (
            {"type": "number", "minimum": 0.5, "maximum": 9.5},
            {"type": "integer", "minimum": 1, "maximum": 9},
        ),
        (
            {"type": "number"},
            {"type": "integer", "minimum": -1_000_000, "maximum": 1_000_000},
        ),
        (
            {"type": "number", "minimum": 5},
            {"type": "integer", "minimum": 5, "maximum": 1_000_000},
        ),
        (
            {"type": "number", "minimum": 5_000_000},
            {"type": "integer", "minimum": 5_000_000, "maximum": 5_000_000},
        ),
        (
            {"type": "number", "maximum": -2_000_000},
            {"type": "integer", "minimum": -2_000_000, "maximum": -2_000_000},
        ),
        (
            {"type": "number", "minimum": 0.2, "maximum": 0.8},
            {"type": "number", "minimum": 0.2, "maximum": 0.8},
        ),
        (
            {"type": "object", "additionalProperties": True},
            {"type": "object", "properties": {}, "additionalProperties": False},
        ),
        ({"type": "boolean"}, {"type": "boolean"}),
    ],
)
def test_strict_bounds(schema: dict[str, Any], expected: dict[str, Any]) -> None:
    """Whatever follows a strict schema is within what was asked for, and ends."""
    before = repr(schema)
    assert bounded(schema, NARROW) == expected
    assert repr(schema) == before


def test_generous_bounds_change_no_meaning() -> None:
    """At first a model may use fractions and free objects."""
    schema = {
        "type": "object",
        "properties": {
            "free": {"type": "object", "additionalProperties": True},
            "number": {"type": "number", "minimum": 0.5},
        },
    }
    assert bounded(schema, GENEROUS) == schema | {"additionalProperties": False}


@pytest.mark.parametrize(
    ("characters", "limits"),
    [(1_000_000, STRICT[0]), (3000, STRICT[3]), (1, STRICT[-1])],
)
def test_limits_for_a_length(characters: int, limits: Limits) -> None:
    """The widest limits are taken with which an answer surely ends in time."""
    schema = {
        "type": "object",
        "properties": {
            "kind": {"type": "string", "enum": ["long name", "b"]},
            "number": {"type": "number"},
            "list": {
                "type": "array",
                "items": {
                    "type": "array",
                    "items": {"type": "array", "items": {"type": "string"}},
                },
            },
        },
    }
    assert strict_limits(schema, characters) == limits


@pytest.mark.parametrize(
    ("kind", "right", "wrong"),
    [
        ("date", ["2026-01-31", "1999-02-28"], ["2026-02-30", "0000-01-01"]),
        ("datetime", ["2026-12-24T23:59:59"], ["2026-13-01T00:00:00"]),
        ("entity", ["light.desk_lamp_2", "binary_sensor.a"], ["light", "a.b__c"]),
        ("text", ["", "é 家 {x}"], ['a"b', "a\\b", "a\nb", "\ud800"]),
        ("time", ["00:00:00", "23:59:59"], ["24:00:00", "10:00:00Z", "10:00"]),
    ],
)
def test_forms(kind: str, right: list[str], wrong: list[str]) -> None:
    """What a strict pattern lets through is what Home Assistant takes."""
    structure = probatio.Schema({"field": selector({kind: {}})})
    schema = bounded(json_schema(structure), STRICT[0])
    pattern = re.compile(schema["properties"]["field"]["pattern"])
    for value in right:
        assert pattern.search(value)
        assert structure({"field": value})
    assert not any(pattern.search(value) for value in wrong)


def test_forms_at_first() -> None:
    """Dates are the engine's business, unless it knows them in another way."""
    structure = probatio.Schema(
        {"d": selector({"date": {}}), "t": selector({"time": {}})}
    )
    fields = bounded(json_schema(structure), GENEROUS)["properties"]
    assert fields["d"] == {"type": "string", "format": "date", "maxLength": 40}
    assert fields["t"].keys() == {"type", "pattern", "maxLength"}
