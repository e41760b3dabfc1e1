"""Whether a model knows its tools by heart is asked once, where the server tells it."""

import asyncio
from collections import Counter
from contextlib import aclosing

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.hearth.engines import llama_server
from custom_components.hearth.engines.chat import ChatRequest, Message, Role, ToolSpec
from custom_components.hearth.engines.faults import Unreachable
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.ollama import OllamaEngine

TOOL = ToolSpec("on", "Turns on", {"type": "object"}, strict={"type": "object"})
REQUEST = ChatRequest(
    model="nano", messages=(Message(role=Role.USER, content="Hi"),), tools=(TOOL,)
)
WORDS = (
    b'data: {"choices": [{"delta": {"content": "Hi."}, "finish_reason": "stop"}]}\n\n'
    b"data: [DONE]\n\n"
)


@pytest.mark.parametrize(
    ("status", "body", "times"),
    [
        (404, {"error": {"code": 404, "message": "File Not Found"}}, 1),
        (405, {"detail": "Method Not Allowed"}, 1),
        (400, {"error": {"code": 400, "message": "model is not loaded"}}, 3),
        (404, {"error": {"code": 404, "message": "model 'nano' not found"}}, 3),
        (503, {"error": {"code": 503, "message": "Loading model"}}, 3),
        (200, {"prompt": "on"}, 1),
    ],
)
async def test_asked_once(
    status: int, body: object, times: int, session: aiohttp.ClientSession
) -> None:
    """A server that has no such page is not asked in each turn; one that will is."""
    asked: Counter[str] = Counter()

    async def answer(request: web.Request) -> web.Response:
        asked[request.path] += 1
        if request.path == "/apply-template":
            return web.json_response(body, status=status)
        return web.Response(body=WORDS, content_type="text/event-stream")

    app = web.Application()
    app.router.add_post("/{path:.*}", answer)
    async with TestServer(app) as server:
        engine = LlamaServerEngine(session, str(server.make_url("")))
        for _ in range(3):
            async with aclosing(engine.chat(REQUEST)) as deltas:
                assert "Hi." in [delta.content async for delta in deltas]
    assert asked == {"/apply-template": times, "/v1/chat/completions": 3}


async def test_asked_again_of_a_newer_server(session: aiohttp.ClientSession) -> None:
    """What a server did not have, a newer one at its address may have."""
    builds: list[str] = []
    asked: Counter[str] = Counter()

    async def answer(request: web.Request) -> web.Response:
        asked[request.path] += 1
        if request.path == "/health":
            return web.json_response({"status": "ok"})
        if request.path == "/props":
            return web.json_response({"build_info": builds[-1]})
        if request.path == "/apply-template":
            return web.json_response({"detail": "Method Not Allowed"}, status=405)
        return web.Response(body=WORDS, content_type="text/event-stream")

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as server:
        engine = LlamaServerEngine(session, str(server.make_url("")))
        for build in ("b1", "b1", "b2"):
            builds.append(build)
            await engine.health()
            async with aclosing(engine.chat(REQUEST)) as deltas:
                assert "Hi." in [delta.content async for delta in deltas]
    assert asked["/apply-template"] == 2


@pytest.mark.parametrize(
    ("shown", "known"),
    [
        ("hearth_probe", True),
        ("hearth_probe, with hearth_probe_field", False),
        ("Hello", False),
    ],
)
async def test_it_is_told(
    shown: str, known: bool, session: aiohttp.ClientSession
) -> None:
    """Who asks before a turn is told as well, also once the server is gone."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response({"prompt": shown})

    app = web.Application()
    app.router.add_post("/apply-template", answer)
    async with TestServer(app) as server:
        url = str(server.make_url(""))
        engine, other = (LlamaServerEngine(session, url) for _ in range(2))
        assert await engine.knows_tools("nano") is known
    assert await engine.knows_tools("nano") is known
    # Of one that was never asked nothing is known, which is no failure.
    assert not await other.knows_tools("nano")


@pytest.mark.parametrize(("seconds", "times"), [(60.0, 1), (0.0, 2)])
async def test_who_is_silent_is_not_asked_twice(
    seconds: float,
    times: int,
    session: aiohttp.ClientSession,
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """A turn waits once for a server that does not answer; a later one asks again."""
    asked: Counter[str] = Counter()
    monkeypatch.setattr(llama_server, "_SILENT", seconds)

    async def hang_up(request: web.Request) -> web.Response:
        asked[request.path] += 1
        assert request.transport is not None
        request.transport.close()
        return web.Response()

    app = web.Application()
    app.router.add_post("/{path:.*}", hang_up)
    async with TestServer(app) as server:
        engine = LlamaServerEngine(session, str(server.make_url("")))
        assert not await engine.knows_tools("nano")
        with pytest.raises(Unreachable):
            async with aclosing(engine.chat(REQUEST)) as deltas:
                await anext(deltas)
    assert asked == {"/apply-template": times, "/v1/chat/completions": 1}


async def test_who_comes_at_the_same_time(session: aiohttp.ClientSession) -> None:
    """Ten people make one look at the model, and go on in the order they came in."""
    asked: Counter[str] = Counter()
    order: list[int] = []

    async def answer(request: web.Request) -> web.Response:
        asked[request.path] += 1
        await asyncio.sleep(0.01)
        return web.json_response({"prompt": "hearth_probe"})

    app = web.Application()
    app.router.add_post("/apply-template", answer)
    async with TestServer(app) as server:
        engine = LlamaServerEngine(session, str(server.make_url("")))

        async def come(number: int) -> None:
            assert await engine.knows_tools("nano")
            order.append(number)

        await asyncio.gather(*map(come, range(10)))
    assert asked == {"/apply-template": 1}
    assert order == list(range(10))


async def test_other_engines(session: aiohttp.ClientSession) -> None:
    """Of others nobody knows it, and they are not asked."""
    assert not await OllamaEngine(session, "http://127.0.0.1:9").knows_tools("nano")
