"""How much of its context window an agent's prompt takes."""

from collections.abc import Mapping
from typing import Any, override

from homeassistant.components.sensor import (
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EntityCategory

from .coordinator import HearthConfigEntry
from .entity import HearthAgentEntity

PROMPT_SIZE = SensorEntityDescription(
    key="prompt_size",
    translation_key="prompt_size",
    entity_category=EntityCategory.DIAGNOSTIC,
    state_class=SensorStateClass.MEASUREMENT,
)


class HearthPromptSize(HearthAgentEntity, SensorEntity):
    """Tokens that are used before anybody speaks, and what uses them."""

    entity_description = PROMPT_SIZE

    def __init__(self, entry: HearthConfigEntry, subentry: ConfigSubentry) -> None:
        """Belong to an agent."""
        super().__init__(entry, subentry, PROMPT_SIZE.key)
        self._budget = self.runtime.budgets[subentry.subentry_id]

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what is found out."""
        await super().async_added_to_hass()
        self.async_on_remove(self._budget.subscribe(self.async_write_ha_state))

    @property
    @override
    def native_value(self) -> int | None:
        """Return the tokens of the prompt, once they are known."""
        return self._budget.last.prompt if self._budget.last else None

    @property
    @override
    def extra_state_attributes(self) -> Mapping[str, Any]:
        """Return what uses the window, part by part."""
        if (budget := self._budget.last) is None:
            return {}
        return {
            "context_window": budget.window,
            "conversation": budget.conversation,
            "estimated": budget.estimated,
            "home": budget.home,
            "instructions": budget.instructions,
            "tools": budget.tools,
        }
