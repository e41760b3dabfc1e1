"""Numbers as people speak and write them."""

import pytest

from custom_components.hearth.agent.spoken_numbers import numbers_in, spoken_words


@pytest.mark.parametrize(
    ("said", "numbers", "others"),
    [
        ("", [], ""),
        ("...!?", [], ""),
        ("turn it up", [], "turn it up"),
        ("zero", [0], ""),
        ("seventy two degrees", [72], "degrees"),
        ("seventy-two", [72], ""),
        ("twenty", [20], ""),
        ("twenty zero", [20, 0], ""),
        ("twenty eleven", [20, 11], ""),
        ("a lamp", [], "a lamp"),
        ("30 and 40", [30, 40], "and"),
        ("123456", [], "123456"),
        # Hundreds.
        ("hundred", [100], ""),
        ("a hundred percent", [100], "percent"),
        ("one hundred", [100], ""),
        ("two hundred and fifty", [250], ""),
        ("a hundred twenty three", [123], ""),
        ("a hundred and a lamp", [100], "and a lamp"),
        ("a hundred 30", [100, 30], ""),
        ("ten hundred", [10, 100], ""),
        # Shares of a hundred.
        ("half", [50], ""),
        ("a quarter", [25], ""),
        ("one third", [33], ""),
        ("a tenth of it", [10], "of it"),
        ("two thirds", [67], ""),
        ("3 quarters", [75], ""),
        # Fractions.
        ("nineteen and a half", [19.5], ""),
        ("twenty one point five", [21.5], ""),
        ("20.5", [20.5], ""),
        ("20,5 degrees", [20.5], "degrees"),
        ("20.25", [20.25], ""),
        ("20.05", [20.05], ""),
        ("twenty point two five", [20.25], ""),
        ("20.5 30", [20.5, 30], ""),
        ("20 point", [20], "point"),
        ("what's the point", [], "what s the point"),
        # Signs.
        ("2,700 kelvin", [2700], "kelvin"),
        ("-5", [5], "minus"),
        ("20-30", [20, 30], ""),
        ("50%", [50], "percent"),
        ("21 °C or 21° outside", [21, 21], "degrees or degrees outside"),
        ("70°F", [70], "degrees f"),
    ],
)
def test_numbers(said: str, numbers: list[float], others: str) -> None:
    """Each number is found once, and all that is none is left."""
    assert numbers_in(spoken_words(said)) == (numbers, others.split())


def test_many() -> None:
    """Long texts are read to their end."""
    found, others = numbers_in(spoken_words("lamp one hundred and five " * 500))
    assert found == [105] * 500
    assert others == ["lamp"] * 500
