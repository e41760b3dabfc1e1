"""The client of a hub against a server that answers as Hugging Face does, or not."""

import asyncio
from collections.abc import Callable
import json
from typing import Any

from aiohttp import ClientSession
import pytest

from custom_components.hearth.models.download_request import Patience
from custom_components.hearth.models.hub import (
    AccessDenied,
    BadAnswer,
    Hub,
    HubError,
    HubUnreachable,
    NotFound,
    RateLimited,
)

from .file_server import COMMIT, Answer, Asked, by_path, file_server, head, says

ABOUT = "/api/models/org/repo/revision/main"
TREE = f"/api/models/org/repo/tree/{COMMIT}?recursive=true"
TOKEN = "hf_Secret"
SUM = "ab" * 32


def page(value: Any, *lines: str) -> Answer:
    """Return an answer in JSON."""
    body = json.dumps(value).encode()
    return says("200 OK", f"Content-Length: {len(body)}", *lines, body=body)


def entry(path: str, size: object = 1000, oid: object = SUM) -> dict[str, Any]:
    """Return a large file as a hub lists it."""
    lfs = {"oid": oid, "size": size, "pointerSize": 135}
    return {"type": "file", "oid": "0" * 40, "size": size, "path": path, "lfs": lfs}


LISTING: list[dict[str, Any]] = [
    {"type": "directory", "oid": "0" * 40, "size": 0, "path": "Q8_0"},
    {"type": "file", "oid": "0" * 40, "size": 9, "path": "README.md"},
    {"type": "file", "oid": "0" * 40, "size": 9, "path": "no-sum.gguf"},
    entry("weights.safetensors"),
    entry("x-Q4_K_M.gguf", 2000),
    entry("mmproj-F16.gguf"),
    entry("Q8_0/x-00001-of-00002.gguf"),
    entry("Q8_0/x-00002-of-00002.gguf", 500),
    entry("../../evil.gguf"),
    entry("with space.gguf"),
]


def site(tree: Answer | None = None, about: Answer | None = None) -> Answer:
    """Return a hub with one repository."""
    return by_path(
        {
            ABOUT: about or page({"id": "org/repo", "sha": COMMIT, "gated": False}),
            TREE: tree or page(LISTING),
        }
    )


async def test_lists_the_models(session: ClientSession) -> None:
    """Models are told with sizes, sums and addresses at the commit of the moment."""
    async with file_server(site()) as server:
        models = await Hub(session, f" {server.url}/ ", TOKEN).files("org/repo")
        assert [model.name for model in models] == [
            "x-00001-of-00002.gguf",
            "with space.gguf",
            "x-Q4_K_M.gguf",
        ]
        split, spaced, plain = models
        assert [file.name for file in split.files] == [
            "Q8_0/x-00001-of-00002.gguf",
            "Q8_0/x-00002-of-00002.gguf",
        ]
        assert split.size == 1500
        assert plain.revision == COMMIT
        assert plain.repository == "org/repo"
        [file] = plain.files
        assert (file.size, file.sha256) == (2000, SUM)
        assert file.url == f"{server.url}/org/repo/resolve/{COMMIT}/x-Q4_K_M.gguf"
        assert spaced.files[0].url.endswith("/with%20space.gguf")
        tokens = {asked.headers["authorization"] for asked in server.asked}
        assert tokens == {f"Bearer {TOKEN}"}


async def test_finds_one_model(session: ClientSession) -> None:
    """A model is found by any of its files; else the files are told that there are."""
    async with file_server(site()) as server:
        hub = Hub(session, server.url)
        model = await hub.model("org/repo", "x-Q4_K_M.gguf")
        assert model.size == 2000
        split = await hub.model("org/repo", "Q8_0/x-00002-of-00002.gguf")
        assert split.size == 1500
        with pytest.raises(NotFound, match=r"x-Q4_K_M\.gguf"):
            await hub.model("org/repo", "no-sum.gguf")
        assert all("authorization" not in asked.headers for asked in server.asked)


async def test_revisions(session: ClientSession) -> None:
    """A branch or a tag is asked for as it is written, slashes and all."""
    about = {"/api/models/org/repo/revision/refs%2Fpr%2F1": page({"sha": COMMIT})}
    async with file_server(by_path({**about, TREE: page(LISTING)})) as server:
        models = await Hub(session, server.url).files("org/repo", "refs/pr/1")
        assert models[0].revision == COMMIT


async def test_turns_pages(session: ClientSession) -> None:
    """All pages are read, and no page's link leads to another host."""
    cursor = "ZXlK%2BcU%3D"
    link = f'Link: <https://elsewhere.example/x?recursive=true&cursor={cursor}>; rel="next"'
    second = f"/api/models/org/repo/tree/{COMMIT}?recursive=true&cursor={cursor}"
    asked: list[Asked] = []

    async def pages(request: Asked, writer: asyncio.StreamWriter) -> None:
        asked.append(request)
        if "cursor" in request.path:
            await page([entry("b-Q8_0.gguf")])(request, writer)
        elif "tree" in request.path:
            await page([entry("a-Q8_0.gguf")], link)(request, writer)
        else:
            await page({"sha": COMMIT})(request, writer)

    async with file_server(pages) as server:
        models = await Hub(session, server.url, TOKEN).files("org/repo")
        assert [model.name for model in models] == ["a-Q8_0.gguf", "b-Q8_0.gguf"]
        assert len(asked) == 3
        assert asked[-1].path.replace("%3D", "=") == second.replace("%3D", "=")


async def test_pages_without_end(session: ClientSession) -> None:
    """A list that always has another page is given up."""

    async def pages(request: Asked, writer: asyncio.StreamWriter) -> None:
        answer = page([], 'Link: </next?cursor=1>; rel="next"')
        if "tree" not in request.path:
            answer = page({"sha": COMMIT})
        await answer(request, writer)

    async with file_server(pages) as server:
        with pytest.raises(BadAnswer, match="more files"):
            await Hub(session, server.url).files("org/repo")
        assert len(server.asked) < 100


@pytest.mark.parametrize(
    ("status", "lines", "error", "told"),
    [
        ("401 No", [], AccessDenied, "token"),
        ("403 No", [], AccessDenied, "token"),
        ("401 No", ["X-Error-Code: GatedRepo"], AccessDenied, "licence"),
        ("403 No", ["X-Error-Code: GatedRepo"], AccessDenied, "licence"),
        ("401 No", ["X-Error-Code: RepoNotFound"], NotFound, "private"),
        ("404 No", ["X-Error-Code: RevisionNotFound"], NotFound, "revision"),
        ("404 No", [], NotFound, "repository"),
        ("500 No", [], HubUnreachable, "500"),
        ("503 No", [], HubUnreachable, "503"),
        ("400 No", [], BadAnswer, "400"),
        ("204 Empty", [], BadAnswer, "204"),
        ("302 There", ["Location: https://elsewhere.example/"], BadAnswer, "another"),
        ("302 There", [], BadAnswer, "no address"),
        ("302 There", ["Location: /round"], BadAnswer, "circles|refuses"),
    ],
)
async def test_refusals(
    session: ClientSession,
    status: str,
    lines: list[str],
    error: type[HubError],
    told: str,
) -> None:
    """A refusal becomes the error that says what can be done."""
    async with file_server(says(status, *lines)) as server:
        with pytest.raises(HubError, match=told) as caught:
            await Hub(session, server.url, TOKEN).files("org/repo")
        assert type(caught.value) is error
        assert TOKEN not in str(caught.value)


@pytest.mark.parametrize(
    ("line", "seconds"),
    [
        ("Retry-After: 7", 7.0),
        ('RateLimit: "api";r=0;t=55', 55.0),
        ("Retry-After: Thu, 01 Jan 1970 00:00:00 GMT", 0.0),
        ("Retry-After: later", None),
        ("X: y", None),
    ],
)
async def test_rate_limits(
    session: ClientSession, line: str, seconds: float | None
) -> None:
    """How long to wait is told, where the hub told it."""
    async with file_server(says("429 Slow", line)) as server:
        with pytest.raises(RateLimited) as caught:
            await Hub(session, server.url).files("org/repo")
        assert caught.value.retry_after == seconds


async def test_a_repository_that_moved(session: ClientSession) -> None:
    """A repository with a new name is found under its old one."""
    moved = {ABOUT: says("307 Moved", "Location: /api/models/org/new/revision/main")}
    moved["/api/models/org/new/revision/main"] = page({"sha": COMMIT})
    moved[TREE] = page(LISTING)
    async with file_server(by_path(moved)) as server:
        assert len(await Hub(session, server.url).files("org/repo")) == 3


@pytest.mark.parametrize(
    "about",
    [
        page({}),
        page([]),
        page({"sha": "main"}),
        page({"sha": 7}),
        page({"sha": "../" * 20}),
        says("200 OK", body=b"<html>Log in</html>"),
        says("200 OK", body=b"\xff\xfe"),
        says("200 OK", body=b""),
        says("200 OK", body=b"[" * 100_000),
        says("200 OK", body=b" " * (9 << 20)),
    ],
    ids="empty list name number path html bytes nothing deep long".split(),
)
async def test_nonsense_about(session: ClientSession, about: Answer) -> None:
    """What is no answer of a hub is told as such."""
    async with file_server(site(about=about)) as server:
        with pytest.raises(BadAnswer):
            await Hub(session, server.url).files("org/repo")


@pytest.mark.parametrize(
    "listing",
    [
        {},
        None,
        ["x.gguf"],
        [[]],
        [entry("x.gguf", 0)],
        [entry("x.gguf", -1)],
        [entry("x.gguf", 1.5)],
        [entry("x.gguf", "1")],
        [entry("x.gguf", None)],
        [entry("x.gguf", 1 << 60)],
        [entry("x.gguf", 1, "ab")],
        [entry("x.gguf", 1, None)],
        [entry("x.gguf", 1, "../" * 20)],
        [{"type": "file", "path": "x.gguf", "lfs": "yes"}],
    ],
)
async def test_nonsense_in_listings(session: ClientSession, listing: Any) -> None:
    """A model file without a size and a sum is no answer of a hub."""
    async with file_server(site(page(listing))) as server:
        with pytest.raises(BadAnswer):
            await Hub(session, server.url).files("org/repo")


@pytest.mark.parametrize(
    "listing",
    [
        [],
        [{}],
        [{"type": "file"}],
        [{"type": "file", "path": 7, "lfs": {}}],
        [entry("../x.gguf"), entry("/x.gguf"), entry("a\n.gguf"), entry("x" * 999)],
    ],
)
async def test_what_is_no_model(session: ClientSession, listing: Any) -> None:
    """What is no model file, or has no safe name, is left out."""
    async with file_server(site(page(listing))) as server:
        assert await Hub(session, server.url).files("org/repo") == ()


@pytest.mark.parametrize(
    "answer",
    [
        says("Oops"),
        says("200 OK", "Content-Length: 100", body=b"{"),
        says("200 OK", "Transfer-Encoding: chunked", body=b"zz\r\n"),
    ],
)
async def test_broken_answers(session: ClientSession, answer: Answer) -> None:
    """A connection that breaks is a hub that cannot be reached."""
    async with file_server(answer) as server:
        with pytest.raises(HubUnreachable):
            await Hub(session, server.url).files("org/repo")


async def test_a_hub_that_dawdles(session: ClientSession) -> None:
    """An answer that comes byte by byte is not waited for without end."""

    async def drip(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head("200 OK", "Content-Length: 1000"))
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.05)

    async with file_server(drip) as server:
        hub = Hub(session, server.url, patience=Patience(connect=0.1, silence=0.2))
        with pytest.raises(HubUnreachable, match="in time"):
            await hub.files("org/repo")


async def test_nobody_there(session: ClientSession) -> None:
    """Neither a silent host nor a closed session is anything but our own error."""
    async with file_server(says("404 No")) as server:
        url = server.url
    with pytest.raises(HubUnreachable):
        await Hub(session, url).files("org/repo")
    await session.close()
    with pytest.raises(HubUnreachable):
        await Hub(session, url).files("org/repo")


async def test_a_token_that_is_none(session: ClientSession) -> None:
    """A token that cannot be sent is told, and not shown."""
    async with file_server(site()) as server:
        with pytest.raises(AccessDenied) as caught:
            await Hub(session, server.url, "a\r\nb").files("org/repo")
        assert "a\r\nb" not in str(caught.value)
        assert server.asked == []


@pytest.mark.parametrize(
    "ask",
    [
        lambda hub: hub.files("../repo"),
        lambda hub: hub.files("org/repo", "../main"),
        lambda hub: hub.files("org/repo", "a b"),
        lambda hub: hub.files("org/repo", ""),
        lambda hub: hub.model("org/repo", "../x.gguf"),
    ],
)
async def test_names_that_cannot_be(
    session: ClientSession, ask: Callable[[Hub], Any]
) -> None:
    """Unsafe names never reach the hub."""
    async with file_server(site()) as server:
        with pytest.raises(ValueError, match=r"."):
            await ask(Hub(session, server.url))
        assert server.asked == []


@pytest.mark.parametrize(
    "endpoint", ["", "huggingface.co", "ftp://hf.co", "https://me:secret@hf.co"]
)
async def test_endpoints_that_are_none(session: ClientSession, endpoint: str) -> None:
    """The address of a hub begins with https or http and names a host."""
    with pytest.raises(ValueError, match="hub's address"):
        Hub(session, endpoint)
