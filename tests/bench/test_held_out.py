"""The generator's homes and utterances, as a real Home Assistant gets them."""

from dataclasses import replace
from pathlib import Path

import pytest

from bench.held_out import (
    PER_HOME,
    at_home_in_a_file,
    held_out_scenes,
    home_file,
    must_tell,
    seen,
)
from bench.utterances import Kind
from demo.homes import DOMAINS, load_home
from training.dice import Dice
from training.effects import Effect, reference_home
from training.heldout import HOMES
from training.homes import draw_home
from training.questions import Question
from training.turns import draw_turn


def test_scenes(tmp_path: Path) -> None:
    """Homes can be read, and all that utterances are about is in them."""
    scenes = list(held_out_scenes(150, tmp_path))
    assert sum(len(scene.utterances) for scene in scenes) == 150
    kinds = set()
    for scene in scenes:
        assert len(scene.utterances) <= PER_HOME
        home = load_home(scene.home)
        there = {entity.entity_id for entity in home.entities}
        for utterance in scene.utterances:
            kinds.add(utterance.kind)
            assert all(effect.entities <= there for effect in utterance.effects)
            assert utterance.area is None or utterance.area in home.areas
            assert utterance.effects or utterance.kind in (Kind.NONE, Kind.STATE)
            assert utterance.must_tell or utterance.kind is not Kind.STATE
            assert utterance.phenomenon
    assert len(kinds) == 4
    assert scenes == list(held_out_scenes(150, tmp_path))


def test_a_home_in_a_file(tmp_path: Path) -> None:
    """What a home file cannot have is left out; floors, areas and states stay."""
    drawn = draw_home(Dice("many"), 120)
    home = at_home_in_a_file(drawn)
    assert 0 < len(home.things) < len(drawn.things)
    content = home_file(home)
    assert {row["entity_id"].partition(".")[0] for row in content["entities"]} <= (
        DOMAINS
    )
    assert [row["state"] for row in content["entities"]] == [
        thing.state for thing in home.things
    ]
    for floor, areas in content["floors"].items():
        assert {t.area for t in home.things if t.floor == floor and t.area} == set(
            areas
        )


@pytest.mark.parametrize(
    ("service", "data", "wanted", "shown"),
    [
        ("media_player.volume_mute", {}, "media_player.volume_mute", {"is_volume_muted": True}),
        ("media_player.volume_unmute", {}, "media_player.volume_mute", {"is_volume_muted": False}),
        ("light.turn_on", {"color_name": "red"}, "light.turn_on", {"rgb_color": [255, 0, 0]}),
        ("light.turn_on", {"brightness_pct": 3}, "light.turn_on", {"brightness_pct": 3}),
    ],
)  # fmt: skip
def test_what_is_seen(
    service: str, data: dict[str, object], wanted: str, shown: dict[str, object]
) -> None:
    """What was meant is compared with what Home Assistant calls it."""
    effect = seen(Effect(service, frozenset({"x.a"}), data))
    assert (effect.service, effect.data) == (wanted, shown)
    assert effect.entities == {"x.a"}


@pytest.mark.parametrize(
    ("phenomenon", "answer", "must"),
    [
        ("yes_no", "No, Hallway is off.", ("no",)),
        ("value", "It is 18.5 °C.", ("18.5",)),
        ("state_of", "Front door is locked.", ("locked",)),
        ("which", "Kitchen ceiling and Hallway are on.", ("Hallway", "Kitchen ceiling")),
        ("which", "No lights are on.", ("no",)),
        ("count", "2: Hallway and Kitchen ceiling.", ("2",)),
    ],
)  # fmt: skip
def test_what_must_be_told(phenomenon: str, answer: str, must: tuple[str, ...]) -> None:
    """Names, a yes or no, numbers or the state: what cannot be said otherwise."""
    home = reference_home(HOMES / "family.yaml")
    question = Question("?", (), answer, (), phenomenon)
    turn = replace(
        draw_turn(Dice("any"), draw_home(Dice("any"))),
        phenomenon=phenomenon,
        question=question,
    )
    assert must_tell(home, turn) == must
    assert must_tell(home, replace(turn, question=None)) == ()
