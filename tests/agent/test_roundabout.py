"""Orders that are said in a roundabout way."""

import pytest

from custom_components.hearth.agent.roundabout import straight

from .plain_home import calls, control


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("set the power of the pump to on", "turn on the pump"),
        ("make the pump stop running", "stop the pump"),
        ("raise the volume of the radio", "turn up the radio"),
        ("lower the sound on the radio", "turn down the radio"),
        ("raise the volume of the radio by ten", None),
        ("the pump and the fan can both go off", "turn off the pump and the fan"),
        ("the pump may as well rest", "stop the pump"),
        ("off with the pump", "turn off the pump"),
        ("set the pump going", "start the pump"),
        ("get the pump warmed up", "start the pump"),
        # That is a verb of its own.
        ("get the pump going", None),
        ("send robbie out", "start robbie"),
        ("let robbie loose on it", "start robbie"),
        ("call robbie home", "dock robbie"),
        ("send robbie back to his dock", "dock robbie"),
        ("tell robbie to go home", "dock robbie"),
        ("put the radio on mute", "mute the radio"),
        ("take the sound off the telly", "mute the telly"),
        ("no sound on the telly", "mute the telly"),
        ("give the sonos its sound back", "unmute the sonos"),
        ("hit pause on the telly", "pause the telly"),
        ("freeze the film on the telly", "pause the telly"),
        ("hold the match right there on the tv", "pause the tv"),
        ("carry on with the music in the hall", "resume in the hall"),
        ("make the whole first floor dark", "turn off the lights in first floor"),
        ("the whole first floor dark", "turn off the lights in first floor"),
        ("upstairs can go dark", "turn off the lights in upstairs"),
        ("light up the whole hall", "turn on the lights in the hall"),
        ("fans off throughout the house", "fans off in the whole house"),
        ("the lamp down to ten", "the lamp to ten"),
        ("hold the gate right where it is", "hold the gate "),
        ("skip back to that song on the radio", None),
        # A guess.
        ("the pump may be on", None),
        ("the pump could be off", None),
        # Who tells that it is dark wants light.
        ("the whole hall is dark", None),
        ("the hall s dark", None),
        ("it is dark", None),
    ],
)
def test_straight(said: str, meant: str | None) -> None:
    """Another way to say it is the plain one."""
    assert straight(said) == (said if meant is None else meant)


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("Take the sound off the radio, would you, he's asleep", ("mute", "Radio")),
        ("Call Robbie home, it's starting to rain", ("dock", "Robbie")),
        ("The pump can rest now.", ("off", "Pump")),
        ("turn the pump out", ("off", "Pump")),
    ],
)
def test_done(said: str, call: tuple[str, str]) -> None:
    """What it comes to is done, where the thing can do it."""
    assert calls(said) == [control(call[0], name=call[1])]


@pytest.mark.parametrize("said", ["send the pump home", "the kitchen's dark"])
def test_not_done(said: str) -> None:
    """What a thing cannot do, and what only tells, is not done."""
    assert calls(said) == []
