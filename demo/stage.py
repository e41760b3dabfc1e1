"""Everything the demo and the benchmarks run, started and stopped together."""

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
from .flow import NANO, managed_answers, server_answers
from .home_assistant import HomeAssistant, home_assistant
from .llama import EngineAddress
from .options import LLAMA_SERVER
from .processes import free_port

FAMILY = ROOT / "homes" / "family.yaml"
WORK = ROOT / ".cache" / "demo"


@dataclass(frozen=True, slots=True, kw_only=True)
class StageOptions:
    """What to run; without an engine, Hearth runs the tiny model, or a file, itself."""

    home: Path = FAMILY
    port: int = field(default_factory=free_port)
    engine: EngineAddress | None = None
    runtime: str = LLAMA_SERVER
    model: str = NANO


@dataclass(frozen=True, slots=True, kw_only=True)
class Stage:
    """A running home with Hearth as its voice."""

    running: HomeAssistant
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
    """Run Home Assistant and Hearth as long as the context lasts."""
    folder = WORK / str(options.port)
    if options.engine is not None:
        answers = server_answers(options.engine)
    else:
        answers = managed_answers(options.runtime, options.model)
    async with AsyncExitStack() as stack:
        session = await stack.enter_async_context(aiohttp.ClientSession())
        tell("starting Home Assistant")
        running = await stack.enter_async_context(
            home_assistant(session, folder, options.home, options.port)
        )
        tell(f"setting up Hearth with {answers.engine}")
        agent_id = await add_hearth(running, answers)
        tell("ready")
        yield Stage(running=running, agent_id=agent_id)
    # Whoever was interrupted or failed finds the logs there.
    shutil.rmtree(folder, ignore_errors=True)
