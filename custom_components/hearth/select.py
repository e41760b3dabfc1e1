"""Choices for an agent: its model, and how long that stays in memory."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.select import SelectEntity
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_MODEL, EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.exceptions import ServiceValidationError
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .agent.options import AgentOptions
from .agent_form import AGENT_KINDS
from .const import CONF_KEEP_ALIVE, DEFAULT_KEEP_ALIVE, DOMAIN
from .coordinator import HearthConfigEntry
from .entity import HearthAgentEntity

PARALLEL_UPDATES = 1

# Seconds; negative means for good.
_KEPT = {
    "always": -1,
    "one_hour": 3600,
    "thirty_minutes": 1800,
    "five_minutes": 300,
    "not_at_all": 0,
}
# Stands for a number that was entered in the agent's form.
_OTHER = "other"


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HearthConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the choices of each agent."""
    keeps = entry.runtime_data.engine.capabilities.keep_alive
    for subentry in entry.subentries.values():
        entities: list[SelectEntity] = [ModelSelect(entry, subentry)]
        if keeps:
            entities.append(KeepLoadedSelect(entry, subentry))
        async_add_entities(entities, config_subentry_id=subentry.subentry_id)


class _AgentSelect(HearthAgentEntity, SelectEntity):
    """A choice that is one of an agent's settings; the entry starts again with it."""

    _attr_entity_category = EntityCategory.CONFIG

    def __init__(
        self, entry: HearthConfigEntry, subentry: ConfigSubentry, key: str
    ) -> None:
        """Belong to an agent."""
        super().__init__(entry, subentry, key)
        self._attr_translation_key = key
        self._entry = entry
        self._subentry = subentry

    def _change(self, settings: Mapping[str, Any], title: str | None = None) -> None:
        """Keep what was chosen."""
        self.hass.config_entries.async_update_subentry(
            self._entry,
            self._subentry,
            data={**self._subentry.data, **settings},
            title=title or self._subentry.title,
        )


class ModelSelect(_AgentSelect):
    """The model that answers, of those that the engine has."""

    def __init__(self, entry: HearthConfigEntry, subentry: ConfigSubentry) -> None:
        """Choose a model."""
        super().__init__(entry, subentry, CONF_MODEL)

    @property
    @override
    def options(self) -> list[str]:
        """Return the models, and the agent's own also where it is gone."""
        names = [model.name for model in self.coordinator.data.models]
        own = self._subentry.data[CONF_MODEL]
        return names if own in names else [own, *names]

    @property
    @override
    def current_option(self) -> str:
        """Return the agent's model."""
        model: str = self._subentry.data[CONF_MODEL]
        return model

    @override
    async def async_select_option(self, option: str) -> None:
        """Let another model answer; refuse one that cannot control the home."""
        facts = await self.runtime.async_model_facts(option)
        if (
            facts is not None
            and facts.tools is False
            and AgentOptions.of(self._subentry.data).apis
        ):
            raise ServiceValidationError(
                translation_domain=DOMAIN,
                translation_key="model_without_tools",
                translation_placeholders={"model": option},
            )
        kind = AGENT_KINDS[self._subentry.subentry_type]
        titled = self._subentry.title == kind.title(self.current_option)
        self._change({CONF_MODEL: option}, kind.title(option) if titled else None)


class KeepLoadedSelect(_AgentSelect):
    """How long the model stays in memory after its last use."""

    def __init__(self, entry: HearthConfigEntry, subentry: ConfigSubentry) -> None:
        """Choose a time; another one can be entered in the agent's form."""
        super().__init__(entry, subentry, "keep_loaded")
        kept = float(subentry.data.get(CONF_KEEP_ALIVE, DEFAULT_KEEP_ALIVE))
        kept = max(kept, -1)
        self._attr_current_option = next(
            (name for name, seconds in _KEPT.items() if seconds == kept), _OTHER
        )
        self._attr_options = list(_KEPT)
        if self._attr_current_option == _OTHER:
            self._attr_options.append(_OTHER)

    @override
    async def async_select_option(self, option: str) -> None:
        """Keep the model for another time."""
        if option != _OTHER:
            self._change({CONF_KEEP_ALIVE: _KEPT[option]})
