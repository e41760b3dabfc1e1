"""The action that lets a model write a text."""

from collections.abc import Mapping
from typing import Any

from homeassistant.core import (
    HomeAssistant,
    ServiceCall,
    ServiceResponse,
    SupportsResponse,
    callback,
)
from homeassistant.exceptions import HomeAssistantError, ServiceValidationError
from homeassistant.helpers import config_validation as cv
import voluptuous as vol

from ..agent.leaks import LeakFilter
from ..agent.options import AgentOptions
from ..const import (
    CONF_MAX_TOKENS,
    CONF_TEMPERATURE,
    CONF_THINK,
    DOMAIN,
)
from ..coordinator import HearthConfigEntry
from ..engines.chat import ChatRequest, Message, Role, TurnStats
from ..helpers import engine_for
from .common import ATTR_CONFIG_ENTRY, ATTR_MODEL, Action, entry_of

ATTR_INSTRUCTIONS = "instructions"
ATTR_PROMPT = "prompt"

_SCHEMA = vol.Schema(
    {
        vol.Optional(ATTR_CONFIG_ENTRY): cv.string,
        vol.Required(ATTR_PROMPT): vol.All(cv.string, vol.Length(min=1)),
        vol.Optional(ATTR_INSTRUCTIONS): cv.string,
        vol.Optional(ATTR_MODEL): cv.string,
        vol.Optional(CONF_MAX_TOKENS): vol.All(
            vol.Coerce(int), vol.Range(min=1, max=32_768)
        ),
        vol.Optional(CONF_TEMPERATURE): vol.All(
            vol.Coerce(float), vol.Range(min=0, max=2)
        ),
        vol.Optional(CONF_THINK, default=False): cv.boolean,
    }
)


@callback
def async_register(hass: HomeAssistant) -> None:
    """Register the action."""
    hass.services.async_register(
        DOMAIN, Action.GENERATE, _async_generate, _SCHEMA, SupportsResponse.ONLY
    )


async def _async_generate(call: ServiceCall) -> ServiceResponse:
    """Return a text, and what it cost."""
    entry = entry_of(call)
    request = _request(entry, call.data)
    leaks = LeakFilter(())
    words: list[str] = []
    stats = TurnStats()
    async with engine_for(entry):
        async for delta in entry.runtime_data.engine.chat(request):
            stats = delta.stats or stats
            spoken, _ = leaks.feed(delta.content)
            words.append(spoken)
    words.append(leaks.finish()[0])
    text = "".join(words).strip()
    if not text:
        raise HomeAssistantError(
            translation_domain=DOMAIN, translation_key="task_no_answer"
        )
    entry.runtime_data.coordinator.async_report_success()
    return {"text": text, **_cost(stats)}


def _request(entry: HearthConfigEntry, data: Mapping[str, Any]) -> ChatRequest:
    """Return what to ask, with the settings of the agent that has the model."""
    options = _options(entry, data.get(ATTR_MODEL))
    told = data.get(ATTR_INSTRUCTIONS)
    system = (Message(role=Role.SYSTEM, content=told),) if told else ()
    return ChatRequest(
        model=options.model,
        messages=(*system, Message(role=Role.USER, content=data[ATTR_PROMPT])),
        think=data[CONF_THINK],
        context_window=options.context_window,
        max_tokens=data.get(CONF_MAX_TOKENS, options.max_tokens),
        temperature=data.get(CONF_TEMPERATURE, options.temperature),
        keep_alive=options.keep_alive,
        deadlines=options.deadlines,
    )


def _options(entry: HearthConfigEntry, model: str | None) -> AgentOptions:
    """Return the options of the first agent with a model, or of the first of all."""
    agents = [AgentOptions.of(one.data) for one in entry.subentries.values()]
    for options in agents:
        if model in {None, options.model}:
            return options
    if model is None:
        raise ServiceValidationError(
            translation_domain=DOMAIN, translation_key="model_not_named"
        )
    # Without a window and a time, the engine's own stay.
    return AgentOptions(model=model)


def _cost(stats: TurnStats) -> dict[str, Any]:
    """Return what an answer cost, as far as the engine told."""
    speed = None
    if stats.generated_tokens and stats.generation_seconds:
        speed = round(stats.generated_tokens / stats.generation_seconds, 2)
    seconds = stats.total_seconds
    return {
        "finish_reason": stats.finish_reason.value,
        "generated_tokens": stats.generated_tokens,
        "prompt_tokens": stats.prompt_tokens,
        "seconds": None if seconds is None else round(seconds, 3),
        "tokens_per_second": speed,
    }
