"""Reasons before and after an order."""

from typing import Any

import pytest

from custom_components.hearth.agent.plain_orders import plain_calls
from custom_components.hearth.agent.reasons import without_reasons

from .plain_home import HOME, calls, change, control, thing


@pytest.mark.parametrize(
    ("said", "call"),
    [
        (
            "my head is pounding, take all lights to a quarter",
            change(area="home", brightness=25),
        ),
        (
            "turn off the kitchen light it's doing my head in",
            control("off", name="Kitchen light"),
        ),
        (
            "turn off the desk lamp because I'm going to bed",
            control("off", name="Desk lamp"),
        ),
        (
            "it's freezing so set the office heater to 22",
            change(name="Office heater", temperature=22),
        ),
        ("it's dark. turn on the desk lamp.", control("on", name="Desk lamp")),
        (
            "it is so gloomy \u2013 and then turn on the desk lamp",
            control("on", name="Desk lamp"),
        ),
        (
            "everyone's asleep; lock the front door",
            control("lock", name="Front door"),
        ),
        ("lock the front door, it's late", control("lock", name="Front door")),
        ("stop the pump my feet are wet", control("off", name="Pump")),
        # What it is for, and what goes on meanwhile.
        (
            "turn on the desk lamp for the plumber",
            control("on", name="Desk lamp"),
        ),
        (
            "desk lamp at twenty percent for the story",
            change(name="Desk lamp", brightness=20),
        ),
        ("mute the radio while I ring the vet", control("mute", name="Radio")),
        (
            "lock the front door that's us for the night",
            control("lock", name="Front door"),
        ),
        # Of the home, but for another thing than the order says itself.
        (
            "I can't stand this kitchen noise, kill the pump",
            control("off", name="Pump"),
        ),
        (
            "there's hair all over the hall, start Robbie",
            control("start", name="Robbie"),
        ),
        # A verb begins the order.
        ("i'm done in there kill the desk lamp", control("off", name="Desk lamp")),
        ("stop the pump the frogs are asleep", control("off", name="Pump")),
    ],
)
def test_a_reason(said: str, call: tuple[str, dict[str, Any]]) -> None:
    """What names nothing of the home and asks for nothing only says why."""
    assert calls(said) == [call]


def test_a_reason_for_several() -> None:
    """An order without its reason can be several."""
    said = "it's gloomy so turn on the desk lamp and the hall lamp"
    assert calls(said) == [
        control("on", name="Desk lamp"),
        control("on", name="Hall lamp"),
    ]


@pytest.mark.parametrize(
    "said",
    [
        # Of the home, or another order.
        "turn off the desk lamp because the hall lamp is enough",
        "turn off the desk lamp, it's too bright in the kitchen",
        "turn off the desk lamp, I need a lamp",
        "set it back, turn on the desk lamp",
        "keep it cosy, turn on the desk lamp",
        "turn on the desk lamp, this time off",
        "turn on the desk lamp, make it cosy",
        # Not now, not sure, or of others.
        "turn off the desk lamp if it's raining",
        "if it rains, turn on the desk lamp",
        "tomorrow morning, turn on the desk lamp",
        "turn off the desk lamp, I am leaving in five minutes",
        "she said, turn off the desk lamp",
        "i'm in bed already did anyone lock the front door",
        "it was late when she had shut the left drape",
        "it's late you never turn off the desk lamp",
        "I can't turn the desk lamp on",
        "I didn't turn the desk lamp off",
        "we shouldn't turn the pump off",
        "I'd rather we didn't turn the pump on",
        "it's raining, you mustn't start Robbie",
        "we hardly turn the pump on",
        "I cannot turn the pump on",
        "it's late nobody turn the pump off",
        "turn off the desk lamp for an hour",
        "turn off the lights for the lot of us",
        "there's a spider in here, turn on every light",
        "turn off the desk lamp for a while",
        "turn off the desk lamp for a minute",
        "I wish it were so, turn on the desk lamp",
        "turn on the desk lamp, never mind this",
        # Questions, one word, and too many.
        "is it dark? turn on the desk lamp",
        "turn on the desk lamp, is that ok?",
        "annoying, turn off the desk lamp",
        "turn off the desk lamp, " + "very " * 14 + "annoying",
        "it is so annoying, " * 12 + "turn off the desk lamp",
        # Nothing opens by guess.
        "I'm home, open the garage door",
        "I'm home, unlock the front door",
        "it's hot so set the bedroom blinds to 50",
        "unlock the front door, I'm here",
        # Reasons alone, and of what is not known.
        "it's hot, it's late",
        "it's dark, turn on the lantern",
    ],
)
def test_no_reason(said: str) -> None:
    """What may say more than why, or is of what opens, is left to the model."""
    assert calls(said) == []


@pytest.mark.parametrize(
    ("said", "found"),
    [
        ("lock up, it's late", ["lock up"]),
        ("it's late, lock up", ["lock up"]),
        # Nothing is between the two that an order begins after.
        ("it's late and lock up", []),
        ("it is so that it locks", []),
        ("it's late", []),
        ("", []),
        ("late " * 40 + ", it is", []),
    ],
)
def test_what_is_left(said: str, found: list[str]) -> None:
    """Each order that would be left without a reason is one to try."""
    assert list(without_reasons(HOME, said)) == found


def test_somebody_who_has_something() -> None:
    """Who is told of in a reason is not named by it, though a thing is called after him."""
    home = (*HOME, thing("light.walt", "Walt's lamp", "Bedroom"))
    said = "walt's hard of hearing so turn on the desk lamp"
    assert [call.arguments for call in plain_calls(home, said, "en")] == [
        {"action": "on", "name": "Desk lamp"}
    ]
    assert plain_calls(home, "walt's lamp is on so turn on the desk lamp", "en") == ()


def test_an_empty_home() -> None:
    """Where nothing has a name, a reason is told by its words alone."""
    assert list(without_reasons((), "it's late, lock up")) == ["lock up"]
    assert list(without_reasons((), "open up, lock up")) == []
