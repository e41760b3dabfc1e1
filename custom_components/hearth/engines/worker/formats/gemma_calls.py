"""Calls as Gemma 4 and FunctionGemma write them: ``call:name{key:value}``."""

from dataclasses import dataclass
import re
from typing import TYPE_CHECKING

from .base import MORE_CALLS, Reading, Thoughts, Tools, written_call
from .json_calls import skip_end
from .notation import Notation, marked
from .source import NotACall, Source
from .values import Literals

if TYPE_CHECKING:
    from .schema import Rules

_NAME = re.compile(r"[^\s{<]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class GemmaFormat:
    """Calls between markers, with a marker around texts instead of quotes.

    Args:
        name: What the format is called.
        start: The marker before a call.
        end: The marker after it.
        quote: The marker around texts.
        thoughts: What is around thoughts.
    """

    name: str
    start: str
    end: str
    quote: str
    thoughts: Thoughts | None = None
    opening: str = ""
    calls_end_thoughts: bool = False

    @property
    def notation(self) -> Notation:
        """Return how values are written."""
        return marked(self.quote)

    @property
    def markers(self) -> tuple[str, ...]:
        """Return the marker before calls."""
        return (self.start,)

    @property
    def specials(self) -> tuple[str, ...]:
        """Return all markers."""
        return (self.start, self.end, self.quote)

    def read(self, marker: str, source: Source, tools: Tools) -> Reading:
        """Read one call."""
        yield from source.space()
        yield from source.expect("call:")
        name = yield from source.run(_NAME)
        yield from source.space()
        arguments = yield from Literals(quote=self.quote).mapping(source)
        if not name:
            raise NotACall
        yield written_call(name, arguments)
        yield from skip_end(source, self.end)

    def calls(self, rules: Rules, tools: Tools, *, parallel: bool) -> str:
        """Add rules for calls between the markers."""
        kinds = []
        for name, schema in tools.items():
            arguments = rules.value(schema, f"{name}-arguments")
            kinds.append(rules.add(f"call-{name}", f"{rules.text(name)} {arguments}"))
        call = rules.add("call", " | ".join(kinds))
        begin, end = rules.text(f"{self.start}call:"), rules.text(self.end)
        one = rules.add("block", f"{begin} {call} {end}")
        return f"{one} {one}{MORE_CALLS}" if parallel else one

    @property
    def triggers(self) -> tuple[str, ...]:
        """Return the start marker's pattern."""
        return (re.escape(self.start),)
