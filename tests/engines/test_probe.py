"""Recognising what answers at an address."""

import socket

from aiohttp import ClientSession
import pytest

from custom_components.hearth.engines.base import EngineKind, EngineState
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    EngineError,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)
from custom_components.hearth.engines.http import HttpClient
from custom_components.hearth.engines.kinds import NAMES
from custom_components.hearth.engines.probe import identify, normalize_url, probe

from . import servers
from .raw_server import Answer, hang, raw_server, reply, then
from .sites import Page, ok, site


@pytest.mark.parametrize(
    ("typed", "address"),
    [
        ("http://127.0.0.1:11434", "http://127.0.0.1:11434"),
        ("  127.0.0.1:11434/ ", "http://127.0.0.1:11434"),
        ("localhost:8080", "http://localhost:8080"),
        ("HTTP://Pi.Local:8080/v1", "http://pi.local:8080"),
        ("http://pi:8080/v1/", "http://pi:8080"),
        ("https://pi/llama/v1/", "https://pi/llama"),
        ("https://pi/ollama//", "https://pi/ollama"),
        ("http://pi:8080/#/chat", "http://pi:8080"),
        ("http://pi:8080/?a=b", "http://pi:8080"),
        ("http://[::1]:8080", "http://[::1]:8080"),
        ("https://pi:443", "https://pi"),
        ("bücher.example", "http://xn--bcher-kva.example"),
    ],
)
def test_addresses(typed: str, address: str) -> None:
    """What people type becomes one address."""
    assert normalize_url(typed) == address
    assert normalize_url(address) == address


@pytest.mark.parametrize(
    "typed",
    [
        "",
        "   ",
        "http://",
        "ftp://pi",
        "file:///etc/passwd",
        "mailto:me@home",
        "http://me:secret@pi",
        "http://me@pi",
        "http://pi:port",
        "http://pi:99999",
        "http://pi:0",
        "http://[::1",
        "http://two words",
        "http://line\nbreak",
    ],
)
def test_nonsense(typed: str) -> None:
    """What is no address is refused, without repeating a password."""
    with pytest.raises(ValueError) as raised:
        normalize_url(typed)
    assert "secret" not in str(raised.value)


OLLAMA = {
    "/": ok("Ollama is running"),
    "/api/version": ok({"version": "0.33.0"}),
    "/api/tags": ok({"models": []}),
    "/v1/models": ok({"object": "list", "data": [{"id": "a", "owned_by": "library"}]}),
}
HIDDEN = {key: page for key, page in OLLAMA.items() if key != "/"}
LLAMA = {
    "/": (404, {"error": {"message": "File Not Found"}}, {"Server": "llama.cpp"}),
    "/v1/models": ok({"data": [{"id": "a", "owned_by": "llamacpp"}]}),
}
LOADING: Page = 503, {"error": {"message": "Loading model", "code": 503}}, {}
LLAMA_LOADING = {"/": (503, "", {"Server": "llama.cpp"}), "/v1/models": LOADING}
LLAMA_HIDDEN = {"/v1/models": LLAMA["/v1/models"]}
ROUTER_HIDDEN = {
    "/v1/models": ok({"data": []}),
    "/props": ok({"role": "router", "build_info": "b11669"}),
}
REFUSED: Page = 401, {"error": {"message": "Invalid API Key"}}, {}
FORBIDDEN: Page = 403, "", {}
# A proxy that shows nobody what is hidden.
NO_DOTS = OLLAMA | {"/.well-known/localai.json": FORBIDDEN}
# Ollama names the first part of a model's name as its owner.
OWNED = OLLAMA | {"/v1/models": ok({"data": [{"id": "vllm/a", "owned_by": "vllm"}]})}


@pytest.mark.parametrize("name", servers.names())
async def test_every_kind(session: ClientSession, name: str) -> None:
    """Every kind of server is called by its name, whatever it imitates."""
    known = servers.facts(name)
    kind = EngineKind(known["kind"])
    async with servers.serving(name) as server:
        assert await identify(HttpClient(session, server.url)) is kind
        if known["models"] is None:
            with pytest.raises(Unsupported, match=f"This is {NAMES[kind]}"):
                await probe(session, server.url)
            return
        engine = await probe(session, f"{server.url}/v1")
        assert engine.kind is kind
        assert engine.url == server.url
        health = await engine.health()
        assert (health.state, health.version) == (EngineState.READY, known["version"])
        models = await engine.models()
    assert [model.name for model in models] == known["models"]
    assert known["source"]


def test_all_kinds_are_tried() -> None:
    """There is a fixture and a name for every kind."""
    kinds = {servers.facts(name)["kind"] for name in servers.names()}
    assert kinds == set(EngineKind) == set(NAMES)
    assert len(set(NAMES.values())) == len(NAMES)


@pytest.mark.parametrize(
    # Ollama, and what Hailo made of it, have no keys.
    "name",
    [name for name in servers.names() if "ollama" not in name],
)
async def test_key(session: ClientSession, name: str) -> None:
    """A server that wants a key is used with the right one, and only with that."""
    kind = EngineKind(servers.facts(name)["kind"])
    async with servers.serving(name, key="open-sesame") as server:
        engine = await probe(session, server.url, "open-sesame")
        assert engine.kind is kind
        await engine.health()
        for wrong in (None, "guess"):
            # LocalAI and LM Studio say who they are without a key.
            with pytest.raises(AuthFailed):
                await (await probe(session, server.url, wrong)).health()


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        (OLLAMA, EngineKind.OLLAMA),
        (HIDDEN, EngineKind.OLLAMA),
        (NO_DOTS, EngineKind.OLLAMA),
        (OWNED, EngineKind.OLLAMA),
        (LLAMA, EngineKind.LLAMA_SERVER),
        (LLAMA_LOADING, EngineKind.LLAMA_SERVER),
        (LLAMA_HIDDEN, EngineKind.LLAMA_SERVER),
        (ROUTER_HIDDEN, EngineKind.LLAMA_SERVER),
        # Some of the signs, but not all.
        ({"/v1/models": ok({"data": [{"owned_by": "user"}]})}, EngineKind.OPENAI),
        ({"/v1/models": ok({"data": [{"owned_by": "local"}]})}, EngineKind.OPENAI),
        ({"/v1/models": ok({"data": [{"owned_by": "me"}]})}, EngineKind.OPENAI),
        ({"/v1/models": ok({"data": [{"id": "a"}]})}, EngineKind.OPENAI),
        ({"/v1/models": ok({"data": []})}, EngineKind.OPENAI),
        # Some of the answers are nonsense.
        ({"/v1/models": ok({"data": [{"owned_by": 5}]})}, EngineKind.OPENAI),
        ({"/v1/models": ok({"data": "none"})}, EngineKind.OPENAI),
        (LLAMA_HIDDEN | {"/.well-known/localai.json": ok([])}, EngineKind.LLAMA_SERVER),
        (
            LLAMA_HIDDEN | {"/.well-known/localai.json": ok({"error": "who?"})},
            EngineKind.LLAMA_SERVER,
        ),
        (
            {"/v1/models": ok({"data": [{"id": "a"}]}), "/api/v1/models": ok({})},
            EngineKind.OPENAI,
        ),
        (
            {"/v1/models": ok({"data": []}), "/api/v1/models": ok({"models": 1})},
            EngineKind.OPENAI,
        ),
    ],
)
async def test_signs(
    session: ClientSession, pages: dict[str, Page], kind: EngineKind
) -> None:
    """Engines are recognised behind proxies that hide some of their signs."""
    async with site(pages) as url:
        engine = await probe(session, f"{url}/v1")
    assert engine.kind is kind
    assert engine.url == normalize_url(url)


@pytest.mark.parametrize(
    ("pages", "error"),
    [
        ({}, ProtocolError),
        ({"/": ok("<html>Welcome")}, ProtocolError),
        ({"/": ok("Ollama is running")}, ProtocolError),
        ({"/v1/models": ok("<html>Welcome")}, ProtocolError),
        ({"/v1/models": ok([1, 2])}, ProtocolError),
        ({"/props": ok({"build_info": "b1"})}, ProtocolError),
        ({"/api/version": ok({"version": "0.9"})}, ProtocolError),
        ({"/api/version": ok({"version": 5}), "/api/tags": ok([])}, ProtocolError),
        ({"/v1/models": LOADING}, Busy),
        (LLAMA | {"/v1/models": REFUSED}, AuthFailed),
        ({"/v1/models": REFUSED}, AuthFailed),
        (dict.fromkeys(OLLAMA, FORBIDDEN), AuthFailed),
    ],
)
async def test_not_to_be_used(
    session: ClientSession, pages: dict[str, Page], error: type[Exception]
) -> None:
    """What is no engine, not ready or locked says so."""
    async with site(pages) as url:
        with pytest.raises(error) as raised:
            await probe(session, url)
    assert type(raised.value) is error


async def test_nobody_there(session: ClientSession) -> None:
    """A closed port is no engine."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    with pytest.raises(Unreachable):
        await probe(session, f"127.0.0.1:{port}")


async def test_silence(session: ClientSession, monkeypatch: pytest.MonkeyPatch) -> None:
    """Recognising takes ten seconds at most, all questions together."""
    monkeypatch.setattr("custom_components.hearth.engines.probe._SECONDS", 0.2)
    async with raw_server(hang) as server:
        with pytest.raises(TimedOut):
            await probe(session, server.url)


@pytest.mark.parametrize(
    "answer",
    [
        reply("text/html", b"<html>" + b"x" * 1_000_000),
        reply("application/json", b"[" * 1_000_000),
        reply("application/json", b'{"data": [' + b'{"id": "a"},' * 2_000_000),
        reply("application/json", b"\xff\xfe\x00"),
        then(b"SSH-2.0-OpenSSH_10.0\r\n"),
        then(b"HTTP/1.1 200 OK\r\nContent-Length: 99999999\r\n\r\n{"),
        then(b"HTTP/1.1 302 Found\r\nLocation: http://127.0.0.1:1/\r\n\r\n"),
    ],
    ids=["page", "deep", "huge", "binary", "ssh", "cut off", "elsewhere"],
)
async def test_hostile(session: ClientSession, answer: Answer) -> None:
    """Whatever else answers is no engine, and ends in an error of ours."""
    async with raw_server(answer) as server:
        with pytest.raises(EngineError):
            await probe(session, server.url, "secret")
    assert len(server.requests) < 12


async def test_no_address(session: ClientSession) -> None:
    """What is no address is told apart from an address without an engine."""
    with pytest.raises(ValueError, match="begins with http"):
        await probe(session, "ftp://pi")
