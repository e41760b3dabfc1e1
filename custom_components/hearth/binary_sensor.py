"""Whether the engine can be reached and its machine is well, and what is read."""

from typing import override

from homeassistant.components.binary_sensor import (
    BinarySensorDeviceClass,
    BinarySensorEntity,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import EntityCategory
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback

from .board_sensors import async_board_binary_sensors
from .const import SUBENTRY_CONVERSATION
from .coordinator import HearthConfigEntry
from .entity import HearthAgentEntity, HearthEngineEntity

PARALLEL_UPDATES = 0


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HearthConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the engine's connectivity and the problems of its machine."""
    async_add_entities([HearthConnectivity(entry, "connectivity")])
    async_add_entities(async_board_binary_sensors(hass, entry))
    for subentry in entry.get_subentries_of_type(SUBENTRY_CONVERSATION):
        async_add_entities(
            [HearthPromptReady(entry, subentry)],
            config_subentry_id=subentry.subentry_id,
        )


class HearthConnectivity(HearthEngineEntity, BinarySensorEntity):
    """On while the engine answers."""

    _attr_device_class = BinarySensorDeviceClass.CONNECTIVITY
    _attr_entity_category = EntityCategory.DIAGNOSTIC

    @property
    @override
    def available(self) -> bool:
        """Stay available: that the engine does not answer is the news."""
        return True

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the engine answered when last spoken to."""
        return self.coordinator.last_update_success


class HearthPromptReady(HearthAgentEntity, BinarySensorEntity):
    """On while the agent's prompt is read, so that the next answer comes at once."""

    _attr_entity_category = EntityCategory.DIAGNOSTIC
    _attr_translation_key = "prompt_ready"

    def __init__(self, entry: HearthConfigEntry, subentry: ConfigSubentry) -> None:
        """Belong to an agent."""
        super().__init__(entry, subentry, "prompt_ready")
        self._warm_up = self.runtime.read_ahead[subentry.subentry_id].warm_up

    @override
    async def async_added_to_hass(self) -> None:
        """Follow what is read."""
        await super().async_added_to_hass()
        self.async_on_remove(self._warm_up.subscribe(self.async_write_ha_state))

    @property
    @override
    def is_on(self) -> bool:
        """Return whether the next turn finds its prompt read."""
        return self._warm_up.is_ready
