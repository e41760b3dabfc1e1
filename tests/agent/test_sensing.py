"""Questions about what binary sensors sense, and where people are."""

import pytest

from custom_components.hearth.agent.answers import answer
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.seen import Seen
from custom_components.hearth.agent.sensing import sensing
from custom_components.hearth.agent.sensing_table import SENSES
from custom_components.hearth.agent.states import describe

from .sensing_home import HOME, looks, sensor, thing, told

ENTITIES = tuple(one.entity for one in HOME)


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("is the phone charging", "Yes, Phone is charging."),
        ("is the phone battery low", "Yes, Phone is low."),
        ("is the battery of the phone low", "Yes, Phone is low."),
        ("is the tablet's battery low", "No, Tablet is normal."),
        ("is the phone battery ok", "No, Phone is low."),
        ("is the phone connected", "Yes, Phone is connected."),
        ("is the phone offline", "No, Phone is connected."),
        ("is the phone unplugged", "Yes, Phone is unplugged."),
        ("is the phone up to date", "No, Phone is out of date."),
        ("is the phone home", "Yes, Phone is home."),
        ("are the water pipes cold", "Yes, Water Pipes is cold."),
        ("are the water pipe cold", "Yes, Water Pipes is cold."),
        ("is the computer hot", "Yes, Computer is hot."),
        ("is the computer on", "Yes, Computer is on."),
        ("is the computer running", "No, Computer is not running."),
        ("is the road safe", "Yes, Road is safe."),
        ("is the road unsafe", "No, Road is safe."),
        ("is the mains power detected", "Yes, Mains Power is on."),
        ("is the garage quiet", "No, Garage is detecting sound."),
        ("is the washer running", "Yes, Washer is running."),
        ("is the washer vibrating", "Yes, Washer is vibrating."),
        ("is the hatch open", "Yes, Hatch is open."),
        ("is the kitchen occupied", "Yes, Kitchen is occupied."),
        ("is the kitchen smoke sensor triggered", "Yes, Kitchen Smoke is detected."),
        ("are there any problems with the pet feeder", "Yes, Pet Feeder is having a problem."),
        ("does the pet feeder have a problem", "Yes, Pet Feeder is having a problem."),
        ("does the pet feeder have no problems", "No, Pet Feeder is having a problem."),
        # What it is called says what it senses.
        ("is the back up charging", "Yes, Back up charging is charging."),
        # Several that were named are asked about together.
        ("are the phone and the tablet charging", "No, Tablet is not charging."),
        ("are both the phone and the tablet charging", "No, Tablet is not charging."),
        # What is not so.
        ("is the phone not charging", "No, Phone is charging."),
        ("the phone isn't charging, right?", "No, Phone is charging."),
        ("isn't the phone charging?", "Yes, Phone is charging."),
        ("is the phone charging or not", "Yes, Phone is charging."),
        ("the phone is charging?", "Yes, Phone is charging."),
        ("can you tell me if the phone is charging", "Yes, Phone is charging."),
    ],
)  # fmt: skip
def test_named(said: str, words: str) -> None:
    """A thing is answered for by its sensor of what is asked about."""
    assert told(said) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("are any batteries low", "Yes, Phone is low."),
        ("any low batteries?", "Yes, Phone is low."),
        ("do I have any low batteries", "Yes, Phone is low."),
        ("is a battery low", "Yes, Phone is low."),
        ("are the batteries low", "Yes, Phone is low."),
        ("are all batteries ok", "No, Phone is low."),
        ("are the batteries normal", "No, Phone is low."),
        ("are no batteries low", "No, Phone is low."),
        ("are any batteries not low", "Yes, Tablet is normal."),
        ("which batteries are low", "Phone is low."),
        ("which batteries aren't low", "Tablet is normal."),
        ("what batteries are low", "Phone is low."),
        ("tell me the low batteries", "Phone is low."),
        ("show me all low batteries", "Phone is low."),
        ("how many batteries are low", "1: Phone."),
        ("how many batteries are charging", "2: Phone and Back up charging."),
        ("what's charging", "Phone and Back up charging are charging."),
        ("are any carbon monoxide sensors on", "No, CO is clear."),
        ("which gas sensors are on", "Boiler is detected."),
        ("is the gas sensor on", "Yes, Boiler is detected."),
        ("are any things hot", "Yes, Computer is hot."),
        ("are any devices connected", "Yes, Phone is connected."),
        ("are the devices connected", "No, Tablet is disconnected."),
        ("are any devices plugged in", "No, nothing is plugged in."),
        ("how many devices are plugged in", "None."),
        ("are any devices home", "Yes, Phone and Keys are home."),
        ("are all water sensors wet", "Yes, Puddle is wet."),
        ("is water detected", "Yes, Puddle is wet."),
        ("is there a leak in the hall", "Yes, Puddle is wet."),
        ("are all occupancy sensors triggered", "No, Desk is clear."),
        ("is the hall occupied", "No, Desk is clear."),
        ("is the hall empty", "Yes, Desk is clear."),
        ("is anyone in the kitchen", "Yes, Kitchen is occupied."),
        ("which rooms are occupied", "Kitchen is occupied."),
        ("are any openings open", "Yes, Hatch is open."),
        ("which devices are powered on", "Computer and Mains Power are on."),
        ("which devices have problems", "Pet Feeder is having a problem."),
        ("are all devices running", "No, Computer is not running."),
        ("which smoke sensors are triggered", "Kitchen Smoke is detected."),
        ("are any smoke sensors triggered in the kitchen", "Yes, Kitchen Smoke is detected."),
        ("are any smoke sensors on the ground floor on", "Yes, Kitchen Smoke is detected."),
        ("are any smoke sensors on the ground floor triggered", "Yes, Kitchen Smoke is detected."),
        ("is smoke detected", "Yes, Kitchen Smoke is detected."),
        ("is there any smoke in the hall", "No, Hall Smoke is clear."),
        ("any smoke in the hall?", "No, Hall Smoke is clear."),
        ("is there no smoke", "No, Kitchen Smoke is detected."),
        ("where is smoke detected", "Kitchen."),
        ("are any sound sensors triggered", "Yes, Garage is detecting sound."),
        ("is there any noise in the garage", "Yes, Garage is detecting sound."),
        ("are there any updates available", "Yes, Phone is out of date."),
        ("which devices have updates available", "Phone is out of date."),
        ("is anything vibrating", "Yes, Washer is vibrating."),
        ("are any lights detected", "Yes, Yard is detecting light."),
        ("how many sensors were tampered with", "1: Box."),
    ],
)  # fmt: skip
def test_all_of_a_class(said: str, words: str) -> None:
    """Which, how many, whether any or all of a class are so, in a place or the home."""
    assert told(said) == words


@pytest.mark.parametrize(
    ("said", "words"),
    [
        ("where is Ada", "Ada is at School."),
        ("where are Ada and Ben", "Ada is at School and Ben is home."),
        ("where are the keys", "Keys is home."),
        ("where is everyone", "Ada is at School and Ben is home."),
        ("is Ada at home", "No, Ada is at School."),
        ("is Ada away", "Yes, Ada is at School."),
        ("are Ada and Ben home", "No, Ada is at School."),
        ("is anyone at home", "Yes, Ben is home."),
        ("is nobody at home", "No, Ben is home."),
        ("is no one home", "No, Ben is home."),
        ("is everyone at home", "No, Ada is at School."),
        ("is everybody out", "No, Ben is home."),
        ("who is at home", "Ben is home."),
        ("who's home", "Ben is home."),
        ("who isn't home", "Ada is at School."),
        ("how many people are at home", "1: Ben."),
    ],
)
def test_people(said: str, words: str) -> None:
    """Somebody's own state says more than that of what is carried."""
    assert told(said) == words


@pytest.mark.parametrize(
    "said",
    [
        # Orders and statements.
        "turn on the gas sensor light",
        "turn on the gas sensor?",
        "clear the smoke?",
        "the battery is low",
        "the phone is charging",
        "can you charge the phone",
        "is " * 40 + "the phone charging",
        # What was, will be, or may be.
        "was the phone charging?",
        "were any batteries low?",
        "will the phone be charging",
        "tell me when the phone is charging",
        # Other questions.
        "what is a low battery",
        "what is charging the phone",
        "what is home",
        "what is the problem",
        "who is charging the phone",
        "how is the phone charging",
        "do you have any problems",
        "have you any updates",
        "is anyone free",
        "is the phone allowed",
        "which phone is charging",
        "are there any smoke sensors",
        "is there a smoke sensor in the kitchen",
        "is the back up charging there",
        "is there a back up charging",
        # Words that point back, leave something out, or mean another place or thing.
        "is it charging",
        "are they low",
        "are these batteries low",
        "which one is low",
        "are any other batteries low",
        "are any batteries low except the phone",
        "are any batteries low in the attic",
        "is any device in the kitchen running",
        "is the phone charging in the kitchen",
        "is smoke detected in the kitchen and the hall",
        "are the water pipes wet",
        "is the kitchen smoke sensor battery low",
        "are the phone and the washer charging",
        "are the motion lights on",
        "are the kitchen lights detected",
        "are any phones charging",
        "are all the phones charging",
        # Two questions, or both sides of one.
        "are any batteries low and charging",
        "are any batteries low or normal",
        "is the phone plugged in or unplugged",
        "is the hall occupied and the kitchen empty",
        # All and nothing of it.
        "are all batteries not low",
        "there aren't any batteries low, right?",
        "which batteries have no problems",
        "is there not any smoke",
        # Of several nobody knows which, or of what.
        "is the smoke sensor triggered",
        "is the device charging",
        "which sensors are triggered",
        "are any devices free",
        "is everything safe",
        "is anything hot",
        "is the gas on",
        "is the kitchen triggered",
        # Others of that name can be so.
        "is the washer on",
        "is the gate open",
        "is the flag low",
    ],
)
def test_what_is_not_understood(said: str) -> None:
    """A word that is not known, or a thing that may be another, is enough."""
    assert sensing(ENTITIES, said) is None


def test_one_that_is_tracked() -> None:
    """What is carried and tracked is where the tracker says."""
    home = (
        sensor("Bag", "presence", "off"),
        thing("device_tracker.bag", "Bag", "home"),
    )
    assert told("is the bag home", home) == "Yes, Bag is home."


def test_namesakes() -> None:
    """Of two sensors of a class and a name only a place tells which is meant."""
    home = (
        sensor("Leak", "moisture", "on", "Hall"),
        thing("binary_sensor.leak", "Leak", "off", "Bath", "moisture"),
    )
    assert sensing(tuple(one.entity for one in home), "is the leak sensor wet") is None
    assert told("is the leak sensor in the bath wet", home) == "No, Leak is dry."


def test_other_things() -> None:
    """What is called like a sensor is no sensor."""
    home = (sensor("Attic", "smoke"), thing("switch.smoke", "Smoke alarm", "on"))
    assert looks("is the smoke alarm triggered", home) == []
    assert told("is the smoke alarm triggered", home[:1]) == "No, Attic is clear."
    assert told("are any smoke alarms triggered", home) == "No, Attic is clear."


def test_places_of_such_words() -> None:
    """The name of a room does not say what is asked."""
    home = (sensor("Pipe", "cold", "on", "Cold Room"),)
    assert looks("are any things in the cold room there", home) == []
    assert told("are any things in the cold room cold", home) is None
    assert (
        told("are any things in the cold room freezing", home) == "Yes, Pipe is cold."
    )


def test_many_that_were_named() -> None:
    """Nobody asks about five things in one breath."""
    home = tuple(sensor(f"Lamp {name}", "heat") for name in "abcde")
    names = " and lamp ".join("abcde")
    assert looks(f"are lamp {names} hot", home) == []
    assert (
        told("are lamp a and lamp c hot", home) == "No, Lamp a and Lamp c are normal."
    )


def test_updates_of_others() -> None:
    """Where other things tell of updates, no sensors do for all."""
    home = (sensor("Phone", "update"), thing("update.hub", "Hub", "on"))
    assert looks("are there any updates", home) == []
    assert told("is the phone up to date", home) == "Yes, Phone is up to date."
    assert told("are there any updates", home[:1]) == "No, Phone is up to date."


def test_a_large_home() -> None:
    """Where too many would be told of, those that are meant are looked at."""
    others = tuple(sensor(f"Door {n}", "door") for n in range(60))
    low = tuple(sensor(f"Cell {n}", "battery", "on") for n in range(13))
    said = "are all batteries low"
    assert looks(said, (*others, *low[:2])) == [{"name": "Cell 0"}, {"name": "Cell 1"}]
    assert told(said, (*others, *low[:2])) == "Yes, all are low."
    assert looks(said, (*others, *low)) == []


def test_what_nobody_knows() -> None:
    """What is unavailable is neither on nor off."""
    home = (sensor("Phone", "battery"), sensor("Car", "battery", "unavailable"))
    said = "are any batteries low"
    assert told(said, home) == "No, nothing is low, but Car is unavailable."
    assert told("is the car battery low", home) == "Car is unavailable."


@pytest.mark.parametrize("said", ["", "?", "🤷", "is", "who", "what", "what is", "no"])
def test_hardly_any_words(said: str) -> None:
    """Whatever was said, nothing fails."""
    assert sensing(ENTITIES, said) is None
    assert sensing((), said) is None


def test_what_was_looked_up() -> None:
    """A model that looks at too much is answered for, too; in English only."""
    seen = tuple(one for one in HOME if one.entity.name == "Phone")
    assert answer("is the phone charging", seen, "en") == "Yes, Phone is charging."
    assert answer("is the phone charging", seen, "de") is None


@pytest.mark.parametrize("kind", [*SENSES, None, "unheard_of"])
@pytest.mark.parametrize("state", ["on", "off", "unknown", "unavailable", ""])
def test_states(kind: str | None, state: str) -> None:
    """What is told of a sensor is so, and the opposite is not."""
    entity = ExposedEntity(entity_id="binary_sensor.x", name="X", device_class=kind)
    one = Seen(entity, state, {})
    on, off = (describe("binary_sensor", kind, side, {}) for side in ("on", "off"))
    expected = {"on": (True, False), "off": (False, True)}.get(state, (None, None))
    if state:
        assert (one.is_so(on), one.is_so(off)) == expected
    assert one.short == state or state in ("on", "off")
