"""Several orders in one sentence."""

from typing import Any

import pytest

from custom_components.hearth.agent.orders import orders

from .plain_home import calls, change, control


def names(action: str, *named: str) -> list[tuple[str, dict[str, Any]]]:
    """Return the same action on several things."""
    return [control(action, name=name) for name in named]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        (
            "kitchen light on and desk lamp off",
            [control("on", name="Kitchen light"), control("off", name="Desk lamp")],
        ),
        (
            "turn on the desk lamp and the hall lamp off",
            [control("on", name="Desk lamp"), control("off", name="Hall lamp")],
        ),
        (
            "Turn on the desk lamp. Then lock the front door!",
            [control("on", name="Desk lamp"), control("lock", name="Front door")],
        ),
        (
            "turn on the desk lamp, and then close the garage door, then start Robbie",
            [
                control("on", name="Desk lamp"),
                control("close", name="Garage door"),
                control("start", name="Robbie"),
            ],
        ),
        (
            "and turn on the desk lamp plus lock the front door, please",
            [control("on", name="Desk lamp"), control("lock", name="Front door")],
        ),
        # The second thing has the verb of the first.
        (
            "turn off the desk lamp and the lights in the kitchen",
            [
                control("off", name="Desk lamp"),
                control("off", area="Kitchen", domain="light"),
            ],
        ),
        (
            "turn off the desk lamp and the kitchen lights",
            [
                control("off", name="Desk lamp"),
                control("off", area="Kitchen", domain="light"),
            ],
        ),
        (
            "turn off the lights in the kitchen and the hall",
            [
                control("off", area="Kitchen", domain="light"),
                control("off", area="Hall", domain="light"),
            ],
        ),
        (
            "unlock the front door and the side entrance",
            names("unlock", "Front door", "Side entrance"),
        ),
        (
            "turn on the desk lamp, the hall lamp, the pump, the radio, the bedroom fan",
            names("on", "Desk lamp", "Hall lamp", "Pump", "Radio", "Bedroom fan"),
        ),
        # So has the second value.
        (
            "set the kitchen light to 30 and the desk lamp to 50",
            [
                change(name="Kitchen light", brightness=30),
                change(name="Desk lamp", brightness=50),
            ],
        ),
        (
            "set the office heater to 20.5 and the bedroom fan to 50 percent",
            [
                change(name="Office heater", temperature=20.5),
                change(name="Bedroom fan", speed=50),
            ],
        ),
        (
            "set the desk lamp to 20 and the hall lamp",
            [
                change(name="Desk lamp", brightness=20),
                change(name="Hall lamp", brightness=20),
            ],
        ),
        (
            "set the desk lamp to 20 percent, the hall lamp",
            [
                change(name="Desk lamp", brightness=20),
                change(name="Hall lamp", brightness=20),
            ],
        ),
        (
            "set the desk lamp to 20 and the kitchen lights",
            [
                change(name="Desk lamp", brightness=20),
                change(area="Kitchen", brightness=20),
            ],
        ),
        (
            "set the desk lamp to red and the hall lamp to blue",
            [
                change(name="Desk lamp", color="red"),
                change(name="Hall lamp", color="blue"),
            ],
        ),
        (
            "set the volume of the radio to 20 and the big tv to 30",
            [change(name="Radio", volume=20), change(name="Big TV", volume=30)],
        ),
        # Or it has one where the first has none.
        (
            "mute the radio and the desk lamp at thirty percent",
            [control("mute", name="Radio"), change(name="Desk lamp", brightness=30)],
        ),
        (
            "counter lamp at twenty and the desk lamp at forty percent",
            [
                change(name="Counter lamp", brightness=20),
                change(name="Desk lamp", brightness=40),
            ],
        ),
        # What the first is called goes for the second.
        (
            "bedroom blinds down, the hall lamp on, the red one off",
            [
                control("close", name="Bedroom blinds"),
                control("on", name="Hall lamp"),
                control("off", name="Red lamp"),
            ],
        ),
        (
            "twenty on the office heater and forty percent for the desk lamp",
            [
                change(name="Office heater", temperature=20),
                change(name="Desk lamp", brightness=40),
            ],
        ),
        ("office heater twenty two", [change(name="Office heater", temperature=22)]),
        (
            "the counter lamp and the desk lamp both off",
            names("off", "Counter lamp", "Desk lamp"),
        ),
    ],
)
def test_several(said: str, expected: list[tuple[str, dict[str, Any]]]) -> None:
    """Each part is an order, or what the order before it is of, too."""
    assert calls(said) == expected


@pytest.mark.parametrize(
    "said",
    [
        # One part is not understood, or denied.
        "turn on the desk lamp and sing",
        "turn on the desk lamp and don't turn off the hall lamp",
        "turn on the desk lamp and set the hall lamp",
        "sing and turn on the desk lamp",
        "turn on the desk lamp and is it dark?",
        "turn on the desk lamp then turn it off",
        # Nothing is said of what.
        "turn the desk lamp off and on",
        "turn all lights off and on",
        "turn on the desk lamp, then off",
        # The value is one of the other kind.
        "set the brightness of the desk lamp to 20 and the radio to 30",
        "set the desk lamp to 20 and the hall lamp by 30",
        "set the desk lamp to 20 and the hall lamp 30",
        # Not as well as all.
        "open the blinds in the bedroom and the garage",
        "turn on the desk lamp, then the desk lamp",
        # A time, or no temperature.
        "office heater ten",
        # No room is so warm.
        "office heater 1930",
        "set the office heater at 1930",
        "desk lamp twenty two",
        "radio forty",
        # The second may be meant instead.
        "turn on the desk lamp, um, the hall lamp",
        "turn on the desk lamp, that's wrong, the hall lamp in the garden",
        "turn on the desk lamp, not that, the hall lamp in the garden",
        # Too many.
        "turn on the desk lamp, the hall lamp, the pump, the radio, the fan, the big tv",
    ],
)
def test_not_all_is_clear(said: str) -> None:
    """Nothing is done of what is understood in part."""
    assert calls(said) == []


def test_the_simplest_first() -> None:
    """One order is tried before two, and two before three."""
    found = [len(way) for way in orders("turn on the lamp and the fan and the radio")]
    assert found == [1, 2, 2, 3]


@pytest.mark.parametrize(
    "said",
    ["", "  ", ",;.!", "and", ", and then", "then please, then", "lamp and fan", "?"],
)
def test_no_orders(said: str) -> None:
    """Without a verb, or with nothing but words between orders, there is none."""
    assert list(orders(said)) == []


def test_what_is_polite_is_no_order() -> None:
    """A part that only is polite has no verb of the part before."""
    assert [len(way) for way in orders("lock the door, thank you")] == [1]
    assert [len(way) for way in orders("lock the door, lock the gate")] == [1, 2]


@pytest.mark.parametrize(
    ("said", "count"),
    [("lamp on?", 0), ("will the lamp be on?", 1), ("could you lock the door?", 1)],
)
def test_questions(said: str, count: int) -> None:
    """A question is an order only where it asks to do something."""
    assert len(list(orders(said))) == count


def test_what_was_before() -> None:
    """A part knows the words of the one before it, which may say what kind is meant."""
    *_, (first, second) = orders("turn on the lights in the hall and the kitchen")
    assert first.before == ()
    assert second.before == first.rest
    assert (second.action, second.rest) == ("on", ("the", "kitchen"))
