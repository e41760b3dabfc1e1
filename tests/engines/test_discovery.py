"""Finding engines at many addresses, in little time and without a key."""

import asyncio
from collections.abc import Iterator
from contextlib import AsyncExitStack, ExitStack
import socket
from typing import override

import aiohttp
from aiohttp.abc import AbstractResolver, ResolveResult
import pytest

from custom_components.hearth.engines.base import EngineKind
from custom_components.hearth.engines.discovery import (
    USUAL_PORTS,
    Found,
    discover,
    usual_addresses,
)
from custom_components.hearth.engines.http import HttpClient

from .raw_server import hang, head, raw_server, reply, then
from .servers import Server, facts, names, serving
from .sites import Page, ok, site

# What a busy machine may need to close connections when the time is over.
GRACE = 0.5
SHORT = 0.4


async def test_everybody_at_once(session: aiohttp.ClientSession) -> None:
    """All kinds of servers are found in one go, in order, and none gets a key."""
    async with AsyncExitStack() as stack:
        running: list[Server] = [
            await stack.enter_async_context(serving(name)) for name in names()
        ]
        found = await discover(session, [server.url for server in running], within=20)
    assert [one.url for one in found] == [server.url for server in running]
    for name, one in zip(names(), found, strict=True):
        known = facts(name)
        assert one.kind == known["kind"]
        assert one.version == known["version"]
        assert not one.locked
        listed = None if one.models is None else [model.name for model in one.models]
        assert listed == known["models"]
    for server in running:
        assert server.paths
        for path, headers in server.asked:
            assert "Authorization" not in headers, path
            assert "Cookie" not in headers, path


class Forever(AbstractResolver):
    """A name server that thinks for good."""

    @override
    async def resolve(
        self, host: str, port: int = 0, family: socket.AddressFamily = socket.AF_INET
    ) -> list[ResolveResult]:
        """Say nothing."""
        return await asyncio.Future()

    @override
    async def close(self) -> None:
        """Have nothing to close."""


@pytest.fixture
def deaf() -> Iterator[str]:
    """Return an address where connecting takes for ever."""
    with ExitStack() as stack:
        listening = stack.enter_context(socket.socket())
        listening.bind(("127.0.0.1", 0))
        listening.listen(0)
        # One connection fills the queue; the kernel lets others wait.
        for _ in range(4):
            waiting = stack.enter_context(socket.socket())
            waiting.setblocking(False)
            waiting.connect_ex(listening.getsockname())
        yield f"127.0.0.1:{listening.getsockname()[1]}"


async def test_everybody_is_silent(deaf: str) -> None:
    """Two seconds are enough, however many say nothing, in whatever way."""
    loop = asyncio.get_running_loop()
    drip = then(head("application/json", length=1_000_000), b"{", last=hang)
    async with AsyncExitStack() as stack:
        connector = aiohttp.TCPConnector(resolver=Forever())
        session = aiohttp.ClientSession(connector=connector)
        await stack.enter_async_context(session)
        silent = [
            (await stack.enter_async_context(raw_server(answer))).url
            for answer in (hang, drip) * 10
        ]
        begin = loop.time()
        assert await discover(session, [*silent, deaf, "pi", "nas:1234"]) == ()
        assert loop.time() - begin < 2.0 + GRACE


async def test_one_answers_among_the_silent(session: aiohttp.ClientSession) -> None:
    """Who answers is not lost for those who do not."""
    async with raw_server(hang) as silent, serving("vllm") as server:
        found = await discover(session, [silent.url, server.url], within=SHORT)
    assert [one.kind for one in found] == [EngineKind.VLLM]


@pytest.mark.parametrize(
    ("name", "kind"),
    [
        ("llama_server", EngineKind.LLAMA_SERVER),
        ("lm_studio", EngineKind.LM_STUDIO),
        ("localai", EngineKind.LOCALAI),
        ("vllm", None),
        ("llama_cpp_python", None),
        ("other", None),
    ],
)
async def test_locked(
    session: aiohttp.ClientSession, name: str, kind: EngineKind | None
) -> None:
    """A server that wants a key is shown, with its name where it says that."""
    async with serving(name, key="open-sesame") as server:
        [found] = await discover(session, [server.url], within=20)
    assert found.url == server.url
    assert (found.kind, found.locked, found.models) == (kind, True, None)


LOADING: Page = 503, {"error": {"message": "Loading model", "code": 503}}, {}
LLAMA = {"/": (404, "", {"Server": "llama.cpp"})}


@pytest.mark.parametrize(
    ("pages", "kind"),
    [
        ({"/v1/models": LOADING}, None),
        (LLAMA | {"/health": LOADING, "/v1/models": LOADING}, EngineKind.LLAMA_SERVER),
    ],
)
async def test_loading(
    session: aiohttp.ClientSession, pages: dict[str, Page], kind: EngineKind | None
) -> None:
    """A server that is not ready yet is shown."""
    async with site(pages) as url:
        [found] = await discover(session, [url], within=20)
    assert found == Found(url=HttpClient(session, url).url, kind=kind)


@pytest.mark.parametrize(
    "pages",
    [
        {},
        {"/": ok("<html>A printer</html>")},
        {"/v1/models": (401, "<html>Who are you?</html>", {})},
        {"/v1/models": (503, "<html>Bad gateway</html>", {})},
        {"/": (401, {"message": "Who are you?"}, {})},
        {"/api/version": ok({"version": "1"})},
    ],
)
async def test_no_engine(
    session: aiohttp.ClientSession, pages: dict[str, Page]
) -> None:
    """Pages that are none of an engine, also if they are locked or broken."""
    async with site(pages) as url:
        assert await discover(session, [url], within=20) == ()


async def test_what_is_known_is_not_lost(session: aiohttp.ClientSession) -> None:
    """A server that says who it is, and then nothing any more."""
    first = then(b"HTTP/1.1 200 OK\r\nServer: llama.cpp\r\nContent-Length: 0\r\n\r\n")
    async with raw_server(first, hang) as server:
        [found] = await discover(session, [server.url], within=SHORT)
        assert found == Found(url=server.url, kind=EngineKind.LLAMA_SERVER)
    healthy = reply("application/json", b'{"status": "ok", "build_info": "b1"}')
    async with raw_server(first, healthy, healthy, hang) as server:
        [found] = await discover(session, [server.url], within=SHORT)
    assert (found.version, found.models) == ("b1", None)


async def test_a_version_that_is_none(session: aiohttp.ClientSession) -> None:
    """What will be shown to people is short and has no control characters."""
    pages = {
        "/": ok("Ollama is running"),
        "/api/version": ok({"version": "1.0\n\x1b[31m" + "9" * 100_000}),
        "/api/tags": ok({"models": []}),
    }
    async with site(pages) as url:
        [found] = await discover(session, [url], within=20)
    assert found.version is not None
    assert len(found.version) <= 40
    assert found.version.isprintable()


async def test_nobody_is_sent_elsewhere(session: aiohttp.ClientSession) -> None:
    """A server cannot make us ask another one."""
    async with serving("ollama") as other:
        there = f"HTTP/1.1 307 Temporary Redirect\r\nLocation: {other.url}/\r\n"
        answer = then(f"{there}Content-Length: 0\r\n\r\n".encode())
        async with raw_server(answer) as server:
            assert await discover(session, [server.url], within=20) == ()
        assert other.asked == []


async def test_addresses_that_are_none(session: aiohttp.ClientSession) -> None:
    """Nonsense is passed over, and the same address is asked once."""
    async with serving("ollama") as server:
        wrong = ["", "ftp://pi", "http://me:secret@pi", "http://pi:99999", "a b"]
        same = [server.url, f"{server.url}/", f" {server.url}/v1 "]
        [found] = await discover(session, [*wrong, *same], within=20)
    assert found.url == server.url
    assert server.paths.count("/") == 1


async def test_a_list_without_end(session: aiohttp.ClientSession) -> None:
    """Of a list that no home has only the beginning is asked."""
    async with serving("ollama") as server:
        many = ["nonsense://"] * 10_000
        assert await discover(session, [*many, server.url], within=20) == ()
    assert server.asked == []


async def test_cancelling(session: aiohttp.ClientSession) -> None:
    """Who stops looking leaves no connection behind."""
    async with raw_server(hang) as server:
        looking = asyncio.create_task(discover(session, [server.url], within=60))
        async with asyncio.timeout(10):
            while not server.requests:
                await asyncio.sleep(0.01)
        looking.cancel()
        with pytest.raises(asyncio.CancelledError):
            await looking
        async with asyncio.timeout(10):
            await server.left.wait()


async def test_a_closed_session() -> None:
    """Nothing is found with a session that is closed."""
    session = aiohttp.ClientSession()
    await session.close()
    assert await discover(session, ["127.0.0.1:11434"]) == ()


def test_usual_addresses() -> None:
    """Every host at every port, in an order that begins with the likeliest."""
    found = usual_addresses(["pi", "172.30.32.1", "fd00::1"])
    assert found[0] == "http://pi:11434"
    assert "http://172.30.32.1:8080" in found
    assert "http://[fd00::1]:1234" in found
    assert len(set(found)) == len(found) == 3 * len(USUAL_PORTS)
    assert {11434, 8080, 8000, 1234, 5000, 8081} <= set(USUAL_PORTS)
    assert usual_addresses(["[::1]"], [80]) == ("http://[::1]:80",)
    assert usual_addresses([]) == ()
