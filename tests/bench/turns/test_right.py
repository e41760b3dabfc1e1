"""What the oracle takes for right."""

import pytest

from bench.turns.right import Call, Right, Sentence, Words
from demo.errors import DemoError
from demo.homes import Home, HomeEntity

from .conftest import WORDS

HEARTH = ("control", "set", "state")
ASSIST = (
    "intent__HassTurnOn",
    "intent__HassTurnOff",
    "homeassistant__GetLiveContext",
)
ON = Sentence("The kitchen ceiling is on now.")
LOCKED = Sentence("Yes, the front door is locked.")


def _said(text: str, *more: dict[str, str]) -> list[dict[str, str]]:
    """Return a chat in which something was said."""
    return [
        {"role": "system", "content": "Be nice"},
        {"role": "user", "content": text},
        *more,
    ]


@pytest.mark.parametrize(
    ("text", "tools", "answer"),
    [
        (
            "Now: Friday.\nturn on the kitchen ceiling",
            HEARTH,
            Call(name="control", arguments={"action": "on", "name": "Kitchen ceiling"}),
        ),
        (
            "turn off the kitchen ceiling",
            ASSIST,
            Call(name="intent__HassTurnOff", arguments={"name": "Kitchen ceiling"}),
        ),
        ("turn on the kitchen ceiling", (), ON),
        (
            "Now: Friday.\nStates: Front door = locked\nis the front door locked?",
            HEARTH,
            LOCKED,
        ),
        (
            "Now: Friday.\nis the front door locked?",
            HEARTH,
            Call(name="state", arguments={"name": "Front door"}),
        ),
        (
            "is the front door locked?",
            ASSIST,
            Call(
                name="homeassistant__GetLiveContext", arguments={"name": "Front door"}
            ),
        ),
        ("What is the capital of France?", ("test_function",), None),
    ],
)
def test_right(text: str, tools: tuple[str, ...], answer: Call | Sentence) -> None:
    """What is right depends on the tools, and on what came along."""
    found = Right(WORDS).answer(_said(text), tools)
    assert found == answer or (answer is None and isinstance(found, Sentence))


@pytest.mark.parametrize(
    ("text", "tools", "answer"),
    [
        ("turn on the kitchen ceiling", HEARTH, ON),
        ("turn on the kitchen ceiling", ASSIST, ON),
        ("is the front door locked?", ASSIST, LOCKED),
    ],
)
def test_after_a_call(text: str, tools: tuple[str, ...], answer: Sentence) -> None:
    """After a result everybody gets the same sentence."""
    called = {"role": "assistant", "content": ""}
    result = {"role": "tool", "content": "{}"}
    assert Right(WORDS).answer(_said(text, called, result), tools) == answer


def test_no_lock() -> None:
    """A home without a lock cannot be asked after one."""
    light = HomeEntity(entity_id="light.a", name="A", state="off")
    with pytest.raises(DemoError, match="a light and a lock"):
        Words.of(Home(floors={}, entities=(light,)))
