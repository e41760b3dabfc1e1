"""A bit more, or less, in numbers: it is computed."""

from collections.abc import Mapping
from typing import Any

import pytest

from custom_components.hearth.agent.plain_changes import plain_changes

from .plain_home import HOME, thing

NOW: Mapping[str, Mapping[str, Any]] = {
    "climate.office": {"temperature": 20.5},
    "light.desk": {"brightness": 102},
    "media_player.hall": {"volume_level": 0.3},
}


def made(said: str, here: str | None = None) -> list[dict[str, Any]]:
    """Return the arguments of the calls that are made of words."""
    found = plain_changes(HOME, said, "en", here, lambda key: NOW.get(key, {}))
    return [dict(call.arguments) for call in found]


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("take the office heater down two degrees", ("Office heater", 18.5)),
        (
            "Turn the office heater up by two degrees, my hands are numb",
            ("Office heater", 22.5),
        ),
        ("it's nippy, bump the office heater up a degree", ("Office heater", 21.5)),
        ("knock a degree off the office heater", ("Office heater", 19.5)),
        (
            "two degrees more on the office heater if you don't mind",
            ("Office heater", 22.5),
        ),
        (
            "he's roasting in there take two degrees off the office heater",
            ("Office heater", 18.5),
        ),
        # The only heating of the place, or of the home.
        ("the heating in the office down three degrees", ("Office heater", 17.5)),
        ("turn the heating up two degrees", ("Office heater", 22.5)),
    ],
)
def test_degrees(said: str, expected: tuple[str, float]) -> None:
    """What was set before is what it is counted from."""
    name, temperature = expected
    assert made(said) == [{"name": name, "temperature": temperature}]
    assert made(said, here="Office") == made(said)


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("dim the desk lamp by ten percent", {"name": "Desk lamp", "brightness": 30}),
        ("the radio louder by ten percent", {"name": "Radio", "volume": 40}),
    ],
)
def test_percents(said: str, expected: dict[str, Any]) -> None:
    """Shares of a hundred are what the home shows."""
    assert made(said) == [expected]


@pytest.mark.parametrize(
    "said",
    [
        "",
        "take the office heater down",
        "take the office heater down to two degrees",
        # Nothing, or something else, is named.
        "two degrees less",
        "take the sauna down two degrees",
        "take the office heater in the kitchen down two degrees",
        "take the kitchen heating down two degrees",
        "take the office heater and the sauna down two degrees",
        "take the heating in the office and the kitchen down two degrees",
        # It is not known what is set, or it opens.
        "the big tv down ten percent",
        "the bedroom blinds down ten percent",
        # No order for now.
        "don't take the office heater down two degrees",
        "take the office heater down two degrees at ten",
        "did you take the office heater down two degrees?",
    ],
)
def test_not_clear(said: str) -> None:
    """Otherwise nothing is computed."""
    assert made(said) == []


def test_other_languages() -> None:
    """Words of other languages are not known."""
    assert (
        plain_changes(
            HOME, "office heater down two degrees", "de", None, NOW.__getitem__
        )
        == ()
    )


def test_several_of_a_place() -> None:
    """Where there is more than one heating, one has to be named."""
    home = (*HOME, thing("climate.hall", "Hall radiator", "Hall"))
    said = "turn the heating up two degrees"
    now = {"climate.office": {"temperature": 20}, "climate.hall": {"temperature": 18}}
    assert plain_changes(home, said, "en", None, now.__getitem__) == ()
    (call,) = plain_changes(home, said, "en", "Hall", now.__getitem__)
    assert call.arguments == {"name": "Hall radiator", "temperature": 20}
