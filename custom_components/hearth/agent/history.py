"""Which older turns of a conversation are sent again, within the context window."""

from collections import OrderedDict
from collections.abc import Iterable, Sequence
import json

from homeassistant.components import conversation
from homeassistant.helpers.json import json_dumps
from homeassistant.util.json import json_loads

from ..engines.chat import ChatRequest, Message, Role, ToolCall, ToolSpec

# Characters a token stands for, at least, in the languages and tokenizers that
# matter: English prose has some 4.5, names and JSON some 3.
CHARACTERS_PER_TOKEN = 3
# What a chat template adds to a message.
MESSAGE_TOKENS = 6
# Marks an answer that was an error: the model must not learn from it.
FAILED = "hearth_failed"

_MOST_CONVERSATIONS = 64


class SentWords:
    """Remembers how user messages were sent, so that they are sent so again.

    A message that went out with the time and some states must come back the same
    in the next turn: an engine only reuses a prompt up to the first difference.
    """

    def __init__(self) -> None:
        """Start with nothing sent."""
        self._sent: OrderedDict[str, dict[int, str]] = OrderedDict()

    def remember(self, conversation_id: str, index: int, text: str) -> None:
        """Keep the text of the message at an index of a conversation."""
        self._sent.setdefault(conversation_id, {})[index] = text
        self._sent.move_to_end(conversation_id)
        while len(self._sent) > _MOST_CONVERSATIONS:
            self._sent.popitem(last=False)

    def recall(self, conversation_id: str, index: int, said: str) -> str:
        """Return the text as it was sent, or the bare words."""
        return self._sent.get(conversation_id, {}).get(index, said)


def messages_of(
    contents: Sequence[conversation.Content], sent: SentWords, conversation_id: str
) -> list[list[Message]]:
    """Return the conversation as turns, each a user message and what followed.

    Turns that ended in an error are left out; system messages too: the prefix
    takes their place.
    """
    turns: list[list[Message]] = []
    failed: set[int] = set()
    for index, content in enumerate(contents):
        match content:
            case conversation.UserContent():
                text = sent.recall(conversation_id, index, content.content)
                turns.append([Message(role=Role.USER, content=text)])
            case conversation.AssistantContent() if turns:
                if content.native == FAILED:
                    failed.add(len(turns) - 1)
                turns[-1].append(assistant_message(content))
            case conversation.ToolResultContent() if turns:
                turns[-1].append(tool_message(content))
    return [turn for number, turn in enumerate(turns) if number not in failed]


def assistant_message(content: conversation.AssistantContent) -> Message:
    """Return what the model said, as the engine wants it back."""
    return Message(
        role=Role.ASSISTANT,
        content=content.content or "",
        tool_calls=tuple(
            ToolCall(call.id, call.tool_name, call.tool_args)
            for call in content.tool_calls or ()
        ),
    )


def tool_message(content: conversation.ToolResultContent) -> Message:
    """Return a tool's result, as the engine wants it.

    JSON with spaces after its marks is what models were trained on; Home
    Assistant's own writer leaves them out, but knows how to write everything.
    """
    plain = json_loads(json_dumps(content.result.data))
    return Message(
        role=Role.TOOL,
        content=json.dumps(plain, ensure_ascii=False),
        tool_call_id=content.tool_call_id,
        tool_name=content.tool_name,
    )


def estimate(messages: Sequence[Message], tools: Iterable[ToolSpec] = ()) -> int:
    """Return at most how many tokens messages and tools take."""
    return (
        len(messages) * MESSAGE_TOKENS
        + _characters(messages, tools) // CHARACTERS_PER_TOKEN
    )


def characters(request: ChatRequest) -> int:
    """Return how many characters a request has, without what a template adds."""
    return _characters(request.messages, request.tools)


def _characters(messages: Iterable[Message], tools: Iterable[ToolSpec]) -> int:
    """Return the characters of messages and tools."""
    of_tools = sum(
        len(tool.name) + len(tool.description) + len(json_dumps(tool.parameters))
        for tool in tools
    )
    return of_tools + sum(
        len(message.content)
        + sum(
            len(call.name) + len(json_dumps(call.arguments))
            for call in message.tool_calls
        )
        for message in messages
    )


def fit(turns: list[list[Message]], room: int) -> list[Message]:
    """Keep the newest turns that fit into ``room`` tokens; always the last one.

    Turns are dropped whole: a tool's result without its call breaks templates.
    """
    kept: list[list[Message]] = []
    for turn in reversed(turns):
        room -= estimate(turn)
        if kept and room < 0:
            break
        kept.append(turn)
    return [message for turn in reversed(kept) for message in turn]
