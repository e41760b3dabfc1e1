"""A home for tests of English orders, and what is understood of them there."""

from typing import Any

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.plain_call import PlainCall
from custom_components.hearth.agent.plain_orders import plain_calls


def thing(
    entity_id: str,
    name: str,
    area: str | None = None,
    device_class: str | None = None,
    alias: str | None = None,
) -> ExposedEntity:
    """Return something in an area; all areas but the garden are on one floor."""
    return ExposedEntity(
        entity_id=entity_id,
        name=name,
        aliases=(alias,) if alias else (),
        area=area,
        floor="Ground Floor" if area not in (None, "Garden") else None,
        device_class=device_class,
    )


HOME = (
    thing("light.kitchen", "Kitchen light", "Kitchen"),
    thing("light.counter", "Counter lamp", "Kitchen"),
    thing("light.pendant", "Kitchen pendant", "Kitchen"),
    thing("light.desk", "Desk lamp", "Office", alias="Work light"),
    thing("light.red", "Red lamp", "Office"),
    thing("light.hall", "Hall lamp", "Hall"),
    thing("light.left", "Spot", "Hall"),
    thing("light.right", "Spot", "Bedroom"),
    thing("climate.office", "Office heater", "Office"),
    thing("fan.bedroom", "Bedroom fan", "Bedroom"),
    thing("media_player.tv", "Big TV", "Bedroom", "tv"),
    thing("media_player.hall", "Radio", "Hall", "speaker"),
    thing("media_player.kitchen", "Kitchen telly", "Kitchen"),
    thing("cover.bedroom", "Bedroom blinds", "Bedroom", "blind"),
    thing("cover.office_left", "Left drape", "Office", "curtain"),
    thing("cover.office_right", "Sun blind", "Office", "blind"),
    thing("cover.garage", "Garage door", "Garage", "garage"),
    thing("lock.front", "Front door", "Hall"),
    thing("lock.side", "Side entrance", "Garage"),
    thing("vacuum.robbie", "Robbie", "Hall"),
    thing("scene.morning", "Morning"),
    thing("sensor.kitchen", "Kitchen temperature", "Kitchen", "temperature"),
    thing("alarm_control_panel.home", "House alarm", "Hall"),
    thing("switch.pump", "Pump", "Garden"),
)


def control(action: str, **target: str) -> tuple[str, dict[str, Any]]:
    """Return an action on something."""
    return "control", {"action": action, **target}


def change(**arguments: str | float) -> tuple[str, dict[str, Any]]:
    """Return a value of something."""
    return "set", arguments


def calls(said: str, home: tuple[ExposedEntity, ...] = HOME) -> list[Any]:
    """Return the calls of English words."""
    found = plain_calls(home, said, "en")
    assert all(isinstance(call, PlainCall) for call in found)
    return [(call.tool, call.arguments) for call in found]
