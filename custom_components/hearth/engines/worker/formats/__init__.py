"""The formats in which models write tool calls."""

from .base import FoundCall, JsonObject, Reading, Thoughts, ToolFormat, Tools
from .detect import format_for
from .gbnf import SchemaError
from .schema import Rules
from .source import NotACall, Source

__all__ = [
    "FoundCall",
    "JsonObject",
    "NotACall",
    "Reading",
    "Rules",
    "SchemaError",
    "Source",
    "Thoughts",
    "ToolFormat",
    "Tools",
    "format_for",
]
