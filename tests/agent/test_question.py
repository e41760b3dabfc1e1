"""Calls as questions."""

from string import Formatter

import pytest

from custom_components.hearth.agent.answer_table import NO, YES
from custom_components.hearth.agent.compact import ACTIONS
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.question import Deed, question
from custom_components.hearth.agent.question_table import QUESTIONS
from custom_components.hearth.agent.sentence_table import SENTENCES

NAMES = ("Left blind", "Right {blind}", "Door", "Gate", "Hatch")
BLINDS = tuple(
    ExposedEntity(entity_id=f"cover.c{number}", name=name)
    for number, name in enumerate(NAMES)
)


def deed(action: str, *entities: ExposedEntity, **arguments: object) -> Deed:
    """Return a deed."""
    return Deed(action, arguments, entities)


@pytest.mark.parametrize(
    ("deeds", "asked"),
    [
        ([], None),
        ([deed("open")], None),
        ([deed("dance", BLINDS[0])], None),
        ([deed("open", *BLINDS[:2])], "open Left blind and Right {blind}"),
        ([deed("open", *BLINDS[:3])], "open Left blind, Right {blind} and Door"),
        ([deed("open", *BLINDS)], "open 5 devices"),
        ([deed("open", *BLINDS, area="Attic")], "open 5 devices in Attic"),
        (
            [deed("open", *BLINDS[:2], area="A"), deed("open", *BLINDS[2:], area="B")],
            "open 5 devices",
        ),
        (
            [deed("open", BLINDS[0]), deed("open", BLINDS[0], BLINDS[2])],
            "open Left blind and Door",
        ),
        ([deed("open", BLINDS[0]), deed("state")], "open Left blind"),
        (
            [deed("set", BLINDS[0], position=30), deed("set", BLINDS[2], position=40)],
            "set Left blind to 30 % and set Door to 40 %",
        ),
        (
            [deed("set", BLINDS[0], kelvin=2700, temperature=21.5)],
            "set Left blind to 2700 K, 21.5°",
        ),
        ([deed(action, BLINDS[0]) for action in ("open", "close", "stop", "on")], None),
    ],
)
def test_questions(deeds: list[Deed], asked: str | None) -> None:
    """What is alike is said together; what is too much to say yes to is not asked."""
    found = question(deeds, "en-GB")
    assert found == (None if asked is None else f"Should I {asked}?")


def test_all_languages_can_ask() -> None:
    """Who can hear a sentence of Hearth's can hear a question, and answer it."""
    assert QUESTIONS.keys() == SENTENCES.keys() == YES.keys() == NO.keys()


@pytest.mark.parametrize("language", QUESTIONS)
def test_all_questions_are_there(language: str) -> None:
    """Every action has words, which Home Assistant knows for a question."""
    table = QUESTIONS[language]
    assert table.keys() == QUESTIONS["en"].keys() >= {*ACTIONS, "set"}
    assert table["ask"].endswith("?")
    assert SENTENCES[language]["unclear"].endswith("?")
    for key, text in table.items():
        fields = {field for _, field, _, _ in Formatter().parse(text) if field}
        english = {
            field for _, field, _, _ in Formatter().parse(QUESTIONS["en"][key]) if field
        }
        assert fields == english
