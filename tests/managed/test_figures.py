"""Sizes and times for people."""

import pytest

from custom_components.hearth.managed.figures import duration, size


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 B"),
        (1023, "1023 B"),
        (1024, "1 KiB"),
        (6_400_000, "6 MiB"),
        (2_000_000_000, "1.9 GiB"),
        (5_000_000_000_000, "4656.6 GiB"),
    ],
)
def test_size(octets: int, text: str) -> None:
    """The unit fits the number."""
    assert size(octets) == text


@pytest.mark.parametrize(
    ("seconds", "text"), [(0, "0:00"), (4.6, "0:05"), (59.9, "1:00"), (3671, "61:11")]
)
def test_duration(seconds: float, text: str) -> None:
    """Minutes and seconds, as on a clock."""
    assert duration(seconds) == text
