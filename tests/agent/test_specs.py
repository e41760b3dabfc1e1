"""Tools of any LLM API as a model is shown them."""

from typing import override

from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm
import voluptuous as vol

from custom_components.hearth.agent.compact import CONTROL
from custom_components.hearth.agent.specs import MOST_DESCRIPTION, spec_of


class BareTool(llm.Tool):
    """A tool that says nothing about itself and does nothing."""

    name = "bare"
    integration = "test"

    @override
    async def async_call(
        self,
        hass: HomeAssistant,
        tool_input: llm.ToolInput,
        llm_context: llm.LLMContext,
    ) -> llm.ToolResult:
        """Do nothing."""
        return llm.ToolResult(data={})


class WordyTool(BareTool):
    """A tool as integrations describe them."""

    name = "wordy"
    description = "Does a thing. And then a lot more that nobody needs to know."
    parameters = vol.Schema(
        {
            vol.Required("what", description="What. In detail."): vol.In(["a", "b"]),
            vol.Optional("many"): [str],
            vol.Optional("either"): vol.Any(str, int),
            vol.Optional("level", default=5): vol.All(
                vol.Coerce(int), vol.Range(min=0, max=10)
            ),
        }
    )


def test_slimmed() -> None:
    """What only validators need is left out."""
    spec = spec_of(WordyTool())
    assert spec.description == "Does a thing"
    assert spec.parameters["required"] == ["what"]
    properties = spec.parameters["properties"]
    assert properties["what"] == {
        "type": "string",
        "enum": ["a", "b"],
        "description": "What",
    }
    assert properties["many"] == {"type": "array", "items": {"type": "string"}}
    assert {"type": "integer"} in properties["either"]["anyOf"]
    assert properties["level"] == {"type": "integer", "minimum": 0, "maximum": 10}


def test_a_bare_tool() -> None:
    """A tool without parameters still has a valid schema."""
    spec = spec_of(BareTool())
    assert (spec.name, spec.description) == ("bare", "")
    assert spec.parameters == {"type": "object", "properties": {}}


def test_long_descriptions_are_cut() -> None:
    """A sentence that never ends is cut."""
    tool = BareTool()
    tool.description = "x" * 1000
    assert len(spec_of(tool).description) == MOST_DESCRIPTION


def test_namespaced() -> None:
    """A tool in a namespace keeps its slim schema and takes the new name."""

    class CompactTool(BareTool):
        """A tool that brings its own spec."""

        spec = CONTROL

    spec = spec_of(llm.NamespacedTool("hearth", CompactTool()))
    assert spec.name == "hearth__bare"
    assert spec.parameters == CONTROL.parameters


async def test_assist_gets_shorter(
    hass: HomeAssistant, home: None, llm_context: llm.LLMContext
) -> None:
    """Every tool of Assist survives the slimming, with its fields."""
    api = await llm.async_get_api(hass, "assist", llm_context)
    specs = {tool.name: spec_of(tool, api.custom_serializer) for tool in api.tools}
    assert len(specs) == 21
    fields = specs["intent__HassTurnOn"].parameters["properties"]
    assert {"name", "area", "floor", "domain", "device_class"} <= set(fields)
