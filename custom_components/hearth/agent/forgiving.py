"""An LLM API's tools, called again more simply when a call reached nothing."""

from dataclasses import dataclass
from typing import override

from homeassistant.helpers import intent, llm
import voluptuous as vol

# Slots that narrow a target down; small models fill them in wrongly.
_NARROWING = frozenset({"area", "floor", "domain", "device_class"})


@dataclass
class ForgivingInstance(llm.APIInstance):
    """An API whose failed matches are tried again by name alone.

    On a public benchmark two thirds of a 1.7B model's failures were calls with
    the right name beside a wrong or superfluous floor, area or device class
    (allenporter/home-assistant-datasets, report of qwen3-1.7b, counted).
    """

    @classmethod
    def around(cls, instance: llm.APIInstance) -> llm.APIInstance:
        """Make an API instance forgiving."""
        return cls(
            api=instance.api,
            api_prompt=instance.api_prompt,
            llm_context=instance.llm_context,
            tools=instance.tools,
            custom_serializer=instance.custom_serializer,
        )

    @override
    async def async_call_tool(self, tool_input: llm.ToolInput) -> llm.ToolResult:
        """Call a tool; when nothing matches, call it with the name alone."""
        try:
            return await super().async_call_tool(tool_input)
        except intent.MatchFailedError, intent.InvalidSlotInfo, vol.Invalid:
            arguments = tool_input.tool_args
            simpler = {
                name: value
                for name, value in arguments.items()
                if name not in _NARROWING
            }
            if not arguments.get("name") or simpler == arguments:
                raise
            return await super().async_call_tool(
                llm.ToolInput(
                    tool_name=tool_input.tool_name, tool_args=simpler, id=tool_input.id
                )
            )
