"""Both engines' ways of saying things, for servers that imitate them."""

import asyncio
import json
from typing import Any

import aiohttp
import pytest

from custom_components.hearth.engines.base import Engine
from custom_components.hearth.engines.chat import (
    ChatRequest,
    Deadlines,
    Delta,
    Message,
    Role,
)
from custom_components.hearth.engines.faults import EngineError
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.ollama import OllamaEngine

from .raw_server import Answer, raw_server, reply

DEADLINES = Deadlines(connect=1.0, first_byte=0.4, between=0.2)
LONG_FIRST = Deadlines(connect=1.0, first_byte=60, between=0.2)
LONG_BETWEEN = Deadlines(connect=1.0, first_byte=0.4, between=60)
# What a test may take beyond its deadlines on a machine that is busy.
GRACE = 3.0


class Dialect:
    """What a test has to know of one engine to imitate it."""

    def __init__(self, name: str) -> None:
        """Take the engine's side."""
        self.name = name
        self.ollama = name == "ollama"
        self.content_type = (
            "application/x-ndjson" if self.ollama else "text/event-stream"
        )

    def engine(
        self, session: aiohttp.ClientSession, url: str
    ) -> OllamaEngine | LlamaServerEngine:
        """Return a client."""
        if self.ollama:
            return OllamaEngine(session, url)
        return LlamaServerEngine(session, url)

    def event(self, said: dict[str, Any]) -> bytes:
        """Return an object as it is streamed."""
        return self.frame(json.dumps(said).encode())

    def frame(self, raw: bytes) -> bytes:
        """Return what may be an object as it is streamed."""
        return raw + b"\n" if self.ollama else b"data: " + raw + b"\n\n"

    def word(self, said: str) -> bytes:
        """Return a piece of an answer."""
        if self.ollama:
            return self.event({"message": {"content": said}, "done": False})
        return self.event({"choices": [{"delta": {"content": said}}]})

    @property
    def end(self) -> bytes:
        """Return what ends an answer."""
        if self.ollama:
            return self.event({"message": {}, "done": True, "done_reason": "stop"})
        last = self.event({"choices": [{"delta": {}, "finish_reason": "stop"}]})
        return last + b"data: [DONE]\n\n"

    @property
    def good(self) -> Answer:
        """Return an answer as it should be."""
        return reply(self.content_type, self.word("Good.") + self.end)


async def talk(engine: Engine, **more: Any) -> list[Delta]:
    """Run a pass with short deadlines."""
    usual: dict[str, Any] = {
        "model": "any",
        "messages": (Message(role=Role.USER, content="Hello"),),
        "deadlines": DEADLINES,
    }
    return [delta async for delta in engine.chat(ChatRequest(**(usual | more)))]


async def fails(
    session: aiohttp.ClientSession,
    dialect: Dialect,
    bad: Answer,
    deadlines: Deadlines = DEADLINES,
) -> EngineError:
    """Return the error of a bad answer, after which a good one is heard."""
    async with raw_server(bad, dialect.good) as server:
        engine = dialect.engine(session, server.url)
        with pytest.raises(EngineError) as raised:
            async with asyncio.timeout(DEADLINES.first_byte + GRACE):
                await talk(engine, deadlines=deadlines)
        heard = await talk(engine)
        assert "".join(delta.content for delta in heard) == "Good."
    return raised.value
