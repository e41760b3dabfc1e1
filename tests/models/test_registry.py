"""The client of Ollama's registry against a server that answers like one, or not."""

import asyncio
import hashlib
import json
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.hearth.models.download_request import Patience
from custom_components.hearth.models.registry import (
    AccessDenied,
    BadAnswer,
    HubError,
    HubUnreachable,
    Manifest,
    NotFound,
    RateLimited,
    Registry,
    parse_name,
)

from .file_server import Answer, Asked, by_path, file_server, says

OLLAMA, HF = "registry.ollama.ai", "hf.co"
QWEN = parse_name("qwen3:0.6b")
PATH = "/v2/library/qwen3/manifests/0.6b"
LAYERS = [{"digest": "sha256:" + "1" * 64, "size": 84023104}]
CONFIG = {"digest": "sha256:" + "2" * 64, "size": 150}
GOOD = json.dumps(
    {"schemaVersion": 2, "config": CONFIG, "layers": LAYERS}, indent=3
).encode()


def says_body(body: bytes) -> Answer:
    """Return an answer with a body."""
    return says("200 OK", f"Content-Length: {len(body)}", body=body)


async def test_newest(session: ClientSession) -> None:
    """The digest is the sum of the bytes as they came, the size that of all parts."""
    async with file_server(by_path({PATH: says_body(GOOD)})) as server:
        manifest = await Registry(session, {OLLAMA: f"{server.url}/"}).newest(QWEN)

        assert manifest == Manifest(
            digest=hashlib.sha256(GOOD).hexdigest(), size=84023254
        )
        [asked] = server.asked
        wanted = "application/vnd.docker.distribution.manifest.v2+json"
        assert asked.headers["accept"] == wanted
        assert asked.headers["accept-encoding"] == "identity"


async def test_each_host_has_its_registry(session: ClientSession) -> None:
    """A model of Hugging Face's is asked for there, one of a stranger's nowhere."""
    path = "/v2/org/Some-GGUF/manifests/Q4_K_M"
    async with file_server(by_path({path: says_body(GOOD)})) as server:
        registry = Registry(session, {HF: server.url})
        assert (await registry.newest(parse_name("hf.co/org/Some-GGUF:Q4_K_M"))).size

        stranger = parse_name("127.0.0.1:5000/org/model")
        assert not registry.knows(stranger)
        with pytest.raises(NotFound, match=r"127\.0\.0\.1:5000"):
            await registry.newest(stranger)
        assert len(server.asked) == 1


async def test_follows_to_another_host(session: ClientSession) -> None:
    """The short name of a registry may lead to its long one."""
    async with file_server(says_body(GOOD)) as far:
        moved = says("307 Temporary Redirect", f"Location: {far.url}/there")
        async with file_server(moved) as near:
            manifest = await Registry(session, {OLLAMA: near.url}).newest(QWEN)
        assert manifest.size == 84023254
        assert far.asked[0].path == "/there"


async def test_goes_round_in_circles_for_a_while(session: ClientSession) -> None:
    """Redirects without end are given up."""
    async with file_server(says("302 Found", "Location: /again")) as server:
        with pytest.raises(BadAnswer, match="circles"):
            await Registry(session, {OLLAMA: server.url}).newest(QWEN)
        assert len(server.asked) == 6


def manifest_of(**changes: Any) -> bytes:
    """Return a manifest that is different in something."""
    return json.dumps({"config": CONFIG, "layers": LAYERS} | changes).encode()


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>Please log in</html>",
        b"\xff\xfe",
        b"[]",
        b"null",
        b"{}",
        b"[" * 5000,
        manifest_of(layers=[]),
        manifest_of(layers={}),
        manifest_of(layers=[None]),
        manifest_of(layers=[{}]),
        manifest_of(layers=[{"size": "1"}]),
        manifest_of(layers=[{"size": True}]),
        manifest_of(layers=[{"size": -1}]),
        manifest_of(layers=[{"size": 1 << 60}]),
        manifest_of(layers=[{"size": 1.5}]),
        manifest_of(layers=LAYERS * 1001),
        manifest_of(config=[1]),
        manifest_of(config={"size": None}),
    ],
)
async def test_what_is_no_manifest(session: ClientSession, body: bytes) -> None:
    """A page of a hotel's network is no new version of a model."""
    async with file_server(says_body(body)) as server:
        with pytest.raises(BadAnswer):
            await Registry(session, {OLLAMA: server.url}).newest(QWEN)


async def test_too_long(session: ClientSession) -> None:
    """Of an answer without end not much is read."""
    body = b" " * (300 << 10)
    async with file_server(says_body(body)) as server:
        with pytest.raises(BadAnswer, match="more than"):
            await Registry(session, {OLLAMA: server.url}).newest(QWEN)


@pytest.mark.parametrize(
    ("status", "error"),
    [
        ("400 Bad Request", BadAnswer),
        ("401 Unauthorized", AccessDenied),
        ("403 Forbidden", AccessDenied),
        ("404 Not Found", NotFound),
        ("429 Too Many Requests", RateLimited),
        ("500 Internal Server Error", HubUnreachable),
        ("503 Service Unavailable", HubUnreachable),
    ],
)
async def test_refusals(
    session: ClientSession, status: str, error: type[HubError]
) -> None:
    """Each refusal has a name that says what can be done."""
    async with file_server(says(status, "Content-Length: 0")) as server:
        with pytest.raises(error):
            await Registry(session, {OLLAMA: server.url}).newest(QWEN)


async def test_nobody_there(session: ClientSession) -> None:
    """Without a network there is no answer, and nothing worse."""
    async with file_server(says_body(GOOD)) as server:
        url = server.url
    with pytest.raises(HubUnreachable):
        await Registry(session, {OLLAMA: url}).newest(QWEN)


async def test_silence(session: ClientSession) -> None:
    """Who says nothing is not waited for."""

    async def silent(_: Asked, __: asyncio.StreamWriter) -> None:
        await asyncio.Event().wait()

    patience = Patience(connect=0.1, silence=0.1)
    async with file_server(silent) as server:
        registry = Registry(session, {OLLAMA: server.url}, patience=patience)
        with pytest.raises(HubUnreachable, match="in time"):
            await registry.newest(QWEN)


@pytest.mark.parametrize("address", ["", "registry.ollama.ai", "ftp://x", "http://"])
async def test_address(session: ClientSession, address: str) -> None:
    """What is no address is refused at once."""
    with pytest.raises(ValueError, match="https"):
        Registry(session, {OLLAMA: address})
