"""An agent's requests, and what an engine of our own kept of them."""

from contextlib import aclosing
from pathlib import Path

import aiohttp

from custom_components.hearth.engines.chat import (
    ChatRequest,
    Message,
    Role,
    ToolSpec,
    TurnStats,
)
from custom_components.hearth.engines.command_line import slots_folder
from custom_components.hearth.engines.launch import LaunchPlan
from custom_components.hearth.engines.managed import ManagedEngine

from .managed_programs import managed

HOME = "You look after a house. " + " ".join(
    f"Room {number}: lamp, heater, blind." for number in range(60)
)
TOOL = ToolSpec("control", "Switch something", {"type": "object"})
# What a question adds to instructions and tools, with what the template says of it.
MOST_NEW = 60


def request(words: str = "Hello.", *, most: int = 0, home: str = HOME) -> ChatRequest:
    """Return a request of an agent; with nothing to be said it is a warm-up."""
    messages = (
        Message(role=Role.SYSTEM, content=home),
        Message(role=Role.USER, content=words),
    )
    return ChatRequest(model="nano", messages=messages, tools=(TOOL,), max_tokens=most)


async def read(engine: ManagedEngine, asked: ChatRequest) -> int:
    """Run a pass; return how many tokens had to be read for it."""
    stats: TurnStats | None = None
    async with aclosing(engine.chat(asked)) as deltas:
        async for delta in deltas:
            stats = delta.stats or stats
    assert stats is not None
    assert stats.prompt_tokens is not None
    assert stats.cached_tokens is not None
    return stats.prompt_tokens - stats.cached_tokens


async def read_in_new(
    session: aiohttp.ClientSession, plan: LaunchPlan, *asked: ChatRequest
) -> list[int]:
    """Ask an engine that is started now; return what it read for each request."""
    async with managed(session, plan) as engine:
        await engine.start()
        return [await read(engine, each) for each in asked]


def files(plan: LaunchPlan) -> list[Path]:
    """Return the files that are kept, without their notes."""
    found = slots_folder(plan).iterdir()
    return sorted(path for path in found if not path.suffix)
