"""Text that arrives in pieces, read as if it was whole.

Readers are generators that yield None where they need more text. Whatever they do
takes time linear in the text: nothing that was read is looked at again.
"""

from collections.abc import Generator
import re

type Steps[T] = Generator[None, None, T]

# Characters; no home needs a longer call, and texts of megabytes are an attack.
LONGEST_CALL = 262_144
DEEPEST_NESTING = 64

_SPACE = re.compile(r"\s*")
_OUTSIDE = re.compile(r'["{}\[\]]')
_INSIDE = re.compile(r'["\\]')


class NotACall(Exception):
    """What was read is no call, or no whole one."""


class Source:
    """A text of which more may come."""

    def __init__(self, read: str = "") -> None:
        """Start with what counts as read already."""
        self._text = ""
        self._at = 0
        self._closed = False
        self._read = [read]
        self._size = 0

    def add(self, text: str) -> None:
        """Take more text."""
        self._text = self._text[self._at :] + text
        self._at = 0

    def close(self) -> None:
        """Take note that no more text will come."""
        self._closed = True

    def take_rest(self) -> str:
        """Return what was not read."""
        rest = self._text[self._at :]
        self._text, self._at = "", 0
        return rest

    def take_read(self) -> str:
        """Return what was read since this was asked last."""
        found = "".join(self._read)
        self._read.clear()
        self._size = 0
        return found

    def _advance(self, end: int) -> str:
        """Read up to a place in the text at hand."""
        found = self._text[self._at : end]
        self._at = end
        self._read.append(found)
        self._size += len(found)
        if self._size > LONGEST_CALL:
            raise NotACall
        return found

    def _more(self) -> Steps[None]:
        """Wait for more text."""
        if self._closed:
            raise NotACall
        yield

    def peek(self) -> Steps[str]:
        """Return the next character; empty at the end."""
        while self._at == len(self._text):
            if self._closed:
                return ""
            yield
        return self._text[self._at]

    def space(self) -> Steps[None]:
        """Skip white space."""
        while character := (yield from self.peek()):
            if not character.isspace():
                return
            yield from self.run(_SPACE)

    def run(self, pattern: re.Pattern[str]) -> Steps[str]:
        """Read what a pattern matches; each of its characters alone must match it."""
        parts = []
        while (yield from self.peek()):
            match = pattern.match(self._text, self._at)
            if match is None or match.end() == self._at:
                break
            parts.append(self._advance(match.end()))
        return "".join(parts)

    def literal(self, text: str) -> Steps[bool]:
        """Read a text if it is what comes next."""
        while True:
            there = self._text[self._at : self._at + len(text)]
            if there == text:
                self._advance(self._at + len(text))
                return True
            if self._closed or not text.startswith(there):
                return False
            yield

    def expect(self, text: str) -> Steps[None]:
        """Read a text that must come next."""
        if not (yield from self.literal(text)):
            raise NotACall

    def until(self, end: str) -> Steps[str]:
        """Read up to a text and over it; return what was before."""
        parts = []
        while True:
            found = self._text.find(end, self._at)
            if found >= 0:
                parts.append(self._advance(found))
                self._advance(found + len(end))
                return "".join(parts)
            safe = len(self._text) - len(end) + 1
            if safe > self._at:
                parts.append(self._advance(safe))
            yield from self._more()

    def json_object(self, *, opened: bool = False) -> Steps[str]:
        """Read what is between two braces that belong together, texts minded.

        Args:
            opened: Whether the first brace was read already.
        """
        if not opened:
            yield from self.expect("{")
        parts = ["{"]
        depth = 1
        quoted = False
        while True:
            match = (_INSIDE if quoted else _OUTSIDE).search(self._text, self._at)
            if match is None:
                parts.append(self._advance(len(self._text)))
                yield from self._more()
                continue
            parts.append(self._advance(match.end()))
            mark = match[0]
            if mark == "\\":
                while self._at == len(self._text):
                    yield from self._more()
                parts.append(self._advance(self._at + 1))
            elif mark == '"':
                quoted = not quoted
            elif mark in "{[":
                depth += 1
                if depth > DEEPEST_NESTING:
                    raise NotACall
            else:
                depth -= 1
                if not depth:
                    return "".join(parts)
