"""Letting the voice assistant that a home prefers answer with a new agent."""

from types import ModuleType

from homeassistant.config_entries import ConfigEntry
from homeassistant.const import Platform
from homeassistant.core import HomeAssistant
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.importlib import async_import_module

from ..const import LOGGER

_ASSIST = "assist_pipeline"


async def _async_assist(hass: HomeAssistant) -> ModuleType | None:
    """Return Home Assistant's voice assistants, None where it has none."""
    if _ASSIST not in hass.config.components:
        return None
    # Where it is not used, not even what it needs is installed.
    return await async_import_module(hass, f"homeassistant.components.{_ASSIST}")


async def async_assistant_name(hass: HomeAssistant) -> str | None:
    """Return the name of the assistant that is preferred, None where there is none."""
    assist = await _async_assist(hass)
    if assist is None:
        return None
    try:
        name: str = assist.async_get_pipeline(hass).name
    except assist.PipelineNotFound:
        return None
    return name


async def async_let_answer(hass: HomeAssistant, entry: ConfigEntry) -> bool:
    """Let the preferred assistant answer with an entry's agent; return whether it does.

    An entry whose engine does not answer has no agent yet.
    """
    assist = await _async_assist(hass)
    agents = (
        entity.entity_id
        for entity in er.async_entries_for_config_entry(
            er.async_get(hass), entry.entry_id
        )
        if entity.domain == Platform.CONVERSATION
    )
    agent_id = next(agents, None)
    if assist is None or agent_id is None:
        return False
    try:
        await assist.async_update_pipeline(
            hass, assist.async_get_pipeline(hass), conversation_engine=agent_id
        )
    except assist.PipelineNotFound:
        LOGGER.debug("The preferred assistant was removed meanwhile")
        return False
    return True
