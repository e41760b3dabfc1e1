"""What helps to find out what is wrong, without anything personal or secret.

Facts are picked one by one: what nobody has thought of is left out.
"""

from dataclasses import asdict
from typing import Any

from homeassistant.config_entries import ConfigEntryState, ConfigSubentry
from homeassistant.const import CONF_API_KEY, CONF_URL
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import issue_registry as ir
from homeassistant.helpers.device_registry import DeviceEntry
from homeassistant.loader import async_get_integration
from yarl import URL

from .agent.home import async_exposed_entities
from .agent.options import AgentOptions
from .agent_form import AGENT_KINDS
from .board_coordinator import runs_here
from .const import DOMAIN
from .coordinator import HearthConfigEntry, HearthRuntimeData
from .engines.base import LoadedModel, ModelInfo
from .engines.managed import ManagedEngine
from .errors import error_key
from .machine import async_machine_facts
from .managed.diagnosis import engine_facts, settings_facts
from .managed.settings import is_managed
from .privacy import api_names, file_name, only_figures


async def async_get_config_entry_diagnostics(
    hass: HomeAssistant, entry: HearthConfigEntry
) -> dict[str, Any]:
    """Return what is known of an engine, its agents and its machine."""
    return await _async_diagnose(hass, entry, list(entry.subentries.values()))


async def async_get_device_diagnostics(
    hass: HomeAssistant, entry: HearthConfigEntry, device: DeviceEntry
) -> dict[str, Any]:
    """Return the same of an engine's device, of an agent's with this agent only."""
    mine = [
        agent
        for agent in entry.subentries.values()
        if (DOMAIN, agent.subentry_id) in device.identifiers
    ]
    return await _async_diagnose(hass, entry, mine or list(entry.subentries.values()))


async def _async_diagnose(
    hass: HomeAssistant, entry: HearthConfigEntry, agents: list[ConfigSubentry]
) -> dict[str, Any]:
    """Return what is known, with some of an entry's agents."""
    integration = await async_get_integration(hass, DOMAIN)
    loaded = entry.state is ConfigEntryState.LOADED
    runtime = entry.runtime_data if loaded else None
    return {
        "version": str(integration.version),
        "entry": _entry_facts(entry),
        "engine": _engine_facts(hass, runtime) if runtime else None,
        "agents": [_agent_facts(agent, runtime) for agent in agents],
        "home": _home_facts(hass),
        "issues": _issues(hass),
        "machine": await async_machine_facts(hass) if runs_here(entry) else None,
    }


def _entry_facts(entry: HearthConfigEntry) -> dict[str, Any]:
    """Return how an engine is reached, or how Hearth runs it."""
    facts: dict[str, Any] = {
        "version": f"{entry.version}.{entry.minor_version}",
        "state": entry.state.value,
        "reason": entry.error_reason_translation_key,
    }
    if is_managed(entry.data):
        return facts | {"managed": settings_facts(entry.data)}
    url = URL(entry.data[CONF_URL])
    return facts | {
        "server": {
            "has_key": bool(entry.data.get(CONF_API_KEY)),
            "has_path": url.path not in {"", "/"},
            "port": url.port,
            "scheme": url.scheme,
            "this_machine": runs_here(entry),
        }
    }


@callback
def _engine_facts(hass: HomeAssistant, runtime: HearthRuntimeData) -> dict[str, Any]:
    """Return what an engine is, has and does."""
    engine, coordinator = runtime.engine, runtime.coordinator
    chat_error, status = coordinator.chat_error, coordinator.data
    facts: dict[str, Any] = {
        "kind": engine.kind,
        "version": status.health.version,
        "state": status.health.state,
        "answers": coordinator.last_update_success,
        "last_chat_error": error_key(chat_error) if chat_error else None,
        "at_work": runtime.line.locked(),
        "waiting": runtime.line.waiting,
        "can": [name for name, can in asdict(engine.capabilities).items() if can],
        "loaded": [_model_facts(model) for model in status.loaded],
        "models": [_model_facts(model) for model in status.models],
    }
    if isinstance(engine, ManagedEngine):
        facts["managed"] = engine_facts(engine, hass.config.config_dir)
    return facts


def _model_facts(model: LoadedModel | ModelInfo) -> dict[str, Any]:
    """Return facts about a model without the folders that its name may have."""
    facts: dict[str, Any] = {"name": file_name(model.name)}
    if isinstance(model, ModelInfo):
        facts |= {"parameters": model.parameters, "quantization": model.quantization}
    return facts | only_figures(asdict(model))


def _agent_facts(
    agent: ConfigSubentry, runtime: HearthRuntimeData | None
) -> dict[str, Any]:
    """Return how an agent is set up, what its prompt takes, and its newest turns."""
    kind = AGENT_KINDS[agent.subentry_type]
    options = AgentOptions.of(agent.data, max_tokens=kind.max_tokens)
    metrics = runtime.metrics.get(agent.subentry_id) if runtime else None
    budget = runtime.budgets[agent.subentry_id].last if runtime else None
    return {
        "type": agent.subentry_type,
        "model": file_name(options.model),
        "apis": api_names(options.apis),
        "own_instructions": bool(options.prompt.strip()),
        "options": only_figures(asdict(options)) | asdict(options.deadlines),
        "prompt": asdict(budget) if budget else None,
        "turns": [asdict(turn) for turn in metrics.recent] if metrics else [],
    }


@callback
def _home_facts(hass: HomeAssistant) -> dict[str, int]:
    """Return how large the home is that agents are told of."""
    entities = async_exposed_entities(hass, "conversation")
    return {
        "entities": len(entities),
        "aliases": sum(len(entity.aliases) for entity in entities),
        "areas": len({entity.area for entity in entities if entity.area}),
        "floors": len({entity.floor for entity in entities if entity.floor}),
    }


@callback
def _issues(hass: HomeAssistant) -> list[str]:
    """Return which problems a person is told of."""
    return sorted(
        str(issue.translation_key)
        for issue in ir.async_get(hass).issues.values()
        if issue.domain == DOMAIN and issue.active
    )
