"""What an order wants to be done, before it is known of what."""

import pytest

from custom_components.hearth.agent.order import order, without_courtesies
from custom_components.hearth.agent.order_words import DEGREES, PERCENT, VERBS

POSITION = frozenset({"position"})
COLOR = frozenset({"color"})


@pytest.mark.parametrize(
    ("said", "action", "value", "rest"),
    [
        ("Could you set the lamp to 30 percent, thanks", None, 30, "the lamp to"),
        ("make the lamp red, please", None, "red", "the lamp"),
        ("right, flip it on right now", "on", None, "it"),
        ("shut the door", "close", None, "the door"),
        ("bolt the door will ya", "lock", None, "the door"),
        ("kill it, hon", "off", None, "it"),
        ("i want the fan off instead", "off", None, "the fan"),
        ("have the radio on mute", "mute", None, "the radio"),
        ("hold the gate right where it is", "hold", None, "the gate"),
        ("the bedside lamp right off", "off", None, "the bedside lamp right"),
        # A particle makes another verb of it, and an earlier one counts.
        ("shut the lamp off", "off", None, "the lamp"),
        ("turn the radio up", "up", None, "the radio"),
        ("roll the blinds down", "lower", None, "the blinds"),
        ("put out the lamp", "off", None, "the lamp"),
        ("get the fan going", "on", None, "the fan"),
        ("turn on the lamp up there", "on", None, "the lamp up there"),
        # Without a verb.
        ("lamp on", "on", None, "lamp"),
        ("lamps off in the hall", "off", None, "lamps in the hall"),
        ("lamps off upstairs", "off", None, "lamps upstairs"),
        ("blinds down", "lower", None, "blinds"),
        ("lights out", "off", None, "lights"),
        ("hall light out", "off", None, "hall light"),
        ("lamps on the ground floor off", "off", None, "lamps on the ground floor"),
        ("on", "on", None, ""),
        # Tracks.
        ("next song", "next", None, ""),
        ("skip this track on the radio", "next", None, "the radio"),
        ("go back a song on the radio", "previous", None, "the radio"),
        ("skip back to the previous tune", "previous", None, "the"),
    ],
)
def test_order(said: str, action: str | None, value: object, rest: str) -> None:
    """The words that say what is to be done are not among the rest."""
    found = order(said)
    assert found is not None
    assert (found.action, found.value, found.rest) == (
        action,
        value,
        tuple(rest.split()),
    )


@pytest.mark.parametrize(("verb", "action"), VERBS.items())
def test_verbs(verb: str, action: str) -> None:
    """Some verbs say by themselves what is to be done."""
    found = order(f"{verb} it")
    assert found is not None
    assert (found.action, found.rest) == (action, ("it",))


@pytest.mark.parametrize(
    ("said", "lights"),
    [("illuminate the hall", True), ("light up the hall", True), ("lock it", False)],
)
def test_lights(said: str, lights: bool) -> None:
    """Some verbs mean lights."""
    found = order(said)
    assert found is not None
    assert found.before == (("light", "lights") if lights else ())


@pytest.mark.parametrize(
    ("said", "value", "fields", "rest"),
    [
        ("set it to 30", 30, PERCENT | DEGREES, "it to"),
        ("set it to 30%", 30, PERCENT, "it to"),
        ("set it to a third", 33, PERCENT, "it to"),
        ("set it to 20.5 degrees", 20.5, DEGREES, "it to"),
        ("set it to 21 °C", 21, DEGREES, "it to"),
        ("set it at 20 percent", 20, PERCENT, "it at"),
        ("set it 20 percent", 20, PERCENT, "it"),
        ("set its volume to 20", 20, frozenset({"volume"}), "its to"),
        ("set its volume to 20 degrees", 20, frozenset(), "its to"),
        ("put it on twenty percent", 20, PERCENT, "it at"),
        ("dim it to 20", 20, PERCENT | DEGREES, "it to"),
        ("dim it down to 20", 20, PERCENT | DEGREES, "it to"),
        ("turn it up to 20", 20, PERCENT | DEGREES, "it to"),
        ("turn it on to 20", 20, PERCENT | DEGREES, "it to"),
        ("fan half speed", 50, frozenset({"speed"}), "fan"),
        ("lamp 20 percent", 20, PERCENT, "lamp"),
        ("lamp on 20 percent", 20, PERCENT, "lamp at"),
        ("floor light, twenty percent", 20, PERCENT, "floor light"),
        ("lamp down to a quarter", 25, PERCENT, "lamp to"),
        ("heater to twenty", 20, PERCENT | DEGREES, "heater to"),
        ("lamp at forty", 40, PERCENT | DEGREES, "lamp at"),
        ("put the heater on sixty six", 66, PERCENT | DEGREES, "the heater at"),
        # All of it, and half of it.
        ("run it at full blast", 100, PERCENT, "it at"),
        ("run it flat out", 100, PERCENT, "it"),
        ("crank it to the max", 100, PERCENT, "it to"),
        ("blinds halfway open", 50, POSITION, "blinds"),
        ("open it halfway", 50, POSITION, "it"),
        ("open it half way", 50, POSITION, "it"),
        ("set it to 30 percent open", 30, POSITION, "it to"),
        # Colors.
        ("turn it blue", "blue", COLOR, "it"),
        ("change it to blue in the hall", "blue", COLOR, "it to in the hall"),
        ("bathe the hall in blue", "blue", COLOR, "the hall"),
        ("the hall in a deep blue", "blue", COLOR, "the hall"),
        ("give it a nice orange glow", "orange", COLOR, "it"),
        ("How about a deep blue for the hall?", "blue", COLOR, "the hall"),
        ("set the color of it to blue", "blue", COLOR, "the of it to"),
    ],
)
def test_values(
    said: str, value: float | str, fields: frozenset[str], rest: str
) -> None:
    """The words of a value tell of what it can be, and are not among the rest."""
    found = order(said)
    assert found is not None
    assert (found.action, found.value, found.fields) == (None, value, fields)
    assert found.rest == tuple(rest.split())


@pytest.mark.parametrize(
    "said",
    [
        "",
        "it is nice",
        "thanks, please",
        "lamp on?",
        "is the lamp off?",
        # No particle, none at the end, or two.
        "turn the lamp",
        "set the lamp",
        "lamp on the table",
        "lamp on and fan off",
        "lamp out",
        "lamps off in the hall off",
        "lights out lights out",
        "my song",
        "the next one please",
        # Differences, times, and colors that are no value.
        "dim the desk lamp by 20 percent",
        "brighten the desk lamp 20 percent",
        "change the office heater 2 degrees",
        "dim the desk lamp at ten",
        "desk lamp at ten",
        "set the desk lamp 30",
        "dim the red lamp in the kitchen",
        "dim the desk lamp to red",
        "set the red lamp in the kitchen",
        "set the desk lamp to light blue",
        "set it to red and 30 percent",
        "the lamp in red is broken",
        "set it to 30 or 40",
    ],
)
def test_no_order(said: str) -> None:
    """A value that may be something else is none."""
    assert order(said) is None


@pytest.mark.parametrize(
    "said",
    [
        "turn it up 20 percent",
        "lower it by 20",
        "close it half way",
        "get it on at ten",
    ],
)
def test_no_value(said: str) -> None:
    """A verb with a number that is no value is understood without it."""
    found = order(said)
    assert found is not None
    assert found.value is None
    assert len(found.rest) > 1


@pytest.mark.parametrize(
    "said",
    [
        "Hey, could you please lock the door for me?",
        "would you be so kind as to lock the door",
        "be a dear and lock the door",
        "um, I'd like you to lock the door right away, thank you",
        "oh and then any chance you can lock the door, mate",
        "I wonder if you could just lock the door, if you don't mind",
        "let's lock the door now, would you",
        "do us a favor and lock the door real quick",
    ],
)
def test_courtesies(said: str) -> None:
    """What people say around an order is left out."""
    assert without_courtesies(said) == ["lock", "the", "door"]


def test_only_around() -> None:
    """The same words within an order are kept."""
    said = "lock the love hotel door so you can"
    assert without_courtesies(said) == said.split()[:-2]
    assert without_courtesies("hey so um") == []
