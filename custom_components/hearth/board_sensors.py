"""How the machine is that an engine runs on, as entities of that engine."""

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import override

from homeassistant.components.binary_sensor import (
    DOMAIN as BINARY_SENSOR,
    BinarySensorDeviceClass,
    BinarySensorEntity,
    BinarySensorEntityDescription,
)
from homeassistant.components.sensor import (
    DOMAIN as SENSOR,
    SensorDeviceClass,
    SensorEntity,
    SensorEntityDescription,
    SensorStateClass,
)
from homeassistant.const import EntityCategory, UnitOfInformation, UnitOfTemperature
from homeassistant.core import HomeAssistant, callback
from homeassistant.helpers import entity_registry as er
from homeassistant.helpers.device_registry import DeviceInfo
from homeassistant.helpers.entity import EntityDescription
from homeassistant.helpers.typing import StateType
from homeassistant.helpers.update_coordinator import CoordinatorEntity

from .board_coordinator import BoardCoordinator, async_board, async_owner_id
from .board_reading import BoardReading
from .const import DOMAIN
from .coordinator import HearthConfigEntry


@dataclass(frozen=True, kw_only=True)
class HearthBoardSensorEntityDescription(SensorEntityDescription):
    """Describes a sensor of the machine; without a value it is not made."""

    value_fn: Callable[[BoardReading], StateType]


@dataclass(frozen=True, kw_only=True)
class HearthBoardBinarySensorEntityDescription(BinarySensorEntityDescription):
    """Describes a binary sensor of the machine; without a value it is not made."""

    value_fn: Callable[[BoardReading], bool | None]


def _free_space(reading: BoardReading) -> int | None:
    """Return the bytes that are free where the models lie."""
    storage = reading.storage
    return storage.space.free if storage and storage.space else None


def _under_voltage(reading: BoardReading) -> bool | None:
    """Return whether the voltage was ever too low; it is so for moments only."""
    health = reading.health
    return health.since_boot.under_voltage or health.now.under_voltage


BOARD_SENSORS = (
    HearthBoardSensorEntityDescription(
        key="available_memory",
        translation_key="available_memory",
        device_class=SensorDeviceClass.DATA_SIZE,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=2,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        value_fn=lambda reading: reading.memory.available,
    ),
    HearthBoardSensorEntityDescription(
        key="cpu_temperature",
        translation_key="cpu_temperature",
        device_class=SensorDeviceClass.TEMPERATURE,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfTemperature.CELSIUS,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        value_fn=lambda reading: reading.health.temperature,
    ),
    HearthBoardSensorEntityDescription(
        key="free_space",
        translation_key="free_space",
        device_class=SensorDeviceClass.DATA_SIZE,
        entity_category=EntityCategory.DIAGNOSTIC,
        native_unit_of_measurement=UnitOfInformation.BYTES,
        state_class=SensorStateClass.MEASUREMENT,
        suggested_display_precision=1,
        suggested_unit_of_measurement=UnitOfInformation.GIBIBYTES,
        value_fn=_free_space,
    ),
)

BOARD_BINARY_SENSORS = (
    HearthBoardBinarySensorEntityDescription(
        key="throttled",
        translation_key="throttled",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=lambda reading: reading.health.now.throttled,
    ),
    HearthBoardBinarySensorEntityDescription(
        key="under_voltage",
        translation_key="under_voltage",
        device_class=BinarySensorDeviceClass.PROBLEM,
        entity_category=EntityCategory.DIAGNOSTIC,
        value_fn=_under_voltage,
    ),
)


@callback
def async_board_sensors(
    hass: HomeAssistant, entry: HearthConfigEntry
) -> Iterator[SensorEntity]:
    """Yield the machine's sensors where this entry's device shows the machine."""
    if (board := _shown_board(hass, entry)) is None:
        return
    for description in BOARD_SENSORS:
        if description.value_fn(board.data.reading) is not None:
            yield HearthBoardSensor(board, entry, description)


@callback
def async_board_binary_sensors(
    hass: HomeAssistant, entry: HearthConfigEntry
) -> Iterator[BinarySensorEntity]:
    """Yield the machine's binary sensors, likewise."""
    if (board := _shown_board(hass, entry)) is None:
        return
    for description in BOARD_BINARY_SENSORS:
        if description.value_fn(board.data.reading) is not None:
            yield HearthBoardBinarySensor(board, entry, description)


def _shown_board(
    hass: HomeAssistant, entry: HearthConfigEntry
) -> BoardCoordinator | None:
    """Return the machine if an entry's device shows it."""
    return async_board(hass) if async_owner_id(hass) == entry.entry_id else None


@callback
def async_remove_board_entities(hass: HomeAssistant, entry: HearthConfigEntry) -> None:
    """Remove the entities of an entry whose device does not show the machine."""
    registry = er.async_get(hass)
    descriptions = ((SENSOR, BOARD_SENSORS), (BINARY_SENSOR, BOARD_BINARY_SENSORS))
    for platform, of_platform in descriptions:
        for description in of_platform:
            unique_id = _unique_id(entry, description)
            entity_id = registry.async_get_entity_id(platform, DOMAIN, unique_id)
            if entity_id is not None:
                registry.async_remove(entity_id)


def _unique_id(entry: HearthConfigEntry, description: EntityDescription) -> str:
    """Return the id of an entity among all of Hearth's."""
    return f"{entry.entry_id}_{description.key}"


class HearthBoardEntity(CoordinatorEntity[BoardCoordinator]):
    """An entity of the machine, on the device of an engine that runs on it."""

    _attr_has_entity_name = True

    def __init__(
        self,
        board: BoardCoordinator,
        entry: HearthConfigEntry,
        description: EntityDescription,
    ) -> None:
        """Show what the description says."""
        super().__init__(board)
        self.entity_description = description
        self._attr_device_info = DeviceInfo(identifiers={(DOMAIN, entry.entry_id)})
        self._attr_unique_id = _unique_id(entry, description)


class HearthBoardSensor(HearthBoardEntity, SensorEntity):
    """A number of the machine when it was last looked at."""

    entity_description: HearthBoardSensorEntityDescription

    @property
    @override
    def native_value(self) -> StateType:
        """Return the newest value."""
        return self.entity_description.value_fn(self.coordinator.data.reading)


class HearthBoardBinarySensor(HearthBoardEntity, BinarySensorEntity):
    """Something that is or is not the matter with the machine."""

    entity_description: HearthBoardBinarySensorEntityDescription

    @property
    @override
    def is_on(self) -> bool | None:
        """Return whether it is the matter, None where that became unknown."""
        return self.entity_description.value_fn(self.coordinator.data.reading)
