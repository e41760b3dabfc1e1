"""Buttons that load and unload models, and measure them."""

from collections.abc import Awaitable, Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.button import ButtonEntity, ButtonEntityDescription
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .agent_form import AGENT_KINDS
from .benchmarking.run import async_benchmark_agents
from .coordinator import HearthConfigEntry
from .engines.base import Capabilities
from .entity import HearthAgentEntity, HearthEngineEntity
from .loading import async_load_for, async_unload_all
from .read_ahead import async_read_ahead

PARALLEL_UPDATES = 1


@dataclass(frozen=True, kw_only=True)
class HearthButtonEntityDescription(ButtonEntityDescription):
    """Describes a button of the engine."""

    press_fn: Callable[[HearthConfigEntry], Awaitable[object]]
    exists_fn: Callable[[Capabilities], bool] = lambda _: True


@dataclass(frozen=True, kw_only=True)
class HearthAgentButtonEntityDescription(ButtonEntityDescription):
    """Describes a button of an agent."""

    press_fn: Callable[[HearthConfigEntry, ConfigSubentry], Awaitable[None]]
    exists_fn: Callable[[Capabilities], bool] = lambda _: True
    only_talk: bool = False


ENGINE_BUTTONS = (
    HearthButtonEntityDescription(
        key="run_benchmark",
        translation_key="run_benchmark",
        entity_category=EntityCategory.DIAGNOSTIC,
        press_fn=async_benchmark_agents,
    ),
    HearthButtonEntityDescription(
        key="unload_models",
        translation_key="unload_models",
        entity_category=EntityCategory.CONFIG,
        exists_fn=lambda can: can.load,
        press_fn=async_unload_all,
    ),
)
AGENT_BUTTONS = (
    HearthAgentButtonEntityDescription(
        key="load_model",
        translation_key="load_model",
        entity_category=EntityCategory.CONFIG,
        exists_fn=lambda can: can.load,
        press_fn=async_load_for,
    ),
    HearthAgentButtonEntityDescription(
        key="read_ahead",
        translation_key="read_ahead",
        entity_category=EntityCategory.DIAGNOSTIC,
        only_talk=True,
        press_fn=lambda entry, agent: async_read_ahead(entry, agent.subentry_id),
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HearthConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the buttons of what the engine can do."""
    can = entry.runtime_data.engine.capabilities
    async_add_entities(
        HearthEngineButton(entry, description)
        for description in ENGINE_BUTTONS
        if description.exists_fn(can)
    )
    for subentry in entry.subentries.values():
        talks = AGENT_KINDS[subentry.subentry_type].talks
        async_add_entities(
            (
                HearthAgentButton(entry, subentry, description)
                for description in AGENT_BUTTONS
                if description.exists_fn(can) and (talks or not description.only_talk)
            ),
            config_subentry_id=subentry.subentry_id,
        )


class HearthEngineButton(HearthEngineEntity, ButtonEntity):
    """A button of the engine."""

    entity_description: HearthButtonEntityDescription

    def __init__(
        self, entry: HearthConfigEntry, description: HearthButtonEntityDescription
    ) -> None:
        """Do what the description says."""
        super().__init__(entry, description.key)
        self.entity_description = description
        self._entry = entry

    @override
    async def async_press(self) -> None:
        """Do it; raises HomeAssistantError where it failed."""
        await self.entity_description.press_fn(self._entry)


class HearthAgentButton(HearthAgentEntity, ButtonEntity):
    """A button of an agent."""

    entity_description: HearthAgentButtonEntityDescription

    def __init__(
        self,
        entry: HearthConfigEntry,
        subentry: ConfigSubentry,
        description: HearthAgentButtonEntityDescription,
    ) -> None:
        """Do what the description says."""
        super().__init__(entry, subentry, description.key)
        self.entity_description = description
        self._entry = entry
        self._subentry = subentry

    @override
    async def async_press(self) -> None:
        """Do it; raises HomeAssistantError where it failed."""
        await self.entity_description.press_fn(self._entry, self._subentry)
