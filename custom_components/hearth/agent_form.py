"""What can be set for an agent: the form, and the values left alone."""

from collections.abc import Mapping
from typing import Any

from homeassistant.const import CONF_LLM_HASS_API, CONF_MODEL, CONF_PROMPT
from homeassistant.core import HomeAssistant
from homeassistant.data_entry_flow import section
from homeassistant.helpers import llm
from homeassistant.helpers.selector import (
    BooleanSelector,
    NumberSelector,
    NumberSelectorConfig,
    NumberSelectorMode,
    SelectOptionDict,
    SelectSelector,
    SelectSelectorConfig,
    SelectSelectorMode,
    TemplateSelector,
)
import voluptuous as vol

from .const import (
    CONF_CONTEXT_WINDOW,
    CONF_FIRST_BYTE_TIMEOUT,
    CONF_KEEP_ALIVE,
    CONF_MAX_TOKENS,
    CONF_SILENCE_TIMEOUT,
    CONF_TEMPERATURE,
    CONF_THINK,
    DEFAULT_CONTEXT_WINDOW,
    DEFAULT_FIRST_BYTE_TIMEOUT,
    DEFAULT_KEEP_ALIVE,
    DEFAULT_MAX_TOKENS,
    DEFAULT_SILENCE_TIMEOUT,
    DEFAULT_TEMPERATURE,
    LLM_API_HEARTH,
)
from .engines.base import ModelInfo

SECTION_ADVANCED = "advanced"

ADVANCED_DEFAULTS: dict[str, Any] = {
    CONF_CONTEXT_WINDOW: DEFAULT_CONTEXT_WINDOW,
    CONF_FIRST_BYTE_TIMEOUT: DEFAULT_FIRST_BYTE_TIMEOUT,
    CONF_KEEP_ALIVE: DEFAULT_KEEP_ALIVE,
    CONF_MAX_TOKENS: DEFAULT_MAX_TOKENS,
    CONF_SILENCE_TIMEOUT: DEFAULT_SILENCE_TIMEOUT,
    CONF_TEMPERATURE: DEFAULT_TEMPERATURE,
    CONF_THINK: False,
}

_MEBIBYTE = 1024 * 1024


def first_agent(model: str) -> dict[str, Any]:
    """Return the settings of the agent that an engine starts with."""
    return {CONF_LLM_HASS_API: [LLM_API_HEARTH], CONF_MODEL: model, CONF_PROMPT: ""}


def agent_title(model: str) -> str:
    """Return the name of an agent: its model's, without folders and file type."""
    return model.rpartition("/")[2].removesuffix(".gguf") or model


def model_selector(models: tuple[ModelInfo, ...]) -> SelectSelector:
    """Return the choice among the models that an engine has."""
    return SelectSelector(
        SelectSelectorConfig(
            mode=SelectSelectorMode.DROPDOWN,
            options=[
                SelectOptionDict(label=_label(model), value=model.name)
                for model in models
            ],
        )
    )


def _label(model: ModelInfo) -> str:
    """Describe a model without words, which could not be translated here."""
    facts = [model.name, model.parameters, model.quantization]
    if model.size:
        facts.append(f"{model.size / _MEBIBYTE:,.0f} MiB")
    if model.remote:
        facts.append("☁")
    if model.tools is False:
        facts.append("⚠")
    return " · ".join(fact for fact in facts if fact)


def suggested_model(models: tuple[ModelInfo, ...]) -> str:
    """Return the first model that runs at home and can use tools, if there is one."""
    return min(models, key=lambda model: (model.remote, model.tools is False)).name


def agent_schema(hass: HomeAssistant, models: tuple[ModelInfo, ...]) -> vol.Schema:
    """Return the form of an agent."""
    apis = [
        SelectOptionDict(label=api.name, value=api.id)
        for api in llm.async_get_apis(hass)
    ]
    return vol.Schema(
        {
            vol.Required(CONF_MODEL): model_selector(models),
            vol.Optional(CONF_LLM_HASS_API): SelectSelector(
                SelectSelectorConfig(multiple=True, options=apis)
            ),
            vol.Optional(CONF_PROMPT): TemplateSelector(),
            vol.Required(SECTION_ADVANCED): section(
                _advanced_schema(), {"collapsed": True}
            ),
        }
    )


def _advanced_schema() -> vol.Schema:
    """Return the part of the form that few people need."""
    fields: dict[str, Any] = {
        CONF_CONTEXT_WINDOW: _whole_number(512, 262_144, unit="tokens"),
        CONF_MAX_TOKENS: _whole_number(16, 32_768, unit="tokens"),
        CONF_TEMPERATURE: NumberSelector(
            NumberSelectorConfig(
                max=2, min=0, mode=NumberSelectorMode.SLIDER, step=0.05
            )
        ),
        CONF_THINK: BooleanSelector(),
        CONF_KEEP_ALIVE: _whole_number(-1, 604_800, unit="s"),
        CONF_FIRST_BYTE_TIMEOUT: _whole_number(5, 3_600, unit="s"),
        CONF_SILENCE_TIMEOUT: _whole_number(5, 3_600, unit="s"),
    }
    return vol.Schema(
        {
            vol.Optional(key, default=ADVANCED_DEFAULTS[key]): field
            for key, field in fields.items()
        }
    )


def _whole_number(least: int, most: int, *, unit: str) -> vol.All[Any]:
    """Return a box for a whole number; Home Assistant's own gives a float."""
    return vol.All(
        NumberSelector(
            NumberSelectorConfig(
                max=most,
                min=least,
                mode=NumberSelectorMode.BOX,
                step=1,
                unit_of_measurement=unit,
            )
        ),
        vol.Coerce(int),
    )


def to_form(
    hass: HomeAssistant, options: Mapping[str, Any], models: tuple[ModelInfo, ...]
) -> dict[str, Any]:
    """Return an agent's settings as the form shows them.

    A model or a tool set that is gone is left out, for the form would refuse it.
    """
    apis = {api.id for api in llm.async_get_apis(hass)}
    values: dict[str, Any] = {
        CONF_LLM_HASS_API: [api for api in options[CONF_LLM_HASS_API] if api in apis],
        CONF_PROMPT: options[CONF_PROMPT],
        SECTION_ADVANCED: {
            key: options.get(key, default) for key, default in ADVANCED_DEFAULTS.items()
        },
    }
    if options[CONF_MODEL] in {model.name for model in models}:
        values[CONF_MODEL] = options[CONF_MODEL]
    return values


def from_form(values: Mapping[str, Any]) -> dict[str, Any]:
    """Return an agent's settings as they are kept.

    What was left at its default is not kept, so that it follows a better default
    of a later version.
    """
    advanced = values[SECTION_ADVANCED]
    return {
        CONF_LLM_HASS_API: values.get(CONF_LLM_HASS_API, []),
        CONF_MODEL: values[CONF_MODEL],
        CONF_PROMPT: values.get(CONF_PROMPT, ""),
        **{
            key: advanced[key]
            for key, default in ADVANCED_DEFAULTS.items()
            if advanced[key] != default
        },
    }
