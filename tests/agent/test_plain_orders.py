"""Orders that leave nothing open, and how little makes them none."""

from typing import Any

import pytest

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


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("turn off the kitchen light", control("off", name="Kitchen light")),
        ("Can you turn the kitchen light off?", control("off", name="Kitchen light")),
        ("right, switch the work light on now", control("on", name="Desk lamp")),
        ("hey, turn on the desk please, thank you", control("on", name="Desk lamp")),
        ("desk lamp on", control("on", name="Desk lamp")),
        ("turn on the desk light in the office", control("on", name="Desk lamp")),
        (
            "turn off the desk lamp on the ground floor",
            control("off", name="Desk lamp"),
        ),
        ("turn on the kitchen light right now", control("on", name="Kitchen light")),
        ("unlock the front door", control("unlock", name="Front door")),
        ("shut the garage door", control("close", name="Garage door")),
        ("open the bedroom blinds", control("open", name="Bedroom blinds")),
        ("start Robbie", control("start", name="Robbie")),
        ("pause the big tv", control("pause", name="Big TV")),
        ("switch the pump on", control("on", name="Pump")),
        # Values.
        (
            "set the office heater to nineteen and a half degrees",
            change(name="Office heater", temperature=19.5),
        ),
        (
            "set the temperature in the office to 20",
            change(area="Office", temperature=20),
        ),
        (
            "set the kitchen pendant to 30%",
            change(name="Kitchen pendant", brightness=30),
        ),
        ("dim the desk lamp to a third", change(name="Desk lamp", brightness=33)),
        ("set the desk lamp at ten percent", change(name="Desk lamp", brightness=10)),
        (
            "set the volume level of the radio to half",
            change(name="Radio", volume=50),
        ),
        ("set the bedroom fan to 40", change(name="Bedroom fan", speed=40)),
        ("set the bedroom blinds to 0", change(name="Bedroom blinds", position=0)),
        ("make the desk lamp red", change(name="Desk lamp", color="red")),
        ("set the desk lamp to red, please", change(name="Desk lamp", color="red")),
        # All of a kind.
        ("turn off all lights", control("off", area="home", domain="light")),
        ("all lights off", control("off", area="home", domain="light")),
        (
            "turn off the lights on the ground floor",
            control("off", area="Ground Floor", domain="light"),
        ),
        (
            "turn off all the kitchen lights",
            control("off", area="Kitchen", domain="light"),
        ),
        (
            "turn on the lights in the kitchen",
            control("on", area="Kitchen", domain="light"),
        ),
        ("set the kitchen lamps to blue", change(area="Kitchen", color="blue")),
        (
            "open all blinds in the bedroom",
            control("open", area="Bedroom", domain="cover"),
        ),
        ("lock all locks", control("lock", area="home", domain="lock")),
        ("unlock the lock in the hall", control("unlock", area="Hall", domain="lock")),
        (
            "pause the speakers in the hall",
            control("pause", area="Hall", domain="media_player"),
        ),
    ],
)
def test_plain(said: str, call: tuple[str, dict[str, Any]]) -> None:
    """Every word is a verb, a name, a place, a kind, a value, or says nothing."""
    assert calls(said) == [call]


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("turn on the desk lamp and the hall lamp", ["Desk lamp", "Hall lamp"]),
        ("kitchen pendant and hall lamp on", ["Kitchen pendant", "Hall lamp"]),
        ("turn on the pump and the radio and the desk", ["Pump", "Radio", "Desk lamp"]),
    ],
)
def test_several(said: str, names: list[str]) -> None:
    """One is named between each "and"."""
    assert calls(said) == [control("on", name=name) for name in names]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?!",
        "kitchen",
        "please",
        "on",
        "turn on",
        "turn",
        "set",
        "turn the kitchen light",
        "kitchen light on and on and on " * 70,
        # No order, or none for now.
        "don't turn on the kitchen light",
        "do not turn on the kitchen light",
        "turn off the kitchen light tomorrow",
        "turn off the kitchen light every morning",
        "turn on the kitchen light for ten minutes",
        "was the kitchen light turned off",
        "is the kitchen light on",
        "kitchen light on?",
        "any kitchen lights on",
        "he turned off the kitchen light",
        "all lights but the desk lamp off",
        # Two that are not to be the same.
        "switch off the kitchen light and on the desk lamp",
        "kitchen light on and desk lamp off",
        "desk lamp on office lights off",
        "turn off the kitchen light and on the desk lamp in the office",
        "turn off the desk lamp and the lights in the kitchen",
        "turn off the desk lamp and the kitchen lights",
        "turn off the kitchen light on",
        "turn the lights on the ground floor off",
        "turn on and off the kitchen light",
        # Words of two names make a third: the kitchen pendant was not named.
        "turn off the kitchen light and the pendant desk lamp",
        "turn on the desk lamp hall lamp",
        "turn on the desk lamp and the desk lamp",
        # Not there, or not clear which.
        "start the washing machine",
        "turn on the desk lamp in the hall",
        "turn on the spot",
        "turn on a lamp in the kitchen",
        "turn on the kitchen lamp",
        "turn on the lights",
        "turn off everything",
        "turn off the lights in the kitchen and the hall",
        "turn off the lights in the attic",
        "turn on the desk fan",
        "turn off the fans in the kitchen",
        # What nobody does in passing.
        "unlock all doors",
        "unlock all locks",
        "open all locks",
        "turn off the house alarm",
        "open the left",
        "turn off the front door",
        # To switch it on would open it.
        "turn on the garage door",
        "turn off the bedroom blinds",
        "unlock the front door?",
        "turn on the temperature in the office",
        # Only some of what a call would reach is called that.
        "open the curtains in the office",
        "open all blinds",
        "open the blinds in the garage",
        "turn off the speakers in the bedroom",
        "turn off the speakers in the kitchen",
        "mute all speakers",
        # It has no such thing, or it is another one.
        "open the kitchen light",
        "turn on the kitchen temperature",
        "turn off the volume of the big tv",
        "set the kitchen light to 250 percent",
        "set the office heater to 50 percent",
        "set the office heater to half",
        "set the kitchen light to 20 degrees",
        "set the brightness of the radio to 20",
        "set the office heater to -5",
        "set the office heater to red",
        "set the pump to 50",
        "set the desk lamp and the office heater to 20",
        "set the lamp to red and 30 percent",
        "set the kitchen light to 30 and the desk lamp to 50",
        "set the kitchen light",
    ],
)
def test_not_plain(said: str) -> None:
    """A word that is not understood, or two that may mean something else, are enough."""
    assert calls(said) == []


def test_blinds() -> None:
    """All blinds are those that are called so, and no garage doors."""
    home = tuple(e for e in HOME if e.device_class != "curtain")
    opened = [control("open", area="home", domain="cover")]
    assert calls("open all blinds", home) == opened
    assert calls("open all shutters", home) == opened


@pytest.mark.parametrize(
    ("name", "called"),
    [("Garage gate", False), ("Garage blind", True), ("Gate blind", True)],
)
def test_gates(name: str, called: bool) -> None:
    """A gate is no blind, also where only its name tells what it is."""
    opened = [control("open", area="Garage", domain="cover")]
    home = (thing("cover.x", name, "Garage"), thing("cover.y", "Left drape", "Office"))
    assert calls("open the blinds in the garage", home) == (opened if called else [])


def test_heating() -> None:
    """To turn off the heating turns off no air conditioner."""
    home = (thing("climate.a", "Radiator", "Hall"), thing("climate.b", "AC", "Hall"))
    said = "turn off the heating in the hall"
    assert calls(said, home) == []
    assert calls(said, home[:1]) == [control("off", area="Hall", domain="climate")]


def test_the_light_behind_the_tv() -> None:
    """Who wants to watch TV wants no light behind it."""
    light = thing("light.tv", "TV backlight", "Hall")
    assert calls("turn on the tv", (light,)) == []
    assert calls("turn on the backlight", (light,)) == [
        control("on", name="TV backlight")
    ]
    tv = thing("media_player.tv", "Old TV", "Hall")
    assert calls("turn on the tv", (tv,)) == [control("on", name="Old TV")]


def test_only_a_kind() -> None:
    """What is called "Light" has no name where there are other lights."""
    light = thing("light.x", "Light", "Office")
    home = (light, thing("light.y", "Shelf", "Hall"))
    off = control("off", area="home", domain="light")
    assert calls("turn off the light", home) == []
    assert calls("turn off all lights", home) == [off]
    in_office = control("off", area="Office", domain="light")
    assert calls("turn off the light in the office", home) == [in_office]
    assert calls("turn off the light", (light,)) == [control("off", name="Light")]


def test_namesakes() -> None:
    """All the desk lamps are more than the one that is called so."""
    home = tuple(thing(f"light.{n}", n, "Office") for n in ("Desk lamp", "Desk lamp 2"))
    one = [control("on", name="Desk lamp")]
    assert calls("turn on the desk lamp", home) == one
    assert calls("turn on the desk lamps", home) == []
    assert calls("turn on all the desk lamps", home) == []
    assert calls("turn on the desk lamps", home[:1]) == one


def test_of_two_names() -> None:
    """What is called like another thing may be either."""
    other = thing("light.x", "Window light", "Hall", alias="Desk lamp")
    home = (*HOME, other)
    assert calls("turn on the desk lamp", home) == []
    assert calls("turn on the work light", home) == []
    assert calls("turn on the window light", home) == [
        control("on", name="Window light")
    ]


def test_a_large_home() -> None:
    """Of 300 devices with names that hardly differ the one that was named is meant."""
    home = tuple(
        thing(f"light.n{n}", f"Lamp {n}", f"Room {n % 40}") for n in range(300)
    )
    assert calls("turn on lamp 123", home) == [control("on", name="Lamp 123")]
    assert calls("turn on lamp 300", home) == []
    assert calls("turn off the lights in room 7", home) == [
        control("off", area="Room 7", domain="light")
    ]
    assert calls("turn off the lights " * 125, home) == []


def test_other_languages() -> None:
    """The words are English ones."""
    assert plain_calls(HOME, "turn on the kitchen light", "de") == ()


def test_nothing_at_home() -> None:
    """Where nothing is exposed, no order is plain."""
    assert calls("turn off all lights", ()) == []


def test_a_general_name() -> None:
    """A name that only says kind and place is that of one, or of all."""
    named = control("on", name="Kitchen light")
    assert calls("turn on the kitchen light") == [named]
    assert calls("turn on the light in the kitchen") == [named]
    group = (thing("light.g", "Kitchen lights", "Kitchen"), *HOME[1:3])
    assert calls("turn on the kitchen lights", group) == [
        control("on", name="Kitchen lights")
    ]
