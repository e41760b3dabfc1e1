"""What sounds like an order and is none, or another one: nothing is done without asking."""

import pytest

from custom_components.hearth.agent.compact import CONTROL, SET, STATE
from custom_components.hearth.agent.contrary import contrary
from custom_components.hearth.agent.understood import understand

from .plain_home import HOME, calls


@pytest.mark.parametrize(
    "said",
    [
        # Not now, and not all the way.
        "unlock the front door, not now",
        "unlock the front door but not right now",
        "open the garage door but not fully",
        "turn off all lights just not now",
        "turn off all lights except uh",
        # "Actually" corrects nothing here.
        "don't actually turn on the desk lamp",
        "tell me what happens if I actually open the garage door",
        "please never actually unlock the front door",
        "remind me to actually lock the front door",
        # Which of two is corrected?
        "unlock the front door and lock the garage door, no, the side entrance",
        "turn on the desk lamp and turn off the hall lamp, no, the red lamp",
        "turn off all lights but the desk lamp, sorry, the hall lamp",
        "set the desk lamp to 30, no, red",
        # More is wanted than the lamp.
        "turn on the desk lamp, play some jazz",
        "find my keys, turn on the desk lamp",
        # A scene does not stop.
        "stop morning",
    ],
)
def test_nothing_is_done(said: str) -> None:
    """The model is asked, or the user."""
    assert calls(said) == []


def test_another_color() -> None:
    """A color corrects a color."""
    (call,) = calls("make the desk lamp red, no, blue")
    assert call == ("set", {"name": "Desk lamp", "color": "blue"})


@pytest.mark.parametrize(
    "said", ["turn on" + " " * 8000 + "x", "," * 8000, "oh " * 3000, "and " * 3000]
)
def test_a_flood(said: str) -> None:
    """Thousands of words or spaces are no order, and are left alone at once."""
    found = understand(HOME, (CONTROL, SET, STATE), said, "en", by_heart=True)
    assert (found.calls, found.spared) == ((), ())


@pytest.mark.parametrize(
    "said",
    [
        "let's get the front door locked up nicely and open some blinds",
        "close the garage door and get the front door unlocked",
        "turn the fan on, the lamp off",
        "turn on the tv and somehow kill the kitchen lights",
        "turn off the tv and get movie night started",
        "I don\u2019t want the light on",
    ],
)
def test_what_was_said_is_possible(said: str) -> None:
    """Where both of two contraries were said, none of them is ruled out."""
    assert contrary(said, "en") == frozenset()


def test_louder_and_mute() -> None:
    """What is made louder may be muted beside another."""
    assert contrary("turn the TV louder and mute the radio", "en") == {"unmute"}
