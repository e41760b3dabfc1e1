"""Orders that leave nothing open, and how little makes them none."""

from typing import Any

import pytest

from custom_components.hearth.agent.plain_orders import plain_calls

from .plain_home import HOME, calls, change, control


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
        # What a word is depends on what it is said of.
        ("turn the radio up", control("louder", name="Radio")),
        ("turn down the big tv", control("quieter", name="Big TV")),
        ("bedroom blinds up", control("open", name="Bedroom blinds")),
        ("lower the bedroom blinds", control("close", name="Bedroom blinds")),
        ("start the bedroom fan", control("on", name="Bedroom fan")),
        ("stop the bedroom fan", control("off", name="Bedroom fan")),
        ("stop all fans", control("off", area="home", domain="fan")),
        ("stop the bedroom blinds", control("stop", name="Bedroom blinds")),
        ("run the morning scene", control("on", name="Morning")),
        ("skip to the next song on the radio", control("next", name="Radio")),
        ("illuminate the office", control("on", area="Office", domain="light")),
        ("lights out in the office", control("off", area="Office", domain="light")),
        (
            "unlock the locks on the ground floor",
            control("unlock", area="Ground Floor", domain="lock"),
        ),
        ("turn the desk lamp red", change(name="Desk lamp", color="red")),
        (
            "open the bedroom blinds halfway",
            change(name="Bedroom blinds", position=50),
        ),
        ("run the bedroom fan flat out", change(name="Bedroom fan", speed=100)),
        ("lower the office heater to 18", change(name="Office heater", temperature=18)),
        ("set the hall lamp to 99.5", change(name="Hall lamp", brightness=100)),
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
        # Two orders of which one is not clear.
        "switch off the kitchen light and on the desk lamp",
        "desk lamp on office lights off",
        "turn off the kitchen light and on the desk lamp in the office",
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
        "turn off the lights in the attic",
        "turn on the desk fan",
        "turn off the fans in the kitchen",
        "next song",
        "turn on the lights in the office and the attic",
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
        "unlock everything in the hall",
        "start the house alarm",
        "can you not turn on the desk lamp",
        # Only some of what a call would reach is called that.
        "open the blinds in the garage",
        "turn off the speakers in the bedroom",
        "turn off the speakers in the kitchen",
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
        "set the kitchen light",
        "turn down the desk lamp",
        "raise the big tv",
        "lock the garage door",
        "dock the pump",
        "next track on the desk lamp",
        "set the hall lamp to 100.4",
        # How much more or less is not where it ends.
        "turn the radio up 20 percent",
        "lower the office heater by 2",
        "raise the office heater two degrees",
        "turn off the desk lamp to 20",
        "close the bedroom blinds 30 percent",
        "turn on the desk lamp at 10",
    ],
)
def test_not_plain(said: str) -> None:
    """A word that is not understood, or two that may mean something else, are enough."""
    assert calls(said) == []


def test_other_languages() -> None:
    """The words are English ones."""
    assert plain_calls(HOME, "turn on the kitchen light", "de") == ()


def test_nothing_at_home() -> None:
    """Where nothing is exposed, no order is plain."""
    assert calls("turn off all lights", ()) == []
