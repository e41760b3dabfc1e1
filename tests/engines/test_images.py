"""Pictures on their way to an engine, over a real connection."""

from base64 import b64decode
import json
import random
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.hearth.engines.base import Engine, EngineKind
from custom_components.hearth.engines.chat import ChatRequest, Message, Role
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.ollama import OllamaEngine
from custom_components.hearth.engines.openai import OpenAIEngine

NOISE = random.Random(7).randbytes(100_000)
PICTURES = {
    "image/png": b"\x89PNG\r\n\x1a\n" + NOISE,
    "image/gif": b"GIF89a" + NOISE,
    "image/webp": b"RIFF" + NOISE,
    "image/jpeg": b"\xff\xd8\xff\xe0" + NOISE,
}

pytestmark = pytest.mark.usefixtures("socket_enabled")


class Eye:
    """A server that keeps what it was sent, and has seen enough then."""

    def __init__(self) -> None:
        """Have seen nothing."""
        self.body: dict[str, Any] = {}

    async def look(self, request: web.Request) -> web.Response:
        """Keep what came."""
        self.body = await request.json()
        if request.path == "/api/chat":
            line = json.dumps({"message": {"content": "A door."}, "done": True})
            return web.Response(text=line + "\n", content_type="application/x-ndjson")
        chunk = {"choices": [{"delta": {"content": "A"}, "finish_reason": "stop"}]}
        return web.Response(
            text=f"data: {json.dumps(chunk)}\n\ndata: [DONE]\n\n",
            content_type="text/event-stream",
        )

    def images(self) -> list[tuple[str | None, bytes]]:
        """Return the pictures that came, with what they were said to be."""
        message = self.body["messages"][0]
        if isinstance(message["content"], str):
            return [(None, b64decode(one)) for one in message["images"]]
        urls = [
            part["image_url"]["url"]
            for part in message["content"]
            if part["type"] == "image_url"
        ]
        pairs = (url.removeprefix("data:").split(";base64,") for url in urls)
        return [(kind, b64decode(data)) for kind, data in pairs]


def engine_of(name: str, session: aiohttp.ClientSession, url: str) -> Engine:
    """Return a client of a kind."""
    if name == "ollama":
        return OllamaEngine(session, url)
    if name == "llama_server":
        return LlamaServerEngine(session, url)
    return OpenAIEngine(session, url, kind=EngineKind.VLLM)


@pytest.mark.parametrize("name", ["llama_server", "ollama", "openai"])
async def test_byte_for_byte(name: str) -> None:
    """Every picture arrives as it was, and is said to be what it is."""
    eye = Eye()
    app = web.Application(client_max_size=10**8)
    app.router.add_post("/{path:.*}", eye.look)
    async with TestServer(app) as server, aiohttp.ClientSession() as session:
        engine = engine_of(name, session, str(server.make_url("")))
        request = ChatRequest(
            model="seer",
            messages=(
                Message(
                    role=Role.USER, content="What?", images=tuple(PICTURES.values())
                ),
            ),
        )
        async for _ in engine.chat(request):
            pass
    kinds = [None] * len(PICTURES) if name == "ollama" else list(PICTURES)
    assert eye.images() == list(zip(kinds, PICTURES.values(), strict=True))
