"""Who corrects himself means what he says at last."""

from typing import Any

import pytest

from custom_components.hearth.agent.corrections import corrected, is_corrected
from custom_components.hearth.agent.plain_orders import plain_calls

from .plain_home import calls, change, control, thing


@pytest.mark.parametrize(
    ("said", "call"),
    [
        # Another thing.
        (
            "turn on the hall lamp, no wait, I mean the desk lamp",
            control("on", name="Desk lamp"),
        ),
        ("turn on the hall lamp no the desk lamp", control("on", name="Desk lamp")),
        (
            "turn on the desk lamp, no not that one, the hall lamp",
            control("on", name="Hall lamp"),
        ),
        (
            "turn on the desk lamp \u2013 uh, sorry, the hall lamp instead",
            control("on", name="Hall lamp"),
        ),
        (
            "turn on the desk lamp, no, it's the hall lamp I meant",
            control("on", name="Hall lamp"),
        ),
        (
            "unlock the front door, no wait, the side entrance",
            control("unlock", name="Side entrance"),
        ),
        (
            "turn off all lights, scratch that, the lights in the hall",
            control("off", area="Hall", domain="light"),
        ),
        (
            "set the desk lamp to 30, no, the hall lamp",
            change(name="Hall lamp", brightness=30),
        ),
        (
            "close the left drape, sorry, the bedroom ones",
            control("close", area="Bedroom", domain="cover"),
        ),
        (
            "turn on the desk lamp eh not that one the hall lamp",
            control("on", name="Hall lamp"),
        ),
        (
            "turn on the hall lamp, scratch that, it's the desk lamp I'm after",
            control("on", name="Desk lamp"),
        ),
        (
            "bedroom fan to thirty percent, er, better make that seventy",
            change(name="Bedroom fan", speed=70),
        ),
        (
            "bedroom fan to eighty, arre what am I saying, forty percent",
            change(name="Bedroom fan", speed=40),
        ),
        # Another order.
        (
            "turn off the desk lamp, sorry, turn on the desk lamp",
            control("on", name="Desk lamp"),
        ),
        (
            "close the garage door, no, lock the front door",
            control("lock", name="Front door"),
        ),
        (
            "the hall lamp, no, turn on the desk lamp",
            control("on", name="Desk lamp"),
        ),
        (
            "set the desk lamp to 30, no, set the hall lamp to 50",
            change(name="Hall lamp", brightness=50),
        ),
        # Another value.
        (
            "set the office heater to 20, no, 21",
            change(name="Office heater", temperature=21),
        ),
        (
            "set the office heater to 20, sorry, make it twenty two",
            change(name="Office heater", temperature=22),
        ),
        (
            "set the desk lamp to 30, actually to 40",
            change(name="Desk lamp", brightness=40),
        ),
        (
            "set the desk lamp to 30, no, half",
            change(name="Desk lamp", brightness=50),
        ),
        # A question that is an order.
        (
            "could you turn on the hall lamp, no, the desk lamp?",
            control("on", name="Desk lamp"),
        ),
        ("can you actually turn off the desk lamp", control("off", name="Desk lamp")),
    ],
)
def test_what_counts(said: str, call: tuple[str, dict[str, Any]]) -> None:
    """What is said at last is an order, or a thing or a value for the first."""
    assert calls(said) == [call]


@pytest.mark.parametrize(
    "said",
    [
        # Nothing is put in its place.
        "turn on the desk lamp, no",
        "turn on the desk lamp, sorry",
        "turn on the desk lamp, actually no",
        "turn on the desk lamp, no, not that",
        "turn off the desk lamp, no, don't",
        "turn on the desk lamp, no don't turn on the desk lamp",
        "turn on the desk lamp, actually never mind",
        "unlock the front door, no wait",
        "turn on the desk lamp, no, please",
        # Not all is said.
        "open the garage door, no, close it",
        "lock the front door, no, unlock it",
        "turn off the desk lamp. no wait, leave it on",
        "turn off all lights, no, not the hall lamp",
        "raise the bedroom blinds, no, down",
        # Twice.
        "turn on the hall lamp, no, the desk lamp, no, the red lamp",
        # Another value that is none of it.
        "turn on the desk lamp, no, to 20",
        "set the desk lamp to red, no, 30",
        "set the desk lamp to 30, no, 40 or 50",
        "set the desk lamp to 30, no, 40 for the hall lamp",
        "set the office heater to 20, no, 22 percent",
        "set the office heater to 20 degrees, no, half",
        "set the office heater to 20 percent, no, make it 22 degrees",
        # Nothing was wrong.
        "no, turn on the desk lamp",
        "did you actually close the garage door",
        "would the desk lamp, no, the hall lamp be on",
        "no no no",
        "is the pump, sorry, the radio on",
    ],
)
def test_what_is_not_clear(said: str) -> None:
    """Nothing is done where what is meant at last is not clear, nor what was wrong."""
    assert calls(said) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("the lamp, no, the fan", True),
        ("  the lamp \u2014 hang on, the fan  ", True),
        ("the lamp, oh, er, or rather the fan", True),
        ("the lamp. No! Not those ones, the fan", True),
        ("no, the fan", False),
        ("nothing on", False),
        ("turn on the noise", False),
        ("turn on the waiting room lamp", False),
        ("", False),
    ],
)
def test_words_of_corrections(said: str, found: bool) -> None:
    """Whole words between others are those of a correction."""
    assert is_corrected(said) is found


@pytest.mark.parametrize(
    ("said", "value"), [("set it to 20, no, make it 21", 21), ("dim it, no, 30", None)]
)
def test_a_value_needs_a_wrong_one(said: str, value: float | None) -> None:
    """A number alone corrects a number only."""
    found = corrected(said)
    assert (found and found.value) == value


@pytest.mark.parametrize("said", ["", "lamp", "lamp, no, fan", "turn, no, lock it"])
def test_too_little(said: str) -> None:
    """Less than two words were nothing that could be corrected."""
    assert corrected(said) is None


def test_of_somebody_else() -> None:
    """Who says whose it is means the same kind of thing."""
    home = tuple(
        thing(f"{kind}.{who}", f"{who}'s {noun}")
        for who in ("Aoife", "Declan")
        for kind, noun in (("light", "lamp"), ("media_player", "speaker"))
    )
    for said in (
        "stick on aoife's lamp sorry i mean declan's",
        "turn on aoife's lamp, no, declan's one",
    ):
        (call,) = plain_calls(home, said, "en")
        assert call.arguments == {"action": "on", "name": "Declan's lamp"}
