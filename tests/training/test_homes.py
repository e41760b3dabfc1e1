"""The homes and talks that the model learns from."""

from collections import Counter
from dataclasses import replace
from itertools import pairwise
import json

import pytest

from training import heldout, render
from training.contract import INSTRUCTIONS, as_meant, key, named, prefix
from training.dice import Dice
from training.effects import reference_home
from training.generate import draw_sample
from training.homes import Home, draw_home
from training.talkback import messages
from training.talks import draw_turns
from training.told import answered
from training.turns import KINDS, MIX, Turn, draw_turn, is_right

HOMES = 50


def _turns(dice: Dice, home: Home, count: int) -> list[Turn]:
    turns = []
    for _ in range(count):
        try:
            turns.append(draw_turn(dice, home))
        except LookupError:
            break
    return turns


@pytest.fixture(scope="module")
def drawn() -> list[tuple[Home, list[Turn]]]:
    """Draw homes with turns of every kind."""
    dice = Dice("tests")
    homes = [draw_home(dice) for _ in range(HOMES)]
    return [(home, _turns(dice, home, 25)) for home in homes]


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
    more = draw_home(Dice(name), 5)
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
    """Names are many; two devices of a home share one only in different areas."""
    names = Counter(thing.name for home, _ in drawn for thing in home.things)
    assert len(names) > 0.6 * names.total()
    namesakes = 0
    for home, _ in drawn:
        keys = [(key(thing.name), thing.area) for thing in home.things]
        assert len(keys) == len(set(keys))
        namesakes += any(home.has_namesake(thing) for thing in home.things)
    assert 0 < namesakes < HOMES / 2


def test_homes_have_all_sizes_within_what_is_read() -> None:
    """There are homes of three devices and of more than a hundred."""
    dice = Dice("sizes")
    homes = [draw_home(dice) for _ in range(150)]
    sizes = [len(home.things) for home in homes]
    assert min(sizes) < 8
    assert max(sizes) > 100
    assert sum(10 <= size <= 60 for size in sizes) > 90
    longest = max(len(prefix(INSTRUCTIONS, home.entities)) for home in homes)
    assert longest <= 5200


def test_calls_copy_names_and_areas(drawn: list[tuple[Home, list[Turn]]]) -> None:
    """Names and areas in calls are written as in the home's overview."""
    seen = 0
    for home, turns in drawn:
        names = {thing.name for thing in home.things}
        places = {*home.areas, *home.floors, "home"}
        for turn in turns:
            for _, arguments in turn.calls:
                assert arguments.get("name", home.things[0].name) in names
                assert arguments.get("area", "home") in places
                seen += 1
    assert seen > 500


def test_pairs_have_the_intended_effect_through_the_real_tools(
    drawn: list[tuple[Home, list[Turn]]],
) -> None:
    """Parsed from the text and run through the tools, calls do what was meant."""
    acting = [(home, t) for home, turns in drawn for t in turns if t.goals]
    assert len(acting) > 400
    for home, turn in acting:
        assert is_right(home, turn), turn
    for _, turns in drawn:
        for turn in turns:
            if turn.kind == "none":
                assert not turn.calls
                assert "<tool_call>" not in turn.first


def test_a_wrong_pair_is_noticed(drawn: list[tuple[Home, list[Turn]]]) -> None:
    """The check fails for another device, another action or one device less."""
    caught = 0
    for home, turns in drawn:
        for turn in turns:
            if not turn.goals or turn.calls[0][0] != "control":
                continue
            tool, arguments = turn.calls[0]
            wrong = {"on": "off", "off": "on"}.get(arguments["action"], "next")
            wrong = "mute" if arguments["action"] == "next" else wrong
            calls = ((tool, arguments | {"action": wrong}), *turn.calls[1:])
            assert not is_right(home, replace(turn, first=render.calls(calls)))
            assert not is_right(home, replace(turn, first=render.calls(turn.calls[1:])))
            caught += 1
    assert caught > 200


def test_the_same_words_have_the_same_answer() -> None:
    """In one home and room nothing is asked for that is answered in two ways."""
    dice = Dice("same words")
    repeated = 0
    for _ in range(6):
        home = draw_home(dice, dice.randint(8, 25))
        answers: dict[tuple[str, str | None], set[str]] = {}
        for _ in range(150):
            for drawer in ("situation", "group", "talk", "which"):
                try:
                    turn = draw_turn(dice, home, drawer)
                except LookupError:
                    continue
                said = turn.said.casefold().strip(".!?")
                known = answers.setdefault((said, turn.here), set())
                repeated += bool(known)
                known.add(turn.first)
        assert all(len(found) == 1 for found in answers.values())
    assert repeated > 200


def test_user_messages_are_the_agents(drawn: list[tuple[Home, list[Turn]]]) -> None:
    """States are told for what is named, and only for that."""
    for home, turns in drawn:
        for turn in turns:
            said = as_meant(home.entities, turn.said, "en")
            listed = ("\nStates: " in turn.user) == bool(named(home.entities, said))
            assert listed, turn.user
            assert turn.user.endswith(f"\n{said}")


def test_yes_and_no_follow_the_state(drawn: list[tuple[Home, list[Turn]]]) -> None:
    """What Hearth says to a question hardly ever contradicts what is so."""
    answers: Counter[tuple[str, bool]] = Counter()
    for home, turns in drawn:
        for turn in turns:
            if not turn.question or turn.phenomenon not in ("yes_no", "yes_no_done"):
                continue
            right = turn.question.answer.partition(",")[0]
            told = answered(home, turn.calls, turn.said) or ""
            if told.startswith(("Yes,", "No,")):
                answers[right, told.startswith(right)] += 1
    assert answers["Yes", True] > 5
    assert answers["No", True] > 5
    wrong = answers["Yes", False] + answers["No", False]
    assert wrong < 0.05 * answers.total()


def test_every_way_to_say_something_is_drawn() -> None:
    """Each drawer finds something to say in some home, and each kind comes."""
    dice = Dice("all ways")
    homes = [draw_home(dice, 45) for _ in range(30)]
    kinds = set()
    for drawer in MIX:
        found = []
        for home in homes:
            try:
                found.append(draw_turn(dice, home, drawer))
            except LookupError:
                continue
        assert found, drawer
        kinds |= {turn.kind for turn in found}
    assert kinds == set(KINDS)


def test_later_turns_refer_to_earlier_ones() -> None:
    """Talks of several turns hold what Home Assistant said in between."""
    dice = Dice("talks")
    seen: Counter[str] = Counter()
    for _ in range(40):
        home = draw_home(dice, 30)
        for _ in range(12):
            turns = draw_turns(dice, home)
            for before, turn in pairwise(turns):
                seen[turn.phenomenon] += 1
                roles = [message["role"] for message in messages(before)]
                assert roles[0] == "user"
                assert roles[-1] == "assistant"
                assert not before.goals or "tool" in roles
    assert {"followup_undo", "followup_also", "followup_value"} <= set(seen)


def test_same_seed_same_sample() -> None:
    """A sample can be made again, and is plain JSON."""
    first, second = (draw_sample(Dice("a"), 12) for _ in range(2))
    assert json.dumps(first) == json.dumps(second)
    assert str(first["prefix"]).startswith("<|system|>The home, area by area:")
    assert render.system("x") == "<|system|>x\nTools: control, set, state<|end|>"
