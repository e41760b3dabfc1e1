"""The compact tool for to-do lists, on lists that are really there."""

from collections.abc import Awaitable, Callable
from pathlib import Path
from typing import Any

from homeassistant.core import HomeAssistant
from homeassistant.helpers import llm
from homeassistant.setup import async_setup_component
import pytest

from custom_components.hearth.agent.list_tool import MOST_ITEMS
from custom_components.hearth.agent.toolset import async_register_api

from ..homes import async_set_up_home

type Call = Callable[..., Awaitable[Any]]

HOME = """
entities:
- {entity_id: todo.shopping, name: Shopping list, state: '0', aliases: [groceries]}
"""
SECOND = "- {entity_id: todo.chores, name: Chores, state: '0'}\n"


@pytest.fixture
async def call(
    hass: HomeAssistant,
    llm_context: llm.LLMContext,
    tmp_path: Path,
    request: pytest.FixtureRequest,
) -> Call:
    """Return a function that calls the tool in a home with one list, or two."""
    home = tmp_path / "home.yaml"
    home.write_text(HOME + getattr(request, "param", ""))
    assert await async_setup_component(hass, "conversation", {})
    await async_set_up_home(hass, home)
    async_register_api(hass)
    api = await llm.async_get_api(hass, "hearth", llm_context)

    async def _call(action: str, **more: Any) -> llm.ToolResult:
        arguments = {"action": action, **more}
        return await api.async_call_tool(
            llm.ToolInput(tool_name="list", tool_args=arguments)
        )

    return _call


async def test_one_tool_for_all(
    hass: HomeAssistant, call: Call, llm_context: llm.LLMContext
) -> None:
    """None of Assist's tools for lists is shown beside it."""
    api = await llm.async_get_api(hass, "hearth", llm_context)

    assert [tool.name for tool in api.tools] == [
        "control",
        "state",
        "list",
    ]


async def test_a_life_of_an_item(call: Call) -> None:
    """It is added, shown, checked off and shown no more."""
    added = await call("add", item="oat milk", name="groceries")
    assert added.data == {"done": ["oat milk"]}
    assert (await call("show")).data == {"items": ["Oat milk"]}
    assert (await call("complete", item="oat milk")).data == {"done": ["oat milk"]}
    assert (await call("show")).data == {"items": []}
    await call("add", item="soap")
    assert (await call("remove", item="soap")).data == {"done": ["soap"]}
    assert (await call("show")).data == {"items": []}


async def test_a_long_list(call: Call) -> None:
    """Of a long list only the beginning is shown, and that there is more."""
    for number in range(MOST_ITEMS + 2):
        await call("add", item=f"thing {number}")

    data = (await call("show")).data

    assert len(data["items"]) == MOST_ITEMS
    assert data["more"] == 2


@pytest.mark.parametrize(
    ("arguments", "reason"),
    [
        ({"action": "add"}, "Say which item"),
        ({"action": "add", "item": "  "}, "Say which item"),
        ({"action": "complete", "item": "unicorn"}, "unicorn"),
    ],
)
async def test_what_cannot_be_done(
    call: Call, arguments: dict[str, Any], reason: str
) -> None:
    """The model is told what is missing."""
    result = await call(**arguments)

    assert result.error
    assert reason in str(result.data["error"])


@pytest.mark.parametrize("call", [SECOND], indirect=True)
async def test_two_lists(call: Call) -> None:
    """Which one is meant must be said, in whatever spelling."""
    unnamed = await call("add", item="soap")
    assert unnamed.error
    assert unnamed.data == {"error": "Say which list: Chores, Shopping list"}
    assert (await call("add", item="soap", name="the shopping-list")).data == {
        "done": ["soap"]
    }
    assert (await call("show", name="Chores")).data == {"items": []}
    assert (await call("show", name="Shopping list")).data == {"items": ["Soap"]}
