"""The compact tool for to-do lists, in place of four of Assist's."""

from collections.abc import Sequence
from typing import Any, override

from homeassistant.core import HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
import voluptuous as vol

from .assist import async_call_assist
from .compact import LIST
from .home import ExposedEntity
from .names import best_match
from .results import failure, shortened
from .spec_tool import SpecTool

_INTENTS = {
    "add": "HassListAddItem",
    "complete": "HassListCompleteItem",
    "remove": "HassListRemoveItem",
}
_SHOW = "get_items"
LIST_TOOLS = frozenset({*_INTENTS.values(), _SHOW})
# Items of a list that was never cleaned up would drown a small model.
MOST_ITEMS = 30


class ListTool(SpecTool):
    """Shows and changes the lists that are exposed."""

    def __init__(self, assist: llm.APIInstance, lists: Sequence[ExposedEntity]) -> None:
        """Remember what it works with."""
        super().__init__(LIST)
        self._assist = assist
        self._names = {name: one.name for one in lists for name in one.names}

    @override
    async def async_call(
        self,
        hass: HomeAssistant,
        tool_input: llm.ToolInput,
        llm_context: llm.LLMContext,
    ) -> llm.ToolResult:
        """Do what is asked with the list that is meant."""
        arguments: dict[str, Any] = self.parameters(tool_input.tool_args)
        name = self._which(arguments.get("name"))
        if name is None:
            return failure(f"Say which list: {', '.join(self._first_names())}")
        action, item = arguments["action"], arguments.get("item", "").strip()
        try:
            if action == "show":
                return await self._show(name, llm_context)
            if not item:
                return failure("Say which item")
            slots = {"item": item, "name": name}
            result = await async_call_assist(
                self._assist, llm_context, _INTENTS[action], slots
            )
        except (HomeAssistantError, vol.Invalid) as err:
            return failure(str(err) or type(err).__name__)
        return shortened(result, item, slots)

    def _first_names(self) -> list[str]:
        """Return a name of each list."""
        return list(dict.fromkeys(self._names.values()))

    def _which(self, said: str | None) -> str | None:
        """Return the list that is meant: the one that was named, or the only one."""
        found = best_match(said, self._names) if said else None
        if found is not None:
            return self._names[found]
        names = self._first_names()
        return names[0] if len(names) == 1 else None

    async def _show(self, name: str, llm_context: llm.LLMContext) -> llm.ToolResult:
        """Return what is still open on a list."""
        result = await async_call_assist(
            self._assist, llm_context, _SHOW, {"todo_list": name}
        )
        items = result.data.get("items")
        if not isinstance(items, list):
            return result
        open_ones = [item["summary"] for item in items if isinstance(item, dict)]
        data: dict[str, Any] = {"items": open_ones[:MOST_ITEMS]}
        if len(open_ones) > MOST_ITEMS:
            data["more"] = len(open_ones) - MOST_ITEMS
        return llm.ToolResult(data=data)
