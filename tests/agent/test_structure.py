"""Structures of answers: bounds, and what fits."""

from typing import Any

import probatio
import pytest

from custom_components.hearth.agent.structure import (
    GENEROUS,
    STRICT,
    DoesNotFit,
    Limits,
    bounded,
    read_answer,
    strict_limits,
)

NARROW = Limits(text=10, items=2, strict=True)


@pytest.mark.parametrize(
    ("schema", "expected"),
    [
        ({"type": "string"}, {"type": "string", "maxLength": 10}),
        (
            {"type": "string", "minLength": 50},
            {"type": "string", "minLength": 50, "maxLength": 50},
        ),
        ({"type": "string", "maxLength": 5}, {"type": "string", "maxLength": 5}),
        ({"type": "string", "enum": ["a"]}, {"type": "string", "enum": ["a"]}),
        ({"type": "string", "format": "date"}, {"type": "string", "format": "date"}),
        (
            {"type": "array"},
            {
                "type": "array",
                "items": {"type": "string", "maxLength": 10},
                "maxItems": 2,
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
    [(1_000_000, STRICT[0]), (5000, STRICT[3]), (1, STRICT[-1])],
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
    ("text", "field"),
    [
        ("", ""),
        ("nothing", ""),
        ('{"a": 1', ""),
        ("[" * 50_000, ""),
        ('"' + "x" * (1 << 20) + '"', ""),
        ("{}", "a"),
        ('{"a": "x"}', "a"),
        ('{"a": 1, "b": [{"c": 5}]}', "b.0.c"),
    ],
)
def test_what_does_not_fit(text: str, field: str) -> None:
    """The first field that is wrong is named, however deep it is."""
    structure = probatio.Schema(
        {probatio.Required("a"): int, "b": [{"c": probatio.Range(max=3)}]}
    )
    with pytest.raises(DoesNotFit) as caught:
        read_answer(text, structure)
    assert caught.value.field == field
    assert caught.value.reason


def test_what_fits() -> None:
    """Data come back as the model wrote them."""
    structure = probatio.Schema({"a": probatio.Coerce(float)})
    assert read_answer(' {"a": 1} ', structure) == {"a": 1}
