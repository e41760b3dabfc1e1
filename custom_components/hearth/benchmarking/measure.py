"""Measuring one model of one engine, while people who speak go first."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from random import SystemRandom
import time

from homeassistant.util import dt as dt_util

from ..agent.line import Priority
from ..agent.options import AgentOptions
from ..coordinator import HearthConfigEntry
from ..engines.base import LoadedModel, ModelInfo
from ..engines.chat import ChatRequest, Message, Role, TurnStats
from ..engines.kinds import NAMES
from .result import BenchmarkResult

# As in the community's table.
GENERATED = 100
# Words of the prompt that is read, which make some 500 tokens.
_WORDS = 250
_SYLLABLES = ("ka", "lo", "mi", "ren", "tus", "vo", "pal", "sha", "dor", "bi")

_COUNT = "Count from one to one hundred in words, one after the other."
_READ = "Repeat the first of these words: {words}"


class Measuring:
    """A benchmark of one model.

    Each step takes its own place in line, so that somebody who speaks waits for a
    step at most.
    """

    def __init__(self, entry: HearthConfigEntry, model: ModelInfo) -> None:
        """Measure with the window of the agents that use the model."""
        self._entry = entry
        self._runtime = entry.runtime_data
        self._model = model
        agents = (AgentOptions.of(one.data) for one in entry.subentries.values())
        self._options = next(
            (options for options in agents if options.model == model.name),
            AgentOptions(model=model.name),
        )

    async def run(self) -> BenchmarkResult:
        """Measure; raises EngineError, and Interrupted never."""
        engine = self._runtime.engine
        loaded_before = await engine.loaded()
        load_seconds = await self._load()
        try:
            reading = await self._ask(_READ.format(words=_words()), 1)
            generating = await self._ask(_COUNT, GENERATED)
            (held, health) = (await engine.loaded(), await engine.health())
        finally:
            await self._restore(loaded_before)
        generated = generating.generated_tokens
        return BenchmarkResult(
            model=self._model.name,
            engine=NAMES[engine.kind],
            engine_version=health.version,
            quantization=self._model.quantization,
            generated_tokens=generated,
            generated_per_second=rate(generated, generating.generation_seconds),
            read_per_second=rate(tokens_read(reading), reading.prompt_seconds),
            prompt_tokens=reading.prompt_tokens,
            first_token_seconds=reading.first_token_seconds,
            load_seconds=load_seconds,
            memory=_memory(held, self._model.name),
            measured_at=dt_util.utcnow().isoformat(timespec="seconds"),
        )

    async def _load(self) -> float | None:
        """Bring the model into memory anew; return the seconds, where possible."""
        engine = self._runtime.engine
        if not engine.capabilities.load:
            return None
        async with self._turn():
            await engine.unload(self._model.name)
            start = time.monotonic()
            await engine.load(
                self._model.name,
                context_window=self._options.context_window,
                keep_alive=self._options.keep_alive,
            )
            return time.monotonic() - start

    async def _restore(self, before: tuple[LoadedModel, ...]) -> None:
        """Take the model out of memory again where it was not in it."""
        engine = self._runtime.engine
        there = {model.name for model in before}
        if engine.capabilities.load and self._model.name not in there:
            async with self._turn():
                await engine.unload(self._model.name)

    async def _ask(self, text: str, tokens: int) -> TurnStats:
        """Let the model answer, and return what that took."""
        request = ChatRequest(
            model=self._model.name,
            messages=(Message(role=Role.USER, content=text),),
            context_window=self._options.context_window,
            max_tokens=tokens,
            temperature=0.0,
            ignore_end=True,
            keep_alive=self._options.keep_alive,
            deadlines=self._options.deadlines,
        )
        stats = TurnStats()
        async with self._turn():
            async for delta in self._runtime.engine.chat(request):
                stats = delta.stats or stats
        return stats

    @asynccontextmanager
    async def _turn(self) -> AsyncIterator[None]:
        """Have the engine for one step."""
        async with self._runtime.line.place(Priority.BENCHMARK):
            yield


def _words() -> str:
    """Return words that no engine has read before."""
    chance = SystemRandom()
    return " ".join("".join(chance.choices(_SYLLABLES, k=2)) for _ in range(_WORDS))


def tokens_read(stats: TurnStats) -> int | None:
    """Return the tokens that were really read."""
    if stats.prompt_tokens is None:
        return None
    return stats.prompt_tokens - (stats.cached_tokens or 0)


def rate(tokens: int | None, seconds: float | None) -> float | None:
    """Return tokens a second, where there were any."""
    return tokens / seconds if tokens and seconds else None


def _memory(loaded: tuple[LoadedModel, ...], name: str) -> int | None:
    """Return the bytes that a model takes."""
    return next((model.memory for model in loaded if model.name == name), None)
