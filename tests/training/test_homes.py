"""The homes and talks that the model learns from."""

from collections import Counter
import json
from random import Random

import pytest

from training import heldout, render
from training.contract import INSTRUCTIONS, key, named, prefix
from training.effects import effects, reference_home
from training.generate import draw_sample
from training.homes import Home, draw_home
from training.turns import MIX, Turn, draw_turn

HOMES = 60


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Home, list[Turn]]]:
    """Draw homes with turns of every kind."""
    rng = Random("tests")
    homes = [draw_home(rng) for _ in range(HOMES)]
    return [(home, [draw_turn(rng, home) for _ in range(25)]) for home in homes]


def test_homes_are_not_the_reference_homes(
    drawn: list[tuple[Home, list[Turn]]],
) -> None:
    """No home is or contains a reference home, nor is much like one."""
    for home, _ in drawn:
        names = {thing.name for thing in home.things}
        for reference in heldout.reference_names():
            assert not reference <= names
        assert not heldout.is_held_out(home)


@pytest.mark.parametrize("name", ["family", "villa"])
def test_reference_homes_are_recognized(name: str) -> None:
    """The guard would find a reference home, also with a device more."""
    home = reference_home(heldout.HOMES / f"{name}.yaml")
    more = draw_home(Random(name), 5)
    assert heldout.is_held_out(home)
    assert heldout.is_held_out(Home(home.things + more.things))


def test_measured_utterances_are_never_learned(
    drawn: list[tuple[Home, list[Turn]]],
) -> None:
    """No turn says what is measured, whatever its case and punctuation."""
    assert heldout.is_measured("pause the tv!")
    assert not any(
        heldout.is_measured(turn.said) for _, turns in drawn for turn in turns
    )


def test_homes_differ(drawn: list[tuple[Home, list[Turn]]]) -> None:
    """Names are many, and within a home no two are alike."""
    names = Counter(thing.name for home, _ in drawn for thing in home.things)
    assert len(names) > 0.7 * names.total()
    for home, _ in drawn:
        keys = [key(name) for thing in home.things for name in thing.entity.names]
        assert len(keys) == len(set(keys))


def test_calls_copy_names_and_reach_devices(
    drawn: list[tuple[Home, list[Turn]]],
) -> None:
    """Names, areas and domains in calls are those of the home; something is reached."""
    seen = 0
    for home, turns in drawn:
        text = prefix(INSTRUCTIONS, home.entities)
        for turn in turns:
            for tool, arguments in turn.calls:
                assert not {"name", "area"} <= arguments.keys()
                assert arguments.get("name", home.things[0].name) in {
                    t.name for t in home.things
                }
                assert str(arguments.get("area", "")) in text
                assert tool == "state" or effects(home, ((tool, arguments),)), turn.said
                seen += 1
    assert seen > 400


def test_user_messages_are_the_agents(drawn: list[tuple[Home, list[Turn]]]) -> None:
    """States are told for what is named, and only for that."""
    for home, turns in drawn:
        for turn in turns:
            listed = ("\nStates: " in turn.user) == bool(
                named(home.entities, turn.said)
            )
            assert listed, turn.user
            assert turn.user.endswith(f"\n{turn.said}")


def test_yes_and_no_follow_the_state(drawn: list[tuple[Home, list[Turn]]]) -> None:
    """An answer never contradicts the state that was told."""
    answers = Counter(
        turn.first.partition(",")[0]
        for _, turns in drawn
        for turn in turns
        if turn.kind == "yes_or_no" and not turn.calls
    )
    assert answers["Yes"] > 10
    assert answers["No"] > 10
    assert set(answers) == {"Yes", "No"}


def test_every_kind_of_turn_is_drawn(drawn: list[tuple[Home, list[Turn]]]) -> None:
    """The mixture holds all kinds."""
    assert {turn.kind for _, turns in drawn for turn in turns} == set(MIX)


def test_same_seed_same_sample() -> None:
    """A sample can be made again, and is plain JSON."""
    first, second = (draw_sample(Random("a"), 12) for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert str(first["prefix"]).startswith(f"<|system|>{'You '}")
    assert render.system("x") == "<|system|>x\nTools: control, set, state<|end|>"
