"""Schemas that only allow what the home has."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.hearth.agent.compact import (
    ACTIONS,
    CONTROL,
    LIST,
    SET,
    STATE,
    TIMER,
)
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.strict import strict
from custom_components.hearth.agent.surely import Meant
from custom_components.hearth.agent.translate import actions_of
from custom_components.hearth.engines.chat import ToolSpec

ENTITIES = (
    ExposedEntity(
        entity_id="light.a",
        name="Lamp",
        aliases=("Glow", "Shine"),
        area="Attic",
        floor="Top",
    ),
    ExposedEntity(entity_id="binary_sensor.b", name="Lamp contact", area="Attic"),
    ExposedEntity(entity_id="lock.c", name="Door"),
    ExposedEntity(entity_id="media_player.d", name="Radio", area="Attic"),
    ExposedEntity(entity_id="switch.e", name="Pump"),
)
NAMES = ["Lamp", "Glow", "Shine", "Lamp contact", "Door", "Radio", "Pump"]


def schema(tool: ToolSpec) -> dict[str, Any]:
    """Return a tool's strict schema."""
    found = strict((tool,), ENTITIES)[tool.name].strict
    assert found is not None
    return dict(found)


def branch(tool: ToolSpec, deed: str) -> dict[str, Any]:
    """Return the fields of the one branch that has an action or a value."""
    (fields,) = (
        one["properties"]
        for one in schema(tool)["anyOf"]
        if deed in one["properties"].get("action", {"enum": one["properties"]})["enum"]
    )
    return dict(fields)


def test_what_the_home_has() -> None:
    """Names with their aliases, places with the whole home, and kinds of devices."""
    told = strict((CONTROL, SET, STATE), ENTITIES)
    assert list(told) == ["control", "set", "state"]
    assert told["control"].parameters is CONTROL.parameters
    fields = schema(STATE)["properties"]
    assert fields["name"] == {"enum": NAMES}
    assert fields["area"] == {"enum": ["Attic", "Top", "home"]}
    assert fields["domain"] == {
        "enum": ["light", "sensor", "lock", "media_player", "switch"]
    }


def test_who_can_do_what() -> None:
    """An action goes with what can do it; nothing is done to a sensor."""
    switched = ["Lamp", "Glow", "Shine", "Radio", "Pump"]
    assert branch(CONTROL, "on")["action"] == {"enum": ["on", "off"]}
    assert branch(CONTROL, "on")["name"] == {"enum": switched}
    assert branch(CONTROL, "unlock")["name"] == {"enum": ["Door"]}
    assert branch(CONTROL, "unlock")["domain"] == {"enum": ["lock"]}
    assert branch(CONTROL, "louder")["name"] == {"enum": ["Radio"]}
    # Assist pauses what is told to stop.
    assert branch(CONTROL, "stop")["name"] == {"enum": ["Radio"]}
    assert all(one["required"] == ["action"] for one in schema(CONTROL)["anyOf"])
    actions = [
        action
        for one in schema(CONTROL)["anyOf"]
        for action in one["properties"]["action"]["enum"]
    ]
    assert sorted(actions) == sorted(ACTIONS)


def test_order() -> None:
    """What a branch asks for comes in the order that models have learned."""
    assert list(branch(CONTROL, "on")) == list(CONTROL.parameters["properties"])
    assert list(branch(SET, "volume")) == ["name", "area", "except", "volume"]


def test_who_has_what() -> None:
    """A value goes with what has it."""
    assert branch(SET, "volume")["name"] == {"enum": ["Radio"]}
    assert "brightness" not in branch(SET, "volume")
    assert branch(SET, "color")["name"] == {"enum": ["Lamp", "Glow", "Shine"]}
    # Models say temperature for a light's color temperature, too.
    assert branch(SET, "temperature")["name"] == {"enum": ["Lamp", "Glow", "Shine"]}


def test_what_nothing_can_do() -> None:
    """It is tried with any name, and refused: that can be told."""
    assert branch(CONTROL, "open")["name"] == {"enum": NAMES}
    assert branch(CONTROL, "open")["action"] == {
        "enum": ["open", "close", "start", "dock"]
    }
    assert branch(SET, "speed")["name"] == {"enum": NAMES}
    assert branch(SET, "speed")["area"] == {"enum": ["Attic", "Top", "home"]}


def test_what_can_be_spared() -> None:
    """All that can do it, and places; the whole home cannot, nor is it asked without."""
    assert branch(CONTROL, "on")["except"] == {
        "enum": ["Lamp", "Glow", "Shine", "Radio", "Pump", "Attic", "Top"]
    }
    assert branch(SET, "volume")["except"] == {"enum": ["Radio", "Attic", "Top"]}
    assert "except" not in schema(STATE)["properties"]


def test_a_name_that_is_also_a_place() -> None:
    """Each word stands in a schema once: doublets are no valid schema."""
    hall = ExposedEntity(entity_id="light.h", name="Hall", area="Hall", floor="Hall")
    found = strict((CONTROL,), (hall, hall))["control"].strict
    assert found is not None
    for one in found["anyOf"]:
        for field in one["properties"].values():
            assert len(field["enum"]) == len(set(field["enum"]))


HEATER = ExposedEntity(entity_id="climate.f", name="Heater", area="Attic")


@pytest.mark.parametrize(
    ("value", "numbers", "allowed"),
    [
        ("brightness", (40.0, 20.4), [40, 20]),
        ("volume", (40.0, 250.0), [40]),
        ("temperature", (21.0, 19.5), [21, 19.5]),
        ("kelvin", (40.0, 2700.0), [2700]),
    ],
)
def test_numbers_that_were_said(
    value: str, numbers: tuple[float, ...], allowed: list[float]
) -> None:
    """A value is one of the numbers that were said and that it can have."""
    tools = strict((SET,), (*ENTITIES, HEATER), Meant(numbers=numbers))
    assert all(
        one["properties"][value] == {"enum": allowed}
        for one in dict(tools["set"].strict or {})["anyOf"]
        if value in one["properties"]
    )
    fields = dict(tools["set"].strict or {})["anyOf"]
    assert any(value in one["properties"] for one in fields)


def test_numbers_that_fit_nothing() -> None:
    """Where no number fits a value, it is not known what was meant by it."""
    tools = strict((SET,), ENTITIES, Meant(numbers=(4000.0,)))
    for one in dict(tools["set"].strict or {})["anyOf"]:
        fields = one["properties"]
        for name in fields.keys() & {"brightness", "volume", "color"}:
            assert fields[name] == SET.parameters["properties"][name]


def held(
    tool: ToolSpec, meant: Meant, entities: tuple[ExposedEntity, ...] = ENTITIES
) -> dict[str, Any]:
    """Return a strict schema for what alone can be meant."""
    return dict(strict((tool,), entities, meant)[tool.name].strict or {})


def actions(meant: Meant, entities: tuple[ExposedEntity, ...] = ENTITIES) -> set[str]:
    """Return the actions that can be written."""
    return {
        action
        for one in held(CONTROL, meant, entities)["anyOf"]
        for action in one["properties"]["action"]["enum"]
    }


@pytest.mark.parametrize(
    "contrary", [frozenset({"off"}), frozenset({"open", "unlock"}), frozenset[str]()]
)
def test_the_contrary(contrary: frozenset[str]) -> None:
    """What words speak against cannot be written, and everything else can."""
    assert actions(Meant(contrary=contrary)) == set(ACTIONS) - contrary


@pytest.mark.parametrize("tool", [CONTROL, SET])
def test_what_is_not_spared(tool: ToolSpec) -> None:
    """Where nothing is left out, no exception can be written."""
    for spares in (True, False):
        for one in held(tool, Meant(spares=spares))["anyOf"]:
            assert ("except" in one["properties"]) is spares


LAMP, CONTACT, DOOR, RADIO, PUMP = ENTITIES


@pytest.mark.parametrize(
    ("devices", "possible"),
    [
        ((LAMP,), {"on", "off"}),
        ((PUMP,), {"on", "off"}),
        ((RADIO, PUMP), set(ACTIONS) & actions_of("media_player")),
        # Nothing is locked because that is all that a lock can do.
        ((DOOR,), set(ACTIONS)),
        ((LAMP, DOOR), set(ACTIONS)),
        # What only tells can do nothing: that is refused, and told.
        ((CONTACT,), set(ACTIONS)),
        ((), set(ACTIONS)),
    ],
)
def test_what_the_named_can_do(
    devices: tuple[ExposedEntity, ...], possible: set[str]
) -> None:
    """What was named does only what it can; a place or a kind says less."""
    assert actions(Meant(devices=devices, named=True)) == possible
    assert actions(Meant(devices=devices)) == set(ACTIONS)


@pytest.mark.parametrize(
    ("devices", "possible"),
    [
        ((LAMP,), {"brightness", "color", "kelvin", "temperature"}),
        ((LAMP, RADIO), {"brightness", "color", "kelvin", "temperature", "volume"}),
        ((RADIO,), {"volume"}),
    ],
)
def test_what_the_named_have(
    devices: tuple[ExposedEntity, ...], possible: set[str]
) -> None:
    """Of what was named only the values that it has can be set."""
    fields = [
        one["properties"] for one in held(SET, Meant(devices, named=True))["anyOf"]
    ]
    values = {name for some in fields for name in some}
    assert values - {"name", "area", "except"} == possible


def test_named_and_spoken_against() -> None:
    """Of what a device can do the contrary of what was said is left out."""
    meant = Meant(devices=(LAMP,), contrary=frozenset({"off"}), named=True)
    assert actions(meant) == {"on"}


def test_what_is_over_at_once() -> None:
    """A scene or a button can only be turned on, and is in no other branch."""
    scene = ExposedEntity(entity_id="scene.s", name="Movie night")
    button = ExposedEntity(entity_id="button.b", name="Bell")
    assert actions(Meant(devices=(scene, button), named=True), (scene, button)) == {
        "on"
    }
    names = {
        tuple(one["properties"]["action"]["enum"]): one["properties"]["name"]["enum"]
        for one in held(CONTROL, Meant(), (*ENTITIES, scene, button))["anyOf"]
    }
    assert names["off",] == ["Lamp", "Glow", "Shine", "Radio", "Pump"]
    assert names["on",] == [*names["off",], "Movie night", "Bell"]


def test_tools_of_other_names() -> None:
    """A tool is known by what it takes, for several APIs give it another name."""
    tool = replace(CONTROL, name="hearth__control")
    assert strict((tool,), ENTITIES)["hearth__control"].strict is not None


def test_other_tools() -> None:
    """The name of a timer or a list is not that of a device."""
    other = ToolSpec("other", "", {"type": "object", "properties": {"name": {}}})
    tools = (LIST, TIMER, other)
    told = strict(tools, ENTITIES)
    assert told == {tool.name: tool for tool in tools}
    assert all(tool.strict is None for tool in told.values())


def test_an_empty_home() -> None:
    """Where there are no names, a grammar of them would allow nothing at all."""
    found = strict((CONTROL, STATE), ())
    state, control = found["state"].strict, found["control"].strict
    assert state is not None and control is not None
    assert state["properties"]["name"] == {"type": "string"}
    assert state["properties"]["area"] == {"enum": ["home"]}
    (only,) = control["anyOf"]
    assert only["properties"]["action"] == {"enum": list(ACTIONS)}
    assert only["properties"]["name"] == {"type": "string"}
