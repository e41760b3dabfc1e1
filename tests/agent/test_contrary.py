"""Actions that words speak against, and words that speak against none."""

import pytest

from custom_components.hearth.agent.compact import ACTIONS
from custom_components.hearth.agent.contrary import contrary


@pytest.mark.parametrize(
    ("said", "against"),
    [
        ("turn on the desk lamp", "off"),
        ("turn the desk lamp on", "off"),
        ("Switch ON the fan, please", "off"),
        ("lights on in the hall", "off"),
        ("lights on everywhere", "off"),
        ("lights on, thanks", "off"),
        ("lights on", "off"),
        ("on", "off"),
        ("turn off the desk lamp", "on"),
        ("desk lamp off", "on"),
        ("off", "on"),
        # "On" is where the lamp is, or where somebody goes.
        ("turn the lamp on the desk off", "on"),
        ("lights on the ground floor off", "on"),
        ("hold on, turn off the lights", "on"),
        ("off to bed, lights on please", "off"),
        ("close the blinds", "open unlock"),
        ("shut the blinds", "open unlock"),
        ("open the blinds", "close lock"),
        ("lock the front door", "open unlock"),
        ("bolt the front door", "open unlock"),
        ("unlock the front door", "close lock"),
        ("unbolt the front door", "close lock"),
        ("mute the radio", "unmute"),
        ("silence the radio", "unmute"),
        ("unmute the radio", "mute"),
        ("louder", "mute quieter"),
        ("quieter, please", "louder unmute"),
        ("turn on the lamp, close the blinds", "off open unlock"),
    ],
)
def test_spoken_against(said: str, against: str) -> None:
    """Who says what is to be done does not mean its contrary."""
    assert contrary(said, "en-GB") == set(against.split())


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?!",
        "🚿",
        "light",
        "it is dark",
        # How things are, and were.
        "is the light on",
        "why are the lights on",
        "the light was off",
        "it's still on",
        "the light's on",
        "the lights\u2019re off",
        "the door's open",
        "who left the door open",
        "someone forgot to lock the door",
        "the blinds have been closed",
        "the door is locked already",
        # No order for now, or the contrary of one.
        "don't turn on the light",
        "dont turn on the light",
        "I can't have the light on",
        "do not open the door",
        "never open the door",
        "no need to turn off the light",
        "no longer on",
        "stop, turn off",
        "keep the door locked",
        "leave the light on",
        "open again",
        # Both.
        "lamp off and fan on",
        "open and close the blinds",
        "close or open the blinds",
        "lock and unlock",
        "unlock the door and lock it",
        "mute and unmute",
        "louder, no, quieter",
        # "Off" is from where, "lock" a thing, and "louder than" how it is.
        "take the chill off the room",
        "get it off the hob",
        "remove the lock of the main door",
        "it's louder than a tractor",
        # To shut off or down is to close nothing.
        "shut down the music",
        # Where something is, and who goes.
        "the lamp on the desk",
        "what do you think of the show on tv",
        "off to work",
        "off you go",
    ],
)
def test_spoken_against_nothing(said: str) -> None:
    """Anything may be meant where it is not ordered, or both ways."""
    assert contrary(said, "en") == frozenset()


def test_shut_off() -> None:
    """To shut off is to turn off, and to close nothing."""
    assert contrary("shut off the light", "en") == {"on"}


@pytest.mark.parametrize("language", ["de", "", "fr"])
def test_other_languages(language: str) -> None:
    """The words are English ones."""
    assert contrary("turn on the light", language) == frozenset()


def test_only_actions() -> None:
    """What is spoken against is what `control` knows."""
    said = "on off open close lock unlock mute unmute louder quieter".split()
    found = frozenset[str]().union(*(contrary(word, "en") for word in said))
    assert found <= set(ACTIONS)
    assert found >= {"on", "off", "open", "close", "lock", "unlock", "mute"}


def test_long_words() -> None:
    """However long somebody speaks, what is ordered once is ordered."""
    assert contrary("turn on " + "the lamp " * 2000, "en") == {"off"}
    assert contrary("turn on and off " * 2000, "en") == frozenset()
