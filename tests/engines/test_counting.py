"""Counting and showing prompts, where engines do not, or lie."""

from collections.abc import Awaitable, Callable
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.hearth.engines.faults import Busy, EngineError, Unreachable
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.ollama import OllamaEngine
from custom_components.hearth.engines.openai import OpenAIEngine

from .raw_server import Answer, raw_server, reply
from .sites import ok, site
from .test_llama_server import TOOLS, ask

JSON = "application/json"
NOT_FOUND = (
    b'{"error":{"code":404,"message":"File Not Found","type":"not_found_error"}}'
)
NOT_TOLD: dict[str, Answer] = {
    "an older llama-server": reply(JSON, NOT_FOUND, "404 Not Found"),
    "a plain 404": reply("text/plain", b"Not Found", "404 Not Found"),
    "not implemented": reply(JSON, b"{}", "501 Not Implemented"),
    "a template that fails": reply(JSON, b'{"error":"boom"}', "500 Error"),
    "no JSON": reply(JSON, b"twelve"),
    "a page": reply("text/html", b"<html>"),
    "a list": reply(JSON, b"[12]"),
    "nothing": reply(JSON, b"{}"),
    "a text": reply(JSON, b'{"input_tokens":"12"}'),
    "true": reply(JSON, b'{"input_tokens":true}'),
    "less than nothing": reply(JSON, b'{"input_tokens":-5}'),
    "none": reply(JSON, b'{"input_tokens":0}'),
    "NaN": reply(JSON, b'{"input_tokens":NaN}'),
    "endless": reply(JSON, b'{"input_tokens":1e999}'),
    "deep": reply(JSON, b"[" * 50_000),
}


@pytest.mark.parametrize("bad", NOT_TOLD.values(), ids=NOT_TOLD)
async def test_not_told(session: aiohttp.ClientSession, bad: Answer) -> None:
    """What is no number of tokens counts as not told."""
    async with raw_server(bad) as server:
        assert await LlamaServerEngine(session, server.url).count(ask()) is None


@pytest.mark.parametrize(
    ("bad", "error"),
    [
        (
            reply(JSON, b'{"error":{"message":"Loading model"}}', "503 Unavailable"),
            Busy,
        ),
        (reply(JSON, b"", "429 Too Many"), Busy),
    ],
)
async def test_not_now(
    session: aiohttp.ClientSession, bad: Answer, error: type[EngineError]
) -> None:
    """An engine that has no time now may tell another time."""
    async with raw_server(bad) as server:
        with pytest.raises(error):
            await LlamaServerEngine(session, server.url).count(ask())
    with pytest.raises(Unreachable):
        await LlamaServerEngine(session, server.url).count(ask())


async def test_too_long_to_be_counted(session: aiohttp.ClientSession) -> None:
    """A refusal that says how long it is, says it."""
    said = (
        b'{"error":{"message":"too long","type":"exceed_context_size_error",'
        b'"n_prompt_tokens":9000,"n_ctx":4096}}'
    )
    async with raw_server(reply(JSON, said, "400 Bad Request")) as server:
        assert await LlamaServerEngine(session, server.url).count(ask()) == 9000


async def test_a_router_loads_nothing(session: aiohttp.ClientSession) -> None:
    """It is told so, and what it refuses then is not told."""
    refusal = b'{"error":{"message":"model is not loaded","type":"not_found_error"}}'
    async with raw_server(reply(JSON, refusal, "400 Bad Request")) as server:
        assert await LlamaServerEngine(session, server.url).count(ask()) is None
        (asked,) = server.requests
    assert asked.startswith(
        b"POST /v1/chat/completions/input_tokens?autoload=false HTTP"
    )


async def test_others_do_not_count(session: aiohttp.ClientSession) -> None:
    """Servers of OpenAI's dialect have no such path, so they are not asked."""
    engine = OpenAIEngine(session, "http://127.0.0.1:9")
    assert await engine.count(ask()) is None
    assert await engine.render(ask()) is None
    assert await OllamaEngine(session, "http://127.0.0.1:9").count(ask()) is None
    llama = LlamaServerEngine(session, "http://127.0.0.1:9")
    assert await llama.render(ask()) is None


def ollama(shown: Any, version: str = "0.33.0-rc2", **model: Any) -> dict[str, Any]:
    """Return the pages of an Ollama with one model in memory."""
    loaded = {"name": "qwen3:latest", "context_length": 4096} | model
    return {
        "/api/version": ok({"version": version}),
        "/api/ps": ok({"models": [loaded]}),
        "/api/chat": shown,
    }


RENDERED = {"_debug_info": {"rendered_template": "<|im_start|>system"}}
QUESTION = ask(model="qwen3", tools=TOOLS, context_window=4096)


async def test_a_rendered_prompt(session: aiohttp.ClientSession) -> None:
    """Ollama shows a prompt; the request is the same as that of a pass otherwise."""
    bodies: list[Any] = []

    async def chat(request: web.Request) -> web.Response:
        bodies.append(await request.json())
        return web.json_response(RENDERED)

    app = web.Application()
    app.router.add_post("/api/chat", chat)
    for path, (_, body, _) in ollama(ok({})).items():
        if path != "/api/chat":
            app.router.add_get(path, _page(body))
    async with TestServer(app) as server:
        engine = OllamaEngine(session, str(server.make_url("")))
        assert await engine.render(QUESTION) == "<|im_start|>system"
        assert await engine.render(QUESTION) == "<|im_start|>system"
    assert bodies[0]["_debug_render_only"] is True
    assert bodies[0]["stream"] is False
    assert bodies[0]["options"]["num_ctx"] == 4096
    assert [tool["function"]["name"] for tool in bodies[0]["tools"]] == [
        tool.name for tool in TOOLS
    ]


def _page(body: Any) -> Callable[[web.Request], Awaitable[web.Response]]:
    """Return what answers with a page."""

    async def answer(_: web.Request) -> web.Response:
        return web.json_response(body)

    return answer


@pytest.mark.parametrize(
    "pages",
    [
        ollama(ok(RENDERED), version="0.11.11"),
        ollama(ok(RENDERED), version="0.9.0"),
        ollama(ok(RENDERED), version="dev"),
        ollama(ok(RENDERED), name="other:latest"),
        ollama(ok(RENDERED), context_length=8192),
        ollama(ok({"message": {"content": "Hello!"}, "done": True})),
        ollama(ok({"error": "boom"})),
        ollama(ok({"_debug_info": ["nothing"]})),
        ollama(ok({"_debug_info": {"rendered_template": 5}})),
        ollama(ok({"_debug_info": {"rendered_template": ""}})),
        ollama((404, {"error": "model 'qwen3' not found"}, {})),
        ollama((400, {"error": '"qwen3" does not support tools'}, {})),
        {},
    ],
)
async def test_not_shown(session: aiohttp.ClientSession, pages: dict[str, Any]) -> None:
    """Older ones would answer, and others would load; what is no text is none."""
    async with site(pages) as url:
        assert await OllamaEngine(session, url).render(QUESTION) is None


async def test_one_that_answers_instead(session: aiohttp.ClientSession) -> None:
    """It has read a prompt for nothing, once."""
    answer = b'{"message":{"content":"Hello!"},"done":true}'
    loaded = b'{"models":[{"name":"qwen3:latest","context_length":4096}]}'
    version = b'{"version":"0.33.0"}'
    pages = [reply(JSON, page) for page in (version, loaded, answer)]
    async with raw_server(*pages) as server:
        engine = OllamaEngine(session, server.url)
        for _ in range(3):
            assert await engine.render(QUESTION) is None
        assert [asked.split()[1] for asked in server.requests] == [
            *(b"/api/version", b"/api/ps", b"/api/chat")
        ]


async def test_an_old_ollama_is_never_asked(session: aiohttp.ClientSession) -> None:
    """It would read the prompt and generate."""
    page = reply(JSON, b'{"version":"0.6.2"}')
    async with raw_server(page) as server:
        engine = OllamaEngine(session, server.url)
        assert await engine.render(QUESTION) is None
        assert await engine.render(QUESTION) is None
        assert [asked.split()[1] for asked in server.requests] == [b"/api/version"]
