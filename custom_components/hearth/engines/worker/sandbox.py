"""The place where chat templates run: they come with model files from anywhere.

Jinja's sandbox keeps templates from Python's insides. What it leaves to them is to
count for hours and to make texts that no memory holds; this adds limits to both.
"""

from collections.abc import Callable
from datetime import datetime
import re
from typing import Any, NoReturn, cast, override

from jinja2 import TemplateError as JinjaError, nodes, pass_context
from jinja2.ext import Extension
from jinja2.parser import Parser
from jinja2.runtime import Context
from jinja2.sandbox import ImmutableSandboxedEnvironment

from .limits import (
    GUARDED_METHODS,
    TooMuch,
    as_string,
    check,
    indented,
    join_values,
    replaced,
    size_of,
    tojson,
    weigh,
)

# Characters of a template; the longest of known models' has 17 thousand.
LONGEST_SOURCE = 262_144
# Parts of the template that run in loops and macros in one rendering: a second or two.
# With 200 messages and 60 tools known templates take up to 0.9 million.
MOST_STEPS = 3_000_000
# Characters that are written or moved about in one rendering.
MOST_MOVED = 50_000_000
_MOST_JOINED = 64

# What chat templates do not use, and what makes much from little or shows HTML.
_FILTERS = """batch center forceescape format pprint slice striptags urlize
wordwrap xmlattr""".split()
_GLOBALS = ("cycler", "joiner", "lipsum")
_METHODS = frozenset(("center", "expandtabs", "ljust", "rjust", "translate", "zfill"))
# A format that asks for a width, or computes one.
_WIDE = re.compile(r":[^}]*(?:\d{3}|\{)")


class TemplateRefusal(JinjaError):
    """A template says that it cannot be used like this."""


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
        self._moved = 0
        for name in _FILTERS:
            del self.filters[name]
        for name in _GLOBALS:
            del self.globals[name]
        self.filters["indent"] = indented
        self.filters["join"] = join_values
        self.filters["replace"] = replaced
        self.filters["string"] = as_string
        self.filters["tojson"] = tojson
        self.filters["measured"] = self.measured
        self.filters["shown"] = self.shown
        # With the context a filter is never run before the template is.
        self.filters["step"] = self.step
        self.globals["raise_exception"] = _refuse
        self.globals["strftime_now"] = _strftime_now

    def begin(self) -> None:
        """Begin to count anew."""
        self._steps = self._moved = 0

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
            parts = sum(1 for _ in block.find_all(nodes.Node))
            step = _call("step", nodes.Const(parts, lineno=block.lineno))
            block.body.insert(0, nodes.ExprStmt(step, lineno=block.lineno))
        changes: list[nodes.Assign | nodes.Filter] = [
            *tree.find_all(nodes.Assign),
            *tree.find_all(nodes.Filter),
        ]
        for change in changes:
            if change.node is not None:
                change.node = _call("measured", cast("nodes.Expr", change.node))
        for output in tree.find_all(nodes.Output):
            output.nodes = [
                node if isinstance(node, nodes.TemplateData) else _call("shown", node)
                for node in output.nodes
            ]
        for joined in tree.find_all(nodes.Concat):
            if len(joined.nodes) > _MOST_JOINED:
                raise TooMuch("it joins too many texts")
            joined.nodes = [_call("shown", node) for node in joined.nodes]
        return tree

    @pass_context
    def step(self, context: Context, parts: int) -> None:
        """Count a turn of a loop or a call of a macro, and how much is in it."""
        self._steps += parts
        self._move(parts)
        if self._steps > MOST_STEPS:
            raise TooMuch("it goes round and round")

    def _move(self, size: int) -> None:
        """Count characters that are copied."""
        self._moved += size
        if self._moved > MOST_MOVED:
            raise TooMuch("it writes too much")

    def shown[T](self, value: T) -> T:
        """Return a value that will be a text unless that is too long."""
        if isinstance(value, dict | list | tuple):
            weigh(value)
        return self.measured(value)

    def measured[T](self, value: T) -> T:
        """Return a value unless it is too long."""
        if isinstance(value, str | list | tuple):
            check(len(value))
            self._move(len(value))
        return value

    @override
    def call_binop(self, context: Context, operator: str, left: Any, right: Any) -> Any:
        """Reckon, where the result is of a sensible size."""
        if operator == "**" or (operator == "%" and isinstance(left, str)):
            raise TooMuch("it reckons with what can be of any size")
        if operator == "*":
            check(size_of(left) * size_of(right))
        return self.measured(super().call_binop(context, operator, left, right))

    @override
    def call(self, context: Context, obj: Any, /, *args: Any, **kwargs: Any) -> Any:
        """Call what a template may call, and no method that makes too much."""
        name, owner = getattr(obj, "__name__", ""), getattr(obj, "__self__", None)
        if isinstance(owner, str) and name in GUARDED_METHODS:
            # What Jinja tells every call made in a loop or a block.
            for told in ("_loop_vars", "_block_vars"):
                kwargs.pop(told, None)
            return self.measured(GUARDED_METHODS[name](owner, *args, **kwargs))
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


def _call(name: str, argument: nodes.Expr) -> nodes.Filter:
    """Return an expression that goes through one of the sandbox's own filters."""
    return nodes.Filter(argument, name, [], [], None, None, lineno=argument.lineno)


def _refuse(message: str) -> NoReturn:
    """Refuse a chat, in a template's words."""
    raise TemplateRefusal(message)


def _strftime_now(pattern: str) -> str:
    """Return the time as a template wants to see it."""
    return datetime.now().astimezone().strftime(pattern[:100])
