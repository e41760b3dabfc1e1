"""The benchmark of the arithmetic: published rows are within what they may be off."""

import pytest

from bench.fit import Measured, measured_rows, table
from bench.fit_published import (
    ENGINES,
    Row,
    engine_rows,
    model_of,
    other_rows,
    rule_rows,
)
from custom_components.hearth.hardware.speed import Speed, Work

PUBLISHED = [*engine_rows(), *rule_rows()]


@pytest.mark.parametrize("row", PUBLISHED, ids=lambda row: row.title)
def test_published(row: Row) -> None:
    """Memory is right to 10 %, tokens a second and rules of thumb to 20 %."""
    assert row.fits
    assert row.tolerance == {"GB": 0.1, "s": None}.get(row.unit, 0.2)


def test_every_engine_has_every_number() -> None:
    """Each engine has memory, speed and seconds to load."""
    assert len(list(engine_rows())) == 3 * len(ENGINES)
    assert len(list(rule_rows())) == 7


def test_most_others_are_near() -> None:
    """Of what else was published, most is within 20 %, though nothing asks for it."""
    rows = list(other_rows())
    near = [row for row in rows if abs(row.off) <= 0.2]
    assert len(near) >= 0.8 * len(rows)


def _measured(key: str, weights: int, generating: float, memory: int) -> Measured:
    """Return what a machine did that is right to the arithmetic's factor."""
    model = model_of(key)
    work = Work(
        weights=weights,
        parameters=model.parameters,
        active_parameters=model.active_parameters,
        quantization="Q4_0",
    )
    return Measured(
        model=model,
        work=work,
        speed=Speed(generating=generating, reading=1e12 / model.parameters),
        memory=memory,
    )


def test_measured_rows() -> None:
    """What one model did says what the other should do."""
    small = _measured("qwen3-0.6b", 400_000_000, 50.0, 0)
    large = _measured("qwen3-1.7b", 1_000_000_000, 10.0, 2_000_000_000)
    rows = {row.title: row for row in measured_rows(large, small, 2)}
    assert set(rows) == {
        "Qwen3 1.7B, memory",
        "Qwen3 1.7B, generating",
        "Qwen3 1.7B, reading",
    }
    generating = rows["Qwen3 1.7B, generating"]
    # 15 of the 20 ms for 0.4 GB are the weights'.
    assert generating.predicted == pytest.approx(1 / (0.005 + 0.015 * 2.5))
    assert not generating.fits
    assert rows["Qwen3 1.7B, reading"].off == pytest.approx(0)
    assert len(list(measured_rows(small, large, 2))) == 2
    shown = table("This machine", rows.values())
    assert shown[-1] == ""
    assert [line.endswith("TOO FAR") for line in shown].count(True) >= 1
