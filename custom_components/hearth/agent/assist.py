"""Home Assistant's own Assist tools: having them, and calling them for ours."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from typing import Any

from homeassistant.components import llm as llm_platforms
from homeassistant.core import DOMAIN as HOMEASSISTANT_DOMAIN, HomeAssistant
from homeassistant.exceptions import HomeAssistantError
from homeassistant.helpers import llm
from homeassistant.loader import async_get_loaded_integration
import voluptuous as vol

from ..const import LOGGER
from ..engines.chat import ToolSpec


def intent_name(tool: str) -> str:
    """Return a tool's name without the integration that provides it."""
    return tool.rpartition("__")[2]


async def async_assist_tools(
    hass: HomeAssistant, llm_context: llm.LLMContext
) -> llm.APIInstance:
    """Return Assist with its tools, and without its prompt.

    That prompt lists the whole home, Hearth writes a shorter one, and writing it takes
    longer than all the rest: 20 ms of 25 for 200 entities. So Assist's parts are asked
    one by one, as Assist itself does it, and the part that lists the home is not; its
    only tool tells states, as Hearth's does. Where this Home Assistant is built
    differently, Assist is asked as a whole.
    """
    if (platforms := await _async_platforms(hass)) is None:
        return await llm.async_get_api(hass, llm.LLM_API_ASSIST, llm_context)
    tools: list[llm.Tool] = []
    for domain, platform in sorted(platforms.items()):
        if domain == HOMEASSISTANT_DOMAIN:
            continue
        try:
            part = platform.async_get_tools(hass, llm_context, llm.LLM_API_ASSIST)
        except Exception:
            LOGGER.exception("The tools of %s for Assist could not be had", domain)
        else:
            tools += part.tools if part else ()
    (assist,) = (
        api for api in llm.async_get_apis(hass) if api.id == llm.LLM_API_ASSIST
    )
    return llm.APIInstance(
        api=assist,
        api_prompt="",
        llm_context=llm_context,
        tools=tools,
        custom_serializer=llm.selector_serializer,
    )


async def async_are_lasting(hass: HomeAssistant) -> bool:
    """Return whether Assist has the same tools as long as the home is the same.

    Those of Home Assistant's own integrations are; nobody knows what others go by.
    """
    if (platforms := await _async_platforms(hass)) is None:
        return False
    return all(async_get_loaded_integration(hass, key).is_built_in for key in platforms)


async def _async_platforms(hass: HomeAssistant) -> dict[str, Any] | None:
    """Return what gives Assist its tools, by integration; None where nobody knows."""
    key = getattr(llm_platforms, "DATA_PLATFORMS", None)
    if (found := hass.data.get(key) if key else None) is None:
        return None
    platforms: dict[str, Any] = await found.async_get_platforms()
    return platforms


def available(assist: llm.APIInstance) -> set[str]:
    """Return what Assist can do in this home, for who asks."""
    return {intent_name(tool.name) for tool in assist.tools}


async def async_call_assist(
    assist: llm.APIInstance,
    llm_context: llm.LLMContext,
    intent: str,
    slots: Mapping[str, Any],
) -> llm.ToolResult:
    """Call the tool of Assist that stands for an intent, for who asks now.

    Raises:
        HomeAssistantError: there is none in this home, or it failed.
        vol.Invalid: the slots are not what it takes.
    """
    for tool in assist.tools:
        if intent_name(tool.name) == intent:
            return await replace(assist, llm_context=llm_context).async_call_tool(
                llm.ToolInput(tool_name=tool.name, tool_args=dict(slots))
            )
    raise HomeAssistantError(f"This home cannot do that ({intent})")


def schema_of(spec: ToolSpec) -> vol.Schema:
    """Return the validator of a compact tool's arguments."""
    required: Iterable[str] = spec.parameters.get("required", ())
    fields: dict[Any, Any] = {}
    for name, field in spec.parameters["properties"].items():
        marker = vol.Required if name in required else vol.Optional
        fields[marker(name, description=field.get("description"))] = _validator(field)
    return vol.Schema(fields)


def _validator(field: Mapping[str, Any]) -> Any:
    """Return the validator of one argument."""
    if "enum" in field:
        return vol.In(field["enum"])
    return {"integer": vol.Coerce(int), "number": vol.Coerce(float)}.get(
        field["type"], str
    )
