"""The sensor that a question is about, in whatever words."""

import pytest

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.plain_questions import plain_lookups


def sensor(name: str, area: str, device_class: str | None) -> ExposedEntity:
    """Return a sensor in an area."""
    return ExposedEntity(
        entity_id=f"sensor.{name}", name=name, area=area, device_class=device_class
    )


HOME = (
    sensor("Fridge temperature", "Kitchen", "temperature"),
    sensor("Kitchen temperature", "Kitchen", "temperature"),
    sensor("Byre temperature", "Byre", "temperature"),
    sensor("Outdoor temperature", "Yard", "temperature"),
    sensor("Turbine power", "Yard", "power"),
    sensor("Kiln power", "Yard", "power"),
    sensor("Paddy battery", "Hall", "battery"),
    sensor("Doorbell battery", "Hall", "battery"),
    sensor("Hall CO2", "Hall", "carbon_dioxide"),
    sensor("Loft sensor", "Loft", "humidity"),
    sensor("Loft humidity", "Loft", "humidity"),
    ExposedEntity(entity_id="vacuum.paddy", name="Paddy", area="Hall"),
    ExposedEntity(entity_id="climate.byre", name="Byre heater", area="Byre"),
    ExposedEntity(entity_id="light.hall", name="Hall lamp", area="Hall"),
)


def looked_at(said: str) -> list[str]:
    """Return the names of what is looked at."""
    found = plain_lookups(HOME, said, "en", None)
    return [str(call.arguments.get("name")) for call in found]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("how cold is it inside the fridge", ["Fridge temperature"]),
        ("what's the turbine making just now", ["Turbine power"]),
        ("How many kilowatts is the kiln eating?", ["Kiln power"]),
        ("How much charge has Paddy left?", ["Paddy battery"]),
        ("is the doorbell about to go flat", ["Doorbell battery"]),
        ("Paddy is having how much battery left?", ["Paddy battery"]),
        ("what's the CO2 reading up in the hall", ["Hall CO2"]),
        # Two that are compared.
        (
            "Is the byre any warmer than outside?",
            ["Byre temperature", "Outdoor temperature"],
        ),
        (
            "how many degrees warmer is the kitchen than the byre",
            ["Kitchen temperature", "Byre temperature"],
        ),
        # What something is doing is no sensor's.
        ("What's Paddy up to?", ["Paddy"]),
        ("what is paddy doing right now", ["Paddy"]),
    ],
)
def test_asked(said: str, names: list[str]) -> None:
    """Who says all that a sensor is called after asks what it tells."""
    assert looked_at(said) == names


@pytest.mark.parametrize(
    "said",
    [
        # Of which it is asked is not clear, or of something else.
        "how humid is it in the loft, roughly speaking",
        "what about charging the doorbell battery",
        "is the doorbell battery a nuisance",
        "what is the turbine or the kiln",
        "how many thermometers does the fridge need",
        "what is the byre heater's temperature worth",
        "what bulbs does the hall have",
        "how is the loft these days",
        "which is set warmer, the byre or the fridge",
        "is the byre warmer than the attic",
        "what's the neighbour up to",
    ],
)
def test_not_asked(said: str) -> None:
    """Otherwise nothing is looked up without the model."""
    assert looked_at(said) == []
