"""Calls as Llama 3 writes them: without a marker, or after Python's."""

from dataclasses import dataclass
import re
from typing import TYPE_CHECKING

from .base import MORE_CALLS, Reading, Thoughts, Tools, written_call
from .json_calls import call_in, json_call
from .notation import JSON, Notation
from .python_calls import call_arguments, call_name
from .source import NotACall, Source, Steps

if TYPE_CHECKING:
    from .schema import Rules

_TAG = "<|python_tag|>"
# What a call without a marker begins with; other JSON is an answer.
_FIRST_KEYS = frozenset("arguments function id name parameters type".split())
_WORD = re.compile(r"\w+")
_BETWEEN = re.compile(r"[\s;,]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class LlamaFormat:
    """What Llama 3 writes: an object that is the whole answer, or Python's tag.

    After the tag there is such an object, or a call of a built-in tool:
    ``web.call(query="weather")``.
    """

    name: str = "llama"
    thoughts: Thoughts | None = None
    opening: str = "{"
    calls_end_thoughts: bool = False
    arguments_key: str = "parameters"

    @property
    def notation(self) -> Notation:
        """Return how values are written."""
        return JSON

    @property
    def markers(self) -> tuple[str, ...]:
        """Return the tag."""
        return (_TAG,)

    @property
    def specials(self) -> tuple[str, ...]:
        """Return the tag."""
        return self.markers

    def read(self, marker: str, source: Source, tools: Tools) -> Reading:
        """Read one call or more."""
        yield from source.space()
        if (yield from source.peek()) != "{":
            name = yield from call_name(source)
            arguments = yield from call_arguments(source, tools.get(name))
            yield written_call(name.removesuffix(".call"), arguments)
            return
        while True:
            key = yield from _first_key(source)
            rest = yield from source.json_object(opened=True)
            yield call_in(f'{{"{key}"{rest[1:]}')
            yield from source.run(_BETWEEN)
            if (yield from source.peek()) != "{":
                return

    def calls(self, rules: Rules, tools: Tools, *, parallel: bool) -> str:
        """Add rules for calls that are the whole answer."""
        call = json_call(rules, tools, self.arguments_key)
        begin = f"{rules.text(_TAG)}? {call}"
        return f'{begin} ("; " {call}){MORE_CALLS}' if parallel else begin

    @property
    def triggers(self) -> tuple[str, ...]:
        """Return the patterns of the tag, and of an answer that begins as a call."""
        return (*map(re.escape, self.markers), r'^\s*(\{\s*"name"\s*:)')


def _first_key(source: Source) -> Steps[str]:
    """Read the beginning of an object that may be a call; return its first key."""
    yield from source.expect("{")
    yield from source.space()
    yield from source.expect('"')
    key = yield from source.run(_WORD)
    yield from source.expect('"')
    if key not in _FIRST_KEYS:
        raise NotACall
    return key
