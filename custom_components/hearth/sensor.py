"""What the engine and its machine hold, and what the agents' turns measured."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import override

from homeassistant.components.sensor import (
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.config_entries import ConfigSubentry
from homeassistant.const import (
    MAX_LENGTH_STATE_STATE,
    PERCENTAGE,
    EntityCategory,
    UnitOfInformation,
    UnitOfTime,
)
from homeassistant.core import HomeAssistant
from homeassistant.helpers.entity_platform import AddConfigEntryEntitiesCallback
from homeassistant.helpers.typing import StateType

from .agent.metrics import TurnMetrics
from .benchmarking.result import BenchmarkResult
from .board_sensors import async_board_sensors
from .budget_sensor import HearthPromptSize
from .const import SUBENTRY_CONVERSATION
from .coordinator import EngineStatus, HearthConfigEntry
from .entity import HearthAgentEntity, HearthEngineEntity

PARALLEL_UPDATES = 0


@dataclass(frozen=True, kw_only=True)
class HearthSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of the engine."""

    value_fn: Callable[[EngineStatus], StateType]


@dataclass(frozen=True, kw_only=True)
class HearthAgentSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of an agent."""

    value_fn: Callable[[TurnMetrics], StateType]


@dataclass(frozen=True, kw_only=True)
class HearthBenchmarkSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of what a benchmark measured."""

    value_fn: Callable[[BenchmarkResult], StateType]


BENCHMARK_SENSORS = (
    HearthBenchmarkSensorEntityDescription(
        key="benchmark_generation_speed",
        translation_key="benchmark_generation_speed",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda result: result.generated_per_second,
    ),
    HearthBenchmarkSensorEntityDescription(
        key="benchmark_reading_speed",
        translation_key="benchmark_reading_speed",
        entity_category=EntityCategory.DIAGNOSTIC,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda result: result.read_per_second,
    ),
)

ENGINE_SENSORS = (
    HearthSensorEntityDescription(
        key="loaded_model",
        translation_key="loaded_model",
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda status: (
            ", ".join(model.name for model in status.loaded)[:MAX_LENGTH_STATE_STATE]
            or "none"
        ),
    ),
    HearthSensorEntityDescription(
        key="model_memory",
        translation_key="model_memory",
        device_class=SensorDeviceClass.DATA_SIZE,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        value_fn=lambda status: status.memory,
    ),
)

# Tokens and tokens per second have no unit in Home Assistant; theirs come with
# the translations.
AGENT_SENSORS = (
    HearthAgentSensorEntityDescription(
        key="cached_share",
        translation_key="cached_share",
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=PERCENTAGE,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=0,
        value_fn=lambda turn: turn.cached_percent,
    ),
    HearthAgentSensorEntityDescription(
        key="cached_tokens",
        translation_key="cached_tokens",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda turn: turn.cached_tokens,
    ),
    HearthAgentSensorEntityDescription(
        key="generated_tokens",
        translation_key="generated_tokens",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda turn: turn.generated_tokens,
    ),
    HearthAgentSensorEntityDescription(
        key="generation_speed",
        translation_key="generation_speed",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda turn: turn.generated_tokens_per_second,
    ),
    HearthAgentSensorEntityDescription(
        key="passes",
        translation_key="passes",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda turn: turn.passes,
    ),
    HearthAgentSensorEntityDescription(
        key="prompt_tokens",
        translation_key="prompt_tokens",
        entity_category=EntityCategory.DIAGNOSTIC,
        entity_registry_enabled_default=False,
        state_class=SensorStateClass.MEASUREMENT,
        value_fn=lambda turn: turn.prompt_tokens,
    ),
    HearthAgentSensorEntityDescription(
        key="reading_speed",
        translation_key="reading_speed",
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda turn: turn.read_tokens_per_second,
    ),
    HearthAgentSensorEntityDescription(
        key="time_to_first_token",
        translation_key="time_to_first_token",
        device_class=SensorDeviceClass.DURATION,
        native_unit_of_measurement=UnitOfTime.SECONDS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        value_fn=lambda turn: turn.first_word_seconds,
    ),
)


async def async_setup_entry(
    hass: HomeAssistant,
    entry: HearthConfigEntry,
    async_add_entities: AddConfigEntryEntitiesCallback,
) -> None:
    """Set up the sensors of the engine, of its machine and of its agents."""
    async_add_entities(
        HearthEngineSensor(entry, description) for description in ENGINE_SENSORS
    )
    async_add_entities(
        HearthBenchmarkSensor(entry, description) for description in BENCHMARK_SENSORS
    )
    async_add_entities(async_board_sensors(hass, entry))
    for subentry in entry.subentries.values():
        async_add_entities(
            (
                HearthAgentSensor(entry, subentry, description)
                for description in AGENT_SENSORS
            ),
            config_subentry_id=subentry.subentry_id,
        )
    for subentry in entry.get_subentries_of_type(SUBENTRY_CONVERSATION):
        async_add_entities(
            [HearthPromptSize(entry, subentry)],
            config_subentry_id=subentry.subentry_id,
        )


class HearthEngineSensor(HearthEngineEntity, SensorEntity):
    """A sensor that shows what the engine said when it was last asked."""

    entity_description: HearthSensorEntityDescription

    def __init__(
        self, entry: HearthConfigEntry, description: HearthSensorEntityDescription
    ) -> None:
        """Show what the description says."""
        super().__init__(entry, description.key)
        self.entity_description = description

    @property
    @override
    def native_value(self) -> StateType:
        """Return the newest value."""
        return self.entity_description.value_fn(self.coordinator.data)


class HearthBenchmarkSensor(HearthEngineEntity, SensorEntity):
    """A sensor that shows what the engine's newest benchmark measured."""

    entity_description: HearthBenchmarkSensorEntityDescription

    def __init__(
        self,
        entry: HearthConfigEntry,
        description: HearthBenchmarkSensorEntityDescription,
    ) -> None:
        """Show what the description says."""
        super().__init__(entry, description.key)
        self.entity_description = description
        self._entry = entry

    @property
    @override
    def native_value(self) -> StateType:
        """Return what was measured, once something was."""
        result = self._entry.runtime_data.benchmarks.last(self._entry.entry_id)
        return self.entity_description.value_fn(result) if result else None


class HearthAgentSensor(HearthAgentEntity, SensorEntity):
    """A sensor that shows what an agent's newest turn measured."""

    entity_description: HearthAgentSensorEntityDescription

    def __init__(
        self,
        entry: HearthConfigEntry,
        subentry: ConfigSubentry,
        description: HearthAgentSensorEntityDescription,
    ) -> None:
        """Show what the description says."""
        super().__init__(entry, subentry, description.key)
        self.entity_description = description

    @override
    async def async_added_to_hass(self) -> None:
        """Follow the agent's turns."""
        await super().async_added_to_hass()
        self.async_on_remove(self.metrics.subscribe(self.async_write_ha_state))

    @property
    @override
    def native_value(self) -> StateType:
        """Return what the newest turn measured, once there was one."""
        if (turn := self.metrics.last) is None:
            return None
        return self.entity_description.value_fn(turn)
