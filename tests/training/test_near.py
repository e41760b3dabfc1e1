"""Orders, and what is near them and asks for nothing or for something later."""

import re

import pytest

from training.dice import Dice
from training.homes import draw_home
from training.questions import marked
from training.smalltalk import clock_time, duration, when
from training.turns import Turn, draw_turn


def _drawn(drawer: str, wanted: int = 60) -> list[Turn]:
    """Draw turns of one sort in several homes."""
    turns: list[Turn] = []
    number = 0
    while len(turns) < wanted:
        number += 1
        dice = Dice(f"near {number}")
        try:
            turns.append(draw_turn(dice, draw_home(dice), drawer))
        except LookupError:
            continue
    return turns


@pytest.mark.parametrize(
    "drawer",
    ["later", "look_alike", "absent_question", "no_place", "wrong_capability"],
)
def test_nothing_is_done(drawer: str) -> None:
    """What is for later, or for nothing, is answered without a call."""
    for turn in _drawn(drawer):
        assert turn.kind == "none"
        assert not turn.goals
        assert "<tool_call>" not in turn.first


def test_a_twin_acts() -> None:
    """What only looks like talk does what it says."""
    assert all(turn.goals for turn in _drawn("twin"))


@pytest.mark.parametrize("drawer", ["yes_or_no", "done", "anything", "presence"])
def test_questions_do_nothing(drawer: str) -> None:
    """Questions move nothing, and read no more than states."""
    for turn in _drawn(drawer):
        assert turn.kind == "state"
        assert all(tool == "state" for tool, _ in turn.calls)


def test_a_question_like_an_order_keeps_its_mark() -> None:
    """``Lamp off?`` asks, and ``Lamp off`` is an order."""
    for number in range(200):
        assert marked(Dice(number), "{n} {a}?", "the lamp off").endswith("?")


def test_polite_orders_may_end_with_a_question_mark() -> None:
    """Neither orders nor refusals are known by the mark."""
    for drawer in ("one", "later"):
        polite = [
            turn.said
            for turn in _drawn(drawer, 2000)
            if turn.said.casefold().startswith(("could you", "can you"))
        ]
        marks = sum(said.endswith("?") for said in polite)
        assert 0.2 * len(polite) < marks < 0.8 * len(polite)


def test_times_are_said() -> None:
    """No mark for a time is left, and hours come in digits and in words."""
    dice = Dice("times")
    hours = [clock_time(dice) for _ in range(300)]
    assert any(hour.isalpha() for hour in hours)
    assert any(hour[0].isdigit() for hour in hours)
    assert all(duration(dice) for _ in range(100))
    for _ in range(100):
        said = when(dice, "{o} between {h} and {h}, for {d}, on {day}")
        assert set(re.findall(r"{\w+}", said)) == {"{o}"}


def test_both_means_two() -> None:
    """Who speaks of both lamps means two things, and each has a call of its own."""
    for turn in _drawn("both"):
        assert [len(goal.things) for goal in turn.goals] == [2]
        assert len({arguments["name"] for _, arguments in turn.calls}) == 2


def test_an_exception_is_one_call() -> None:
    """What is left out stands in the call, wherever the tools reach just the rest."""
    found = [t for t in _drawn("group", 600) if t.phenomenon == "except"]
    spared = [t for t in found if "except" in t.calls[0][1]]
    assert len(spared) > 0.8 * len(found) > 10
