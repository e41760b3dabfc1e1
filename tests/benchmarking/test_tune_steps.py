"""Which way of running a model wins, with invented speeds."""

from collections.abc import Callable
from pathlib import Path

import pytest

from custom_components.hearth.benchmarking.tune_steps import (
    Descent,
    Speeds,
    Tried,
    first_plan,
    is_better,
    table,
)
from custom_components.hearth.engines.launch import LaunchPlan, Runtime

from ..engines.managed_programs import make_plan

FOLDER = Path("/none")


def descend(
    plan: LaunchPlan,
    speeds: Callable[[LaunchPlan], Speeds | None],
    cores: int,
    processors: int,
) -> Descent:
    """Return how a search ends."""
    first = first_plan(plan, cores)
    found = Descent(Tried(plan=first, speeds=speeds(first)), cores, processors)
    for one in found.plans():
        found.tell(Tried(plan=one, speeds=speeds(one)))
    return found


def tried(found: Descent) -> list[tuple[int, int, bool]]:
    """Return what was tried, in short."""
    return [(one.plan.threads, one.plan.batch, one.plan.ngram) for one in found.tried]


def always(_: LaunchPlan) -> Speeds:
    """Return the same for every plan."""
    return Speeds(reading=100, generating=10, calling=10)


def test_a_typical_turn() -> None:
    """60 tokens are read and 35 generated."""
    assert Speeds(reading=30, generating=9, calling=7).turn_seconds == pytest.approx(7)


@pytest.mark.parametrize(
    ("cores", "processors", "threads"),
    [(1, 1, []), (2, 2, []), (2, 4, [4]), (4, 4, [3]), (4, 8, [3, 8])],
)
def test_nothing_is_faster(cores: int, processors: int, threads: list[int]) -> None:
    """Then all is tried from the first plan, and that stays."""
    plan = make_plan(FOLDER, threads=7, batch=256, ngram=True)
    found = descend(plan, always, cores, processors)
    others = [(number, 64, False) for number in threads]
    assert tried(found) == [
        (cores, 64, False),
        *others,
        (cores, 256, False),
        (cores, 64, True),
    ]
    assert found.best is found.tried[0]


def test_from_the_best_so_far() -> None:
    """What won is kept for all that follows; what does not work is passed over."""

    def speeds(plan: LaunchPlan) -> Speeds | None:
        if plan.batch == 256:
            return None
        generating = 10 + (4 - plan.threads) + (5 if plan.ngram else 0)
        return Speeds(reading=100, generating=10, calling=generating)

    found = descend(make_plan(FOLDER), speeds, 4, 8)
    assert tried(found) == [
        (4, 64, False),
        (3, 64, False),
        (8, 64, False),
        (3, 256, False),
        (3, 64, True),
    ]
    assert found.best is found.tried[-1]
    shown = table(found.tried, found.best)
    assert [row["chosen"] for row in shown] == [False] * 4 + [True]
    assert shown[3]["turn_seconds"] is None
    assert shown[0] == {
        "threads": 4,
        "batch": 64,
        "ngram": False,
        "read_per_second": 100,
        "generated_per_second": 10,
        "called_per_second": 10,
        "turn_seconds": 4.1,
        "chosen": False,
    }


@pytest.mark.parametrize(("faster", "better"), [(1.04, False), (1.06, True)])
def test_little_is_chance(faster: float, better: bool) -> None:
    """A gain of less than 5 % changes nothing."""
    plan = make_plan(FOLDER)
    best = Tried(plan=plan, speeds=Speeds(reading=100, generating=10, calling=10))
    other = Speeds(reading=100 * faster, generating=10, calling=10 * faster)
    assert is_better(Tried(plan=plan, speeds=other), best) is better


@pytest.mark.parametrize(
    ("generating", "calling", "better"),
    [(90, 10, False), (9, 20, False), (9.8, 20, True)],
)
def test_guessing_well(generating: float, calling: float, better: bool) -> None:
    """Saying the same again is no gain, and faster calls must not cost the rest."""
    best = Tried(plan=make_plan(FOLDER), speeds=always(make_plan(FOLDER)))
    other = Speeds(reading=100, generating=generating, calling=calling)
    guesses = Tried(plan=make_plan(FOLDER, ngram=True), speeds=other)
    assert is_better(guesses, best) is better


def test_the_worker() -> None:
    """It has nothing but threads."""
    plan = make_plan(FOLDER, runtime=Runtime.LLAMA_CPP_PYTHON)
    assert tried(descend(plan, always, 4, 4)) == [(4, 64, False), (3, 64, False)]
