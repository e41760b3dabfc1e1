"""Scenes that are wanted by their name."""

import pytest

from .plain_home import calls, control


@pytest.mark.parametrize(
    "said",
    [
        "let's have morning",
        "Right, do the morning thing please",
        "time for the morning scene",
        "make it morning",
        "give us the morning",
        "the tea is ready, so morning please",
        "i'm awake, let's do morning",
    ],
)
def test_wanted(said: str) -> None:
    """A scene needs no other verb than what people have and do."""
    assert calls(said) == [control("on", name="Morning")]


@pytest.mark.parametrize(
    "said",
    [
        "desk lamp please",
        "let's have breakfast",
        "do you like the morning",
        "do the desk lamp",
        "let's have a talk this morning",
        "make it morning in the office and evening in the hall",
        "do the",
        "morning",
    ],
)
def test_not_wanted(said: str) -> None:
    """What is no scene, and more than its name, is something else."""
    assert calls(said) == []
