"""Sentences that were written as a whole: marks, things, and what they come to."""

import re

import pytest

from training import turns
from training.dice import Dice
from training.homes import draw_home
from training.phrases import raw
from training.spoken import FIELDS

_MARK = re.compile(r"\{[^}]*\}")
_VALUES = {"brightness", "color", "position", "speed", "temperature", "volume"}
_ACTS = {
    *("on", "off", "open", "close", "lock", "unlock"),
    *("play", "pause", "mute", "start", "dock", "set"),
}
_KINDS = {
    "spoken": {"plain", "free"},
    "spoken_place": {"plain", "free"},
    "spoken_several": {"free"},
    "corrected": {"free"},
    "spoken_question": {"state"},
    "unwanted": {"none"},
}


def _marks(phrase: str) -> set[str]:
    return set(_MARK.findall(phrase))


def test_marks_of_one() -> None:
    """A sentence about one thing names it, and has a value where one is wanted."""
    for section, phrases in raw("spoken").items():
        wanted = {"{n}", "{v}"} if section.split(" ")[1] in _VALUES else {"{n}"}
        for phrase in phrases:
            assert _marks(phrase) == wanted, phrase


def test_marks_of_places() -> None:
    """A sentence about a place says where, and what is left out of it."""
    for section, phrases in raw("spoken_places").items():
        wanted = {"{in}"}
        wanted |= {"{v}"} if section.split(" ")[-1] in _VALUES else set()
        wanted |= {"{n}"} if section.endswith(" but") else set()
        wanted |= {"{at}"} if section.endswith(" two") else set()
        for phrase in phrases:
            assert _marks(phrase) == wanted, phrase


def _parts(phrase: str) -> list[list[str]]:
    """Return the marks that say what is done with a thing, or its kind, and its letter."""
    return [
        mark.strip("{}").split(":") for mark in _MARK.findall(phrase) if ":" in mark
    ]


def test_marks_of_acts() -> None:
    """Two acts are two that are known; what is set has a value."""
    for phrase in raw("spoken_several")["acts"]:
        acts = {act for act, _ in _parts(phrase)}
        assert len(acts) == 2, phrase
        assert acts <= _ACTS, phrase
        assert ("{v}" in phrase) == ("set" in acts), phrase


def test_marks_of_two_values() -> None:
    """What is set in one sentence is two things of known kinds, each to its value."""
    for phrase in raw("spoken_several")["sets"]:
        kinds, letters = zip(*_parts(phrase), strict=True)
        assert set(kinds) <= set(FIELDS), phrase
        assert sorted(letters) == ["m", "n"], phrase
        assert {"{v}", "{w}"} <= _marks(phrase), phrase


def test_marks_of_a_place_and_a_thing() -> None:
    """The lights of one place are dark or lit, and one thing is named beside them."""
    for phrase in raw("spoken_several")["place acts"]:
        places = [act for act, name in _parts(phrase) if name == "in"]
        acts = [act for act, name in _parts(phrase) if name == "n"]
        assert len(places) == len(acts) == 1, phrase
        assert set(places) <= {"dark", "lit"}, phrase
        assert set(acts) <= _ACTS - {"set"}, phrase


def test_marks_of_corrections() -> None:
    """What is wrong is said as well as what is right."""
    for section, phrases in raw("spoken_several").items():
        what, _, form = section.partition(" ")
        wanted = {"{n}", "{w}"} | ({"{v}"} if form in _VALUES else set())
        for phrase in phrases if what == "corrected" else ():
            assert _marks(phrase) == wanted, phrase


def test_marks_of_nothing() -> None:
    """What asks for nothing names a thing or none."""
    for phrases in raw("unwanted").values():
        assert set().union(*map(_marks, phrases)) <= {"{n}"}


@pytest.mark.parametrize("drawer", list(_KINDS))
def test_drawn(drawer: str) -> None:
    """Each is drawn in most homes, says nothing with a mark left, and does what it says."""
    dice, found = Dice(drawer), []
    for _ in range(30):
        home = draw_home(dice, 30)
        try:
            turn = turns.draw_turn(dice, home, drawer)
        except LookupError:
            continue
        found.append(turn)
        assert turns.is_right(home, turn)
        assert not _MARK.search(turn.said)
    assert len(found) > 20
    assert {turn.kind for turn in found} <= _KINDS[drawer]
