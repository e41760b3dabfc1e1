"""One turn of talk: request, stream, tools, reply, until the model is done."""

from collections.abc import (
    AsyncGenerator,
    Awaitable,
    Callable,
    Iterator,
    Mapping,
    Sequence,
)
from contextlib import aclosing
from dataclasses import dataclass, field, replace
import time

from homeassistant.components import conversation
from homeassistant.helpers import llm

from ..engines.base import Engine
from ..engines.chat import ChatRequest, Message, Role, ToolCall, ToolSpec, TurnStats
from ..engines.faults import ContextOverflow, EngineError, Unsupported
from .calling import asked_back, held_to_words, may_doubt, repaired
from .doubt import Doubts
from .history import FAILED, SentWords, characters, estimate, fit, messages_of
from .home import ExposedEntity
from .leaks import LeakFilter
from .message_state import MessageState
from .metrics import TurnMetrics, summarize
from .options import AgentOptions
from .repetition import RepetitionGuard
from .sentences import Sentence, sentence_for
from .spokesman import Spokesman
from .thinking import ThoughtCounter, TooMuchThought

# A turn that needs more passes than this will not end by itself.
MAX_PASSES = 8


class Looping(EngineError):
    """The model repeats itself without end."""


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnOutcome:
    """How a turn ended; ``problem`` is what went wrong, already in the chat log.

    ``characters`` and ``tokens`` are those of the newest prompt that was answered.
    """

    metrics: TurnMetrics
    problem: Sentence | None = None
    error: EngineError | None = None
    characters: int = 0
    tokens: int | None = None


type SayFunction = Callable[[Sentence], Awaitable[str]]


@dataclass(slots=True, kw_only=True)
class Turn:
    """A turn that can be run once.

    Args:
        engine: Who answers.
        options: The agent's options.
        chat_log: The conversation; its newest content is the user's.
        agent_id: Entity id of the agent.
        prefix: The system message.
        tools: What the model is shown, by name; empty without an LLM API.
        names: Names of what is exposed, for repairing calls.
        areas: Names of areas and floors, for repairing calls.
        sent: How user messages were sent.
        say: Returns a sentence in the user's language.
        think: Whether the model thinks first; after a tool call it never does.
        spokesman: Says what the first calls came to, where the model needs not.
        doubts: Which calls are asked about first; not given where none is.
        agreed: Calls that were asked about and are done now, before the model is asked.
        prompt_tokens: What prefix and tools take, where that is known.
        alone: Whether what was said needs nothing of what was said before.
        by_heart: Whether the model was made for its tools.
        entities: What is exposed.
        said: The user's words, in the home's own.
        spared: Words of what is left out.
    """

    engine: Engine
    options: AgentOptions
    chat_log: conversation.ChatLog
    agent_id: str
    prefix: str
    sent: SentWords
    say: SayFunction
    think: bool = False
    tools: Mapping[str, ToolSpec] = field(default_factory=dict)
    names: tuple[str, ...] = ()
    areas: tuple[str, ...] = ()
    spokesman: Spokesman | None = None
    doubts: Doubts | None = None
    agreed: tuple[llm.ToolInput, ...] = ()
    prompt_tokens: int | None = None
    alone: bool = False
    by_heart: bool = False
    entities: tuple[ExposedEntity, ...] = ()
    said: str = ""
    spared: tuple[str, ...] = ()

    _began: float = field(default_factory=time.monotonic, init=False)
    _first_word: float | None = field(default=None, init=False)
    _passes: list[TurnStats] = field(default_factory=list, init=False)
    _problem: Sentence | None = field(default=None, init=False)
    _error: EngineError | None = field(default=None, init=False)
    _acted: bool = field(default=False, init=False)
    _spoke: bool = field(default=False, init=False)
    _short: bool = field(default=False, init=False)
    _characters: int = field(default=0, init=False)

    async def run(self) -> TurnOutcome:
        """Talk until the model has answered; never raises an engine's error."""
        for number in range(MAX_PASSES):
            results = await self._pass()
            self.think = False
            if self._problem or not self.chat_log.unresponded_tool_results:
                break
            if number == 0 and await self._is_told(results):
                break
        else:
            await self._end_with(Sentence.TOO_MANY_STEPS)
        return TurnOutcome(
            metrics=summarize(
                self._passes,
                first_word=self._first_word,
                total=time.monotonic() - self._began,
            ),
            problem=self._problem,
            error=self._error,
            characters=self._characters,
            tokens=self._passes[-1].prompt_tokens if self._passes else None,
        )

    async def _pass(self) -> list[llm.ToolResult]:
        """Ask the model once; return what the tools that it called returned."""
        async with aclosing(self._deltas()) as deltas:
            results = [
                content.result
                async for content in self.chat_log.async_add_delta_content_stream(
                    self.agent_id, deltas
                )
                if isinstance(content, conversation.ToolResultContent)
            ]
        self._acted = self._acted or any(not result.error for result in results)
        return results

    async def _is_told(self, results: Sequence[llm.ToolResult]) -> bool:
        """Say what the first pass came to, if that says all; return whether it does.

        A model that has begun to speak goes on itself, and so does one that has
        called tools before: they may have told it something that was asked for.
        """
        if self.spokesman is None or self._spoke:
            return False
        said = await self.spokesman.async_say(results, by_heart=self.by_heart)
        if said is None:
            return False
        self.chat_log.async_trace({"quick_confirmation": said})
        await self._add({"content": said})
        return True

    async def _end_with(self, problem: Sentence) -> None:
        """End the turn with a sentence about what went wrong."""
        self._problem = problem
        await self._add({"content": await self.say(problem), "native": FAILED})

    async def _add(self, delta: conversation.AssistantContentDeltaDict) -> None:
        """Add a message to the chat log that the model has not said."""

        async def message() -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
            yield {"role": "assistant"}
            yield delta

        async for _ in self.chat_log.async_add_delta_content_stream(
            self.agent_id, message()
        ):
            pass

    def _request(self) -> ChatRequest:
        """Build the request: prefix, the turns that fit, tools."""
        system = Message(role=Role.SYSTEM, content=self.prefix)
        tools = tuple(self.tools.values())
        turns = messages_of(
            self.chat_log.content, self.sent, self.chat_log.conversation_id
        )
        room = (
            self.options.context_window
            - self.options.max_tokens
            - (self.prompt_tokens or estimate((system,), tools))
        )
        kept = turns[-1] if self._short else fit(turns, room)
        request = self.options.request(
            (system, *kept),
            tools=tools,
            think=self.think,
            confidence=self.doubts is not None,
        )
        aside = len(kept) - len(turns[-1]) if self.alone else 0
        return replace(request, aside=aside)

    async def _deltas(
        self,
    ) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
        """Stream one pass as the chat log's deltas; an error becomes a sentence."""
        # Speech stays silent when the first delta has no role.
        yield {"role": "assistant"}
        if agreed := list(self.agreed):
            self.agreed = ()
            yield {"tool_calls": agreed}
            return
        message = MessageState()
        try:
            async for delta in self._spoken(message):
                yield delta
            self._spoke = message.spoke
            if message.is_empty and not self._acted:
                self._problem = Sentence.NOTHING_SAID
            elif message.is_empty:
                yield {"content": await self.say(Sentence.DONE)}
        except Looping:
            self._problem = Sentence.LOOP
        except EngineError as err:
            self._error = err
            self._problem = sentence_for(err)
        if self._problem is None:
            return
        if message.called:
            # The calls stand; what went wrong is a message of its own.
            yield {"role": "assistant"}
        gap = " " if message.spoke and not message.called else ""
        yield {"content": gap + await self.say(self._problem), "native": FAILED}

    async def _spoken(
        self, message: MessageState
    ) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
        """Stream one pass without leaked calls and empty pieces.

        As long as nothing was said, it is begun again: without the older turns where
        the prompt turns out too long, and without thoughts where those do not end or
        the model cannot think.
        """
        while True:
            try:
                async for delta in self._filtered(message):
                    yield delta
            except ContextOverflow:
                if self._short or not message.is_empty:
                    raise
                self._short = True
            except TooMuchThought:
                self.think = False
            except Unsupported:
                if not self.think or not message.is_empty:
                    raise
                self.think = False
            else:
                return

    async def _filtered(
        self, message: MessageState
    ) -> AsyncGenerator[conversation.AssistantContentDeltaDict]:
        """Ask the engine; speak, think and call as the model does."""
        leaks = LeakFilter(self.tools)
        guard = RepetitionGuard()
        counter = ThoughtCounter(self.options.thinking_budget)
        waiting: tuple[ToolCall, ...] = ()
        request = self._request()
        async with aclosing(self.engine.chat(request)) as stream:
            async for delta in stream:
                if delta.stats is not None:
                    self._passes.append(delta.stats)
                    self._characters = characters(request)
                if guard.is_loop(delta.content or delta.thinking):
                    raise Looping("the model repeats itself")
                spoken, thought = leaks.feed(delta.content)
                if thought := delta.thinking + thought:
                    yield {"thinking_content": thought}
                    if self.think and message.is_empty:
                        counter.add(thought)
                for said in self._speech(message, spoken):
                    yield said
                waiting += delta.tool_calls
                if waiting and not may_doubt(self.doubts, waiting):
                    yield await self._calls(message, waiting)
                    waiting = ()
        spoken, leaked = leaks.finish()
        for said in self._speech(message, spoken):
            yield said
        if waiting := waiting or (() if message.called else leaked):
            yield await self._calls(message, waiting)

    def _speech(
        self, message: MessageState, text: str
    ) -> Iterator[conversation.AssistantContentDeltaDict]:
        """Yield what is to be spoken, if there is anything."""
        if spoken := message.speak(text):
            self._note_first_word()
            yield {"content": spoken}

    def _note_first_word(self) -> None:
        """Clock the first sign of an answer."""
        if self._first_word is None:
            self._first_word = time.monotonic() - self._began

    async def _calls(
        self, message: MessageState, calls: tuple[ToolCall, ...]
    ) -> conversation.AssistantContentDeltaDict:
        """Return calls for Home Assistant to run, or the question whether it is to."""
        self._note_first_word()
        if self.by_heart:
            calls = held_to_words(calls, self.entities, self.said, self.spared)
        gap = " " if message.spoke else ""
        if not calls:
            # All that it would have done was to be left out.
            return {"content": gap + message.speak(await self.say(Sentence.UNCLEAR))}
        inputs = repaired(calls, self.tools, self.names, self.areas)
        asked = asked_back(self.doubts, calls, inputs, self.chat_log)
        if asked is None:
            message.called = True
            return {"tool_calls": inputs}
        said = message.speak(asked.words or await self.say(Sentence.UNCLEAR))
        return {"content": gap + said, "native": asked.held}
