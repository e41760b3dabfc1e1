"""What is told, asked, quoted, planned or taken back does nothing."""

import pytest

from .plain_home import calls, thing
from .test_plain_changes import made

TOLD = """
    You need to actually unlock the front door
    Thieves can actually open the garage door
    I tried to actually open the garage door
    the garage door's up
    the garage door's at 50 percent
    turn off the radio, actually the garage door's up
    Pull up at the garage door
    Put that up at the garage door
    Close to the garage door
    Garage door up again
    I'll lock the front door
    I'm gonna lock the front door
    I almost lock the front door
    We saw the kids lock the front door
    It's important guests lock the front door
    I'd rather Tom turn off the radio
    It'll turn off the desk lamp
    I hate that the kids turn off the radio
    We need to unlock the front door
    the pump is on
    no need to turn on the pump
    I nearly turned on the pump
    pump's on!
"""
TAKEN_BACK = """
    turn off the radio, never mind, it's fine
    turn off the radio, cancel that, I'm watching
    turn off the radio, I'm kidding
    close the garage door, I changed my mind
    close the garage door, nah it's fine
    lock the front door, oh Tom's still out
    lock the front door, my keys are still inside
    turn off the desk lamp, not now I'm reading
    turn off the radio, I'm not talking to you
    turn the desk lamp off and on again
"""
OF_OTHERS = """
    Mum was like, turn off the radio
    I was shouting, turn off the radio
    There was a note: close the garage door
    I'm texting Ben: close the garage door
    lock the front door, I was telling Ben
    Tom it's your job, close the garage door
    Ben, my hands are full, lock the front door
    You two are fighting over the radio again, stop it
    hush
"""
LATER = """
    The moment we're gone, lock the front door
    Provided it's dark, turn on the hall lamp
    In the event it's raining, close the bedroom blinds
    Each time it's dark, turn on the hall lamp
    By the time I'm home, set the office heater to 21
    turn on the pump for the roast on Sunday
    turn on the pump for my breakfast tomorrow
    close the garage door for the cat later
    start Robbie while we're at work
    Once the pump is done, turn it off
    In an hour the pump is done, turn it off
    I'm leaving the office at six, lights off in there
    the pump repair is on Monday, put it off
"""
SOMETHING_ELSE = """
    The window behind the bedroom blinds is open, close it
    My bike is by the front door, lock it
    My phone is on the pump, turn it off
    The light behind the radio is too bright, turn it off
    There's a candle by the desk lamp, put it out
    It's not the radio, turn it down
    We're in the kitchen, turn off the lights out there
    Thirty degrees in the office, I'm melting
    turn off all the lights, not just the kitchen ones
    turn off all the lights except the kitchen, the bedroom needs to stay on too
    all lights off and keep the hall off
    turn the radio to 98
    turn the big tv to 4
    set the office heater to level 3
    turn the bedroom fan to 2
    put that on the pump
    get that off the pump
    start with the pump
    run to the pump
    no sound from the radio
"""


def lines(text: str) -> list[str]:
    """Return the sentences of a list."""
    return [line.strip() for line in text.strip().splitlines()]


@pytest.mark.parametrize(
    "said", lines(TOLD + TAKEN_BACK + OF_OTHERS + LATER + SOMETHING_ELSE)
)
def test_nothing_is_done(said: str) -> None:
    """No order is seen in it."""
    assert calls(said) == []


@pytest.mark.parametrize(
    "said",
    [
        "the office heater is two degrees off",
        "the office heater is two degrees warmer",
        "it's two degrees colder with the office heater off",
        "20 percent off the radio",
    ],
)
def test_nothing_is_changed(said: str) -> None:
    """How warm something is, and what it costs, changes nothing."""
    assert made(said) == []


def test_what_is_called_after_another_thing() -> None:
    """The oven's hood is no oven, nor is the lamp above it."""
    home = (
        thing("fan.hood", "Oven hood", "Kitchen"),
        thing("light.range", "Light above the range", "Kitchen"),
        thing("switch.kettle", "Blue kettle", "Kitchen"),
    )
    assert calls("turn off the oven", home) == []
    assert calls("turn off the range", home) == []
    assert calls("turn off the kettle", home) != []
