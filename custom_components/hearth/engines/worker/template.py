"""A model's own chat template, from messages to the text that the model reads."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from functools import cached_property
from typing import Any

from jinja2 import TemplateError as JinjaError, TemplateSyntaxError
from jinja2.exceptions import SecurityError

from .limits import TooMuch
from .messages import JsonObject, shaped, without_system
from .sandbox import LONGEST_SOURCE, Sandbox, TemplateRefusal

# Stands for what a user says; templates cannot mistake it for anything.
_SAID = ("\ue000", "\ue001")
_PROBE = "hearth_probe"
_USER: JsonObject = {"role": "user", "content": "Hello"}
_TOOL: JsonObject = {
    "type": "function",
    "function": {
        "name": _PROBE,
        "description": "Try it.",
        "parameters": {
            "type": "object",
            "properties": {"word": {"type": "string", "description": "A word"}},
            "required": ["word"],
        },
    },
}


class TemplateError(Exception):
    """A template refuses a chat, or is broken; the message says it plainly."""


class ChatTemplate:
    """A chat template that was read."""

    def __init__(self, source: str, *, bos: str, eos: str) -> None:
        """Read a template.

        Args:
            source: The template.
            bos: The text of the token that texts begin with, or nothing.
            eos: The text of the token that ends them, or nothing.

        Raises:
            TemplateError: It cannot be read.
        """
        self.source = source
        self._tokens = {"bos_token": bos, "eos_token": eos}
        self._sandbox = Sandbox()
        if len(source) > LONGEST_SOURCE:
            raise TemplateError("The chat template is too long")
        try:
            self._template = self._sandbox.from_string(source)
        except (JinjaError, RecursionError, SyntaxError) as err:
            raise _plain(err) from err

    def render(
        self,
        messages: Sequence[JsonObject],
        *,
        tools: Sequence[JsonObject] = (),
        kwargs: Mapping[str, Any] | None = None,
        answering: bool = True,
    ) -> str:
        """Return the text of a chat, up to where the answer begins.

        Args:
            messages: The messages as OpenAI writes them; arguments of calls are the
                text of a JSON object.
            tools: The tools as OpenAI writes them.
            kwargs: Further variables; those that Hearth itself sets stay as they are.
            answering: Whether the text ends with the beginning of the answer.

        Raises:
            TemplateError: The template refuses this chat, or is broken.
        """
        if not self._takes_system:
            messages = without_system(messages)
        shapes = [
            shaped(messages, objects=objects, parts=parts)
            for parts in (self._wants_parts, not self._wants_parts)
            for objects in (True, False)
        ]
        refused: TemplateError | None = None
        tried: list[list[JsonObject]] = []
        for shape in shapes:
            if shape in tried:
                continue
            tried.append(shape)
            try:
                return self._rendered(shape, tools, kwargs or {}, answering)
            except TemplateError as err:
                refused = refused or err
        assert refused is not None
        raise refused

    def _rendered(
        self,
        messages: Sequence[JsonObject],
        tools: Sequence[JsonObject],
        kwargs: Mapping[str, Any],
        answering: bool,
    ) -> str:
        """Return the text of a chat in the shape that it is in."""
        now = datetime.now().astimezone()
        values = {
            # Variables that llama-server gives to templates, too.
            "date_string": now.strftime("%d %b %Y"),
            "datetime": now.strftime("%b %d %Y"),
            "enable_thinking": True,
            **kwargs,
            **self._tokens,
            "messages": list(messages),
            "add_generation_prompt": answering,
        }
        if tools:
            values["tools"] = list(tools)
        self._sandbox.begin()
        try:
            return self._template.render(values)
        except TemplateRefusal as err:
            raise TemplateError(f"The chat template refuses: {err}") from err
        except Exception as err:
            # A template can fail like any program, in any way.
            raise _plain(err) from err

    @cached_property
    def _wants_parts(self) -> bool:
        """Whether contents must be lists of parts."""
        try:
            return _SAID[0] not in self._rendered(
                [{"role": "user", "content": _SAID[0]}], (), {}, True
            )
        except TemplateError:
            return True

    @cached_property
    def _takes_system(self) -> bool:
        """Whether the template knows messages of the system."""
        system = shaped(
            [{"role": "system", "content": _SAID[0]}, _USER],
            objects=True,
            parts=self._wants_parts,
        )
        try:
            return _SAID[0] in self._rendered(system, (), {}, True)
        except TemplateError:
            return False

    def _tried(
        self,
        messages: Sequence[JsonObject],
        tools: Sequence[JsonObject] = (),
        *,
        answering: bool = True,
        **kwargs: Any,
    ) -> str:
        """Return the text of a chat; nothing if the template will not have it."""
        try:
            return self.render(
                messages, tools=tools, kwargs=kwargs, answering=answering
            )
        except TemplateError:
            return ""

    @cached_property
    def supports_tools(self) -> bool:
        """Whether the template tells the model about tools."""
        return _PROBE in self._tried([_USER], [_TOOL])

    @cached_property
    def supports_thinking(self) -> bool:
        """Whether thinking can be switched."""
        thinking = self._tried([_USER], enable_thinking=True)
        return thinking != self._tried([_USER], enable_thinking=False)

    @cached_property
    def example_call(self) -> str:
        """What the template makes of a call of a tool; nothing if it shows none."""
        call = {
            "id": "abcdefghi",
            "type": "function",
            "function": {"name": _PROBE, "arguments": '{"word": "hi"}'},
        }
        answer = {"role": "assistant", "content": "", "tool_calls": [call]}
        found = self._tried([_USER, answer], [_TOOL])
        before = self._tried([_USER], [_TOOL], answering=False)
        begun = self._tried([_USER], [_TOOL])
        shown = found[_same(found, before) :]
        # What every answer begins with is no part of a call.
        shown = shown.removeprefix(begun[_same(begun, before) :])
        return shown if _PROBE in shown else ""

    def user_start(
        self,
        messages: Sequence[JsonObject],
        *,
        tools: Sequence[JsonObject] = (),
        kwargs: Mapping[str, Any] | None = None,
    ) -> int | None:
        """Return where in the text of a chat the last words of the user begin.

        What is before stays the same whatever the user says. A character's place in
        the text that ``render`` returns; None where there is no such place.
        """
        places = [n for n, m in enumerate(messages) if m.get("role") == "user"]
        if not places:
            return None
        texts = []
        for said in _SAID:
            other = [*messages]
            other[places[-1]] = {**other[places[-1]], "content": said}
            try:
                texts.append(self.render(other, tools=tools, kwargs=kwargs))
            except TemplateError:
                return None
        same = _same(*texts)
        return same if texts[0][same : same + 1] == _SAID[0] else None


def _same(one: str, other: str) -> int:
    """Return how many characters are the same at the beginning."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[:middle] == other[:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _plain(err: BaseException) -> TemplateError:
    """Return what is wrong with a template, plainly."""
    if isinstance(err, TooMuch):
        return TemplateError(f"The chat template was stopped: {err}")
    if isinstance(err, SecurityError):
        return TemplateError(f"The chat template may not do this: {err}")
    if isinstance(err, TemplateSyntaxError):
        return TemplateError(f"The chat template is broken in line {err.lineno}: {err}")
    return TemplateError(f"The chat template failed: {type(err).__name__}: {err}")
