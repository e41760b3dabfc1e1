"""Calls written as Python: LFM2's ``[f(x="y"), g(n=3)]``, Gemma 3's tool code."""

from collections.abc import Mapping
from dataclasses import dataclass
import re
from typing import TYPE_CHECKING, Any

from .base import MORE_CALLS, JsonObject, Reading, Thoughts, Tools, written_call
from .json_calls import call_in, skip_end
from .notation import PYTHON, Notation
from .source import NotACall, Source, Steps
from .values import Literals

if TYPE_CHECKING:
    from .schema import Rules

_NAME = re.compile(r"[\w.-]+")
_VALUES = Literals()


@dataclass(frozen=True, slots=True, kw_only=True)
class PythonFormat:
    """Calls of functions, in a list or alone, between markers.

    Args:
        name: What the format is called.
        start: The marker before calls.
        end: The marker after them.
        listed: Whether brackets are around the calls.
        printed: Whether a call may be in a call of print, as code has it.
        thoughts: What is around thoughts.
    """

    name: str
    start: str
    end: str
    listed: bool = True
    printed: bool = False
    thoughts: Thoughts | None = None
    opening: str = ""
    calls_end_thoughts: bool = False

    @property
    def notation(self) -> Notation:
        """Return how values are written."""
        return PYTHON

    @property
    def markers(self) -> tuple[str, ...]:
        """Return the marker before calls."""
        return (self.start,)

    @property
    def specials(self) -> tuple[str, ...]:
        """Return both markers."""
        return (self.start, self.end)

    def read(self, marker: str, source: Source, tools: Tools) -> Reading:
        """Read calls, as Python or as JSON, in brackets or without."""
        yield from source.space()
        listed = yield from source.literal("[")
        while True:
            yield from source.space()
            if listed and (yield from source.literal("]")):
                break
            if (yield from source.peek()) == "{":
                yield call_in((yield from source.json_object()))
            else:
                name, arguments = yield from self._call(source, tools)
                yield written_call(name, arguments)
            yield from source.space()
            comma = yield from source.literal(",")
            if not listed and not comma and not _starts((yield from source.peek())):
                break
        yield from skip_end(source, self.end)

    def _call(self, source: Source, tools: Tools) -> Steps[tuple[str, dict[str, Any]]]:
        """Read one call; return the name and the arguments."""
        name = yield from call_name(source)
        printed = self.printed and name == "print" and name not in tools
        if printed:
            yield from source.expect("(")
            yield from source.space()
            name = yield from call_name(source)
        arguments = yield from call_arguments(source, tools.get(name))
        if printed:
            yield from source.space()
            yield from source.expect(")")
        return name, arguments

    def calls(self, rules: Rules, tools: Tools, *, parallel: bool) -> str:
        """Add rules for calls between the markers."""
        kinds = []
        for name, schema in tools.items():
            arguments = rules.pairs(schema, f"{name}-arguments")
            kinds.append(
                rules.add(f"call-{name}", f'{rules.text(name + "(")} {arguments} ")"')
            )
        call = rules.add("call", " | ".join(kinds))
        if self.listed:
            more = f' (", " {call}){MORE_CALLS}' if parallel else ""
            begin, end = rules.text(f"{self.start}["), rules.text(f"]{self.end}")
        else:
            more = f' ("\\n" {call}){MORE_CALLS}' if parallel else ""
            begin, end = rules.text(f"{self.start}\n"), rules.text(f"\n{self.end}")
        return f"{begin} {call}{more} {end}"

    @property
    def triggers(self) -> tuple[str, ...]:
        """Return the start marker's pattern."""
        return (re.escape(self.start),)


def _starts(character: str) -> bool:
    """Return whether another call can start with a character."""
    return character.isalpha() or character == "_"


def call_name(source: Source) -> Steps[str]:
    """Read the name of a function.

    Raises:
        NotACall: There is none.
    """
    if name := (yield from source.run(_NAME)):
        return name
    raise NotACall


def call_arguments(source: Source, schema: JsonObject | None) -> Steps[dict[str, Any]]:
    """Read what is between the parentheses of a call.

    Args:
        source: The text, at the first parenthesis.
        schema: The tool's parameters, which name arguments that have no name.

    Raises:
        NotACall: There is no such thing.
    """
    yield from source.expect("(")
    names = list(_properties(schema))
    found: dict[str, Any] = {}
    while True:
        yield from source.space()
        if (yield from source.literal(")")):
            return found
        value = yield from _VALUES.value(source)
        yield from source.space()
        if isinstance(value, str) and (yield from source.literal("=")):
            found[value] = yield from _VALUES.value(source)
        elif len(found) < len(names):
            found[names[len(found)]] = value
        else:
            raise NotACall
        yield from source.space()
        if not (yield from source.literal(",")) and (yield from source.peek()) != ")":
            raise NotACall


def _properties(schema: JsonObject | None) -> Mapping[str, Any]:
    """Return the properties of a schema."""
    found = (schema or {}).get("properties")
    return found if isinstance(found, dict) else {}
