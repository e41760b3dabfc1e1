"""Recognising what answers at an address."""

import socket

from aiohttp import ClientSession
import pytest

from custom_components.hearth.engines.base import (
    AuthFailed,
    Busy,
    EngineKind,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)
from custom_components.hearth.engines.probe import normalize_url, probe

from .raw_server import hang, raw_server
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
LOCALAI = OLLAMA | {
    "/.well-known/localai.json": ok({"version": "v3", "endpoints": {}}),
    "/v1/models": ok({"data": []}),
}


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        (OLLAMA, EngineKind.OLLAMA),
        (HIDDEN, EngineKind.OLLAMA),
        (LLAMA, EngineKind.LLAMA_SERVER),
        (LLAMA_LOADING, EngineKind.LLAMA_SERVER),
        (LLAMA_HIDDEN, EngineKind.LLAMA_SERVER),
        (ROUTER_HIDDEN, EngineKind.LLAMA_SERVER),
    ],
)
async def test_ours(
    session: ClientSession, pages: dict[str, Page], kind: EngineKind
) -> None:
    """Both engines are recognised, also behind a proxy that hides their signs."""
    async with site(pages) as url:
        engine = await probe(session, f"{url}/v1")
    assert engine.kind is kind
    assert engine.url == normalize_url(url)


@pytest.mark.parametrize(
    ("pages", "name"),
    [
        (LOCALAI, "LocalAI"),
        (OLLAMA | {"/": ok("hailo-ollama is running")}, "hailo-ollama"),
        ({"/v1/models": ok({"data": [{"owned_by": "vllm"}]})}, "vLLM"),
        ({"/v1/models": ok({"data": [{"owned_by": "sglang"}]})}, "SGLang"),
        (
            {
                "/v1/models": ok({"data": [{"owned_by": "organization_owner"}]}),
                "/api/v0/models": ok({"data": [{"state": "not-loaded"}]}),
            },
            "LM Studio",
        ),
        ({"/api/v1/models": ok({"models": [{"key": "a"}]})}, "LM Studio"),
        ({"/v1/models": ok({"data": [{"id": "a"}]})}, "OpenAI's dialect"),
    ],
)
async def test_others(
    session: ClientSession, pages: dict[str, Page], name: str
) -> None:
    """An engine that is none of ours is named, whatever it imitates."""
    async with site(pages) as url:
        with pytest.raises(Unsupported, match=name):
            await probe(session, url)


REFUSED: Page = 401, {"error": {"message": "Invalid API Key"}}, {}
FORBIDDEN: Page = 403, "", {}


@pytest.mark.parametrize(
    ("pages", "error"),
    [
        ({}, ProtocolError),
        ({"/": ok("<html>Welcome")}, ProtocolError),
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


async def test_no_address(session: ClientSession) -> None:
    """What is no address is told apart from an address without an engine."""
    with pytest.raises(ValueError, match="begins with http"):
        await probe(session, "ftp://pi")
