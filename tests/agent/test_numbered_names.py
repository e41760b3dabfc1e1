"""Names with a number in them."""

from typing import Any

import pytest

from custom_components.hearth.agent.numbered_names import without_numbers

from .plain_home import calls, change, control, thing

HOME = (
    thing("light.one", "Lounge 1", "Lounge"),
    thing("light.two", "Lounge 2", "Lounge"),
    thing("cover.gate", "Gate 2", "Garden", "gate"),
    thing("cover.lounge", "Lounge curtains", "Lounge", "curtain"),
    thing("switch.pump", "Pump 3", "Garden"),
    thing("light.seven", "7", "Garden"),
)


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        ("dim lounge 1 to 35%", [change(name="Lounge 1", brightness=35)]),
        ("Lounge 2 to 20 percent", [change(name="Lounge 2", brightness=20)]),
        ("set lounge 1 to 2 percent", [change(name="Lounge 1", brightness=2)]),
        ("turn on pump 3", [control("on", name="Pump 3")]),
        ("open gate 2", [control("open", name="Gate 2")]),
        (
            "draw the lounge curtains and then put lounge 2 up to sixty percent",
            [
                control("close", name="Lounge curtains"),
                change(name="Lounge 2", brightness=60),
            ],
        ),
        (
            "turn off all lights except lounge 2",
            [control("off", area="home", domain="light", **{"except": "Lounge 2"})],
        ),
        ("set lounge 1", []),
        ("set lounge 3 to 35%", []),
    ],
)
def test_orders(said: str, wanted: list[Any]) -> None:
    """The number of a name is none that anything is set to."""
    assert calls(said, HOME) == wanted


def test_hidden() -> None:
    """Only names that were said as a whole have hidden numbers."""
    said = "lounge 1, lounge-2 and lounge 12 to 7"
    assert (
        without_numbers(HOME, said)
        == "lounge number1, lounge-number2 and lounge 12 to 7"
    )
