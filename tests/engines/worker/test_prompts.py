"""What a chat means to the engine."""

from types import SimpleNamespace
from typing import Any, cast
from unittest.mock import patch

from custom_components.hearth.engines.worker import prompts
from custom_components.hearth.engines.worker.chat_request import read_chat
from custom_components.hearth.engines.worker.grammar import tool_grammar
from custom_components.hearth.engines.worker.prompts import Prompts

from .templates import TOOLS, tool

MODEL = cast(
    Any,
    SimpleNamespace(
        facts=SimpleNamespace(template=None, bos="", eos=""),
        tokens=lambda text: [],
        is_control=lambda token: False,
        prompt_tokens=lambda text: [1],
    ),
)


def chat(tools: list[dict[str, Any]], **more: Any) -> Any:
    """Return a request that must call one of the tools."""
    messages = [{"role": "user", "content": "Hello"}]
    body = {"messages": messages, "tools": tools, "tool_choice": "required", **more}
    return read_chat(body)


def test_a_grammar_is_written_once() -> None:
    """The same tools have the same grammar, and it is kept; others have another."""
    prepared = Prompts(MODEL, places=False)
    with patch.object(prompts, "tool_grammar", side_effect=tool_grammar) as written:
        first = prepared.prepare(chat(TOOLS)).order.grammar
        again = prepared.prepare(chat(TOOLS)).order.grammar
        assert written.call_count == 1
        assert first == again
        single = prepared.prepare(chat(TOOLS, parallel_tool_calls=False)).order.grammar
        other = prepared.prepare(chat([tool("bark")])).order.grammar
        assert written.call_count == 3
    assert first != single
    assert other is not None and '"bark' in other.gbnf.replace("\\", "")
