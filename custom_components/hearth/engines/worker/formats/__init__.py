"""The formats in which models write tool calls."""

from typing import TYPE_CHECKING

from .base import FoundCall, JsonObject, Reading, Thoughts, ToolFormat, Tools
from .json_calls import JsonFormat
from .source import NotACall, Source

if TYPE_CHECKING:
    from ..template import ChatTemplate

__all__ = [
    "FoundCall",
    "JsonObject",
    "NotACall",
    "Reading",
    "Source",
    "Thoughts",
    "ToolFormat",
    "Tools",
    "format_for",
]


def format_for(template: ChatTemplate) -> ToolFormat:
    """Return the format that a chat template shows its model."""
    return JsonFormat(
        name="hermes",
        start="<tool_call>",
        end="</tool_call>",
        inner="\n",
        thoughts=Thoughts(start="<think>", end="</think>"),
    )
