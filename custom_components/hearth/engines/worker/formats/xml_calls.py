"""Calls in tags: Qwen3-Coder's ``<function=f><parameter=x>`` and MiniCPM's."""

from dataclasses import dataclass
import re
from typing import TYPE_CHECKING, Any

from .base import MORE_CALLS, Reading, Thoughts, Tools, parsed, written_call
from .json_calls import skip_end
from .notation import JSON, Notation
from .schema_parts import types_of
from .source import NotACall, Source, Steps

if TYPE_CHECKING:
    from .schema import Rules

_PYTHONS = {"True": "true", "False": "false", "None": "null"}
_NAME = re.compile(r"[^\s<>\"]+")


@dataclass(frozen=True, slots=True, kw_only=True)
class XmlFormat:
    """A tag for the call, and one for each argument with its value as it is.

    Args:
        name: What the format is called.
        start: The marker before a call; empty where the tag alone is enough.
        end: The marker after it.
        function: What is before and after the tool's name.
        parameter: What is before and after an argument's name.
        function_end: The tag after a call.
        parameter_end: The tag after an argument's value.
        lines: Whether tags are on lines of their own.
        thoughts: What is around thoughts.
    """

    name: str
    start: str
    end: str
    function: tuple[str, str]
    parameter: tuple[str, str]
    function_end: str
    parameter_end: str
    lines: bool
    thoughts: Thoughts | None = None
    opening: str = ""
    calls_end_thoughts: bool = True

    @property
    def notation(self) -> Notation:
        """Return how values are written."""
        return JSON

    @property
    def markers(self) -> tuple[str, ...]:
        """Return the marker before calls, which models forget, and the tag."""
        return tuple(text for text in (self.start, self.function[0]) if text)

    @property
    def specials(self) -> tuple[str, ...]:
        """Return all tags that are always the same."""
        return tuple(
            text
            for text in (self.start, self.end, self.function_end, self.parameter_end)
            if text
        )

    def read(self, marker: str, source: Source, tools: Tools) -> Reading:
        """Read one call."""
        if marker != self.function[0]:
            yield from source.space()
            yield from source.expect(self.function[0])
        name = yield from self._name(source, self.function[1])
        types = types_of(tools.get(name))
        arguments: dict[str, Any] = {}
        while True:
            yield from source.space()
            if not (yield from source.literal(self.parameter[0])):
                break
            key = yield from self._name(source, self.parameter[1])
            value = yield from source.until(self.parameter_end)
            arguments[key] = typed(self._trimmed(value), types.get(key, ()))
        yield from source.expect(self.function_end)
        yield written_call(name, arguments)
        yield from skip_end(source, self.end)

    def _name(self, source: Source, end: str) -> Steps[str]:
        """Read a name and what is after it."""
        name = yield from source.run(_NAME)
        yield from source.expect(end)
        if not name:
            raise NotACall
        return name

    def _trimmed(self, value: str) -> str:
        """Return a value without the line breaks that belong to the tags."""
        if value.startswith("<![CDATA[") and value.endswith("]]>"):
            return value[len("<![CDATA[") : -len("]]>")]
        return value.removeprefix("\n").removesuffix("\n")

    def calls(self, rules: Rules, tools: Tools, *, parallel: bool) -> str:
        """Add rules for calls, tags and all."""
        line = "\n" if self.lines else ""
        kinds = []
        for name, schema in tools.items():
            begin = rules.text(
                line.join((self.start, self.function[0] + name + self.function[1], ""))
            )
            arguments = rules.tagged(
                schema,
                f"{name}-arguments",
                before=lambda key: f"{self.parameter[0]}{key}{self.parameter[1]}{line}",
                after=f"{line}{self.parameter_end}{line}",
            )
            end = rules.text(self.function_end + line + self.end)
            kinds.append(rules.add(f"call-{name}", f"{begin} {arguments} {end}"))
        call = rules.add("call", " | ".join(kinds))
        return f'{call} ("\\n"? {call}){MORE_CALLS}' if parallel else call

    @property
    def triggers(self) -> tuple[str, ...]:
        """Return the first marker's pattern."""
        return (re.escape(self.markers[0]),)


def typed(written: str, types: tuple[str, ...]) -> Any:
    """Return the value that a text stands for where a schema names types."""
    if types == ("string",):
        return written
    try:
        found = parsed(_PYTHONS.get(written.strip(), written))
    except NotACall:
        return written
    if "string" in types and isinstance(found, str):
        return written
    return found
