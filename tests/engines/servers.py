"""Servers of all kinds, made again from what is known of their answers.

Each fixture says where its facts are from, which kind it is, what a client learns
of it, and what it answers at which path and at all others.
"""

from collections.abc import AsyncIterator, Mapping
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import json
from pathlib import Path
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer
from multidict import CIMultiDict

FOLDER = Path(__file__).parent / "fixtures" / "servers"


@dataclass(slots=True)
class Server:
    """A server that answers from a fixture, and what it was asked."""

    url: str = ""
    asked: list[tuple[str, Mapping[str, str]]] = field(default_factory=list)

    @property
    def paths(self) -> list[str]:
        """Return the paths that were asked for."""
        return [path for path, _ in self.asked]


def names() -> list[str]:
    """Return the names of all fixtures."""
    return sorted(path.stem for path in FOLDER.glob("*.json"))


def facts(name: str) -> dict[str, Any]:
    """Return a fixture."""
    found: dict[str, Any] = json.loads((FOLDER / f"{name}.json").read_text())
    return found


@asynccontextmanager
async def serving(name: str, *, key: str | None = None) -> AsyncIterator[Server]:
    """Serve a fixture; with a key, nothing but what every server shows without."""
    known, server = facts(name), Server()

    async def answer(request: web.Request) -> web.Response:
        server.asked.append((request.path, CIMultiDict(request.headers)))
        page = known["pages"].get(request.path, known["other"])
        given = request.headers.get("Authorization")
        if key is not None and request.path.startswith(("/v1/", "/props")):
            if given != f"Bearer {key}":
                page = {"status": 401, "body": {"detail": "Unauthorized"}}
                page["headers"] = known["other"]["headers"]
        return _response(page)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", answer)
    async with TestServer(app) as running:
        server.url = str(running.make_url("")).rstrip("/")
        yield server


def _response(page: Mapping[str, Any]) -> web.Response:
    """Return a page: a text as it is, everything else as JSON."""
    body, headers = page["body"], CIMultiDict(page["headers"])
    plain = isinstance(body, str)
    headers.setdefault("Content-Type", "text/plain" if plain else "application/json")
    raw = body if plain else json.dumps(body, separators=(",", ":"))
    return web.Response(status=page["status"], body=raw.encode(), headers=headers)
