"""Percent of a download, which never run backwards."""

import random

from custom_components.hearth.engines.base import PullProgress
from custom_components.hearth.library.meter import Meter


def step(completed: int, total: int) -> PullProgress:
    """Return a report."""
    return PullProgress(status="downloading", completed=completed, total=total)


def read(meter: Meter, *steps: tuple[int, int]) -> list[float | None]:
    """Return the percent after each report."""
    found = []
    for one in steps:
        meter.note(step(*one))
        found.append(meter.percentage)
    return found


def test_of_a_known_size() -> None:
    """Parts that are not known yet belong to the whole from the beginning."""
    shown = read(
        Meter(2000), (0, 0), (0, 1000), (500, 1000), (1000, 1000), (1500, 2000)
    )
    assert shown == [0.0, 0.0, 25.0, 50.0, 75.0]


def test_of_an_unknown_size() -> None:
    """A few small parts say nothing; one more makes it wait, and never go back."""
    large = 50_000_000
    shown = read(
        Meter(None),
        (0, 0),
        (150, 150),
        (150, large),
        (large // 2, large),
        (large, large),
        (large, 2 * large),
        (2 * large, 2 * large),
    )
    assert shown == [None, None, 0.0, 50.0, 99.9, 99.9, 99.9]


def test_the_end() -> None:
    """Only what is finished is whole; that is so whatever was known before."""
    meter = Meter(None)
    meter.finish()
    assert (meter.percentage, meter.completed, meter.total) == (100.0, 0, None)
    meter = Meter(100)
    read(meter, (100, 100))
    assert meter.percentage == 99.9
    meter.finish()
    assert (meter.percentage, meter.completed) == (100.0, 100)


def test_never_backwards() -> None:
    """Whatever is reported, percent rise from 0 to less than 100."""
    chance = random.Random(3)
    for _ in range(300):
        meter = Meter(chance.choice([None, 0, 1 << 21, 1 << 30]))
        before, done = 0.0, 0
        for _ in range(50):
            meter.note(step(chance.randrange(1 << 31), chance.randrange(1 << 31)))
            assert meter.percentage is None or before <= meter.percentage < 100
            assert meter.completed >= done
            before, done = meter.percentage or 0.0, meter.completed
