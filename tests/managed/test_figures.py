"""Sizes and times for people."""

import pytest

from custom_components.hearth.managed.figures import duration, size


@pytest.mark.parametrize(
    ("octets", "text"),
    [
        (0, "0 B"),
        (999, "999 B"),
        (1000, "1 kB"),
        (6_400_000, "6 MB"),
        (999_499_999, "999 MB"),
        (999_600_000, "1.0 GB"),
        (2_040_000_000, "2.0 GB"),
        (5_000_000_000_000, "5000.0 GB"),
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
