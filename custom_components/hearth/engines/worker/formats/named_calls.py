"""Calls with the name before the arguments: Mistral's ``[TOOL_CALLS]f[ARGS]{}``."""

from dataclasses import dataclass
import re
from typing import TYPE_CHECKING

from .base import MORE_CALLS, Reading, Thoughts, Tools, parsed, written_call
from .json_calls import JsonFormat, skip_end
from .notation import JSON, Notation
from .source import NotACall, Source

if TYPE_CHECKING:
    from .schema import Rules

_NAME = re.compile(r"[\w.-]+")
_CALL_ID = "[CALL_ID]"


@dataclass(frozen=True, slots=True, kw_only=True)
class NamedFormat:
    """A marker, the tool's name, another marker and the arguments as JSON.

    Args:
        name: What the format is called.
        start: The marker before a call.
        separator: The marker between name and arguments.
        end: The marker after a call, if there is one.
        thoughts: What is around thoughts.
    """

    name: str
    start: str
    separator: str
    end: str = ""
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
        """Return all markers."""
        return (self.start, self.separator, self.end, _CALL_ID)

    def read(self, marker: str, source: Source, tools: Tools) -> Reading:
        """Read one call; or a list, as older models of the family write it."""
        yield from source.space()
        if (yield from source.peek()) in ("[", "{"):
            older = JsonFormat(name=self.name, start=self.start, end=self.end)
            yield from older.read(marker, source, tools)
            return
        name = yield from source.run(_NAME)
        if (yield from source.literal(_CALL_ID)):
            yield from source.run(_NAME)
        yield from source.space()
        yield from source.literal(self.separator)
        yield from source.space()
        if not name:
            raise NotACall
        arguments = yield from source.json_object()
        yield written_call(name, parsed(arguments))
        yield from skip_end(source, self.end)

    def calls(self, rules: Rules, tools: Tools, *, parallel: bool) -> str:
        """Add rules for calls, each with its marker."""
        kinds = []
        for name, schema in tools.items():
            begin = rules.text(f"{self.start}{name}{self.separator}")
            arguments = rules.value(schema, f"{name}-arguments")
            end = f" {rules.text(self.end)}" if self.end else ""
            kinds.append(rules.add(f"call-{name}", f"{begin} {arguments}{end}"))
        call = rules.add("call", " | ".join(kinds))
        return f"{call} {call}{MORE_CALLS}" if parallel else call

    @property
    def triggers(self) -> tuple[str, ...]:
        """Return the start marker's pattern."""
        return (re.escape(self.start),)
