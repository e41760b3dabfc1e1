"""Accuracy sets."""

from collections import Counter
from pathlib import Path

import pytest

from bench.utterances import Effect, Kind, load_utterances
from demo.errors import DemoError
from demo.homes import load_home

from ..homes import FAMILY

SET = FAMILY.with_name("family-utterances.yaml")


def test_reference_set() -> None:
    """The reference home's utterances are read whole."""
    utterances = load_utterances(SET)
    assert Counter(one.kind for one in utterances) == {
        Kind.PLAIN: 7,
        Kind.FREE: 7,
        Kind.STATE: 3,
        Kind.NONE: 2,
    }
    by_words = {one.say: one for one in utterances}
    assert by_words["Set the office heater to 19 degrees"].effects == (
        Effect(
            service="climate.set_temperature",
            entities=frozenset({"climate.office_heater"}),
            data={"temperature": 19},
        ),
    )
    assert len(by_words["good night, everything in the bedroom off"].effects) == 2
    assert by_words["is the garage door closed?"].answers == ("closed", "yes")
    assert by_words["turn on the sauna"].effects == ()


@pytest.mark.parametrize(
    ("home", "name"),
    [
        ("family", "family-utterances"),
        ("family", "family-spoken"),
        ("villa", "villa-spoken"),
        ("flat", "flat-spoken"),
        ("suburb", "suburb-spoken"),
        ("farm", "farm-spoken"),
        ("maisonette", "maisonette-spoken"),
        ("bungalow", "bungalow-spoken"),
        ("townhouse", "townhouse-spoken"),
        ("canal", "canal-spoken"),
        ("chalet", "chalet-spoken"),
        ("condo", "condo-spoken"),
        ("cottage", "cottage-spoken"),
        ("croft", "croft-spoken"),
        ("haveli", "haveli-spoken"),
        ("loft", "loft-spoken"),
        ("ranch", "ranch-spoken"),
        ("semi", "semi-spoken"),
        ("studio", "studio-spoken"),
        ("terrace", "terrace-spoken"),
        ("veranda", "veranda-spoken"),
    ],
)
def test_a_set_fits_its_home(home: str, name: str) -> None:
    """Every entity that is named is in the home, and nothing is said twice."""
    home_file = FAMILY.with_name(f"{home}.yaml")
    there = {entity.entity_id for entity in load_home(home_file).entities}
    utterances = load_utterances(FAMILY.with_name(f"{name}.yaml"))
    assert len({one.say.casefold() for one in utterances}) == len(utterances)
    for utterance in utterances:
        for effect in utterance.effects:
            assert effect.entities <= there, utterance.say


def test_one_word_for_one_thing(tmp_path: Path) -> None:
    """One entity and one answer need no list."""
    file = tmp_path / "set.yaml"
    file.write_text(
        "- {say: a, kind: plain, do: {s: light.turn_on, e: light.a}}\n"
        "- {say: b, kind: state, answer: 19}"
    )
    first, second = load_utterances(file)
    assert first.effects[0].entities == {"light.a"}
    assert second.answers == ("19",)


@pytest.mark.parametrize(
    "text", ["- [", "3", "- a", "- {say: a}", "- {say: a, kind: odd}"]
)
def test_wrong_sets(tmp_path: Path, text: str) -> None:
    """A wrong set is refused."""
    file = tmp_path / "set.yaml"
    file.write_text(text)
    with pytest.raises(DemoError, match="no set of utterances"):
        load_utterances(file)


def test_no_set(tmp_path: Path) -> None:
    """A set that is not there is named."""
    with pytest.raises(DemoError, match=r"nowhere.yaml cannot be read"):
        load_utterances(tmp_path / "nowhere.yaml")
