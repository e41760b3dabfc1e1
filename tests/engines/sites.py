"""Servers that have a page or two."""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

# A status, a text or JSON, and headers.
type Page = tuple[int, Any, dict[str, str]]


def ok(body: Any, **headers: str) -> Page:
    """Return a good page."""
    return 200, body, headers


@asynccontextmanager
async def site(pages: Mapping[str, Page]) -> AsyncIterator[str]:
    """Serve some pages; yield the address."""

    async def serve(request: web.Request) -> web.Response:
        status, body, headers = pages.get(request.path, (404, "Not Found", {}))
        if isinstance(body, str):
            return web.Response(status=status, text=body, headers=headers)
        return web.json_response(body, status=status, headers=headers)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    async with TestServer(app) as server:
        yield str(server.make_url(""))
