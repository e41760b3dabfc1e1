"""Which older turns are sent again."""

from homeassistant.components import conversation
from homeassistant.helpers import llm

from custom_components.hearth.agent.history import (
    FAILED,
    SentWords,
    estimate,
    fit,
    messages_of,
)
from custom_components.hearth.engines.chat import Message, Role, ToolCall, ToolSpec

CONTENTS: list[conversation.Content] = [
    conversation.SystemContent(content="prefix"),
    conversation.UserContent(content="turn on the lamp"),
    conversation.AssistantContent(
        agent_id="a",
        tool_calls=[llm.ToolInput(tool_name="control", tool_args={"x": 1}, id="1")],
    ),
    conversation.ToolResultContent(
        agent_id="a",
        tool_call_id="1",
        tool_name="control",
        result=llm.ToolResult(data={"done": ["Lamp"]}),
    ),
    conversation.AssistantContent(agent_id="a", content="Done."),
    conversation.UserContent(content="and off again"),
]


def test_turns() -> None:
    """A turn is what a person said and all that followed."""
    first, second = messages_of(CONTENTS, SentWords(), "c")
    assert first == [
        Message(role=Role.USER, content="turn on the lamp"),
        Message(role=Role.ASSISTANT, tool_calls=(ToolCall("1", "control", {"x": 1}),)),
        Message(
            role=Role.TOOL,
            content='{"done": ["Lamp"]}',
            tool_call_id="1",
            tool_name="control",
        ),
        Message(role=Role.ASSISTANT, content="Done."),
    ]
    assert second == [Message(role=Role.USER, content="and off again")]


def test_words_are_sent_again_as_they_were() -> None:
    """The time and the states of then stay where they were."""
    sent = SentWords()
    sent.remember("c", 1, "Now: 12:00.\nturn on the lamp")
    turns = messages_of(CONTENTS, sent, "c")
    assert turns[0][0].content == "Now: 12:00.\nturn on the lamp"
    assert messages_of(CONTENTS, sent, "other")[0][0].content == "turn on the lamp"


def test_only_so_many_conversations_are_remembered() -> None:
    """Old conversations are forgotten; nothing grows for ever."""
    sent = SentWords()
    for number in range(100):
        sent.remember(str(number), 1, "sent")
    assert sent.recall("0", 1, "said") == "said"
    assert sent.recall("99", 1, "said") == "sent"


def test_failed_turns_are_left_out() -> None:
    """The model does not learn to say that it cannot be reached."""
    contents: list[conversation.Content] = [
        conversation.AssistantContent(agent_id="a", content="Hello!"),
        conversation.UserContent(content="one"),
        conversation.AssistantContent(agent_id="a", content="Sorry", native=FAILED),
        conversation.UserContent(content="two"),
    ]
    assert messages_of(contents, SentWords(), "c") == [
        [Message(role=Role.USER, content="two")]
    ]


def test_fit_drops_whole_turns() -> None:
    """The oldest turns go first, and the newest always stays."""
    turns = [
        [Message(role=Role.USER, content="x" * 300)],
        [Message(role=Role.USER, content="y" * 300)],
        [Message(role=Role.USER, content="z" * 300)],
    ]
    assert [m.content[0] for m in fit(turns, 1000)] == ["x", "y", "z"]
    assert [m.content[0] for m in fit(turns, 220)] == ["y", "z"]
    assert [m.content[0] for m in fit(turns, 0)] == ["z"]


def test_estimate_counts_everything() -> None:
    """Names, schemas and arguments are prompt too."""
    bare = estimate([Message(role=Role.USER, content="")])
    assert bare > 0
    assert estimate([Message(role=Role.USER, content="x" * 30)]) == bare + 10
    call = Message(
        role=Role.ASSISTANT, tool_calls=(ToolCall("1", "control", {"a": "b" * 30}),)
    )
    assert estimate([call]) > bare + 10
    assert estimate([], [ToolSpec("control", "d" * 30, {})]) > 10
