"""A key goes to the address that it was typed for, and nowhere else."""

from collections.abc import Awaitable, Callable
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.hearth.engines.base import Engine
from custom_components.hearth.engines.chat import ChatRequest, Message, Role
from custom_components.hearth.engines.faults import EngineError
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.ollama import OllamaEngine
from custom_components.hearth.engines.openai import OpenAIEngine
from custom_components.hearth.engines.probe import probe

from .raw_server import raw_server, then
from .servers import serving

KEY = "open-sesame"
CHAT = ChatRequest(model="m", messages=(Message(role=Role.USER, content="Hi"),))


async def _chat(engine: Engine) -> None:
    """Say something."""
    async for _ in engine.chat(CHAT):
        pass


async def _pull(engine: Engine) -> None:
    """Download something."""
    async for _ in engine.pull("m"):
        pass


ASKS: dict[str, Callable[[Engine], Awaitable[Any]]] = {
    "chat": _chat,
    "delete": lambda engine: engine.delete("m"),
    "health": lambda engine: engine.health(),
    "load": lambda engine: engine.load("m"),
    "loaded": lambda engine: engine.loaded(),
    "model": lambda engine: engine.model("m"),
    "models": lambda engine: engine.models(),
    "pull": _pull,
    "unload": lambda engine: engine.unload("m"),
}
KINDS = {
    "llama_server": LlamaServerEngine,
    "ollama": OllamaEngine,
    "openai": OpenAIEngine,
}


@pytest.mark.parametrize("status", [301, 302, 307, 308])
@pytest.mark.parametrize("kind", KINDS)
async def test_redirects(session: ClientSession, kind: str, status: int) -> None:
    """Whatever is asked, a server cannot send the key, or anything, elsewhere."""
    async with serving("ollama") as other:
        there = f"HTTP/1.1 {status} Elsewhere\r\nLocation: {other.url}/v1/models\r\n"
        answer = then(f"{there}Content-Length: 0\r\n\r\n".encode())
        async with raw_server(answer) as server:
            engine = KINDS[kind](session, server.url, KEY)
            for ask in ASKS.values():
                with pytest.raises(EngineError):
                    await ask(engine)
            assert server.requests
            assert all(KEY.encode() in request for request in server.requests)
        assert other.asked == []


async def test_recognising(session: ClientSession) -> None:
    """Getting to know a server sends the key to that one alone."""
    async with serving("vllm") as other, serving("ollama") as server:
        await probe(session, server.url, KEY)
        assert other.asked == []
        assert server.asked
        assert all(
            headers["Authorization"] == f"Bearer {KEY}" for _, headers in server.asked
        )
