"""Structures of answers: how they are said, and what fits."""

from homeassistant.helpers.selector import selector
import probatio
import pytest

from custom_components.hearth.agent.structure import (
    DoesNotFit,
    in_words,
    json_schema,
    read_answer,
)


@pytest.mark.parametrize(
    ("text", "field"),
    [
        ("", ""),
        ("nothing", ""),
        ('{"a": 1', ""),
        ("[" * 50_000, ""),
        ('"' + "x" * (1 << 20) + '"', ""),
        ('{"a": NaN}', ""),
        ('{"a": 1e999}', ""),
        ('{"a": 1, "d": "\\ud800"}', ""),
        ('{"a": 1, "d": ' + '{"d": ' * 400 + "0" + "}" * 401, ""),
        ("{}", "a"),
        ('{"a": "x"}', "a"),
        ('{"a": 1, "b": [{"c": 5}]}', "b.0.c"),
    ],
)
def test_what_does_not_fit(text: str, field: str) -> None:
    """The first field that is wrong is named, however deep it is."""
    structure = probatio.Schema(
        {
            probatio.Required("a"): int,
            "b": [{"c": probatio.Range(max=3)}],
            "d": object,
        }
    )
    with pytest.raises(DoesNotFit) as caught:
        read_answer(text, structure)
    assert caught.value.field == field
    assert caught.value.reason


def test_what_fits() -> None:
    """Data come back as the model wrote them."""
    structure = probatio.Schema({"a": probatio.Coerce(float)})
    assert read_answer(' {"a": 1} ', structure) == {"a": 1}


def test_in_words() -> None:
    """The model is told every field, what it is for and what it may be."""
    fields = {"on": {"selector": {"boolean": {}}, "required": True}}
    structure = probatio.Schema(
        {
            probatio.Required("who", description="Their first name"): selector(
                {"text": {}}
            ),
            probatio.Required("mood"): selector({"select": {"options": ["a", "b"]}}),
            "when": selector({"time": {}}),
            "many": selector({"text": {"multiple": True}}),
            "level": selector({"number": {"min": 0, "max": 9.5}}),
            "low": selector({"number": {"min": 2, "mode": "box"}}),
            "free": selector({"condition": {}}),
            probatio.Optional("lamps", description="All of them"): selector(
                {"object": {"multiple": True, "fields": fields}}
            ),
        }
    )
    assert in_words(json_schema(structure)).split("\n") == [
        "Answer as JSON with:",
        "- who: text: Their first name",
        '- mood: "a" or "b"',
        "- when: time, optional",
        "- many: list of text, optional",
        "- level: number from 0 up to 9.5, optional",
        "- low: number from 2, optional",
        "- free: list of text, optional",
        "- lamps: list of object, optional: All of them",
        "  - on: true or false",
    ]
