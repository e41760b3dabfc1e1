"""Asking for an address; redirects are followed by hand, the token stays home."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import asynccontextmanager
from dataclasses import dataclass

import aiohttp
from yarl import URL

_MOST_HOPS = 5
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


class BadRedirect(Exception):
    """A server sends us where we do not go."""


class BadToken(Exception):
    """A token has characters that no token has."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Patience:
    """Seconds to wait for a connection, and for anything to come over it."""

    connect: float = 15.0
    silence: float = 30.0


@asynccontextmanager
async def requested(
    session: aiohttp.ClientSession,
    url: URL,
    *,
    token: str | None,
    patience: Patience,
    headers: dict[str, str] | None = None,
    same_origin: bool = False,
) -> AsyncGenerator[aiohttp.ClientResponse]:
    """Ask for an address; leaving closes the connection.

    Redirects are not left to aiohttp: it rewrites the signed addresses of some
    content networks, and would follow from https to http.

    Args:
        session: Somebody else's session.
        url: The address.
        token: Sent to the origin (scheme, host and port) of the address, never
            to another.
        patience: How long to wait.
        headers: More headers.
        same_origin: Whether only redirects within the origin are followed.

    Raises:
        BadRedirect: For a redirect that leads nowhere, or to a less safe place.
        BadToken: Where the token cannot be sent.
    """
    home = url.origin()
    for _ in range(_MOST_HOPS + 1):
        sent = {"Accept-Encoding": "identity", **(headers or {})}
        if token and url.origin() == home:
            sent["Authorization"] = f"Bearer {_checked(token)}"
        answer = await _open(session, url, sent, patience)
        if answer.status not in _REDIRECTS:
            try:
                yield answer
            finally:
                answer.close()
            return
        answer.close()
        url = _next(url, answer.headers.get("Location", ""))
        if same_origin and url.origin() != home:
            raise BadRedirect("The server sends us to another host")
    raise BadRedirect("The server sends us round in circles")


async def _open(
    session: aiohttp.ClientSession,
    url: URL,
    headers: dict[str, str],
    patience: Patience,
) -> aiohttp.ClientResponse:
    """Send one request and return the answer's head."""
    if session.closed:
        raise aiohttp.ClientConnectionError("The session is closed")
    async with asyncio.timeout(patience.connect + patience.silence):
        return await session.get(
            url,
            allow_redirects=False,
            headers=headers,
            # Large enough that the connection is not paused for each piece.
            read_bufsize=1 << 20,
            timeout=aiohttp.ClientTimeout(
                total=None,
                sock_connect=patience.connect,
                sock_read=patience.silence,
            ),
        )


def _next(url: URL, location: str) -> URL:
    """Return where a redirect leads."""
    try:
        # As it stands: the signature in it covers every character.
        found = url.join(URL(location, encoded=True))
        found.origin()
    except ValueError as err:
        raise BadRedirect("The server sends us to what is no address") from err
    if not location or found.scheme not in {"http", "https"}:
        raise BadRedirect("The server sends us to what is no address")
    if url.scheme == "https" and found.scheme != "https":
        raise BadRedirect("The server sends us to a place that is not encrypted")
    return found


def _checked(token: str) -> str:
    """Return a token that can stand in a header."""
    if not (token.isascii() and token.isprintable()):
        raise BadToken("The token has characters that no token has")
    return token
