"""Values as models write them in calls that are not JSON.

Nothing is ever run: values are read character by character, to a limited depth.
"""

from dataclasses import dataclass
import json
import re
from typing import Any

from .source import DEEPEST_NESTING, NotACall, Source, Steps

_BARE = re.compile(r"[^,:(){}\[\]\"'<>=]+")
_BARE_KEY = re.compile(r"[^,:(){}\[\]\"'<>]+")
_INSIDE = {quote: re.compile(rf"[^\\{quote}]+") for quote in "\"'"}
_WORDS = {
    "True": True,
    "False": False,
    "None": None,
    "true": True,
    "false": False,
    "null": None,
}
_ESCAPES = {"b": "\b", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "\n": ""}
_HEX = re.compile(r"[0-9a-fA-F]")
_NUMBER = re.compile(r"[-+]?\d+(\.\d*)?([eE][-+]?\d+)?")
_LONGEST_NUMBER = 400


@dataclass(frozen=True, slots=True, kw_only=True)
class Literals:
    """How values are written.

    Args:
        quote: A marker around texts, taken as they are; Python's quotes where empty.
    """

    quote: str = ""

    def value(self, source: Source, depth: int = 0) -> Steps[Any]:
        """Read a value.

        Raises:
            NotACall: There is none, or it is nested too deeply.
        """
        if depth > DEEPEST_NESTING:
            raise NotACall
        yield from source.space()
        start = yield from source.peek()
        if start == "{":
            return (yield from self.mapping(source, depth + 1))
        if start and start in "[(":
            return (yield from self._items(source, depth + 1))
        if self.quote and (yield from source.literal(self.quote)):
            return (yield from source.until(self.quote))
        if start and start in "\"'":
            return (yield from _quoted(source))
        return _meant((yield from source.run(_BARE)))

    def mapping(self, source: Source, depth: int = 0) -> Steps[dict[str, Any]]:
        """Read what is between braces."""
        yield from source.expect("{")
        found: dict[str, Any] = {}
        while not (yield from _closed(source, "}", first=not found)):
            key = yield from self._key(source)
            yield from source.space()
            yield from source.expect(":")
            found[key] = yield from self.value(source, depth)
        return found

    def _key(self, source: Source) -> Steps[str]:
        """Read a key, in quotes or without."""
        start = yield from source.peek()
        if self.quote and (yield from source.literal(self.quote)):
            return (yield from source.until(self.quote))
        if start and start in "\"'":
            return (yield from _quoted(source))
        if key := (yield from source.run(_BARE_KEY)).strip():
            return key
        raise NotACall

    def _items(self, source: Source, depth: int) -> Steps[list[Any]]:
        """Read what is between brackets, or a tuple."""
        end = ")" if (yield from source.literal("(")) else "]"
        if end == "]":
            yield from source.expect("[")
        found: list[Any] = []
        while not (yield from _closed(source, end, first=not found)):
            found.append((yield from self.value(source, depth)))
        return found


def _closed(source: Source, end: str, *, first: bool) -> Steps[bool]:
    """Read the comma before the next item, or the end; return whether it is that."""
    yield from source.space()
    if (yield from source.literal(end)):
        return True
    if not first:
        yield from source.expect(",")
        yield from source.space()
        # A comma after the last item is Python, too.
        return (yield from source.literal(end))
    return False


def _quoted(source: Source) -> Steps[str]:
    """Read a text in Python's quotes, with Python's and JSON's escapes."""
    quote = '"' if (yield from source.literal('"')) else "'"
    if quote == "'":
        yield from source.expect("'")
    parts = []
    while True:
        parts.append((yield from source.run(_INSIDE[quote])))
        if (yield from source.literal(quote)):
            return _paired("".join(parts))
        yield from source.expect("\\")
        parts.append((yield from _escaped(source)))


def _escaped(source: Source) -> Steps[str]:
    """Read what follows a backslash."""
    if not (letter := (yield from source.peek())):
        raise NotACall
    yield from source.expect(letter)
    digits = {"u": 4, "x": 2, "U": 8}.get(letter)
    if digits is None:
        return _ESCAPES.get(letter, letter)
    code = ""
    while len(code) < digits:
        digit = yield from source.peek()
        if not _HEX.fullmatch(digit):
            raise NotACall
        yield from source.expect(digit)
        code += digit
    if int(code, 16) > 0x10FFFF:
        raise NotACall
    return chr(int(code, 16))


def _paired(text: str) -> str:
    """Return a text in which the halves of surrogate pairs are one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "replace")


def _meant(written: str) -> Any:
    """Return what a word without quotes means: a number, or itself."""
    written = written.strip()
    if written in _WORDS:
        return _WORDS[written]
    if not written:
        raise NotACall
    if not _NUMBER.fullmatch(written) or len(written) > _LONGEST_NUMBER:
        return written
    try:
        return json.loads(written)
    except ValueError:
        # Python reads 1. and +1, JSON does not.
        return float(written)
