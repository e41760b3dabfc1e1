"""What asks for states, and what is an order, a wish or two questions in one."""

import pytest

from custom_components.hearth.agent.asking import asks_for_states
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.names import words
from custom_components.hearth.agent.plain_questions import plain_lookups


def thing(
    entity_id: str, name: str, area: str, device_class: str | None = None
) -> ExposedEntity:
    """Return something in an area on the ground floor."""
    return ExposedEntity(
        entity_id=entity_id,
        name=name,
        area=area,
        floor="Ground floor",
        device_class=device_class,
    )


HOME = (
    thing("light.counter", "Kitchen counter", "Kitchen"),
    thing("light.garage", "Garage", "Garage"),
    thing("cover.garage", "Garage door", "Garage", "garage"),
    thing("lock.front", "Front door", "Hall"),
    thing("binary_sensor.front", "Front door contact", "Hall", "door"),
    thing("binary_sensor.window", "Kitchen window", "Kitchen", "window"),
    thing("binary_sensor.motion", "Hall motion", "Hall", "motion"),
    thing("switch.dishwasher", "Dishwasher", "Kitchen"),
    thing("fan.bedroom", "Bedroom fan", "Bedroom"),
    thing("climate.bedroom", "Bedroom heater", "Bedroom"),
    thing("sensor.bedroom", "Bedroom temperature", "Bedroom", "temperature"),
    thing("sensor.kitchen", "Kitchen temperature", "Kitchen", "temperature"),
    thing("sensor.humidity", "Kitchen humidity", "Kitchen", "humidity"),
    thing("sensor.lux", "Kitchen brightness", "Kitchen", "illuminance"),
)


@pytest.mark.parametrize(
    "said",
    [
        # Two questions, of which only one would be answered.
        "are the doors locked and the windows closed",
        "are all the doors and windows closed and locked",
        "are any doors unlocked or open",
        "is the garage door closed and are all the lights off",
        "is the dishwasher off and are the windows closed",
        "are lights on in the bedroom and is the fan off",
        "what is the temperature and humidity in the kitchen",
        # Something that cannot be so was named: another thing is meant.
        "is the garage open",
        "is the front door open",
        "is the dishwasher open",
        # Only some of what would be looked up is meant.
        "are the outside lights on",
        "are the back lights on",
        "are the motion lights on",
        "how warm is it on the ground floor",
        # Orders, and what is not now.
        "lock the front door, ok?",
        "do lock the front door",
        "do you lock the front door?",
        "open the garage door?",
        "switch off the lights?",
        "leave the lights on?",
        "have the front door locked?",
        "lights?",
        "tell me if the garage door opens",
        "who locked the front door?",
        "how do I open the garage door",
        "what does the garage door do",
        "what is the garage door for",
        "what if the garage door is open",
    ],
)
def test_nothing_is_looked_up(said: str) -> None:
    """Half an answer, or one to another question, is worse than to ask the model."""
    assert plain_lookups(HOME, said, "en") == ()


@pytest.mark.parametrize(
    ("said", "target"),
    [
        ("is the front door locked", {"name": "Front door"}),
        ("what temperature is the bedroom set to", {"name": "Bedroom heater"}),
        ("how warm is the bedroom fan room", None),
        (
            "which lights are there in the kitchen",
            {"area": "Kitchen", "domain": "light"},
        ),
        ("can you tell me if the garage door is open", {"name": "Garage door"}),
        ("have you got any lights on", {"area": "home", "domain": "light"}),
        ("do the lights burn?", None),
    ],
)
def test_looked_up(said: str, target: dict[str, str] | None) -> None:
    """What is asked about is looked up, where all of it is understood."""
    found = [call.arguments for call in plain_lookups(HOME, said, "en")]
    assert found == ([] if target is None else [target])


def test_two_that_were_named() -> None:
    """A door that is locked and another that is closed were both named."""
    said = "is the front door locked and the garage door closed"
    found = [call.arguments["name"] for call in plain_lookups(HOME, said, "en")]
    assert found == ["Garage door", "Front door"]


@pytest.mark.parametrize(
    ("said", "asks"),
    [
        ("is it warm", True),
        ("the lamp is on?", True),
        ("check whether the lamp is on", True),
        ("could you tell me what is on", True),
        ("could you close it?", False),
        ("the lamp is on", False),
        ("", False),
    ],
)
def test_asks(said: str, asks: bool) -> None:
    """A question begins like one, or has a question mark and no verb of an order."""
    assert asks_for_states(said, words(said)) == asks
