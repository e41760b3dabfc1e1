"""Asking an engine over HTTP, with deadlines and limits."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass
import json
from typing import Any

import aiohttp
from yarl import URL

from .address import normalize_url
from .chat import Deadlines
from .errors import OK, error_from
from .events import Events, Ndjson, ServerSentEvents, only_engine_errors
from .faults import AuthFailed, EngineError, ProtocolError, Unreachable
from .values import JsonObject, parse_object

LONGEST_BODY = 16 << 20
LONGEST_REFUSAL = 64 << 10

# For calls that a server answers from what it has in memory.
QUICK = Deadlines(first_byte=10.0, between=10.0)

_JSON = frozenset({"application/json"})
_NDJSON = frozenset({"application/json", "application/x-ndjson"})
_SSE = frozenset({"text/event-stream"})


@dataclass(frozen=True, slots=True)
class Page:
    """What a server says at an address, whatever it is."""

    status: int
    server: str
    body: bytes


class HttpClient:
    """One engine's address and key, on somebody else's session.

    Redirects are not followed: the key is for this address only.
    """

    def __init__(
        self, session: aiohttp.ClientSession, url: str, api_key: str | None = None
    ) -> None:
        """Remember where the engine is."""
        self._session = session
        self._api_key = api_key
        self.url = normalize_url(url)

    async def json(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None = None,
        *,
        params: Mapping[str, str] | None = None,
        deadlines: Deadlines = QUICK,
    ) -> JsonObject:
        """Return the JSON object that is the answer."""
        async with self._ask(method, path, body, params, deadlines) as (answer, left):
            await _check(answer, _JSON, deadlines)
            raw = await _read(answer, LONGEST_BODY, left + deadlines.between)
        return parse_object(raw)

    async def call(
        self, method: str, path: str, body: Mapping[str, Any] | None = None
    ) -> None:
        """Ask for something whose answer is only that it was done."""
        async with self._ask(method, path, body, None, QUICK) as (answer, _):
            await _check(answer, None, QUICK)

    async def page(self, path: str) -> Page:
        """Return what is at a path, also if it is a refusal; never more than 64 KiB."""
        async with self._ask("GET", path, None, None, QUICK) as (answer, left):
            body = await _read(answer, LONGEST_REFUSAL, left, cut=True)
            return Page(answer.status, answer.headers.get("Server", ""), body)

    @asynccontextmanager
    async def ndjson(
        self, path: str, body: Mapping[str, Any], deadlines: Deadlines
    ) -> AsyncIterator[Events]:
        """Open a stream of one JSON object a line; leaving closes the connection."""
        async with self._ask("POST", path, body, None, deadlines) as (answer, left):
            await _check(answer, _NDJSON, deadlines)
            yield Ndjson(answer.content, deadlines, left)

    @asynccontextmanager
    async def sse(
        self, path: str, body: Mapping[str, Any], deadlines: Deadlines
    ) -> AsyncIterator[Events]:
        """Open a stream of server-sent events; leaving closes the connection."""
        async with self._ask("POST", path, body, None, deadlines) as (answer, left):
            await _check(answer, _SSE, deadlines)
            yield ServerSentEvents(answer.content, deadlines, left)

    @asynccontextmanager
    async def _ask(
        self,
        method: str,
        path: str,
        body: Mapping[str, Any] | None,
        params: Mapping[str, str] | None,
        deadlines: Deadlines,
    ) -> AsyncIterator[tuple[aiohttp.ClientResponse, float]]:
        """Send a request; yield the answer and the time left for its first byte.

        An answer that was not read to its end takes its connection with it, and
        so the engine learns that nobody listens any more.
        """
        if self._session.closed:
            raise Unreachable("The session is closed")
        loop = asyncio.get_running_loop()
        until = loop.time() + deadlines.first_byte
        with only_engine_errors():
            async with asyncio.timeout_at(until):
                answer = await self._session.request(
                    method,
                    URL(f"{self.url}{path}"),
                    allow_redirects=False,
                    data=None
                    if body is None
                    else json.dumps(body, default=dict).encode(),
                    headers=self._headers(body is not None),
                    params=params,
                    timeout=aiohttp.ClientTimeout(
                        total=None,
                        connect=deadlines.connect,
                        sock_connect=deadlines.connect,
                    ),
                )
        try:
            yield answer, until - loop.time()
        finally:
            answer.close()

    def _headers(self, has_body: bool) -> dict[str, str]:
        """Return the headers of a request."""
        # A kept connection may be gone when the next request is sent on it:
        # llama-server hangs up after each stream without a word. A generation is
        # never sent twice, so it would be lost.
        headers = {"Accept-Encoding": "identity", "Connection": "close"}
        if has_body:
            headers["Content-Type"] = "application/json"
        if self._api_key:
            if not (self._api_key.isascii() and self._api_key.isprintable()):
                raise AuthFailed("The API key has characters that no key has")
            headers["Authorization"] = f"Bearer {self._api_key}"
        return headers


async def _check(
    answer: aiohttp.ClientResponse,
    expected: frozenset[str] | None,
    deadlines: Deadlines,
) -> None:
    """Raise unless the answer is a good one of an expected type."""
    if answer.status != OK:
        raise await _refusal(answer, deadlines)
    if expected is not None and answer.content_type not in expected:
        raise ProtocolError(f"The answer is {answer.content_type}, not what was asked")


async def _refusal(answer: aiohttp.ClientResponse, deadlines: Deadlines) -> EngineError:
    """Return the error that a bad status and its body stand for."""
    patience = min(deadlines.between, QUICK.between)
    raw = await _read(answer, LONGEST_REFUSAL, patience, cut=True)
    try:
        payload: Any = parse_object(raw)
    except ProtocolError:
        payload = raw.decode(errors="replace")
    return error_from(answer.status, payload)


async def _read(
    answer: aiohttp.ClientResponse, limit: int, patience: float, *, cut: bool = False
) -> bytes:
    """Return a whole body; one beyond the limit is cut off or refused."""
    body = bytearray()
    with only_engine_errors():
        async with asyncio.timeout(patience):
            while piece := await answer.content.readany():
                body += piece
                if len(body) > limit and cut:
                    return bytes(body[:limit])
                if len(body) > limit:
                    raise ProtocolError("The engine sent more than was expected")
    return bytes(body)
