"""By how much a value is to change, and what it comes to."""

from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.hearth.agent.changes import Change, change, changed
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.surely import surely_meant

HEATER = ExposedEntity(entity_id="climate.office", name="Office heater", area="Office")
LAMP = ExposedEntity(entity_id="light.desk", name="Desk lamp", area="Office")


@pytest.mark.parametrize(
    ("said", "by", "is_degrees"),
    [
        ("take the office heater down two degrees", -2, True),
        ("Knock a degree off the heater.", -1, True),
        ("two degrees warmer, please", 2, True),
        ("another degree on the heater", 1, True),
        ("dim the lamp by ten percent", -10, False),
        ("lamp up 15%", 15, False),
    ],
)
def test_change(said: str, by: float, is_degrees: bool) -> None:
    """A number with its unit, and a word for more or less."""
    assert change(said) == Change(by, is_degrees=is_degrees)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "turn the heater up to twenty degrees",
        "lower the heater, set it at 19 degrees",
        "office heater 20 degrees",
        "a bit warmer",
        "turn it up two",
        "up and down two degrees",
        "between two and three degrees warmer",
        "half a degree cooler",
        "zero degrees warmer",
        "two degrees and ten percent more",
    ],
)
def test_no_change(said: str) -> None:
    """A goal, no number, no unit, two of them, or two directions say no difference."""
    assert change(said) is None


@pytest.mark.parametrize(
    ("domain", "attributes", "wanted", "value"),
    [
        ("climate", {"temperature": 20.5}, Change(-2, is_degrees=True), 18.5),
        ("light", {"brightness": 128}, Change(-10, is_degrees=False), 40),
        ("light", {"brightness": 250}, Change(50, is_degrees=False), 100),
        ("media_player", {"volume_level": 0.3}, Change(-40, is_degrees=False), 0),
        ("fan", {"percentage": 40}, Change(20, is_degrees=False), 60),
        ("cover", {"current_position": 50}, Change(25, is_degrees=False), 75),
        ("light", {"brightness": None}, Change(10, is_degrees=False), None),
        ("light", {}, Change(10, is_degrees=False), None),
        ("light", {"brightness": 100}, Change(2, is_degrees=True), None),
        ("climate", {"temperature": 20}, Change(10, is_degrees=False), None),
        ("climate", {"temperature": 20}, Change(40, is_degrees=True), None),
        ("climate", {"temperature": "warm"}, Change(2, is_degrees=True), None),
        ("switch", {"temperature": 20}, Change(2, is_degrees=True), None),
    ],
)
def test_changed(
    domain: str, attributes: Mapping[str, Any], wanted: Change, value: float | None
) -> None:
    """What is set now and the difference, within what can be set."""
    assert changed(domain, attributes, wanted) == value


def test_what_was_named() -> None:
    """Only for one thing that was named, whose value is known, the sum is meant."""

    def now(entity_id: str) -> Mapping[str, Any]:
        return {"temperature": 20} if entity_id == "climate.office" else {}

    home = (HEATER, LAMP)
    said = "take the office heater down two degrees"
    assert surely_meant(home, said, "en", now).numbers == (18,)
    assert surely_meant(home, said, "en").numbers == ()
    assert surely_meant(home, "desk lamp up 20 percent", "en", now).numbers == ()
    assert surely_meant(home, "two degrees less in here", "en", now).numbers == ()
