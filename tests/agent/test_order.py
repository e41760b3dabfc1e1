"""What an order wants to be done, before it is known of what."""

import pytest

from custom_components.hearth.agent.order import order


@pytest.mark.parametrize(
    ("said", "action", "value", "rest"),
    [
        ("Could you set the lamp to 30 percent, thanks", None, 30, "the lamp to"),
        ("make the lamp red, please", None, "red", "the lamp"),
        ("right, flip it on right now", "on", None, "it"),
        ("shut the door", "close", None, "the door"),
        ("the bedside lamp right off", "off", None, "the bedside lamp right"),
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


@pytest.mark.parametrize(
    "said",
    [
        "it is nice",
        "thanks, please",
        # Differences, times, and colors that are no value.
        "dim the desk lamp by 20 percent",
        "brighten the desk lamp 20 percent",
        "change the office heater 2 degrees",
        "dim the desk lamp at ten",
        "set the desk lamp 30",
        "dim the red lamp in the kitchen",
        "dim the desk lamp to red",
        "set the red lamp in the kitchen",
        "set the desk lamp to light blue",
    ],
)
def test_no_order(said: str) -> None:
    """A value that may be something else is none."""
    assert order(said) is None
