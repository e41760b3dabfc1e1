"""What went wrong is told in groups that a person understands."""

from typing import Any

import pytest

from training.confusion import Outcome, counts, group, listing
from training.effects import Effect


def _effect(service: str, *entities: str, **data: Any) -> Effect:
    return Effect(service, frozenset(entities), data)


ON = _effect("light.turn_on", "light.a")
BOTH_ON = _effect("light.turn_on", "light.a", "light.b")
DIM = _effect("light.turn_on", "light.a", brightness_pct=30)
LOCK = _effect("lock.lock", "lock.a")


def _outcome(
    wanted: list[Effect], done: list[Effect], kind: str = "plain", refused: str = ""
) -> Outcome:
    return Outcome(
        said="?", kind=kind, wanted=wanted, done=done, got="that", refused=refused
    )


@pytest.mark.parametrize(
    ("wanted", "done", "name"),
    [
        ([ON], [], "turn on one light → did nothing"),
        (
            [ON],
            [_effect("light.turn_on", "light.b")],
            "turn on one light → right action, wrong device",
        ),
        (
            [ON],
            [BOTH_ON],
            "turn on one light → right action, more devices than wanted",
        ),
        (
            [BOTH_ON],
            [ON],
            "turn on several lights → right action, some of the devices only",
        ),
        (
            [BOTH_ON],
            [_effect("light.turn_on", "light.b", "light.c")],
            "turn on several lights → right action, some wrong devices",
        ),
        (
            [ON],
            [_effect("light.turn_off", "light.a")],
            "turn on one light → right device, wrong action: turn off one light",
        ),
        ([DIM], [ON], "set one light → right device, wrong value"),
        ([ON, LOCK], [LOCK], "lock one lock and turn on one light → only a part of it"),
        ([ON], [ON, LOCK], "turn on one light → that and more"),
        (
            [_effect("cover.set_cover_position", "cover.a", position=50)],
            [_effect("cover.open_cover", "cover.b", "cover.c")],
            "set the position of one cover → open several covers",
        ),
        (
            [_effect("media_player.volume_set", "media_player.a", volume_level=0.1)],
            [_effect("switch.turn_off", "switch.a", "switch.b")],
            "set the volume of one media player → turn off several switches",
        ),
    ],
)
def test_groups(wanted: list[Effect], done: list[Effect], name: str) -> None:
    """Each way to go wrong has a name of its own."""
    assert group(_outcome(wanted, done)) == name


def test_groups_without_an_action() -> None:
    """Nothing and questions are told apart, and so is what a tool refused."""
    assert group(_outcome([], [LOCK], "none")) == "nothing to do → acted: lock one lock"
    assert group(_outcome([], [ON], "state")) == "a question → acted: turn on one light"
    assert group(_outcome([], [], "state")) == "a question → another answer"
    refused = _outcome([ON], [], refused="named what is not there")
    assert group(refused) == "turn on one light → named what is not there"


def test_listing() -> None:
    """The largest group comes first, with two examples and no more."""
    wrong = [_outcome([], [], "state"), *[_outcome([ON], [])] * 3]
    assert list(counts(wrong).values()) == [3, 1]
    lines = list(listing(wrong))
    assert lines[0].split() == "3 turn on one light → did nothing".split()
    assert lines[1:5] == ['          "?"', "            got that"] * 2
    assert lines[5].split() == "1 a question → another answer".split()
