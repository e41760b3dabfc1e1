"""What needs nothing of what was said before."""

import pytest

from custom_components.hearth.agent.alone import stands_alone
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.engines.chat import ChatRequest, Message, Role, ToolSpec
from custom_components.hearth.engines.llama_format import chat_body

HOME = (
    ExposedEntity(entity_id="light.a", name="Desk lamp", area="Office", floor="Top"),
    ExposedEntity(entity_id="lock.b", name="Front door"),
)


@pytest.mark.parametrize(
    "said",
    [
        "turn on the desk lamp",
        "Is the front door locked?",
        "all lights in the office off",
        "desk lamps on please",
    ],
)
def test_whole_sentences(said: str) -> None:
    """A name, and something about it."""
    assert stands_alone(said, HOME)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "turn it off",
        "and the desk lamp",
        "No, turn on the desk lamp",
        "the desk lamp, please",
        "in the office",
        "turn on the desk lamp, too",
        "what about the front door?",
        "a bit brighter",
        "turn on this desk lamp",
        "the others in the office off",
        "turn on the fountain",
    ],
)
def test_what_goes_on(said: str) -> None:
    """What points back, and what answers a question, is understood from before."""
    assert not stands_alone(said, HOME)


def test_what_a_model_is_told() -> None:
    """Only one that knows its tools by heart is not told what was before."""
    contents = ("system", "before", "answer", "now", "called", "result")
    request = ChatRequest(
        model="m",
        messages=tuple(Message(role=Role.USER, content=text) for text in contents),
        tools=(ToolSpec("go", "", {"type": "object", "properties": {}}),),
        aside=2,
    )
    told = [m["content"] for m in chat_body(request)["messages"]]
    assert told == list(contents)
    told = [m["content"] for m in chat_body(request, by_heart=True)["messages"]]
    assert told == ["system", "now", "called", "result"]
