"""What is refused, and in which words."""

from collections.abc import Callable
from contextlib import AbstractContextManager
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from custom_components.hearth.engines.base import EngineState, Health
from custom_components.hearth.engines.chat import Message, Role
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    ContextOverflow,
    ModelMissing,
    Unsupported,
)
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.probe import probe

from ..llama_servers import loading_llama_server, loading_worker
from ..test_llama_server import answer
from .conftest import At, Runtime
from .site import KEY, Site

type Talk = Callable[[str], LlamaServerEngine]

HELLO = [{"role": "user", "content": "Hello"}]


async def test_a_prompt_that_does_not_fit(talk: Talk) -> None:
    """The error says by how much it is too long, and the next request works."""
    long = (Message(role=Role.USER, content="la " * 40_000),)
    with pytest.raises(ContextOverflow) as raised:
        await answer(talk("random"), messages=long)
    assert raised.value.context_window == 32768
    assert raised.value.prompt_tokens is not None
    assert raised.value.prompt_tokens > 32768
    assert await answer(talk("random"), max_tokens=1)


async def test_the_same_numbers_of_what_does_not_fit(
    both: Callable[[str], list[Site]],
) -> None:
    """Both refuse in the same words."""
    body = {"messages": [{"role": "user", "content": "la " * 40_000}]}
    replies = [
        await site.ask("POST", "/v1/chat/completions", body) for site in both("random")
    ]
    assert replies[0].body == replies[1].body
    assert replies[0].status == replies[1].status == 400


def hello(**more: Any) -> bytes:
    """Return the body of a request for a chat."""
    return json.dumps({"messages": HELLO} | more).encode()


WRONG = {
    "nothing": b"",
    "broken": b"{",
    "a list": b"[]",
    "null": b"null",
    "a text": b'"text"',
    "no text": b"\xff\xfe{}",
    "deep": b"[" * 50_000,
    "empty": b"{}",
    "messages": hello(messages=3),
    "a message": hello(messages=[1]),
    "a content": hello(messages=[{"role": "user", "content": 7}]),
    "a part": hello(messages=[{"role": "user", "content": [{"type": "dance"}]}]),
    "tokens": hello(max_tokens="many"),
    "stream": hello(stream="yes"),
    "tools": hello(tools=5),
    "choice": hello(tool_choice="maybe"),
    "format": hello(response_format={"type": "dance"}),
    "thinking": hello(chat_template_kwargs={"enable_thinking": "no"}),
}


@pytest.mark.parametrize("raw", WRONG.values(), ids=WRONG)
async def test_bodies_that_are_wrong(at: At, raw: bytes) -> None:
    """What is no request is refused with JSON, and nothing breaks."""
    reply = await at("caller").ask("POST", "/v1/chat/completions", raw=raw)
    # The real one calls some of them its own failure.
    assert reply.status in {400, 500}, reply
    assert reply.body["error"]["message"]
    assert reply.body["error"]["type"] in {"invalid_request_error", "server_error"}
    health = await at("caller").ask("GET", "/health")
    assert (health.status, health.body) == (200, {"status": "ok"})


@pytest.mark.parametrize(
    ("method", "path"),
    [("GET", "/nosuch"), ("GET", "/v1/chat/completions"), ("POST", "/health")],
)
async def test_paths_that_are_none(at: At, method: str, path: str) -> None:
    """An unknown path, and a known one with the wrong method."""
    reply = await at("caller").ask(method, path)
    assert reply.status == 404
    assert reply.body["error"] == {
        "code": 404,
        "message": "File Not Found",
        "type": "not_found_error",
    }


@pytest.mark.parametrize("key", [None, "wrong", KEY.upper(), f"{KEY}x", "ü"])
async def test_a_wrong_key(at: At, key: str | None) -> None:
    """Without the key there is nothing but the news that the server is there."""
    site = at("caller")
    for method, path in (
        ("GET", "/v1/models"),
        ("GET", "/props"),
        ("GET", "/slots"),
        ("GET", "/nosuch"),
        ("POST", "/v1/chat/completions"),
        ("POST", "/slots/0?action=erase"),
    ):
        reply = await site.ask(method, path, key=key)
        assert reply.status == 401
        assert reply.body["error"] == {
            "code": 401,
            "message": "Invalid API Key",
            "type": "authentication_error",
        }
    assert (await site.ask("GET", "/health", key=key)).status == 200


async def test_the_client_has_a_wrong_key(
    session: aiohttp.ClientSession, at: At
) -> None:
    """The client knows what it means, and the probe as well."""
    url = at("caller").url
    with pytest.raises(AuthFailed):
        await LlamaServerEngine(session, url, "wrong").models()
    with pytest.raises(AuthFailed):
        await probe(session, url, "wrong")
    assert isinstance(await probe(session, url, KEY), LlamaServerEngine)


async def test_what_it_cannot_do(talk: Talk) -> None:
    """One model, no downloads, no pictures."""
    engine = talk("random")
    with pytest.raises(Unsupported):
        await engine.load("random")
    with pytest.raises(Unsupported):
        await engine.unload("random")
    with pytest.raises(ModelMissing):
        await engine.model("vanished")
    seen = (Message(role=Role.USER, content="What is it?", images=(b"\x89PNG\r\n",)),)
    with pytest.raises(Unsupported, match="image input is not supported"):
        await answer(engine, messages=seen)


_LOADING: dict[Runtime, Callable[..., AbstractContextManager[str]]] = {
    Runtime.LLAMA_SERVER: loading_llama_server,
    Runtime.WORKER: loading_worker,
}


async def test_while_it_loads(
    session: aiohttp.ClientSession, tmp_path: Path, runtime: Runtime
) -> None:
    """A server that is loading is there, knows itself and takes no requests."""
    run = _LOADING[runtime]
    with run(tmp_path / "log", tmp_path / "pipe.gguf") as url:
        engine = await probe(session, url)
        assert isinstance(engine, LlamaServerEngine)
        assert await engine.health() == Health(state=EngineState.LOADING)
        with pytest.raises(Busy, match="Loading model"):
            await answer(engine)
        site = Site(session, url)
        for path in ("/health", "/v1/models", "/nosuch"):
            reply = await site.ask("GET", path)
            assert reply.status == 503
            assert reply.body["error"] == {
                "code": 503,
                "message": "Loading model",
                "type": "unavailable_error",
            }


async def test_a_request_that_is_too_large_which_only_the_worker_refuses(
    session: aiohttp.ClientSession, start: Callable[[Runtime, str], str]
) -> None:
    """What no context holds is not even kept in memory."""
    site = Site(session, start(Runtime.WORKER, "caller"))
    said: dict[str, Any] = {"messages": HELLO, "user": "x" * (17 << 20)}
    reply = await site.ask("POST", "/v1/chat/completions", said)
    assert reply.status == 400
    assert "too long" in reply.body["error"]["message"]
