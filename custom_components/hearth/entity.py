"""What the entities of an engine, and those of an agent, have in common."""

from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import CONF_MODEL
from homeassistant.helpers import device_registry as dr
from homeassistant.helpers.device_registry import DeviceEntryType, DeviceInfo
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .agent.options import AgentOptions
from .agent.thinking import ThinkMode, thinks
from .const import DOMAIN
from .coordinator import HearthConfigEntry, HearthCoordinator


class HearthEngineEntity(CoordinatorEntity[HearthCoordinator]):
    """An entity of the engine's device, which the entry's set-up made."""

    _attr_has_entity_name = True

    def __init__(self, entry: HearthConfigEntry, key: str) -> None:
        """Belong to the engine of an entry."""
        super().__init__(entry.runtime_data.coordinator)
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})
        self._attr_unique_id = f"{entry.entry_id}_{key}"


class HearthAgentEntity(CoordinatorEntity[HearthCoordinator]):
    """An entity of an agent's device; without a key it is the agent itself."""

    _attr_has_entity_name = True

    def __init__(
        self,
        entry: HearthConfigEntry,
        subentry: ConfigSubentry,
        key: str | None = None,
    ) -> None:
        """Belong to one agent of an entry."""
        super().__init__(entry.runtime_data.coordinator)
        self.runtime = entry.runtime_data
        self.metrics = self.runtime.metrics[subentry.subentry_id]
        self._attr_device_info = DeviceInfo(
            entry_type=DeviceEntryType.SERVICE,
            identifiers={(DOMAIN, subentry.subentry_id)},
            model=subentry.data[CONF_MODEL],
            name=subentry.title,
            via_device_id=dr.async_get_device_id_by_identifier(
                self.coordinator.hass,
                (DOMAIN, entry.entry_id),
                config_entry_id=entry.entry_id,
            ),
        )
        if key is None:
            self._attr_name = None
            self._attr_unique_id = subentry.subentry_id
        else:
            self._attr_unique_id = f"{subentry.subentry_id}_{key}"

    async def async_thinks(self, options: AgentOptions) -> bool:
        """Return whether the model thinks before it answers now."""
        if options.think is ThinkMode.OFF:
            return False
        facts = await self.runtime.async_model_facts(options.model)
        last = self.metrics.last
        return thinks(
            options.think,
            budget=options.thinking_budget,
            can=facts.thinking if facts else None,
            speed=last.generated_tokens_per_second if last else None,
        )
