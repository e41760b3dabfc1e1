"""A server with wheels on this machine, which can be made to misbehave."""

from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from .fake_wheels import sum_of


@dataclass(slots=True)
class WheelSite:
    """What there is on the server, and what was asked of it.

    ``pages`` are answers by their path; ``asked`` is what came in.
    """

    url: str = ""
    pages: dict[str, Callable[[], web.Response] | bytes] = field(default_factory=dict)
    asked: list[str] = field(default_factory=list)

    @property
    def release(self) -> str:
        """Return the address of the list."""
        return f"{self.url}/v1/wheels.json"

    def offer(self, wheel: Path, **changes: Any) -> None:
        """Put a wheel there, and a list that has it."""
        content = wheel.read_bytes()
        entry = {"name": wheel.name, "sha256": sum_of(wheel), "size": len(content)}
        self.pages[f"/v1/{wheel.name}"] = content
        self.pages["/v1/wheels.json"] = json.dumps(
            {"wheels": [entry | changes]}
        ).encode()


@asynccontextmanager
async def wheel_site() -> AsyncIterator[WheelSite]:
    """Run the server."""
    site = WheelSite()

    async def serve(request: web.Request) -> web.Response:
        site.asked.append(request.path)
        page = site.pages.get(request.path, b"")
        if not isinstance(page, bytes):
            return page()
        if not page:
            return web.Response(status=404)
        kind = "text/html" if page.startswith(b"<") else "application/octet-stream"
        return web.Response(body=page, content_type=kind)

    app = web.Application()
    app.router.add_get("/{path:.*}", serve)
    async with TestServer(app) as server:
        site.url = str(server.make_url("")).rstrip("/")
        yield site
