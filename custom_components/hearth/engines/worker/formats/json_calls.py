"""Calls written as JSON between markers: Hermes, Qwen, Granite, Llama and others."""

from dataclasses import dataclass
import re
from typing import TYPE_CHECKING

from .base import FoundCall, Reading, Thoughts, Tools, parsed, written_call
from .source import NotACall, Source

if TYPE_CHECKING:
    from .gbnf import Rules

_KEYS_OF_NAMES = ("name", "function")
_KEYS_OF_ARGUMENTS = ("arguments", "parameters")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFormat:
    """One object for each call, with the tool's name and the arguments.

    Args:
        name: What the format is called.
        start: The marker before a call, or before a list of calls.
        end: The marker after it, if there is one.
        listed: Whether the calls are in a list.
        arguments_key: What the model calls the arguments.
        inner: Characters around a call that stands alone, between the markers.
        thoughts: What is around thoughts.
    """

    name: str
    start: str
    end: str = ""
    listed: bool = False
    arguments_key: str = "arguments"
    inner: str = ""
    thoughts: Thoughts | None = None
    opening: str = ""
    calls_end_thoughts: bool = False

    @property
    def markers(self) -> tuple[str, ...]:
        """Return the marker before calls."""
        return (self.start,)

    @property
    def specials(self) -> tuple[str, ...]:
        """Return both markers."""
        return tuple(text for text in (self.start, self.end) if text)

    def read(self, marker: str, source: Source, tools: Tools) -> Reading:
        """Read one call, or a list of them, whatever the model chose."""
        yield from source.space()
        if (yield from source.literal("[")):
            yield from source.space()
            while not (yield from source.literal("]")):
                yield call_in((yield from source.json_object()))
                yield from source.space()
                yield from source.literal(",")
                yield from source.space()
        else:
            yield call_in((yield from source.json_object()))
        yield from skip_end(source, self.end)

    def rules(self, rules: Rules, tools: Tools, *, parallel: bool) -> str:
        """Add rules for calls between the markers."""
        raise NotImplementedError

    def triggers(self, tools: Tools) -> tuple[str, ...]:
        """Return the start marker's pattern."""
        return (rf"[\s\S]*?({re.escape(self.start)}[\s\S]*)",)


def skip_end(source: Source, end: str) -> Reading:
    """Skip the marker after a call; models forget it."""
    if end:
        yield from source.space()
        yield from source.literal(end)


def call_in(written: str) -> FoundCall:
    """Return the call that an object stands for."""
    found = parsed(written)
    function = found.get("function")
    if isinstance(function, dict):
        # OpenAI's own form: {"type": "function", "function": {...}}.
        found = function
    for key in _KEYS_OF_NAMES:
        if key in found:
            for arguments in _KEYS_OF_ARGUMENTS:
                if arguments in found:
                    return written_call(found[key], found[arguments])
            return written_call(found[key], {})
    raise NotACall
