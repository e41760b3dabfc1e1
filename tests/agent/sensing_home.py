"""A home for tests of what is sensed, and what is asked and answered there."""

from typing import Any

from custom_components.hearth.agent.answers import answer
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.plain_questions import plain_lookups
from custom_components.hearth.agent.seen import Seen
from custom_components.hearth.agent.targets import find_targets


def thing(
    entity_id: str,
    name: str,
    state: str,
    area: str | None = None,
    kind: str | None = None,
) -> Seen:
    """Return a thing in a state; all areas but the garden are on one floor."""
    entity = ExposedEntity(
        entity_id=entity_id,
        name=name,
        area=area,
        floor="Ground Floor" if area not in (None, "Garden") else None,
        device_class=kind,
    )
    return Seen(entity, state, {})


def sensor(name: str, kind: str, state: str = "off", area: str | None = None) -> Seen:
    """Return a binary sensor."""
    entity_id = f"binary_sensor.{name.lower().replace(' ', '_')}_{kind}"
    return thing(entity_id, name, state, area, kind)


HOME = (
    sensor("Phone", "battery", "on"),
    sensor("Phone", "battery_charging", "on"),
    sensor("Phone", "connectivity", "on"),
    sensor("Phone", "plug"),
    sensor("Phone", "update", "on"),
    sensor("Phone", "presence", "on"),
    sensor("Tablet", "battery"),
    sensor("Tablet", "battery_charging"),
    sensor("Tablet", "connectivity"),
    sensor("Tablet", "plug"),
    sensor("Water Pipes", "cold", "on"),
    sensor("Road", "safety"),
    sensor("Computer", "heat", "on"),
    sensor("Computer", "power", "on"),
    sensor("Computer", "running"),
    sensor("Pet Feeder", "problem", "on"),
    sensor("Kitchen Smoke", "smoke", "on", "Kitchen"),
    sensor("Hall Smoke", "smoke", "off", "Hall"),
    sensor("CO", "carbon_monoxide"),
    sensor("Boiler", "gas", "on", "Kitchen"),
    sensor("Washer", "running", "on"),
    sensor("Washer", "vibration", "on"),
    sensor("Mains Power", "power", "on"),
    sensor("Kitchen", "occupancy", "on", "Kitchen"),
    sensor("Desk", "occupancy", "off", "Hall"),
    sensor("Hatch", "opening", "on"),
    sensor("Garage", "sound", "on", "Garage"),
    sensor("Box", "tamper", "on"),
    sensor("Puddle", "moisture", "on", "Hall"),
    sensor("Yard", "light", "on", "Garden"),
    sensor("Doorway", "motion", "on", "Hall"),
    sensor("Safe door", "door", "off"),
    sensor("Gate", "door", "on"),
    sensor("Back up charging", "battery_charging", "on"),
    thing("cover.gate", "Gate", "closed"),
    thing("binary_sensor.flag", "Flag", "on"),
    thing("person.ada", "Ada", "School"),
    thing("person.ben", "Ben", "home"),
    thing("device_tracker.ada", "Ada", "not_home"),
    thing("device_tracker.keys", "Keys", "home"),
    thing("light.kitchen", "Kitchen", "on", "Kitchen"),
    thing("light.pendant", "Pendant", "on", "Kitchen"),
    thing("switch.washer", "Washer", "off"),
)


def looks(said: str, home: tuple[Seen, ...] = HOME) -> list[dict[str, Any]]:
    """Return what is looked up for words."""
    entities = tuple(one.entity for one in home)
    return [call.arguments for call in plain_lookups(entities, said, "en")]


def told(said: str, home: tuple[Seen, ...] = HOME) -> str | None:
    """Return what is answered without a model, None where one is asked."""
    entities = tuple(one.entity for one in home)
    found = [
        find_targets(entities, arguments, here=None) for arguments in looks(said, home)
    ]
    assert not any(isinstance(targets, str) for targets in found)
    reached = {
        entity.entity_id
        for targets in found
        if not isinstance(targets, str)
        for target in targets
        for entity in target.entities
    }
    seen = tuple(one for one in home if one.entity.entity_id in reached)
    return answer(said, seen, "en")
