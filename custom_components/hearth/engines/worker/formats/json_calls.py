"""Calls written as JSON between markers: Hermes, Qwen, Granite, Llama and others."""

from dataclasses import dataclass
import re
from typing import TYPE_CHECKING

from .base import (
    MORE_CALLS,
    FoundCall,
    Reading,
    Thoughts,
    Tools,
    as_json,
    parsed,
    written_call,
)
from .notation import JSON, Notation
from .source import NotACall, Source, Steps

if TYPE_CHECKING:
    from .schema import Rules

_KEYS_OF_NAMES = ("name", "function")
_KEYS_OF_ARGUMENTS = ("arguments", "parameters")


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonFormat:
    """One object for each call, with the tool's name and the arguments.

    Args:
        name: What the format is called.
        start: The marker before a call, or before a list of calls.
        end: The marker after it, if there is one.
        listed: Whether the calls are in a list, which one pair of markers is around.
        arguments_key: What the model calls the arguments.
        padding: White space that is between a marker and a call.
        thoughts: What is around thoughts.
    """

    name: str
    start: str
    end: str = ""
    listed: bool = False
    arguments_key: str = "arguments"
    padding: str = ""
    thoughts: Thoughts | None = None
    opening: str = ""
    calls_end_thoughts: bool = False

    @property
    def notation(self) -> Notation:
        """Return how values are written."""
        return JSON

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

    def calls(self, rules: Rules, tools: Tools, *, parallel: bool) -> str:
        """Add rules for calls between the markers."""
        call = json_call(rules, tools, self.arguments_key)
        begin, end = (
            rules.text(self.start + self.padding),
            rules.text(self.padding + self.end),
        )
        if self.listed:
            more = f'("," " "? {call}){MORE_CALLS}' if parallel else ""
            return f'{begin} "[" {call} {more} "]" {end}'
        one = rules.add("block", f"{begin} {call} {end}")
        return f'{one} ("\\n"? {one}){MORE_CALLS}' if parallel else one

    @property
    def triggers(self) -> tuple[str, ...]:
        """Return the start marker's pattern."""
        return (re.escape(self.start),)


def skip_end(source: Source, end: str) -> Steps[None]:
    """Skip the marker after a call; models forget it."""
    if end:
        yield from source.space()
        yield from source.literal(end)


def call_in(written: str) -> FoundCall:
    """Return the call that an object stands for.

    Raises:
        NotACall: It stands for none.
    """
    found = parsed(written)
    if isinstance(function := found.get("function"), dict):
        # OpenAI's own form: {"type": "function", "function": {...}}.
        found = function
    names = [found[key] for key in _KEYS_OF_NAMES if key in found]
    arguments = [found[key] for key in _KEYS_OF_ARGUMENTS if key in found]
    if not names:
        raise NotACall
    return written_call(names[0], arguments[0] if arguments else {})


def json_call(rules: Rules, tools: Tools, arguments_key: str) -> str:
    """Add rules for one call as an object; return the name of the rule."""
    kinds = []
    for name, schema in tools.items():
        begin = rules.text(f'{{"name": {as_json(name)}, "{arguments_key}": ')
        arguments = rules.value(schema, f"{name}-arguments")
        kinds.append(rules.add(f"call-{name}", f'{begin} {arguments} "}}"'))
    return rules.add("call", " | ".join(kinds))
