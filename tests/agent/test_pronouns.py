"""What "it" is, where that was said just before."""

from typing import Any

import pytest

from .plain_home import calls, change, control


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "the radio is far too loud knock it back to eight percent",
            [change(name="Radio", volume=8)],
        ),
        (
            "I can't hear myself over the radio, take it down to ten percent",
            [change(name="Radio", volume=10)],
        ),
        (
            "the essay's due and the pump is still asleep wake it up",
            [control("on", name="Pump")],
        ),
        (
            "this song on the radio is awful, skip it",
            [control("next", name="Radio")],
        ),
        (
            "the racket from the pump and the bedroom fan is awful, shut them both off",
            [control("off", name="Bedroom fan"), control("off", name="Pump")],
        ),
        (
            "nobody is in the hall any more, so lights off in there",
            [control("off", area="Hall", domain="light")],
        ),
        (
            "I'm done in the kitchen, everything off there",
            [control("off", area="Kitchen")],
        ),
    ],
)
def test_named_before(said: str, expected: list[tuple[str, dict[str, Any]]]) -> None:
    """It is the only thing that was named, they are all that were."""
    assert calls(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        # Nothing, or too much, was named.
        "my phone is loud, turn it off",
        "the pump and the radio are loud, turn it off",
        "the pump is loud, turn them off",
        "the pump and the bedroom fan and the mixer are loud, turn them off",
        "the kitchen and the hall are empty, lights off there",
        # It is left alone, or an order of its own.
        "leave the pump, turn it off",
        "she told me the pump is loud, turn it off",
        "don't touch the pump, turn it off",
        "turn on the pump, then turn it off",
        # An ordinary word names nothing.
        "somebody left something, turn it off",
        # Something else may be meant.
        "there's a spider on the desk lamp, kill it",
        "the pump is loud, turn it off and turn it on",
        # Nothing opens by guess.
        "the garage door is shut, open it",
        "the pump is loud " + "and loud " * 40 + ", turn it off",
    ],
)
def test_not_clear(said: str) -> None:
    """Otherwise it is left to the model."""
    assert calls(said) == []
