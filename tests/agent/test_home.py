"""The overview of the reference home."""

from homeassistant.components.homeassistant.exposed_entities import async_expose_entity
from homeassistant.core import HomeAssistant
from homeassistant.helpers import (
    area_registry as ar,
    device_registry as dr,
    entity_registry as er,
)
import pytest
from pytest_homeassistant_custom_component.common import MockConfigEntry

from custom_components.hearth.agent.home import (
    area_of,
    async_exposed_entities,
    overview,
)
from custom_components.hearth.agent.prompt import INSTRUCTIONS, prefix


@pytest.fixture(autouse=True)
async def _family(home: None) -> None:
    """Set up the reference home."""


async def test_overview(hass: HomeAssistant) -> None:
    """The home is a line an area, sorted, with aliases and without states."""
    assert overview(async_exposed_entities(hass, "conversation")) == (
        "Ground floor\n"
        "Hallway: light: Hallway; lock: Front door; sensor: Front door contact, "
        "Hallway motion\n"
        "Kitchen: light: Kitchen ceiling, Kitchen counter; sensor: Kitchen "
        "temperature, Kitchen window; switch: Coffee machine (espresso machine), "
        "Dishwasher\n"
        "Living Room: climate: Living room thermostat; cover: Living room blinds; "
        "light: Living room lamp, Reading lamp; media_player: Living room TV (telly), "
        "Soundbar; sensor: Living room humidity\n"
        "Office: climate: Office heater; light: Desk lamp, Office ceiling; sensor: "
        "Office CO2; switch: Printer\n"
        "Outside\n"
        "Garage: cover: Garage door; light: Garage; sensor: EV battery; switch: EV "
        "charger\n"
        "Garden: light: Garden path; sensor: Outdoor temperature; switch: Irrigation; "
        "vacuum: Mower\n"
        "Upstairs\n"
        "Bathroom: fan: Bathroom extractor; light: Bathroom mirror; sensor: Bathroom "
        "humidity, Bathroom leak\n"
        "Bedroom: cover: Bedroom blinds; fan: Bedroom fan; light: Bedroom ceiling, "
        "Bedside lamp left, Bedside lamp right; sensor: Bedroom temperature"
    )


async def test_states_do_not_change_the_prefix(hass: HomeAssistant) -> None:
    """What happens from minute to minute is not in the prefix."""
    before = prefix(INSTRUCTIONS, async_exposed_entities(hass, "conversation"))
    for state in hass.states.async_all(["light", "sensor", "lock"]):
        hass.states.async_set(state.entity_id, "changed", state.attributes)
    assert prefix(INSTRUCTIONS, async_exposed_entities(hass, "conversation")) == before


async def test_a_new_device_changes_one_line(hass: HomeAssistant) -> None:
    """Everything else stays where it was."""
    before = overview(async_exposed_entities(hass, "conversation")).split("\n")
    area = ar.async_get(hass).async_get_area_by_name("Office")
    assert area
    entry = er.async_get(hass).async_get_or_create(
        "light", "test", "new", original_name="New lamp"
    )
    er.async_get(hass).async_update_entity(entry.entity_id, area_id=area.id)
    hass.states.async_set(entry.entity_id, "off", {"friendly_name": "New lamp"})
    async_expose_entity(hass, "conversation", entry.entity_id, True)
    after = overview(async_exposed_entities(hass, "conversation")).split("\n")
    changed = [(a, b) for a, b in zip(before, after, strict=True) if a != b]
    assert changed == [
        (
            (
                "Office: climate: Office heater; light: Desk lamp, Office ceiling; sensor: "
                "Office CO2; switch: Printer"
            ),
            (
                "Office: climate: Office heater; light: Desk lamp, New lamp, Office ceiling;"
                " sensor: Office CO2; switch: Printer"
            ),
        )
    ]


async def test_without_area_and_registry(hass: HomeAssistant) -> None:
    """What is nowhere comes last; what is hidden does not come at all."""
    hass.states.async_set("light.loose", "off", {"friendly_name": "Loose"})
    async_expose_entity(hass, "conversation", "light.loose", True)
    hass.states.async_set("calendar.family", "off")
    async_expose_entity(hass, "conversation", "calendar.family", True)
    text = overview(async_exposed_entities(hass, "conversation"))
    assert text.endswith("\nNo area: light: Loose")
    assert "family" not in text
    assert overview(async_exposed_entities(hass, "somebody.else")) == ""


async def test_the_area_of_a_device(hass: HomeAssistant) -> None:
    """An entity without an area of its own is where its device is."""
    entry = MockConfigEntry()
    entry.add_to_hass(hass)
    devices, areas = dr.async_get(hass), ar.async_get(hass)
    device = devices.async_get_or_create(
        config_entry_id=entry.entry_id, identifiers={("test", "1")}
    )
    registered = er.async_get(hass).async_get_or_create(
        "light", "test", "1", device_id=device.id, original_name="Torch"
    )
    hass.states.async_set(registered.entity_id, "off")
    async_expose_entity(hass, "conversation", registered.entity_id, True)
    assert area_of(hass, device.id) is None
    assert area_of(hass, None) is None
    assert area_of(hass, "unknown") is None
    area = areas.async_get_area_by_name("Garden")
    assert area
    devices.async_update_device(device.id, area_id=area.id)
    assert area_of(hass, device.id) == "Garden"
    found = {e.entity_id: e for e in async_exposed_entities(hass, "conversation")}
    assert found[registered.entity_id].area == "Garden"
    assert found[registered.entity_id].floor == "Outside"
    areas.async_update(area.id, floor_id=None)
    found = {e.entity_id: e for e in async_exposed_entities(hass, "conversation")}
    assert found[registered.entity_id].floor is None
