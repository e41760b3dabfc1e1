"""Asking a hub or a registry: within limits, and with few names for what goes wrong."""

import asyncio
from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager

import aiohttp
from yarl import URL

from .download_request import BadRedirect, BadToken, Patience, requested
from .hub_base import (
    AccessDenied,
    BadAnswer,
    HubError,
    HubUnreachable,
    NotFound,
    RateLimited,
    seconds_to_wait,
)


def address_of(endpoint: str) -> str:
    """Return where a hub is, without a slash at its end.

    Raises ValueError where that is no address.
    """
    url = URL(endpoint.strip().rstrip("/"))
    if url.scheme not in {"http", "https"} or not url.host or url.user is not None:
        raise ValueError("The hub's address begins with https and names a host")
    return str(url.with_query(None).with_fragment(None)).rstrip("/")


@asynccontextmanager
async def answered(
    session: aiohttp.ClientSession,
    url: URL,
    *,
    patience: Patience,
    token: str | None = None,
    headers: dict[str, str] | None = None,
    same_origin: bool = True,
) -> AsyncIterator[aiohttp.ClientResponse]:
    """Ask for an address; all that goes wrong becomes a HubError.

    Args:
        session: Somebody else's session.
        url: The address.
        patience: How long to wait.
        token: Sent to the address's own origin.
        headers: More headers.
        same_origin: Whether only redirects within the origin are followed.
    """
    try:
        async with (
            # For a whole answer, however slowly it comes.
            asyncio.timeout(patience.connect + 2 * patience.silence),
            requested(
                session,
                url,
                token=token,
                patience=patience,
                headers=headers,
                same_origin=same_origin,
            ) as answer,
        ):
            if answer.status != 200:
                raise _refusal(answer.status, answer.headers)
            yield answer
    except BadRedirect as err:
        raise BadAnswer(str(err)) from err
    except BadToken as err:
        raise AccessDenied(str(err)) from err
    except TimeoutError as err:
        raise HubUnreachable("The hub does not answer in time") from err
    except (aiohttp.ClientError, OSError) as err:
        raise HubUnreachable(f"The hub cannot be reached: {err}") from err


async def body_of(answer: aiohttp.ClientResponse, limit: int) -> bytes:
    """Return a whole body; raises BadAnswer for one beyond the limit."""
    body = bytearray()
    while piece := await answer.content.readany():
        body += piece
        if len(body) > limit:
            raise BadAnswer("The hub sends more than Hearth reads")
    return bytes(body)


def _refusal(status: int, headers: Mapping[str, str]) -> HubError:
    """Return the error for an answer that is none."""
    code = headers.get("X-Error-Code", "")
    if code == "GatedRepo":
        return AccessDenied(
            "The model is only for those who accepted its licence on the hub's site,"
            " and asks for a token of theirs"
        )
    if code in {"RepoNotFound", "RevisionNotFound"} or status == 404:
        # To somebody without a token a private repository does not exist either.
        return NotFound("The hub has no such repository or revision, or it is private")
    if status in {401, 403}:
        return AccessDenied("The hub wants a token, or another one")
    if status == 429:
        return RateLimited(
            "The hub wants to be asked less often", retry_after=seconds_to_wait(headers)
        )
    if status >= 500:
        return HubUnreachable(f"The hub is out of order: HTTP {status}")
    return BadAnswer(f"The hub refuses: HTTP {status}")
