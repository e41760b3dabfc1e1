"""Everything the demo and the benchmarks run, started and stopped together."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field
from pathlib import Path
import shutil
import sys
import time

import aiohttp

from .agent import add_hearth
from .components import ROOT
from .errors import DemoError
from .home_assistant import HomeAssistant, home_assistant
from .llama import EngineAddress, llama
from .processes import free_port

FAMILY = ROOT / "homes" / "family.yaml"
WORK = ROOT / ".cache" / "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOptions:
    """What to run; without an engine, llama-server with the tiny model."""

    home: Path = FAMILY
    port: int = field(default_factory=free_port)
    engine: EngineAddress | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A running home with Hearth as its voice."""

    running: HomeAssistant
    engine: EngineAddress
    agent_id: str


class Progress:
    """Lines on stderr that say what is going on."""

    def __init__(self, name: str) -> None:
        """Start the clock."""
        self._name = name
        self._start = time.monotonic()

    def __call__(self, text: str) -> None:
        """Write a line."""
        seconds = time.monotonic() - self._start
        print(f"{self._name}: {seconds:5.1f} s  {text}", file=sys.stderr, flush=True)


@asynccontextmanager
async def stage(options: StageOptions, tell: Progress) -> AsyncIterator[Stage]:
    """Run the engine, Home Assistant and Hearth as long as the context lasts."""
    folder = WORK / str(options.port)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        tell("starting Home Assistant and the engine")
        engine, running = await _start_both(stack, session, folder, options)
        tell("setting up Hearth")
        agent_id = await add_hearth(running, engine)
        tell("ready")
        yield Stage(running=running, engine=engine, agent_id=agent_id)
    # Whoever was interrupted or failed finds the logs there.
    shutil.rmtree(folder, ignore_errors=True)


async def _start_both(
    stack: AsyncExitStack,
    session: aiohttp.ClientSession,
    folder: Path,
    options: StageOptions,
) -> tuple[EngineAddress, HomeAssistant]:
    """Start what is slow side by side."""
    house = home_assistant(session, folder, options.home, options.port)
    if options.engine is not None:
        return options.engine, await stack.enter_async_context(house)
    problem: ExceptionGroup[DemoError] | None = None
    engine = llama(session, folder / "llama-server.log")
    try:
        async with asyncio.TaskGroup() as tasks:
            first = tasks.create_task(stack.enter_async_context(engine))
            second = tasks.create_task(stack.enter_async_context(house))
    except* DemoError as group:
        problem = group
    if problem is not None:
        raise problem.exceptions[0]
    return first.result(), second.result()
