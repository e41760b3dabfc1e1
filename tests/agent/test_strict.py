"""Schemas that only allow what the home has."""

from dataclasses import replace

from custom_components.hearth.agent.compact import CONTROL, LIST, SET, STATE, TIMER
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.strict import strict
from custom_components.hearth.engines.chat import ToolSpec

ENTITIES = (
    ExposedEntity(
        entity_id="light.a",
        name="Lamp",
        aliases=("Glow", "Shine"),
        area="Attic",
        floor="Top",
    ),
    ExposedEntity(entity_id="binary_sensor.b", name="Lamp", area="Attic"),
    ExposedEntity(entity_id="lock.c", name="Door"),
)


def test_what_the_home_has() -> None:
    """Names with their aliases, places with the whole home, and kinds of devices."""
    told = strict((CONTROL, SET, STATE), ENTITIES)
    assert list(told) == ["control", "set", "state"]
    schema = told["control"].strict
    assert schema is not None
    fields = schema["properties"]
    assert list(fields) == list(CONTROL.parameters["properties"])
    assert schema["required"] == ["action"]
    assert fields["name"] == {"enum": ["Lamp", "Glow", "Shine", "Door"]}
    assert fields["area"] == {"enum": ["Attic", "Top", "home"]}
    assert fields["domain"] == {"enum": ["light", "sensor", "lock"]}
    assert fields["action"] == CONTROL.parameters["properties"]["action"]
    assert told["control"].parameters is CONTROL.parameters


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
    schema = strict((STATE,), ())["state"].strict
    assert schema is not None
    assert schema["properties"]["name"] == {"type": "string"}
    assert schema["properties"]["area"] == {"enum": ["home"]}
