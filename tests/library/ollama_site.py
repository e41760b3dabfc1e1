"""An Ollama that says what a real one was heard to say, and its registry beside it.

Lists, downloads and refusals are recorded ones. What a test decides is when the next
line of a download comes, and what the registry has.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import hashlib
import json
from typing import Any

from aiohttp import web
from aiohttp.test_utils import TestServer

from ..engines.replay import TRANSCRIPTS

GIB = 1 << 30
# What the recorded download brings: one large part, and a small one.
LARGE, SMALL = 84023104, 150


def recorded(name: str) -> tuple[int, list[bytes]]:
    """Return the status and the lines of a recorded answer."""
    raw = (TRANSCRIPTS / f"{name}.http").read_bytes().replace(b"\r\n", b"\n")
    answer = raw.split(b"# ---- response", 1)[1].split(b"\n", 1)[1]
    head, body = answer.split(b"\n\n", 1)
    lines = body.split(b"# ---- arrival")[0].strip().splitlines()
    return int(head.split()[1]), lines


def recorded_models() -> dict[str, dict[str, Any]]:
    """Return the recorded list of models, by their names."""
    _, [line] = recorded("tags")
    return {model["name"]: model for model in json.loads(line)["models"]}


def manifest(*sizes: int, version: str = "1") -> bytes:
    """Return the manifest of a model of these parts."""
    layers = [{"digest": f"sha256:{version}", "size": size} for size in sizes]
    return json.dumps({"layers": layers, "schemaVersion": 2}).encode()


TOOLBOT = manifest(LARGE, SMALL)


@dataclass(slots=True)
class OllamaSite:
    """An Ollama and its registry.

    Args:
        url: Where both answer.
        models: What the Ollama has, by name.
        listing_status: What it answers to who wants to know its models.
        loaded: The answer to what is in memory.
        manifests: What the registry has, by the paths of the manifests.
        registry_status: What the registry answers, where not 200.
        downloads: Names of recorded downloads: each pull takes the next, all others
            the last one.
        lines: Of a download come so many lines; None for all of them.
        go_on: The rest of them comes when this is set.
        breaks: So many downloads break off after these lines instead.
        asked: What the Ollama was asked: paths, and models where one was named.
        manifests_asked: The paths that the registry was asked for.
        keeps: Whether it says of each model that is to be deleted that it is gone.
        given_up: How many downloads were broken off by who asked for them.
    """

    url: str = ""
    models: dict[str, dict[str, Any]] = field(default_factory=dict)
    listing_status: int = 200
    loaded: str = "ps-empty"
    manifests: dict[str, bytes] = field(default_factory=dict)
    registry_status: int = 200
    downloads: list[str] = field(default_factory=lambda: ["pull-ok-download"])
    lines: int | None = None
    go_on: asyncio.Event = field(default_factory=asyncio.Event)
    breaks: int = 0
    asked: list[tuple[str, str]] = field(default_factory=list)
    manifests_asked: list[str] = field(default_factory=list)
    keeps: bool = False
    given_up: int = 0

    @property
    def pulls(self) -> list[str]:
        """Return the models that were pulled, in the order that they were."""
        return [model for path, model in self.asked if path == "/api/pull"]

    def has(self, name: str, content: bytes = TOOLBOT) -> None:
        """Let the Ollama have a model whose manifest was this."""
        item = recorded_models()["toolbot:latest"]
        digest = hashlib.sha256(content).hexdigest()
        self.models[name] = item | {"digest": digest, "model": name, "name": name}

    def offers(self, path: str, content: bytes = TOOLBOT) -> None:
        """Let the registry have a model."""
        self.manifests[path] = content


def path_of(name: str) -> str:
    """Return the path of the manifest of one of the library's models."""
    model, _, tag = name.partition(":")
    return f"library/{model}/manifests/{tag or 'latest'}"


@asynccontextmanager
async def ollama_site() -> AsyncIterator[OllamaSite]:
    """Run an Ollama and its registry."""
    site = OllamaSite()
    app = web.Application()
    app.add_routes(
        [
            web.get("/", _recorded("root")),
            web.get("/api/version", _recorded("version")),
            web.get("/api/tags", _tags(site)),
            web.get("/api/ps", _loaded(site)),
            web.post("/api/show", _recorded("show-gotools")),
            web.post("/api/generate", _unload(site)),
            web.post("/api/pull", _pull(site)),
            web.delete("/api/delete", _delete(site)),
            web.get("/v2/{path:.+}", _manifest(site)),
        ]
    )
    server = TestServer(app)
    await server.start_server()
    site.url = str(server.make_url("")).rstrip("/")
    try:
        yield site
    finally:
        site.go_on.set()
        await server.close()


def _answer(name: str) -> web.Response:
    """Return a recorded answer."""
    status, lines = recorded(name)
    kind = "text/plain" if name == "root" else "application/json"
    return web.Response(status=status, body=b"\n".join(lines), content_type=kind)


def _recorded(name: str) -> Any:
    """Return what always says the same."""

    async def handle(_: web.Request) -> web.Response:
        return _answer(name)

    return handle


def _tags(site: OllamaSite) -> Any:
    """Return what lists the models."""

    async def handle(_: web.Request) -> web.Response:
        listed = {"models": [*site.models.values()]}
        return web.json_response(listed, status=site.listing_status)

    return handle


def _loaded(site: OllamaSite) -> Any:
    """Return what lists the models in memory."""

    async def handle(_: web.Request) -> web.Response:
        return _answer(site.loaded)

    return handle


async def _named(site: OllamaSite, request: web.Request) -> str:
    """Note a request, and return the model that it names."""
    name = str((await request.json())["model"])
    site.asked.append((request.path, name))
    return name


def _unload(site: OllamaSite) -> Any:
    """Return what takes a model out of memory."""

    async def handle(request: web.Request) -> web.Response:
        await _named(site, request)
        return _answer("generate-unload")

    return handle


def _delete(site: OllamaSite) -> Any:
    """Return what deletes a model."""

    async def handle(request: web.Request) -> web.Response:
        name = await _named(site, request)
        if site.keeps or site.models.pop(name, None) is None:
            return _answer("delete-404")
        return web.Response()

    return handle


def _pull(site: OllamaSite) -> Any:
    """Return what downloads a model; when it is there, it is listed."""

    async def handle(request: web.Request) -> web.StreamResponse:
        name = await _named(site, request)
        number = min(len(site.pulls), len(site.downloads)) - 1
        _, lines = recorded(site.downloads[number])
        answer = web.StreamResponse(headers={"Content-Type": "application/x-ndjson"})
        await answer.prepare(request)
        try:
            for place, line in enumerate(lines):
                if place == site.lines:
                    if len(site.pulls) <= site.breaks and request.transport:
                        request.transport.close()
                    else:
                        await site.go_on.wait()
                await answer.write(line + b"\n")
        except asyncio.CancelledError, ConnectionError:
            site.given_up += 1
            raise
        if b"success" in lines[-1]:
            site.has(name, site.manifests.get(path_of(name), TOOLBOT))
        return answer

    return handle


def _manifest(site: OllamaSite) -> Any:
    """Return what gives out manifests."""

    async def handle(request: web.Request) -> web.Response:
        path = request.match_info["path"]
        site.manifests_asked.append(path)
        if site.registry_status != 200:
            return web.Response(status=site.registry_status)
        if (found := site.manifests.get(path)) is None:
            return web.Response(status=404)
        return web.Response(body=found)

    return handle
