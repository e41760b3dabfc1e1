"""Comparing what happened with what should have happened."""

from typing import Any

import pytest

from bench.effects import has_effect, is_right, tells
from bench.utterances import Effect, Kind, Utterance
from demo.calls import Call

LAMPS = ("light.a", "light.b")


def _call(service: str, *entities: str, **data: Any) -> Call:
    return Call(service=service, entities=entities, data=data)


def _effect(service: str, *entities: str, **data: Any) -> Effect:
    return Effect(service=service, entities=frozenset(entities), data=data)


ON = _effect("light.turn_on", *LAMPS)
DIM = _effect("light.turn_on", "light.a", brightness_pct=30)
WARM = _effect("climate.set_temperature", "climate.a", temperature=19)
FAN = _effect("fan.set_percentage", "fan.a", percentage=30)
RED = _effect("light.turn_on", "light.a", rgb_color=[255, 0, 0])


@pytest.mark.parametrize(
    ("effects", "calls", "right"),
    [
        ([], [], True),
        ([], [_call("light.turn_on", "light.a")], False),
        ([ON], [], False),
        ([ON], [_call("light.turn_on", *LAMPS)], True),
        ([ON], [_call("light.turn_on", "light.b", "light.a")], True),
        ([ON], [_call("light.turn_on", one) for one in LAMPS], True),
        ([ON], [_call("light.turn_on", *LAMPS, "light.c")], False),
        ([ON], [_call("light.turn_on", "light.a")], False),
        ([ON], [_call("light.turn_off", *LAMPS)], False),
        ([FAN], [_call("fan.turn_on", "fan.a", percentage=30)], True),
        ([FAN], [_call("fan.set_percentage", "fan.a", percentage=30)], True),
        ([FAN], [_call("fan.turn_on", "fan.a")], False),
        ([ON], [_call("light.turn_on", *LAMPS), _call("fan.turn_on", "fan.a")], False),
        ([ON], [_call("light.turn_on", *LAMPS, transition=1)], True),
        ([DIM], [_call("light.turn_on", "light.a")], False),
        ([DIM], [_call("light.turn_on", "light.a", brightness_pct=30)], True),
        ([DIM], [_call("light.turn_on", "light.a", brightness_pct=30.0)], True),
        ([DIM], [_call("light.turn_on", "light.a", brightness_pct="30")], True),
        ([DIM], [_call("light.turn_on", "light.a", brightness_pct=31)], False),
        ([DIM], [_call("light.turn_on", "light.a", brightness_pct=True)], False),
        ([DIM], [_call("light.turn_on", "light.a", brightness=77)], True),
        ([DIM], [_call("light.turn_on", "light.a", brightness=90)], False),
        (
            [DIM],
            [
                _call("light.turn_on", "light.a"),
                _call("light.turn_on", "light.a", brightness_pct=30),
            ],
            True,
        ),
        (
            [DIM],
            [
                _call("light.turn_on", "light.a", brightness_pct=30),
                _call("light.turn_on", "light.a", brightness_pct=100),
            ],
            False,
        ),
        (
            [WARM, ON],
            [
                _call("light.turn_on", *LAMPS),
                _call("climate.set_temperature", "climate.a", temperature=19.0),
            ],
            True,
        ),
        ([WARM, ON], [_call("light.turn_on", *LAMPS)], False),
        ([RED], [_call("light.turn_on", "light.a", rgb_color=(255, 0, 0))], True),
        ([RED], [_call("light.turn_on", "light.a", rgb_color=(255, 0))], False),
        (
            [_effect("climate.set_hvac_mode", "climate.a", hvac_mode="off")],
            [_call("climate.set_hvac_mode", "climate.a", hvac_mode="OFF")],
            True,
        ),
    ],
)
def test_effects(effects: list[Effect], calls: list[Call], right: bool) -> None:
    """Exactly the expected actions on exactly the expected entities count."""
    assert has_effect(effects, calls) is right
    assert has_effect(reversed(effects), reversed(calls)) is (
        right or (len(calls) > 1 and effects == [DIM])
    )


@pytest.mark.parametrize(
    ("reply", "calls", "right"),
    [
        ("It is 19 °C.", [], True),
        ("NINETEEN degrees", [], True),
        ("It is 20 °C.", [], False),
        ("It is 19 °C.", [_call("light.turn_on", "light.a")], False),
    ],
)
def test_answers(reply: str, calls: list[Call], right: bool) -> None:
    """A question wants its answer and no action."""
    utterance = Utterance(say="?", kind=Kind.STATE, answers=("19", "nineteen"))
    assert is_right(utterance, calls, reply) is right


@pytest.mark.parametrize(
    ("reply", "text", "told"),
    [
        ("It is 19 °C.", "19", True),
        ("It is 19.", "19", True),
        ("It is 19.5 °C.", "19", False),
        ("It is 2.19 °C.", "19", False),
        ("It is 119 °C.", "19", False),
        ("No, it is off.", "no", True),
        ("It is not.", "no", False),
        ("desk LAMP and sofa", "Desk lamp", True),
        ("It is -3.", "-3", True),
    ],
)
def test_what_must_be_told(reply: str, text: str, told: bool) -> None:
    """A word or number must stand there for itself."""
    assert tells(reply, text) is told
    utterance = Utterance(say="?", kind=Kind.STATE, must_tell=("19", "Hall"))
    assert is_right(utterance, [], "19 in the hall")
    assert not is_right(utterance, [], "19")
