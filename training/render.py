"""Turns of talk as the text that the chat template makes of them."""

from collections.abc import Mapping, Sequence
import json
from pathlib import Path
from typing import Any

TEMPLATE = Path(__file__).with_name("chat_template.jinja")
TOOLS = ("control", "set", "state")

type Call = tuple[str, dict[str, Any]]
# What was written, and whether the model is to learn to write it.
type Piece = tuple[str, bool]


def system(text: str, tools: Sequence[str] = TOOLS) -> str:
    """Return the rendered system message."""
    line = f"\nTools: {', '.join(tools)}" if tools else ""
    return f"<|system|>{text}{line}<|end|>"


def user(text: str) -> str:
    """Return a rendered user message and the beginning of the answer."""
    return f"<|user|>{text}<|end|><|assistant|>"


def result(data: Mapping[str, Any]) -> str:
    """Return a rendered tool result and the beginning of the answer."""
    return f"<|tool|>{dumps(data)}<|end|>"


def calls(made: Sequence[Call]) -> str:
    """Return a rendered assistant message that calls tools."""
    return "".join(_call(name, arguments) for name, arguments in made) + "<|end|>"


def sentence(text: str) -> str:
    """Return a rendered assistant message that says something."""
    return f"{text}<|end|>"


def dumps(data: Mapping[str, Any]) -> str:
    """Write JSON as the template's ``tojson`` does."""
    return json.dumps(data, ensure_ascii=False)


def _call(name: str, arguments: Mapping[str, Any]) -> str:
    call = f'{{"name": "{name}", "arguments": {dumps(arguments)}}}'
    return f"<tool_call>\n{call}\n</tool_call>"
