"""The place where chat templates run: they come with model files from anywhere.

Jinja's sandbox keeps templates from Python's insides. What it leaves to them is to
count for hours and to make texts that no memory holds; this adds limits to both.
"""

from collections.abc import Callable, Iterable
from datetime import datetime
import json
import re
from typing import Any, NoReturn, cast, override

from jinja2 import TemplateError as JinjaError, nodes
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

# Characters of a template; the longest of known models' has 17 thousand.
LONGEST_SOURCE = 262_144
# Turns of loops and calls of macros in one rendering. A chat of a hundred messages
# with a hundred tools takes some twenty thousand.
MOST_STEPS = 200_000
# Characters that a template writes, or has in one text: eight times a large context.
LONGEST_TEXT = 1_000_000
_MOST_JOINED = 64
_MOST_INDENT = 16

# What chat templates do not use, and what makes much from little or shows HTML.
_FILTERS = """batch center forceescape format pprint slice striptags urlize
wordwrap xmlattr""".split()
_GLOBALS = ("cycler", "joiner", "lipsum")
_METHODS = frozenset(("center", "expandtabs", "ljust", "rjust", "translate", "zfill"))
# A format that asks for a width, or computes one.
_WIDE = re.compile(r":[^}]*(?:\d{3}|\{)")


class TemplateRefusal(JinjaError):
    """A template says that it cannot be used like this."""


class TooMuch(JinjaError):
    """A template does more than a chat can need."""


class _Generation(Extension):
    """The block around what a model said, which only training minds."""

    tags = {"generation"}

    @override
    def parse(self, parser: Parser) -> list[nodes.Node]:
        """Return what is in the block."""
        next(parser.stream)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


class Sandbox(ImmutableSandboxedEnvironment):
    """An environment for chat templates as transformers has it, with limits."""

    intercepted_binops = frozenset(("%", "*", "**", "+"))

    def __init__(self) -> None:
        """Set up what templates may use."""
        super().__init__(
            trim_blocks=True,
            lstrip_blocks=True,
            extensions=["jinja2.ext.loopcontrols", _Generation],
        )
        self._steps = 0
        self._written = 0
        for name in _FILTERS:
            del self.filters[name]
        for name in _GLOBALS:
            del self.globals[name]
        self.filters["indent"] = _indent
        self.filters["join"] = _join_filter
        self.filters["replace"] = _replace
        self.filters["tojson"] = tojson
        self.globals["raise_exception"] = _refuse
        self.globals["strftime_now"] = _strftime_now

    def begin(self) -> None:
        """Begin to count anew."""
        self._steps = self._written = 0

    @override
    def _parse(
        self, source: str, name: str | None, filename: str | None
    ) -> nodes.Template:
        """Parse a template so that it counts what it does."""
        tree = super()._parse(source, name, filename)
        blocks: list[nodes.CallBlock | nodes.For | nodes.Macro] = [
            *tree.find_all(nodes.CallBlock),
            *tree.find_all(nodes.For),
            *tree.find_all(nodes.Macro),
        ]
        for block in blocks:
            size = sum(len(data.data) for data in block.find_all(nodes.TemplateData))
            step = _call("step", nodes.Const(size, lineno=block.lineno))
            block.body.insert(0, nodes.ExprStmt(step, lineno=block.lineno))
        for assign in tree.find_all(nodes.Assign):
            assign.node = _call("measured", cast("nodes.Expr", assign.node))
        for output in tree.find_all(nodes.Output):
            output.nodes = [
                node if isinstance(node, nodes.TemplateData) else _call("counted", node)
                for node in output.nodes
            ]
        for joined in tree.find_all(nodes.Concat):
            if len(joined.nodes) > _MOST_JOINED:
                raise TooMuch("it joins too many texts")
            joined.nodes = [_call("measured", node) for node in joined.nodes]
        return tree

    def step(self, size: int) -> None:
        """Count a step that writes some characters."""
        self._steps += 1
        self._written += size
        if self._steps > MOST_STEPS:
            raise TooMuch("it goes round and round")

    def counted[T](self, value: T) -> T:
        """Count what is written."""
        if isinstance(value, str):
            self._written += len(value)
            if self._written > LONGEST_TEXT:
                raise TooMuch("it writes too much")
        return value

    def measured[T](self, value: T) -> T:
        """Return a value unless it is too long."""
        if isinstance(value, str | list | tuple):
            _check(len(value))
        return value

    @override
    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Reckon, where the result is of a sensible size."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise TooMuch("it reckons with what can be of any size")
        if operator == "*":
            _check(_size(left) * _size(right))
        return self.measured(super().call_binop(context, operator, left, right))

    @override
    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template may call, and no method that makes too much."""
        owner = getattr(obj, "__self__", None)
        if isinstance(owner, str) and getattr(obj, "__name__", "") in _GUARDED:
            return self.measured(_GUARDED[obj.__name__](owner, *args, **kwargs))
        return self.measured(super().call(context, obj, *args, **kwargs))

    @override
    def is_safe_attribute(self, obj: Any, attr: str, value: Any) -> bool:
        """Return whether a template may use an attribute."""
        if isinstance(obj, str) and attr in _METHODS:
            return False
        return super().is_safe_attribute(obj, attr, value)

    @override
    def wrap_str_format(self, value: Any) -> Callable[..., str] | None:
        """Return a safe way to format, without widths."""
        if (safe := super().wrap_str_format(value)) and _WIDE.search(value.__self__):
            raise TooMuch("it asks for a very wide text")
        return safe


def _call(name: str, argument: nodes.Expr) -> nodes.Call:
    """Return a call of the environment that wraps an expression."""
    function = nodes.EnvironmentAttribute(name, lineno=argument.lineno)
    return nodes.Call(function, [argument], [], None, None, lineno=argument.lineno)


def _check(size: float) -> None:
    """Refuse a text or list that is too long."""
    if size > LONGEST_TEXT:
        raise TooMuch("it makes too long a text")


def _size(value: object) -> float:
    """Return what a value counts for in a product."""
    if isinstance(value, str | list | tuple):
        return len(value)
    return abs(value) if isinstance(value, int | float) else 1


def _replace(text: object, old: str, new: str, count: int = -1) -> str:
    """Replace a text within another."""
    text = str(text)
    _check(len(text) + (text.count(old) if count < 0 else count) * len(new))
    return text.replace(old, new, -1 if count is None else count)


def _join(separator: str, parts: Iterable[Any]) -> str:
    """Join texts."""
    texts = list(parts)
    _check(sum(map(len, texts)) + len(separator) * len(texts))
    return separator.join(texts)


_GUARDED: dict[str, Callable[..., str]] = {"join": _join, "replace": _replace}


def _join_filter(
    value: Iterable[Any], d: str = "", attribute: str | None = None
) -> str:
    """Join values, or an attribute of each."""
    if attribute is not None:
        value = [item.get(attribute, "") for item in value]
    return _join(str(d), map(str, value))


def _indent(text: str, width: int = 4, first: bool = False, blank: bool = False) -> str:
    """Indent the lines of a text, but for the first unless that is wanted."""
    if not 0 <= width <= _MOST_INDENT:
        raise TooMuch("it asks for a very wide text")
    start, *lines = text.split("\n")
    margin = " " * width
    lines = [margin + line if line or blank else line for line in lines]
    return _join("\n", [margin + start if first else start, *lines])


def _refuse(message: str) -> NoReturn:
    """Refuse a chat, in a template's words."""
    raise TemplateRefusal(message)


def _strftime_now(pattern: str) -> str:
    """Return the time as a template wants to see it."""
    return datetime.now().astimezone().strftime(pattern[:100])


def tojson(
    value: Any,
    ensure_ascii: bool = False,
    indent: int | None = None,
    separators: tuple[str, str] | None = None,
    sort_keys: bool = False,
) -> str:
    """Return a value as JSON, without what Jinja does for HTML."""
    if indent is not None and not 0 <= indent <= _MOST_INDENT:
        raise TooMuch("it asks for a very wide text")
    return json.dumps(
        value,
        ensure_ascii=ensure_ascii,
        indent=indent,
        separators=separators,
        sort_keys=sort_keys,
    )
