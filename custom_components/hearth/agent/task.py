"""One AI task: a text, or data of a given structure, perhaps about pictures."""

from collections.abc import AsyncGenerator, Mapping
from contextlib import aclosing
from dataclasses import dataclass, field, replace
import time
from typing import Any

from homeassistant.components import conversation
from homeassistant.helpers import llm
import probatio

from ..engines.base import Engine
from ..engines.chat import (
    ChatRequest,
    FinishReason,
    Message,
    Role,
    ToolCall,
    ToolSpec,
    TurnStats,
)
from ..engines.faults import ProtocolError, Unsupported
from .bounds import GENEROUS, bounded, longest, strict_limits
from .calls import repair
from .history import assistant_message, tool_message
from .leaks import LeakFilter
from .metrics import TurnMetrics, summarize
from .options import AgentOptions
from .specs import spec_of
from .structure import DoesNotFit, in_words, json_schema, read_answer
from .thinking import ThoughtCounter, TooMuchThought

# Passes in which tools may be called before there must be an answer.
MOST_TOOL_PASSES = 8
# Characters of a wrong answer that the model is shown again.
_SHOWN = 2000

_TOO_LONG = "it is too long"
_NOTHING = "…"
_AGAIN = "That does not fit: {error}. Give the whole answer again, as JSON that fits."


class NoAnswer(Exception):
    """The model ended without having said anything."""


@dataclass(slots=True, kw_only=True)
class Task:
    """A task that can be run once.

    Args:
        engine: Who answers.
        options: The agent's options.
        chat_log: Has the instructions; thoughts and answers are added to it.
        agent_id: Entity id of the agent.
        structure: What the answer must look like; None for a text.
        images: Pictures that belong to the instructions.
        think: Whether the model thinks first.
    """

    engine: Engine
    options: AgentOptions
    chat_log: conversation.ChatLog
    agent_id: str
    structure: probatio.Schema | None = None
    images: tuple[bytes, ...] = ()
    think: bool = False

    _began: float = field(default_factory=time.monotonic, init=False)
    _first_word: float | None = field(default=None, init=False)
    _passes: list[TurnStats] = field(default_factory=list, init=False)

    @property
    def metrics(self) -> TurnMetrics:
        """Return what the task has cost so far."""
        return summarize(
            self._passes,
            first_word=self._first_word,
            total=time.monotonic() - self._began,
        )

    async def run(self) -> Any:
        """Return the text, or the data.

        Raises:
            EngineError: the engine failed.
            DoesNotFit: the answer has not the structure, also when tried again.
            NoAnswer: the model said nothing.
        """
        text = ""
        if api := self.chat_log.llm_api:
            text = await self._use_tools(api)
        if self.structure is not None:
            return await self._data(self.structure)
        text = text or await self._pass(self._request(self._messages()))
        if not text:
            raise NoAnswer
        return text

    async def _use_tools(self, api: llm.APIInstance) -> str:
        """Let the model call tools until it has something to say; return that."""
        tools = tuple(spec_of(tool, api.custom_serializer) for tool in api.tools)
        for _ in range(MOST_TOOL_PASSES):
            request = self._request(self._messages(), tools=tools)
            text = await self._pass(request)
            if not self.chat_log.unresponded_tool_results:
                return text
            self.think = False
        return ""

    async def _data(self, structure: probatio.Schema) -> Any:
        """Ask for data, and once more where what came does not fit.

        What an engine can be held to by a schema leaves room to be wrong: an answer
        may be too long, a number out of its range. The second time, it does not. To
        mend the form needs no thoughts.
        """
        schema = json_schema(structure)
        messages = _told(self._messages(), in_words(schema))
        request = replace(
            self._request(messages), response_schema=bounded(schema, GENEROUS)
        )
        text = ""
        try:
            text = await self._pass(request)
            return read_answer(text, structure)
        except DoesNotFit as err:
            error = self._why(err)
        except ProtocolError:
            # llama-server breaks off with an error where an answer that is held to a
            # schema does not end within its tokens.
            error = _TOO_LONG
        strict = strict_limits(schema, self.options.max_tokens)
        again = (
            *messages,
            Message(role=Role.ASSISTANT, content=text[:_SHOWN] or _NOTHING),
            Message(role=Role.USER, content=_AGAIN.format(error=error)),
        )
        narrow = bounded(schema, strict)
        # Every character may be a token of its own.
        most = min(longest(narrow), self.options.context_window // 2)
        request = replace(
            request,
            messages=again,
            think=False,
            response_schema=narrow,
            max_tokens=max(most, request.max_tokens or 0),
        )
        return read_answer(await self._pass(request), structure)

    def _why(self, err: DoesNotFit) -> str:
        """Return what to tell the model about its answer."""
        if self._passes and self._passes[-1].finish_reason is FinishReason.LENGTH:
            return _TOO_LONG
        return str(err)

    def _messages(self) -> tuple[Message, ...]:
        """Return what the chat log has, as the engine wants it."""
        found: list[Message] = []
        for content in self.chat_log.content:
            match content:
                case conversation.SystemContent():
                    found.append(Message(role=Role.SYSTEM, content=content.content))
                case conversation.UserContent():
                    found.append(
                        Message(
                            role=Role.USER, content=content.content, images=self.images
                        )
                    )
                case conversation.AssistantContent():
                    found.append(assistant_message(content))
                case conversation.ToolResultContent():
                    found.append(tool_message(content))
        return tuple(found)

    def _request(
        self, messages: tuple[Message, ...], tools: tuple[ToolSpec, ...] = ()
    ) -> ChatRequest:
        """Return a request with the agent's options."""
        return self.options.request(messages, tools=tools, think=self.think)

    async def _pass(self, request: ChatRequest) -> str:
        """Ask the model once, let the log run what it calls; return its words."""
        try:
            return await self._logged(request)
        except TooMuchThought:
            pass
        except Unsupported:
            if not request.think:
                raise
        # It thought for too long, or cannot: the answer is what counts.
        self.think = False
        return await self._logged(replace(request, think=False))

    async def _logged(self, request: ChatRequest) -> str:
        """Stream a pass into the chat log; return its words."""
        words: list[str] = []
        async with aclosing(self._deltas(request, words)) as deltas:
            async for _ in self.chat_log.async_add_delta_content_stream(
                self.agent_id, deltas
            ):
                pass
        return "".join(words).strip()

    async def _deltas(
        self, request: ChatRequest, words: list[str]
    ) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
        """Stream a pass as the chat log's deltas, and collect its words."""
        yield {"role": "assistant"}
        tools = {tool.name: tool for tool in request.tools}
        leaks = LeakFilter(tools)
        counter = ThoughtCounter(self.options.thinking_budget)
        async with aclosing(self.engine.chat(request)) as stream:
            async for delta in stream:
                if delta.stats is not None:
                    self._passes.append(delta.stats)
                spoken, thought = leaks.feed(delta.content)
                if thought := delta.thinking + thought:
                    yield {"thinking_content": thought}
                    if request.think and not words:
                        counter.add(thought)
                if spoken:
                    yield self._say(spoken, words)
                if delta.tool_calls:
                    yield _calls(delta.tool_calls, tools)
        spoken, leaked = leaks.finish()
        if spoken:
            yield self._say(spoken, words)
        if leaked:
            yield _calls(leaked, tools)

    def _say(
        self, text: str, words: list[str]
    ) -> conversation.AssistantContentDeltaDict:
        """Keep some words, and note when the first came."""
        if self._first_word is None:
            self._first_word = time.monotonic() - self._began
        words.append(text)
        return {"content": text}


def _told(messages: tuple[Message, ...], words: str) -> tuple[Message, ...]:
    """Return messages with something more at the end that the user says."""
    *before, last = messages
    if last.role is not Role.USER:
        return (*messages, Message(role=Role.USER, content=words))
    return (*before, replace(last, content=f"{last.content}\n\n{words}"))


def _calls(
    calls: tuple[ToolCall, ...], tools: Mapping[str, ToolSpec]
) -> conversation.AssistantContentDeltaDict:
    """Repair the calls of the model for Home Assistant to run."""
    mended = (repair(call, tools, (), ()) for call in calls)
    return {
        "tool_calls": [
            llm.ToolInput(tool_name=call.name, tool_args=call.arguments)
            for call in mended
        ]
    }
