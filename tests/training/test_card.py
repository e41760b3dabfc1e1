"""The figures of the model's card come from a measurement."""

import json
from pathlib import Path
from typing import Any

import pytest

from training.card import BEGIN, CARD, END, WrongCard, figures, filled, read

FOUND: dict[str, Any] = {
    "model": "nano.gguf",
    "megabytes": 6.4,
    "talks": 500,
    "asked": {"all": 80, "plain": 50, "plain/polite": 30, "plain/rare": 2, "none": 30},
    "right": {"all": 60, "plain": 45, "plain/polite": 20, "none": 15},
    "exact": {"all": 50, "plain": 40, "none": 10},
    "reference": {"asked": 19, "right": 18},
    "spoken": {"plain": {"asked": 8, "right": 6}},
    "unasked": {"said": 10000, "moved": 3, "held": 12},
}


def test_figures() -> None:
    """Each kind has its share, with the command that gives it again."""
    lines = list(figures(FOUND, {"trained": "one hour"}))
    assert "training/measure nano.gguf --turns 500 --unasked 10000 --json" in lines
    assert "- trained: one hour" in lines
    assert "| plain commands | 50 | 45 | 90.0% | 80.0% |" in lines
    assert "| free speech | 0 | 0 | not measured | not measured |" in lines
    assert "| nothing to be done | 30 | 15 | 50.0% | 33.3% |" in lines
    assert "Utterances of the reference home: 18 of 19." in lines
    assert "| plain commands | 8 | 6 | 75.0% |" in lines
    assert any("3 times in 10,000 utterances" in line for line in lines)
    assert "| plain | polite | 30 | 66.7% |" in lines
    assert not any("rare" in line for line in lines)
    without = list(figures({k: v for k, v in FOUND.items() if k != "unasked"}, {}))
    assert not any("unasked" in line for line in without)


def test_only_the_figures_change() -> None:
    """What stands around the marks stays; filling twice changes nothing."""
    card = f"# Card\n{BEGIN}\nold\n{END}\nEnd\n"
    once = filled(card, iter(["new"]))
    assert once == f"# Card\n{BEGIN}\nnew\n{END}\nEnd\n"
    assert filled(once, iter(["new"])) == once


@pytest.mark.parametrize("card", ["", BEGIN, f"{END}{BEGIN}", f"{BEGIN}{END}{END}"])
def test_a_card_without_marks(card: str) -> None:
    """It is refused rather than guessed where the figures belong."""
    with pytest.raises(WrongCard):
        filled(card, iter(["new"]))


def test_the_card_has_its_marks() -> None:
    """The card that is shipped can be filled."""
    text = CARD.read_text()
    assert filled(text, figures(FOUND, {})) != text


def test_reading(tmp_path: Path) -> None:
    """The last line of a measurement counts; anything else is refused."""
    path = tmp_path / "measured.txt"
    path.write_text(f"table\n{json.dumps(FOUND)}\n")
    assert read(path) == FOUND
    for text in ("", "table\n", "[]", '{"asked": {}, "right": {}}'):
        path.write_text(text)
        with pytest.raises(WrongCard):
            read(path)
