"""Grammars in llama.cpp's notation, GBNF."""

from collections.abc import Iterable
import re

_NO_NAME = re.compile(r"[^a-zA-Z0-9]+")
_UNSAFE = re.compile(r'["\\\x00-\x1f\x7f]')
_UNSAFE_IN_CLASS = re.compile(r"[\]\[\\^\x00-\x1f\x7f-]")
# More than any home's tools need; the rest is an attack on memory.
_MOST_RULES = 20_000


class SchemaError(Exception):
    """No grammar can be made of a schema; the message says why."""


class Grammar:
    """The rules of a grammar, as they are put together."""

    def __init__(self) -> None:
        """Start with no rules."""
        self._rules: dict[str, str] = {}

    def reserve(self, name: str) -> str:
        """Return the name of a rule that will be set later."""
        if len(self._rules) >= _MOST_RULES:
            raise SchemaError("The schema is too large")
        base = _NO_NAME.sub("-", name).strip("-")[:60] or "rule"
        found, count = base, 2
        while found in self._rules or found == "root":
            found, count = f"{base}-{count}", count + 1
        self._rules[found] = ""
        return found

    def set(self, name: str, body: str) -> str:
        """Set a rule; return its name."""
        self._rules[name] = body
        return name

    def add(self, name: str, body: str) -> str:
        """Add a rule, or find the same one; return its name."""
        if self._rules.get(name) == body:
            return name
        return self.set(self.reserve(name), body)

    def grammar(self, root: str) -> str:
        """Return the grammar's text."""
        lines = [f"root ::= {root}"]
        lines += [f"{name} ::= {body}" for name, body in self._rules.items()]
        return "\n".join(lines) + "\n"

    def until(self, end: str) -> str:
        """Add rules for any text up to the first time it has an end, and the end.

        One rule for each character of the end: what follows when this much of it
        was there.
        """
        names = [self.reserve(f"until-{place}") for place in range(len(end))]
        for place, name in enumerate(names):
            after = {c: _matched(end, end[:place] + c) for c in end}
            ways = [
                f"{text(c)} {names[size]}" if size < len(end) else text(c)
                for c, size in after.items()
                if size
            ]
            others = "".join(_in_class(c) for c, size in after.items() if size)
            self.set(name, " | ".join((*ways, f"[^{others}] {names[0]}")))
        return names[0]


def _matched(end: str, said: str) -> int:
    """Return how much of an end a text ends with."""
    for size in range(min(len(end), len(said)), 0, -1):
        if said.endswith(end[:size]):
            return size
    return 0


def text(literal: str) -> str:
    """Return a text as a grammar has it."""
    return f'"{_UNSAFE.sub(_escaped, literal)}"'


def _in_class(character: str) -> str:
    """Return a character as a class of characters has it."""
    return _UNSAFE_IN_CLASS.sub(_escaped, character)


def _escaped(match: re.Match[str]) -> str:
    """Return a character behind a backslash."""
    if match[0] in '"\\[]':
        return f"\\{match[0]}"
    return f"\\x{ord(match[0]):02X}"


def any_of(ways: Iterable[str]) -> str:
    """Return an expression for one of several."""
    unique = list(dict.fromkeys(ways))
    return unique[0] if len(unique) == 1 else f"({' | '.join(unique)})"
