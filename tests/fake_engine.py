"""An engine that says what a test wants and remembers what it was asked."""

import asyncio
from collections import deque
from collections.abc import AsyncGenerator, Iterable
from dataclasses import dataclass, field, replace
import json
from typing import override

from custom_components.hearth.engines.base import (
    Capabilities,
    Engine,
    EngineKind,
    EngineState,
    Health,
    LoadedModel,
    ModelInfo,
    PullProgress,
)
from custom_components.hearth.engines.chat import (
    ChatRequest,
    Delta,
    FinishReason,
    ToolCall,
    TurnStats,
)
from custom_components.hearth.engines.faults import (
    EngineError,
    ModelMissing,
    Unsupported,
)

# What a scripted download is made of, likewise.
type PullStep = PullProgress | EngineError | asyncio.Event

# What a scripted pass is made of: something said, an error raised in its place,
# or an event that is waited for.
type Step = Delta | EngineError | asyncio.Event

STATS = TurnStats(
    prompt_tokens=700,
    cached_tokens=600,
    generated_tokens=20,
    prompt_seconds=4.0,
    generation_seconds=2.0,
    first_token_seconds=0.5,
    total_seconds=6.5,
    finish_reason=FinishReason.STOP,
)
MODEL = ModelInfo(
    name="tiny",
    size=15_000_000,
    parameters="8M",
    quantization="Q8_0",
    context_window=4096,
    tools=True,
    thinking=False,
    vision=False,
)


def says(*pieces: str, stats: TurnStats = STATS) -> list[Step]:
    """Return a pass that says a text piece by piece and ends with numbers."""
    return [*(Delta(content=piece) for piece in pieces), Delta(stats=stats)]


def calls(*tool_calls: ToolCall, stats: TurnStats = STATS) -> list[Step]:
    """Return a pass that calls tools and ends with numbers."""
    return [Delta(tool_calls=tool_calls), Delta(stats=stats)]


def words_of(request: ChatRequest) -> str:
    """Return a prompt without any marks between its parts."""
    told = [message.content for message in request.messages]
    told += [
        f"{tool.name} {tool.description} {json.dumps(tool.parameters, default=dict)}"
        for tool in request.tools
    ]
    return "\n".join(told)


@dataclass(slots=True)
class FakeEngine(Engine):
    """An engine without a server.

    Each chat takes the next of ``passes``; a chat that no pass was scripted for
    fails the test. A request for no tokens only has its prompt ``read``, when
    ``read_step`` lets it. ``requests`` holds every other chat request, ``closed_early`` those
    whose stream was closed before its end. With ``counts`` a word is a token,
    with ``counts_once_read`` as soon as something was read, with
    ``renders`` prompts are shown; ``counted`` holds what was to be counted. ``error`` is what everything but a
    chat raises while it is set; an error in a chat is a step of its pass.
    """

    url: str = "http://127.0.0.1:11434"
    kind: EngineKind = EngineKind.OLLAMA
    capabilities: Capabilities = field(
        default_factory=lambda: Capabilities(
            keep_alive=True, load=True, prompt_cache=True
        )
    )
    healthy: Health = field(
        default_factory=lambda: Health(state=EngineState.READY, version="0.32.0")
    )
    known: tuple[ModelInfo, ...] = (MODEL,)
    in_memory: tuple[LoadedModel, ...] = (
        LoadedModel(name="tiny", memory=50_000_000, context_window=4096),
    )
    error: EngineError | None = None
    passes: deque[list[Step]] = field(default_factory=deque)
    requests: list[ChatRequest] = field(default_factory=list)
    closed_early: list[ChatRequest] = field(default_factory=list)
    read: list[ChatRequest] = field(default_factory=list)
    read_step: asyncio.Event | None = None
    counts: bool = False
    counts_once_read: bool = False
    renders: bool = False
    counted: list[ChatRequest] = field(default_factory=list)
    loads: list[tuple[str, int | None, float | None]] = field(default_factory=list)
    pull_steps: list[PullStep] = field(default_factory=list)
    pulls: list[str] = field(default_factory=list)
    pulls_given_up: list[str] = field(default_factory=list)
    deleted: list[str] = field(default_factory=list)
    health_checks: int = 0
    by_heart: bool = False

    def script(self, *passes: Iterable[Step]) -> None:
        """Add passes to what will be said."""
        self.passes.extend(list(steps) for steps in passes)

    def _may_fail(self) -> None:
        if self.error is not None:
            raise self.error

    @override
    async def health(self) -> Health:
        """Return ``healthy``."""
        self.health_checks += 1
        self._may_fail()
        return self.healthy

    @override
    async def models(self) -> tuple[ModelInfo, ...]:
        """Return ``known``."""
        self._may_fail()
        return self.known

    @override
    async def model(self, name: str) -> ModelInfo:
        """Return the one of ``known`` with this name."""
        self._may_fail()
        for model in self.known:
            if model.name == name:
                return model
        raise ModelMissing(name)

    @override
    async def knows_tools(self, model: str) -> bool:
        """Return ``by_heart``."""
        return self.by_heart

    @override
    async def loaded(self) -> tuple[LoadedModel, ...]:
        """Return ``in_memory``."""
        self._may_fail()
        return self.in_memory

    @override
    async def load(
        self,
        name: str,
        *,
        context_window: int | None = None,
        keep_alive: float | None = None,
    ) -> None:
        """Put a model into memory."""
        await self.model(name)
        self.loads.append((name, context_window, keep_alive))
        self.in_memory = (LoadedModel(name=name, context_window=context_window),)

    @override
    async def unload(self, name: str) -> None:
        """Take a model out of memory."""
        await self.model(name)
        self.in_memory = tuple(m for m in self.in_memory if m.name != name)

    @override
    async def chat(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Play the next scripted pass."""
        if request.max_tokens == 0:
            self.read.append(request)
            if self.read_step is not None:
                await self.read_step.wait()
            self._may_fail()
            yield Delta(stats=STATS)
            return
        self.requests.append(request)
        assert self.passes, "the engine was asked more often than the test scripted"
        try:
            for step in self.passes.popleft():
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, EngineError):
                    raise step
                else:
                    yield step
        except GeneratorExit, asyncio.CancelledError:
            self.closed_early.append(request)
            raise

    @override
    async def count(self, request: ChatRequest) -> int | None:
        """Count the words of the prompt, where the engine counts at all."""
        self.counted.append(request)
        self._may_fail()
        counts = self.counts or (self.counts_once_read and self.read)
        return len(words_of(request).split()) if counts else None

    @override
    async def render(self, request: ChatRequest) -> str | None:
        """Show the prompt, where the engine shows it."""
        self._may_fail()
        return f"<s>{words_of(request)}" if self.renders else None

    @override
    async def pull(self, name: str) -> AsyncGenerator[PullProgress]:
        """Play ``pull_steps``, where downloads are possible at all; have it then."""
        if not self.capabilities.pull:
            raise Unsupported(name)
        self.pulls.append(name)
        try:
            for step in self.pull_steps:
                if isinstance(step, asyncio.Event):
                    await step.wait()
                elif isinstance(step, EngineError):
                    raise step
                else:
                    yield step
        except GeneratorExit, asyncio.CancelledError:
            self.pulls_given_up.append(name)
            raise
        full = name if ":" in name else f"{name}:latest"
        self.known = (*self.known, replace(MODEL, name=full))
        yield PullProgress(status="success")

    @override
    async def delete(self, name: str) -> None:
        """Forget a model, where that is possible at all."""
        if not self.capabilities.delete:
            raise Unsupported(name)
        self.deleted.append(name)
        self.known = tuple(one for one in self.known if one.name != name)
