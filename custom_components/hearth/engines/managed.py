"""An engine that Hearth runs itself, as a process that it watches over."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from contextlib import aclosing, suppress
from dataclasses import replace
from typing import override

import aiohttp

from .base import (
    Capabilities,
    Engine,
    EngineKind,
    EngineState,
    Health,
    LoadedModel,
    ModelInfo,
    PullProgress,
)
from .chat import ChatRequest, Delta
from .faults import (
    Busy,
    EngineError,
    ModelMissing,
    ProtocolError,
    Unreachable,
    Unsupported,
)
from .idle import IdleTimer
from .kept_prompts import KeptPrompts
from .launch import LaunchPlan
from .presence import Presence
from .processes import memory_of_group
from .supervisor import ManagedState, Supervisor, free_port
from .watchdog import Patience

__all__ = ["ManagedEngine", "ManagedState", "Patience"]

# The connection breaks a moment before the keeper tells that the program ended,
# and longer before when it has to clean up; whoever listens must not wait for
# that, who has not even been heard may.
_BROKEN_SECONDS = 0.25
_REFUSED_SECONDS = 10.0
# A model that knows its tools by heart is small, and there at once; nobody waits longer
# to hear whether a large one does.
_SMALL_LOADS = 2.0


class _NeverAsked(Unreachable):
    """The program ended before a question could be sent to it."""


class ManagedEngine(Engine):
    """A llama.cpp of our own: a client, and the program that it speaks to.

    Args:
        session: For speaking to the program.
        plan: What is run.
        patience: How long to wait, and how often to try again.
        on_change: Called on the loop whenever ``state`` has changed.
        ports: Names a port that is free.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        plan: LaunchPlan,
        *,
        patience: Patience | None = None,
        on_change: Callable[[ManagedEngine], None] | None = None,
        ports: Callable[[], int] = free_port,
    ) -> None:
        """Make an engine that does not run yet."""

        def tell() -> None:
            if on_change is not None:
                on_change(self)

        self._supervisor = Supervisor(
            session, plan, patience or Patience(), tell, ports
        )
        self._presence = Presence(self._supervisor)
        self._idle = IdleTimer(self._supervisor.rest)
        self._kept = KeptPrompts(plan)
        self._version: str | None = None
        self._knows_tools: bool | None = None

    @property
    def plan(self) -> LaunchPlan:
        """Return what is run."""
        return self._supervisor.plan

    @property
    def state(self) -> ManagedState:
        """Return what the program is doing."""
        return self._supervisor.state

    @property
    def pid(self) -> int | None:
        """Return the program's process, None when there is none."""
        return self._supervisor.pid

    @property
    def restarts(self) -> int:
        """Return how often it has been started again since ``start``."""
        return self._supervisor.restarts

    @property
    def failure(self) -> str | None:
        """Return why the program ended last, in plain words."""
        return self._supervisor.failure

    def log_tail(self) -> tuple[str, ...]:
        """Return the last lines that the program of now, or the last, wrote."""
        return self._supervisor.log.lines()

    async def start(self) -> None:
        """Start the program and watch over it from now on; loading goes on.

        Raises StartFailed where it cannot be executed at all. Does nothing where
        it runs already.
        """
        await self._supervisor.start()

    async def ready(self, *, first_try: bool = False) -> None:
        """Wait until the model is loaded; raises StartFailed when there is no hope.

        Args:
            first_try: Give up when the first try has failed, though others may
                follow.
        """
        await self._presence.ready(first_try=first_try)

    async def stop(self) -> None:
        """End the program, also while it loads; it is gone afterwards.

        It has some seconds to end by itself. Does nothing where there is none.
        """
        self._idle.cancel()
        await self._supervisor.stop()

    async def restart(self) -> None:
        """Forget all failures and start afresh; raises StartFailed as ``start``."""
        await self.stop()
        await self.start()

    async def change(self, plan: LaunchPlan) -> None:
        """Start afresh with another plan for the same model, and wait until it is ready.

        Raises StartFailed where its first try fails, or where the engine is stopped.
        """
        self._idle.cancel()
        await self._supervisor.change(plan)
        await self.ready(first_try=True)

    @property
    @override
    def kind(self) -> EngineKind:
        return EngineKind.LLAMA_SERVER

    @property
    @override
    def url(self) -> str:
        client = self._supervisor.client
        return "http://127.0.0.1" if client is None else client.url

    @property
    @override
    def capabilities(self) -> Capabilities:
        return Capabilities(
            keep_alive=True, load=True, prompt_cache=True, prompt_files=True
        )

    @override
    async def health(self) -> Health:
        if self.state is ManagedState.STARTING:
            return Health(state=EngineState.LOADING)
        if self.state is ManagedState.RESTING:
            return Health(state=EngineState.READY, version=self._version)
        health = await self._presence.client().health()
        self._version = health.version
        if self._knows_tools is None:
            # It may rest when somebody speaks for the first time.
            await self.knows_tools(self.plan.alias)
        return health

    @override
    async def models(self) -> tuple[ModelInfo, ...]:
        if self._presence.is_absent:
            return (ModelInfo(name=self.plan.alias),)
        return await self._presence.client().models()

    @override
    async def model(self, name: str) -> ModelInfo:
        if not self._presence.is_absent:
            return await self._presence.client().model(name)
        if name != self.plan.alias:
            raise ModelMissing(f"The engine does not have the model {name}")
        return ModelInfo(name=name)

    @override
    async def knows_tools(self, model: str) -> bool:
        with suppress(EngineError):
            if self._knows_tools is None:
                await self._presence.until_ready(_SMALL_LOADS)
            # What rests is the same model as before.
            if not self._presence.is_absent:
                self._knows_tools = await self._presence.client().knows_tools(model)
        return bool(self._knows_tools)

    @override
    async def loaded(self) -> tuple[LoadedModel, ...]:
        if self._presence.is_absent:
            return ()
        models = await self._presence.client().loaded()
        if (pid := self.pid) is None:
            return models
        memory = await asyncio.to_thread(memory_of_group, pid)
        return tuple(
            replace(model, memory=memory or model.memory, instance=pid)
            for model in models
        )

    @override
    async def load(
        self,
        name: str,
        *,
        context_window: int | None = None,
        keep_alive: float | None = None,
    ) -> None:
        await self.model(name)
        with self._idle.use(keep_alive):
            await self._presence.wake()
            await self.ready(first_try=True)

    @override
    async def unload(self, name: str) -> None:
        await self.model(name)
        if self._idle.in_use:
            raise Busy("The engine is answering somebody")
        self._idle.cancel()
        await self._supervisor.rest()

    @override
    async def chat(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        with self._idle.use(request.keep_alive):
            await self._presence.wake()
            try:
                async with aclosing(self._ask(request)) as deltas:
                    async for delta in deltas:
                        yield delta
            except _NeverAsked:
                # It ended a moment ago, and nobody had noticed: ask the next one.
                async with aclosing(self._ask(request)) as deltas:
                    async for delta in deltas:
                        yield delta

    async def _ask(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Run one pass; raises _NeverAsked where that may be done again."""
        left = await self._presence.until_ready(request.deadlines.first_byte)
        deadlines = replace(request.deadlines, first_byte=left)
        supervisor, client = self._supervisor, self._presence.client()
        try:
            answer = self._kept.chat(client, replace(request, deadlines=deadlines))
            async with aclosing(answer) as deltas:
                async for delta in deltas:
                    supervisor.pulse.beat()
                    yield delta
        except (ProtocolError, Unreachable) as err:
            refused = isinstance(err.__cause__, aiohttp.ClientConnectorError)
            news = _REFUSED_SECONDS if refused else _BROKEN_SECONDS
            if client is supervisor.client and not await supervisor.ended(news):
                raise
            if refused:
                raise _NeverAsked(self._presence.why()) from err
            raise Unreachable("The engine ended while it was answering") from err

    @override
    async def count(self, request: ChatRequest) -> int | None:
        client = self._supervisor.client
        if (
            client is None
            or self.state is not ManagedState.READY
            or self._presence.is_absent
        ):
            return None
        return await client.count(request)

    @override
    async def render(self, request: ChatRequest) -> str | None:
        return None

    @override
    def pull(self, name: str) -> AsyncGenerator[PullProgress]:
        raise Unsupported("This engine does not download models")

    @override
    async def delete(self, name: str) -> None:
        raise Unsupported("This engine does not delete models")
