"""What can be set for an agent: the form, and the values left alone."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from homeassistant.config_entries import ConfigSubentryData
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

from .agent.thinking import ThinkMode
from .const import (
    CONF_ASK_BACK,
    CONF_CONTEXT_WINDOW,
    CONF_FIRST_BYTE_TIMEOUT,
    CONF_KEEP_ALIVE,
    CONF_MAX_TOKENS,
    CONF_QUICK_CONFIRMATIONS,
    CONF_SILENCE_TIMEOUT,
    CONF_TEMPERATURE,
    CONF_THINK,
    CONF_THINKING_BUDGET,
    DEFAULT_CONTEXT_WINDOW,
    DEFAULT_FIRST_BYTE_TIMEOUT,
    DEFAULT_KEEP_ALIVE,
    DEFAULT_MAX_TOKENS,
    DEFAULT_SILENCE_TIMEOUT,
    DEFAULT_TASK_MAX_TOKENS,
    DEFAULT_TEMPERATURE,
    DEFAULT_THINKING_BUDGET,
    LLM_API_HEARTH,
    SUBENTRY_AI_TASK,
    SUBENTRY_CONVERSATION,
)
from .engines.base import ModelInfo
from .managed.figures import size

SECTION_ADVANCED = "advanced"

# What is on unless somebody has switched it off.
_SWITCHES = (CONF_QUICK_CONFIRMATIONS, CONF_ASK_BACK)

_ADVANCED_DEFAULTS: dict[str, Any] = {
    CONF_CONTEXT_WINDOW: DEFAULT_CONTEXT_WINDOW,
    CONF_FIRST_BYTE_TIMEOUT: DEFAULT_FIRST_BYTE_TIMEOUT,
    CONF_KEEP_ALIVE: DEFAULT_KEEP_ALIVE,
    CONF_MAX_TOKENS: DEFAULT_MAX_TOKENS,
    CONF_SILENCE_TIMEOUT: DEFAULT_SILENCE_TIMEOUT,
    CONF_TEMPERATURE: DEFAULT_TEMPERATURE,
    CONF_THINK: ThinkMode.OFF.value,
    CONF_THINKING_BUDGET: DEFAULT_THINKING_BUDGET,
}


@dataclass(frozen=True, slots=True, kw_only=True)
class AgentKind:
    """What differs between agents.

    Args:
        talks: Whether a person talks to it, so that it has tools and instructions;
            who gives a task brings both.
        max_tokens: Tokens of the longest answer, where nobody chose another.
        suffix: What follows the model in its name.
    """

    talks: bool
    max_tokens: int
    suffix: str = ""

    @property
    def defaults(self) -> dict[str, Any]:
        """Return the advanced settings that nobody has changed."""
        return _ADVANCED_DEFAULTS | {CONF_MAX_TOKENS: self.max_tokens}

    def first(self, model: str) -> dict[str, Any]:
        """Return the settings of a new agent."""
        if not self.talks:
            return {CONF_MODEL: model}
        return {CONF_LLM_HASS_API: [LLM_API_HEARTH], CONF_MODEL: model, CONF_PROMPT: ""}

    def title(self, model: str) -> str:
        """Return the name of an agent: its model's, without folders and file type."""
        bare = model.rpartition("/")[2].removesuffix(".gguf") or model
        return bare + self.suffix


# By the type of the subentry that keeps the agent.
AGENT_KINDS = {
    SUBENTRY_CONVERSATION: AgentKind(talks=True, max_tokens=DEFAULT_MAX_TOKENS),
    SUBENTRY_AI_TASK: AgentKind(
        talks=False, max_tokens=DEFAULT_TASK_MAX_TOKENS, suffix=" AI task"
    ),
}


def first_agents(model: str, **settings: Any) -> list[ConfigSubentryData]:
    """Return the agents that an engine starts with: one of each kind.

    Args:
        model: The engine's name of the model.
        settings: Advanced settings that are not the usual ones.
    """
    return [
        ConfigSubentryData(
            data=kind.first(model) | settings,
            subentry_type=subentry_type,
            title=kind.title(model),
            unique_id=None,
        )
        for subentry_type, kind in AGENT_KINDS.items()
    ]


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
        facts.append(size(model.size))
    if model.remote:
        facts.append("☁")
    if model.tools is False:
        facts.append("⚠")
    return " · ".join(fact for fact in facts if fact)


def suggested_model(models: tuple[ModelInfo, ...]) -> str:
    """Return the first model that runs at home and can use tools, if there is one."""
    return min(models, key=lambda model: (model.remote, model.tools is False)).name


def agent_schema(
    hass: HomeAssistant, models: tuple[ModelInfo, ...], kind: AgentKind
) -> vol.Schema:
    """Return the form of an agent."""
    fields: dict[Any, Any] = {vol.Required(CONF_MODEL): model_selector(models)}
    if kind.talks:
        fields |= _talking_fields(hass)
    advanced = section(_advanced_schema(kind.defaults), {"collapsed": True})
    return vol.Schema({**fields, vol.Required(SECTION_ADVANCED): advanced})


def _talking_fields(hass: HomeAssistant) -> dict[Any, Any]:
    """Return the fields that only an agent for people has."""
    apis = [
        SelectOptionDict(label=api.name, value=api.id)
        for api in llm.async_get_apis(hass)
    ]
    return {
        vol.Optional(CONF_LLM_HASS_API): SelectSelector(
            SelectSelectorConfig(multiple=True, options=apis)
        ),
        vol.Optional(CONF_PROMPT): TemplateSelector(),
        vol.Required(CONF_QUICK_CONFIRMATIONS, default=True): BooleanSelector(),
        vol.Required(CONF_ASK_BACK, default=True): BooleanSelector(),
    }


def _advanced_schema(defaults: Mapping[str, Any]) -> vol.Schema:
    """Return the part of the form that few people need."""
    fields: dict[str, Any] = {
        CONF_CONTEXT_WINDOW: _whole_number(512, 262_144, unit="tokens"),
        CONF_MAX_TOKENS: _whole_number(16, 32_768, unit="tokens"),
        CONF_TEMPERATURE: NumberSelector(
            NumberSelectorConfig(
                max=2, min=0, mode=NumberSelectorMode.SLIDER, step=0.05
            )
        ),
        CONF_THINK: SelectSelector(
            SelectSelectorConfig(
                mode=SelectSelectorMode.DROPDOWN,
                options=[mode.value for mode in ThinkMode],
                translation_key=CONF_THINK,
            )
        ),
        CONF_THINKING_BUDGET: _whole_number(16, 32_768, unit="tokens"),
        CONF_KEEP_ALIVE: _whole_number(-1, 604_800, unit="s"),
        CONF_FIRST_BYTE_TIMEOUT: _whole_number(5, 3_600, unit="s"),
        CONF_SILENCE_TIMEOUT: _whole_number(5, 3_600, unit="s"),
    }
    return vol.Schema(
        {
            vol.Optional(key, default=defaults[key]): field
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
    hass: HomeAssistant,
    options: Mapping[str, Any],
    models: tuple[ModelInfo, ...],
    kind: AgentKind,
) -> dict[str, Any]:
    """Return an agent's settings as the form shows them.

    A model or a tool set that is gone is left out, for the form would refuse it.
    """
    values: dict[str, Any] = {
        SECTION_ADVANCED: {
            key: options.get(key, default) for key, default in kind.defaults.items()
        },
    }
    if kind.talks:
        apis = {api.id for api in llm.async_get_apis(hass)}
        values |= {
            CONF_LLM_HASS_API: [
                api for api in options[CONF_LLM_HASS_API] if api in apis
            ],
            CONF_PROMPT: options[CONF_PROMPT],
            **{switch: options.get(switch, True) for switch in _SWITCHES},
        }
    if options[CONF_MODEL] in {model.name for model in models}:
        values[CONF_MODEL] = options[CONF_MODEL]
    return values


def from_form(values: Mapping[str, Any], kind: AgentKind) -> dict[str, Any]:
    """Return an agent's settings as they are kept.

    What was left at its default is not kept, so that it follows a better default
    of a later version.
    """
    advanced = values[SECTION_ADVANCED]
    kept: dict[str, Any] = {CONF_MODEL: values[CONF_MODEL]}
    if kind.talks:
        kept |= {
            CONF_LLM_HASS_API: values.get(CONF_LLM_HASS_API, []),
            CONF_PROMPT: values.get(CONF_PROMPT, ""),
        }
        kept |= {switch: False for switch in _SWITCHES if not values[switch]}
    changed = {
        key: advanced[key]
        for key, default in kind.defaults.items()
        if advanced[key] != default
    }
    return kept | changed
