"""Questions of which every word is known, and how little makes them others."""

from typing import Any

import pytest

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.plain_questions import plain_lookups


def thing(
    entity_id: str,
    name: str,
    area: str | None = None,
    device_class: str | None = None,
    alias: str | None = None,
) -> ExposedEntity:
    """Return something in an area; the bedroom and the bathroom are upstairs."""
    return ExposedEntity(
        entity_id=entity_id,
        name=name,
        aliases=(alias,) if alias else (),
        area=area,
        floor="Upstairs" if area in ("Bedroom", "Bathroom") else None,
        device_class=device_class,
    )


HALL = thing("light.hall", "Hall", "Hall")
DRAPE = thing("cover.drape", "Left drape", "Office", "curtain")
GARAGE = thing("cover.garage", "Garage door", "Garage", "garage")
LOCK = thing("lock.front", "Front door", "Hall")
CONTACT = thing("binary_sensor.back", "Patio contact", "Kitchen", "door")
HOME = (
    thing("light.pendant", "Kitchen pendant", "Kitchen"),
    thing("light.counter", "Counter", "Kitchen"),
    thing("light.desk", "Desk lamp", "Office", alias="Work light"),
    HALL,
    thing("light.spot_left", "Spot", "Bedroom"),
    thing("light.spot_right", "Spot", "Office"),
    thing("media_player.tv", "Big TV", "Bedroom", "tv"),
    thing("fan.bedroom", "Bedroom fan", "Bedroom"),
    thing("climate.office", "Office heater", "Office"),
    thing("climate.garage", "Frost guard", "Garage"),
    thing("sensor.kitchen", "Kitchen temperature", "Kitchen", "temperature"),
    thing("sensor.fridge", "Fridge temperature", "Kitchen", "temperature"),
    thing("sensor.bedroom", "Bedroom temperature", "Bedroom", "temperature"),
    thing("sensor.bathroom", "Air", "Bathroom", "humidity"),
    thing("sensor.bedroom_air", "Air", "Bedroom", "humidity"),
    thing("sensor.outdoor", "Outdoor temperature", None, "temperature"),
    thing("sensor.car", "Car battery", "Garage", "battery"),
    thing("binary_sensor.window", "Bedroom window", "Bedroom", "window"),
    CONTACT,
    DRAPE,
    GARAGE,
    LOCK,
    thing("switch.pump", "Pump", "Garden"),
)


def named(*names: str) -> list[dict[str, str]]:
    """Return looks at things by their names."""
    return [{"name": name} for name in names]


def all_in(area: str, *domains: str) -> list[dict[str, str]]:
    """Return looks at all of some domains in a place."""
    return [{"area": area, "domain": domain} for domain in domains]


def looks(
    said: str, home: tuple[ExposedEntity, ...] = HOME, language: str = "en"
) -> list[dict[str, Any]]:
    """Return what is looked up for words."""
    found = plain_lookups(home, said, language)
    assert {call.tool for call in found} <= {"state"}
    return [call.arguments for call in found]


@pytest.mark.parametrize(
    ("said", "looked_up"),
    [
        ("is the desk lamp on", named("Desk lamp")),
        ("Is the work light on?", named("Desk lamp")),
        ("the desk lamp is on, right?", named("Desk lamp")),
        ("hey, is the pump still running please?", named("Pump")),
        ("is the desk lamp on in the office", named("Desk lamp")),
        ("did I leave the garage door open", named("Garage door")),
        ("has the front door been locked", named("Front door")),
        ("have we locked the front door", named("Front door")),
        ("tell me if the front door is locked", named("Front door")),
        ("check whether the front door is locked", named("Front door")),
        ("what's playing on the big tv", named("Big TV")),
        ("how loud is the big tv", named("Big TV")),
        ("what is the office heater set to", named("Office heater")),
        ("do we have a bedroom fan", named("Bedroom fan")),
        (
            "is the front door locked and the garage door closed",
            named("Garage door", "Front door"),
        ),
        (
            "are the pump, the desk lamp, the bedroom fan and the counter on",
            named("Counter", "Desk lamp", "Bedroom fan", "Pump"),
        ),
        # A thing that is called like its room, where it is not asked what is in there.
        ("is the hall on", named("Hall")),
        ("is the hall light on", all_in("Hall", "light")),
    ],
)
def test_named(said: str, looked_up: list[dict[str, str]]) -> None:
    """Each thing that was named is looked at."""
    assert looks(said) == looked_up


@pytest.mark.parametrize(
    ("said", "looked_up"),
    [
        # The fridge is in the kitchen, and not what is asked about.
        ("how warm is it in the kitchen", named("Kitchen temperature")),
        ("what's the temperature in the kitchen?", named("Kitchen temperature")),
        ("how humid is it in the bedroom", []),
        ("how warm is it upstairs", named("Bedroom temperature")),
        (
            "is it warmer in the kitchen than in the bedroom",
            named("Kitchen temperature", "Bedroom temperature"),
        ),
        # A thermostat tells, too, where there is no thermometer.
        ("how warm is it in the office", named("Office heater")),
        ("how humid is it in the office", []),
        ("what is the battery level in the garage", named("Car battery")),
        ("how cold is it outside", named("Outdoor temperature")),
        ("how humid is it outside", []),
        # Where is it asked about?
        ("how warm is it", []),
        ("how warm is it in the hall", []),
        ("how warm is it in the kitchen and the hall", []),
        ("how many thermometers are in the bedroom", []),
        ("where is it warmest", all_in("home", "sensor")),
        ("where is it the most humid", all_in("home", "sensor")),
        ("where is the highest temperature", all_in("home", "sensor")),
        ("where is the lowest battery level", all_in("home", "sensor")),
        ("where is it warmer", []),
    ],
)
def test_measured(said: str, looked_up: list[dict[str, str]]) -> None:
    """What measures it in the places that were named is looked at, where it is one."""
    assert looks(said) == looked_up


def test_two_thermometers() -> None:
    """Of two that only say where they are nobody knows which is meant."""
    other = thing("sensor.other", "Temperature", "Kitchen", "temperature")
    said = "how warm is it in the kitchen"
    assert looks(said, (*HOME, other)) == []
    elsewhere = thing("sensor.other", "Kitchen temperature", "Hall", "temperature")
    assert looks(said, (*HOME, elsewhere)) == []
    balcony = thing("sensor.out", "Outdoor air", None, "temperature")
    assert looks("how warm is it outside", (*HOME, balcony)) == []


@pytest.mark.parametrize(
    ("said", "looked_up"),
    [
        ("are the lights on", all_in("home", "light")),
        ("how many lights are on", all_in("home", "light")),
        ("which lamps are on everywhere in the house", all_in("home", "light")),
        ("any lights on?", all_in("home", "light")),
        ("is any light on", all_in("home", "light")),
        ("where is a light on", []),
        ("which light is on", all_in("home", "light")),
        ("is the light on in the kitchen", all_in("Kitchen", "light")),
        ("are the kitchen lights on", all_in("Kitchen", "light")),
        ("how many lights are on upstairs", all_in("Upstairs", "light")),
        ("which lights and fans are on", all_in("home", "light", "fan")),
        ("is the heating on in the office", all_in("Office", "climate")),
        ("is the heating on in the office, is it cold", all_in("Office", "climate")),
        ("are the heaters on", all_in("home", "climate")),
        ("is there a window open", all_in("home", "sensor")),
        # What is locked is a lock; what is open has a contact, or is a garage door.
        ("are all the doors locked", all_in("home", "lock")),
        ("are any doors unlocked", all_in("home", "lock")),
        ("which doors are open", all_in("home", "sensor", "cover")),
        ("is the door open in the hall", all_in("Hall", "lock")),
        # The garage door is no blind.
        ("are the blinds in the office closed", all_in("Office", "cover")),
        ("are the blinds in the garage closed", []),
        # "Garage" is the door of it as well.
        ("are the garage doors closed", named("Garage door")),
    ],
)
def test_kinds(said: str, looked_up: list[dict[str, str]]) -> None:
    """All of the kinds that were named are looked at, in a place or all over the home."""
    assert looks(said) == looked_up


def test_doors_without_locks() -> None:
    """Where nothing has a lock, the doors there are tell what is known."""
    assert looks("are the doors locked", (CONTACT, DRAPE)) == all_in("home", "sensor")
    assert looks("are the doors open", (LOCK, DRAPE)) == all_in("home", "lock")


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?",
        "🤷?",
        "kitchen?",
        "what",
        "lights?",
        "is it on",
        "are they on",
        "are all of them on",
        "are those lights on",
        "which one of the lights is on",
        "is anything on",
        # Not all is known of these.
        "is the dishwasher on",
        "is the desk lamp purple",
        "are all lights but the desk lamp off",
        "are the lights on except in the kitchen",
        "is it warmer than 20 or 30 degrees in the kitchen",
        "was the desk lamp on yesterday",
        "is the desk lamp on in the attic",
        "is the desk lamp on and the dishwasher off",
        # Not one thing, place or time.
        "is the light on",
        "is the spot on",
        "are the pump, desk lamp, bedroom fan, counter and kitchen pendant on",
        "is the desk lamp on in the kitchen",
        "are the lights on in the kitchen and the office",
        "when was the desk lamp on",
        "how long has the desk lamp been on",
        "will the garage door open",
        "should the desk lamp be on",
        # No questions about states.
        "the desk lamp is on",
        "turn off the desk lamp",
        "turn on the desk lamp?",
        "desk lamp on",
        "kitchen warmer?",
        "can you open the garage door?",
        "could the garage door be open?",
        "what if the garage door is open",
        "how about the desk lamp",
        "are you the desk lamp?",
        "who said the desk lamp is on?",
        "who left the garage door open?",
        "what is the desk lamp for",
        "tell us the temperature in the kitchen",
    ],
)
def test_not_plain(said: str) -> None:
    """A word that is not known, or a thing that may be another, is enough."""
    assert looks(said) == []


def test_more_than_is_told() -> None:
    """Nobody can be told of all in a very large home, but of those in a room."""
    home = tuple(
        thing(f"light.n{n}", f"Glow {n}", f"Room {n % 7}", "light") for n in range(49)
    )
    assert looks("which lights are on", home) == []
    assert looks("which lights are on", home[:48]) == all_in("home", "light")
    assert looks("which lights are on in room 3", home) == all_in("Room 3", "light")
    # Sensors of other sorts would be told of, too.
    window = thing("binary_sensor.w", "Pane", "Room 1", "window")
    others = tuple(thing(f"sensor.s{n}", f"Gauge {n}", "Room 2") for n in range(48))
    assert looks("are the windows closed", (window, *others)) == []
    assert looks("are the windows closed", (window, *others[1:])) == all_in(
        "home", "sensor"
    )


def test_very_long() -> None:
    """A long text is read like a short one."""
    assert looks("is the desk lamp on " * 999) == named("Desk lamp")
    assert looks("is the desk lamp on " + "and on " * 9999) == named("Desk lamp")
    assert looks("are the lights " + "very " * 9999 + "bright") == []
    assert looks("is " + "x" * 99999 + " on?") == []


def test_namesakes() -> None:
    """What cannot be told from another by its name is not looked up by it."""
    twin = thing("light.twin", "the Pump", "Hall", alias="Fountain light")
    assert looks("is the pump on") == named("Pump")
    assert looks("are the pump and the fountain light on", (*HOME, twin)) == []


def test_only_a_kind() -> None:
    """What is called "Light" has no name; a television is called by its kind."""
    home = (thing("light.x", "Light", "Office"), thing("media_player.x", "TV", "Hall"))
    assert looks("is the light on", home) == []
    assert looks("is the light on in the office", home) == all_in("Office", "light")
    assert looks("is the tv on", home) == named("TV")


def test_names_of_such_words() -> None:
    """Words of wishes and of what is to come are such also where a name has them."""
    home = (thing("switch.can", "Watering can"), thing("light.will", "Will lamp"))
    assert looks("can you tell me if the watering can is on", home) == named(
        "Watering can"
    )
    assert looks("can the watering can be on?", home) == []
    assert looks("will the will lamp be on?", home) == []


@pytest.mark.parametrize("said", ["is the desk lamp on", "are the lights on?", "", "?"])
def test_no_entities(said: str) -> None:
    """Where nothing is exposed, nothing is looked up."""
    assert looks(said, ()) == []


def test_other_languages() -> None:
    """The words are English ones, of whichever country."""
    said = "is the desk lamp on"
    assert looks(said, language="en-GB") == named("Desk lamp")
    for language in ("de", "nl", ""):
        assert looks(said, language=language) == []


@pytest.mark.parametrize(
    ("said", "here", "found"),
    [
        ("what is the temperature", "Kitchen", named("Kitchen temperature")),
        ("how warm is it", "Bedroom", named("Bedroom temperature")),
        ("how warm is it", None, []),
        ("how humid is it", "Kitchen", []),
        # What measures here is not all that is compared.
        ("where is it warmer", "Kitchen", []),
        ("is it over twenty degrees", "Kitchen", named("Kitchen temperature")),
    ],
)
def test_here(said: str, here: str | None, found: list[dict[str, str]]) -> None:
    """Where no place is named, it is the room where it was said."""
    calls = plain_lookups(HOME, said, "en", here)
    assert [call.arguments for call in calls] == found


@pytest.mark.parametrize(
    ("said", "found"),
    [
        (
            "what is the reading indicated by the fridge temperature",
            named("Fridge temperature"),
        ),
        ("tell me what the car battery has to say", named("Car battery")),
        ("is it over twenty degrees in the kitchen?", named("Kitchen temperature")),
        ("is the car battery below 20 percent", named("Car battery")),
        ("how much charge is left in the car", named("Car battery")),
        ("how much charge is left in the boat", []),
        # Something else was named, or nothing was asked of it.
        ("what is the fridge temperature beside the desk lamp", []),
        ("the car battery is a nuisance", []),
        ("what about charging the car battery", []),
        ("is the car battery a nuisance", []),
        ("what would the car battery say", []),
        ("is it over twenty in the kitchen or under ten", []),
    ],
)
def test_what_a_sensor_tells(said: str, found: list[dict[str, str]]) -> None:
    """Who names a sensor asks what it tells, in whatever words."""
    assert looks(said) == found
