"""Tool calls that small models got nearly right."""

from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.hearth.agent.calls import parse_arguments, repair
from custom_components.hearth.agent.compact import CONTROL, SET, STATE
from custom_components.hearth.engines.chat import ToolCall, ToolSpec

OTHER = ToolSpec(
    "intent__HassTurnOn",
    "",
    {
        "type": "object",
        "properties": {
            "name": {"type": "string"},
            "area": {"type": "string"},
            "floor": {"type": "string"},
            "domain": {"type": "array", "items": {"type": "string"}},
            "quiet": {"type": "boolean"},
            "anything": {},
        },
    },
)
TOOLS = {tool.name: tool for tool in (CONTROL, SET, STATE, OTHER)}
NAMES = ("Kitchen ceiling", "Café lamp", "Bedroom blinds", "Kitchen")
AREAS = ("Kitchen", "Living Room", "Upstairs")


def mended(name: str, arguments: Mapping[str, Any] | str) -> tuple[str, dict[str, Any]]:
    """Return tool and arguments after repair."""
    call = repair(ToolCall("1", name, arguments), TOOLS, NAMES, AREAS)
    return call.name, call.arguments


def test_a_right_call_stays() -> None:
    """Nothing is done to a call that fits."""
    arguments = {"action": "on", "name": "Kitchen ceiling"}
    call = repair(ToolCall("1", "control", arguments), TOOLS, NAMES, AREAS)
    assert (call.name, call.arguments, call.repairs) == ("control", arguments, ())


@pytest.mark.parametrize(
    "arguments",
    [
        '{"action": "on", "name": "Kitchen ceiling"}',
        "{'action': 'on', 'name': 'Kitchen ceiling'}",
        '"{\\"action\\": \\"on\\", \\"name\\": \\"Kitchen ceiling\\"}"',
        {"arguments": {"action": "on", "name": "Kitchen ceiling"}},
        {"parameters": '{"action": "on", "name": "Kitchen ceiling"}'},
        {"Action": "On", "NAME": "kitchen ceilings"},
        {"action": "on", "name": ["Kitchen ceiling"]},
        {"action": "on", "name": '["Kitchen ceiling"]'},
        {"action": "on", "name": "Kitchen ceiling", "area": None},
        {"action": "on", "name": "Kitchen ceiling", "domain": "null"},
        {"action": "on", "name": "Kitchen ceiling", "device_class": ["x"]},
        {"action": "on", "name": "Kitchen ceiling", "area": []},
    ],
)
def test_wrapped_and_superfluous(arguments: Mapping[str, Any] | str) -> None:
    """Wrappers, text, blanks and unknown fields go; what was meant stays."""
    assert mended("control", arguments) == (
        "control",
        {"action": "on", "name": "Kitchen ceiling"},
    )


@pytest.mark.parametrize("text", ["", "nonsense", "[1, 2]", '"text"', "{" * 100_000])
def test_unreadable_arguments(text: str) -> None:
    """Text that holds no object gives no arguments, and no error."""
    assert parse_arguments(text) == {}


@pytest.mark.parametrize(
    ("field", "said", "meant"),
    [
        ("brightness", "30 %", 30),
        ("brightness", "30.4", 30),
        ("brightness", [30], 30),
        ("temperature", "21,5 °C", 21.5),
        ("temperature", -3, -3),
        ("brightness", "bright", None),
        ("brightness", True, None),
        ("brightness", 1e300, None),
        ("color", "red", "red"),
        ("color", 5, "5"),
        ("color", {"a": 1}, '{"a": 1}'),
    ],
)
def test_values(field: str, said: object, meant: object) -> None:
    """Values get the type that the tool asks for, or go."""
    name, arguments = mended("set", {"name": "Café lamp", field: said})
    assert name == "set"
    assert arguments.get(field) == meant
    assert (field in arguments) is (meant is not None)


def test_enumerations() -> None:
    """A value that is not allowed goes, one that nearly is is put right."""
    assert mended("control", {"action": "ON"})[1] == {"action": "on"}
    assert mended("control", {"action": "explode"})[1] == {}


def test_lists_and_truths() -> None:
    """Lists and truth values are made of what models write instead."""
    _, arguments = mended(
        "intent__HassTurnOn",
        {"domain": '["light"]', "quiet": "yes", "anything": {"deep": 1}},
    )
    assert arguments == {"domain": ["light"], "quiet": True, "anything": {"deep": 1}}
    assert mended("intent__HassTurnOn", {"domain": "light"})[1] == {"domain": ["light"]}
    assert mended("intent__HassTurnOn", {"quiet": "off"})[1] == {"quiet": False}
    assert mended("intent__HassTurnOn", {"quiet": True})[1] == {"quiet": True}
    assert mended("intent__HassTurnOn", {"quiet": "perhaps"})[1] == {}
    assert mended("intent__HassTurnOn", {"domain": "[broken"})[1] == {
        "domain": ["[broken"]
    }


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("HassTurnOn", "intent__HassTurnOn"),
        ("intent.HassTurnOn", "intent__HassTurnOn"),
        ("Control", "control"),
        ("hearth__control", "control"),
        ("explode", "explode"),
    ],
)
def test_tool_names(said: str, meant: str) -> None:
    """A tool is found by its bare name; an unknown one stays unknown."""
    assert mended(said, {})[0] == meant


def test_an_area_in_the_wrong_field() -> None:
    """An area that stands in the field of the name is an area."""
    assert mended("control", {"action": "off", "name": "living room"})[1] == {
        "action": "off",
        "area": "Living Room",
    }
    # A device of that name goes before an area.
    assert mended("control", {"action": "off", "name": "kitchen"})[1] == {
        "action": "off",
        "name": "Kitchen",
    }
    assert mended("control", {"action": "off", "area": "the living-room"})[1] == {
        "action": "off",
        "area": "Living Room",
    }


def test_what_was_repaired_is_told() -> None:
    """Every repair leaves a note for the trace."""
    call = repair(
        ToolCall("1", "Control", '{"action": "ON", "name": "cafe lamps", "x": 1}'),
        TOOLS,
        NAMES,
        AREAS,
    )
    assert call.repairs == (
        "arguments were text",
        "tool 'Control' is 'control'",
        "action='ON' is action='on'",
        "dropped x=1",
        "name 'cafe lamps' is 'Café lamp'",
    )
