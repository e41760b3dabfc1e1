"""Finding tool calls and thoughts that a model wrote into its answer as text.

Small models know their call syntax only by half, and engines parse only the one
of the model's template. So text that begins like a call or a thought is held back
from speech until it is clear what it is; a thought is passed on as it comes.
"""

import ast
from collections.abc import Callable, Collection
import json
import re
from typing import Any

from ..engines.chat import ToolCall

# How calls begin, by the models that write them: Hermes and Qwen
# (<tool_call>), Llama 3 ({"name"… and <|python_tag|>), Mistral ([TOOL_CALLS]),
# Granite (<|tool_call|>), LFM ([f(x="y")], <|tool_call_start|>), Gemma (```tool_code
# and <start_function_call>), Llama's <function=…>, functools[…].
_OPENINGS = (
    "<tool_call>",
    "<|tool_call|>",
    "<|tool_call_start|>",
    "<|python_tag|>",
    "<start_function_call>",
    "<function=",
    "<tools>",
    "[tool_calls]",
    "functools[",
    "```",
    "{",
    "[",
)
_THOUGHTS = {"<think>": "</think>", "<thinking>": "</thinking>"}
# Where in the middle of an answer a call or a thought may begin.
_MARKS = re.compile(r"<|\[TOOL|\n")
_TAGS = re.compile(
    r"</?(?:tool_call|tools|start_function_call|end_function_call)>"
    r"|<\|[a-z_]+\|>|\[TOOL_CALLS\]|functools|```(?:[a-z_]+)?",
    re.IGNORECASE,
)
_FUNCTION_TAG = re.compile(
    r"<function=([\w.]+)>?\s*(\{.*?\})\s*(?:</function>)?", re.DOTALL
)
# Held-back text longer than this is an answer, not a call.
MAX_HELD = 8_000


class LeakFilter:
    """Splits streamed text into what may be spoken, thoughts and calls."""

    def __init__(self, tools: Collection[str]) -> None:
        """Listen for calls of these tools."""
        self._tools = {name.rpartition("__")[2].casefold(): name for name in tools}
        self._tools |= {name.casefold(): name for name in tools}
        openings = (*_OPENINGS, *_THOUGHTS, *(f"{name}(" for name in self._tools))
        self._openings = tuple(opening.casefold() for opening in openings)
        self._held = ""
        # Whether what is held begins like a call or a thought.
        self._suspect = True
        # What ends the thought that has begun, and what it is so far.
        self._closing = ""
        self._thought = ""
        self._before_thought = ""

    def feed(self, text: str) -> tuple[str, str]:
        """Take a piece of the answer; return what to speak and what was thought."""
        self._held += text
        spoken = thought = ""
        while self._held:
            if self._closing:
                thought += self._take_thought()
                if self._closing:
                    break
            elif not self._suspect:
                spoken += self._take_words(after=0)
            elif not self._begin_thought():
                if len(self._held) < MAX_HELD and self._may_open(self._held):
                    break
                spoken += self._take_words(after=1)
        return spoken, thought

    def finish(self) -> tuple[str, tuple[ToolCall, ...]]:
        """Return what is left to speak, and the calls that were found."""
        held, self._held = self._held, ""
        if self._closing:
            # Some models forget to end a thought before they call.
            return "", find_calls(self._thought + held, self._tools.get)
        calls = find_calls(held, self._tools.get) if held.strip() else ()
        return ("", calls) if calls else (held.rstrip(), ())

    def _begin_thought(self) -> bool:
        """Return whether what is held begins a thought; its tag is taken off then."""
        front = self._held.lstrip()
        for opening, closing in _THOUGHTS.items():
            if front.startswith(opening):
                self._before_thought = self._held[: len(self._held) - len(front)]
                self._held = front.removeprefix(opening)
                self._closing, self._thought = closing, ""
                return True
        return False

    def _take_thought(self) -> str:
        """Take as much of a thought as is surely one, without white space around."""
        thought, closing, rest = self._held.partition(self._closing)
        if closing:
            self._closing = ""
            self._held = self._before_thought + rest.lstrip()
        else:
            mark = thought.rfind("<")
            if mark >= 0 and self._closing.startswith(thought[mark:]):
                thought = thought[:mark]
            thought = thought.rstrip()
            self._held = self._held[len(thought) :]
        if not self._thought:
            thought = thought.lstrip()
        thought = thought.rstrip()
        self._thought += thought
        return thought

    def _take_words(self, *, after: int) -> str:
        """Take what can be spoken: up to the next place that looks suspect."""
        self._suspect = False
        for mark in _MARKS.finditer(self._held, after):
            if self._may_open(self._held[mark.start() :]):
                spoken, self._held = self._split(mark.start())
                self._suspect = True
                return spoken
        spoken, self._held = self._split(len(self._held))
        return spoken

    def _split(self, index: int) -> tuple[str, str]:
        return self._held[:index], self._held[index:]

    def _may_open(self, text: str) -> bool:
        """Return whether a text is, or may still become, a call or a thought."""
        front = text.lstrip().casefold()
        return any(
            front.startswith(opening) or opening.startswith(front)
            for opening in self._openings
        )


def find_calls(text: str, tool: Callable[[str], str | None]) -> tuple[ToolCall, ...]:
    """Read the calls that a text consists of, in any of the known forms.

    Args:
        text: What the model wrote.
        tool: Returns a tool's real name for what was written (lower case), or
            ``None`` where there is no such tool.
    """
    found = [(name, arguments) for name, arguments in _FUNCTION_TAG.findall(text)]
    if not found:
        bare = _TAGS.sub("\n", text).strip()
        found = _json_calls(bare) or _python_calls(bare)
    return tuple(
        ToolCall(f"leaked_{number}", real, arguments)
        for number, (name, arguments) in enumerate(found)
        if (real := tool(name.casefold()) or tool(name.rpartition(".")[2].casefold()))
    )


def _json_calls(text: str) -> list[tuple[str, Any]]:
    """Read one or more JSON objects, or a list of them."""
    decoder = json.JSONDecoder()
    found: list[tuple[str, Any]] = []
    index = 0
    while index < len(text):
        if text[index] not in "{[":
            index += 1
            continue
        try:
            value, index = decoder.raw_decode(text, index)
        except ValueError, RecursionError:
            return found
        items = value if isinstance(value, list) else [value]
        found += [call for item in items if (call := _json_call(item)) is not None]
    return found


def _json_call(item: Any) -> tuple[str, Any] | None:
    """Return name and arguments of a JSON object that looks like a call."""
    if not isinstance(item, dict):
        return None
    if isinstance(item.get("function"), dict):
        item = item["function"]
    name = item.get("name") or item.get("tool") or item.get("function")
    if not isinstance(name, str):
        return None
    for field in ("arguments", "parameters", "args"):
        if isinstance(item.get(field), dict | str):
            return name, item[field]
    return name, {}


def _python_calls(text: str) -> list[tuple[str, Any]]:
    """Read calls written as Python: ``f(x="y")``, ``[f(x="y"), g()]``."""
    try:
        tree = ast.parse(text, mode="exec")
    except SyntaxError, ValueError, RecursionError, MemoryError:
        return []
    nodes: list[ast.expr] = []
    for statement in tree.body:
        if not isinstance(statement, ast.Expr):
            return []
        value = statement.value
        nodes += value.elts if isinstance(value, ast.List | ast.Tuple) else [value]
    found = []
    for node in nodes:
        if not isinstance(node, ast.Call):
            return []
        arguments = {}
        for keyword in node.keywords:
            try:
                literal = ast.literal_eval(keyword.value)
            except ValueError, TypeError, RecursionError:
                continue
            if keyword.arg is not None:
                arguments[keyword.arg] = literal
        found.append((ast.unparse(node.func), arguments))
    return found
