"""Programs for engines of our own to run, most of them bad, and what they leave."""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
import os
from pathlib import Path
import shutil
import socket
import sys
import time
from typing import Any

import aiohttp
import coverage
from yarl import URL

from custom_components.hearth.engines.chat import ChatRequest, Message, Role
from custom_components.hearth.engines.launch import LaunchPlan, Runtime
from custom_components.hearth.engines.managed import ManagedEngine, Patience
from custom_components.hearth.engines.processes import Stat, all_processes

from .llama_servers import BIN

ROOT = Path(__file__).parents[2]
NANO = ROOT / "custom_components" / "hearth" / "models" / "nano.gguf"
LOOPBACK = "127.0.0.1"
KEEPER = ROOT / "custom_components" / "hearth" / "engines" / "keeper.py"

# Looks after its child ten times as often, and gives up ten times as soon.
IMPATIENT = Patience(first_pause=0.1, interval=0.2, silence=1.0, grace=2.0)


def real_program() -> Path:
    """Return the llama-server that the set-up made or found."""
    path = f"{BIN}{os.pathsep}{os.environ.get('PATH', '')}"
    found = shutil.which("llama-server", path=path)
    assert found is not None, "scripts/setup makes a llama-server"
    return Path(found)


def script(path: Path, text: str) -> Path:
    """Write a shell script; ``@SERVER@`` in it is the real llama-server."""
    path.write_text(f"#!/bin/sh\n{text.replace('@SERVER@', str(real_program()))}\n")
    path.chmod(0o700)
    return path


def make_plan(folder: Path, **changes: Any) -> LaunchPlan:
    """Return a plan that runs the tiny model in the real llama-server."""
    usual: dict[str, Any] = {
        "runtime": Runtime.LLAMA_SERVER,
        "program": real_program(),
        "model": NANO,
        "alias": "nano",
        "context_window": 4096,
        "threads": 1,
        "folder": folder / "engine",
    }
    return LaunchPlan(**(usual | changes))


@asynccontextmanager
async def managed(
    session: aiohttp.ClientSession, plan: LaunchPlan, **more: Any
) -> AsyncIterator[ManagedEngine]:
    """Make an engine that is stopped at the end, whatever happened."""
    engine = ManagedEngine(session, plan, **({"patience": IMPATIENT} | more))
    try:
        yield engine
    finally:
        await engine.stop()


def question(**more: Any) -> ChatRequest:
    """Return a request that any model answers with something."""
    usual: dict[str, Any] = {
        "model": "nano",
        "messages": (Message(role=Role.USER, content="Hello"),),
        "max_tokens": 4,
        # By chance the smallest model ends before its first word.
        "temperature": 0,
    }
    return ChatRequest(**(usual | more))


async def answer(engine: ManagedEngine, **more: Any) -> str:
    """Return a whole answer."""
    return "".join([d.content async for d in engine.chat(question(**more))])


def pid_of(engine: ManagedEngine) -> int:
    """Return the process of an engine that has one."""
    assert engine.pid is not None
    return engine.pid


def keeper_of(engine: ManagedEngine) -> int:
    """Return the process that keeps an engine's."""
    (found,) = [p.parent for p in all_processes() if p.pid == pid_of(engine)]
    return found


def processes_about(word: str | Path) -> list[Stat]:
    """Return the living processes, without this one, that name a folder."""
    found = []
    for process in all_processes():
        try:
            words = Path(f"/proc/{process.pid}/cmdline").read_bytes()
        except OSError:
            continue
        if str(word).encode() in words and process.pid != os.getpid():
            found.append(process)
    return found


def zombies_of(parent: int) -> list[Stat]:
    """Return the children of a process that have ended and were not taken in."""
    return [p for p in all_processes() if p.parent == parent and p.state == "Z"]


def zombies() -> list[Stat]:
    """Return our own children that have ended and were not taken in."""
    return zombies_of(os.getpid())


async def until[T](condition: Callable[[], T], within: float = 10.0) -> T:
    """Wait until something is so, and return it."""
    give_up = time.monotonic() + within
    while not (found := condition()):
        assert time.monotonic() < give_up, "It has not come to be so"
        await asyncio.sleep(0.01)
    return found


def is_open(url: str) -> bool:
    """Return whether somebody listens at an address of this machine."""
    with socket.socket() as connection:
        connection.settimeout(1)
        return connection.connect_ex((LOOPBACK, URL(url).port)) == 0


def keeper_command(*arguments: str | Path) -> list[str]:
    """Return a command that runs the keeper; coverage sees it where it measures."""
    if (measured := coverage.Coverage.current()) is None:
        start = [sys.executable, "-I", "-S"]
    else:
        data = f"--data-file={measured.get_option('run:data_file')}"
        start = [sys.executable, "-m", "coverage", "run", "--parallel-mode", data]
    return [*start, str(KEEPER), *map(str, arguments)]
