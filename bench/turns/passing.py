"""Standing before a server and passing on what it is asked."""

from collections.abc import AsyncIterator, Awaitable, Callable, Mapping
from contextlib import asynccontextmanager

import aiohttp
from aiohttp import web

from demo.processes import LOOPBACK

# A prompt of a large home takes long to read on a small machine.
_PATIENCE = aiohttp.ClientTimeout(total=None, sock_connect=10)
# The last event of an answer repeats the prompt.
_LONGEST_LINE = 1 << 20
_LARGEST_REQUEST = 1 << 30
# Headers that are about one connection only.
_HOP = frozenset(
    {"connection", "content-length", "host", "keep-alive", "transfer-encoding"}
)
# Bytes of an answer that are kept to be looked at.
_END = 4096

type Handler = Callable[[web.Request], Awaitable[web.StreamResponse]]


def session_for_passing() -> aiohttp.ClientSession:
    """Return a session that changes nothing and does not tire."""
    return aiohttp.ClientSession(
        connector=aiohttp.TCPConnector(force_close=True),
        timeout=_PATIENCE,
        read_bufsize=_LONGEST_LINE,
        # What is compressed because the caller wants it is passed on as it is.
        auto_decompress=False,
        skip_auto_headers={"Accept-Encoding"},
    )


async def forward(
    session: aiohttp.ClientSession,
    url: str,
    request: web.Request,
    ended: Callable[[bytes], None] = lambda end: None,
) -> web.StreamResponse:
    """Pass a request on, and its answer back as it comes.

    ``ended`` is called with the last bytes of an answer.
    """
    try:
        async with session.request(
            request.method,
            url + request.path_qs,
            data=await request.read(),
            headers=_kept(request.headers),
        ) as answer:
            response = web.StreamResponse(
                status=answer.status, headers=_kept(answer.headers)
            )
            await response.prepare(request)
            end = b""
            async for piece in answer.content.iter_any():
                await response.write(piece)
                end = (end + piece)[-_END:]
            ended(end)
            await response.write_eof()
            return response
    except aiohttp.ClientConnectorError:
        # It does not listen yet.
        return web.json_response(
            {"error": {"code": 503, "message": "Loading model"}}, status=503
        )


def _kept(headers: Mapping[str, str]) -> dict[str, str]:
    """Return the headers that are passed on."""
    return {key: value for key, value in headers.items() if key.lower() not in _HOP}


@asynccontextmanager
async def served(handler: Handler, port: int = 0) -> AsyncIterator[str]:
    """Serve a handler on loopback; yield its address.

    Who goes away in the middle of an answer cancels it, as at a real server.
    """
    app = web.Application(client_max_size=_LARGEST_REQUEST)
    app.router.add_route("*", "/{path:.*}", handler)
    runner = web.AppRunner(
        app, access_log=None, handler_cancellation=True, shutdown_timeout=1
    )
    await runner.setup()
    try:
        await web.TCPSite(runner, LOOPBACK, port).start()
        _, taken = runner.addresses[0][:2]
        yield f"http://{LOOPBACK}:{taken}"
    finally:
        await runner.cleanup()
