"""A server of one file that answers as well or as badly as a test wants."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
import hashlib
import re

from custom_components.hearth.models.download import RetryPolicy
from custom_components.hearth.models.download_request import Patience
from custom_components.hearth.models.hub import RemoteFile, RemoteModel

COMMIT = "0123456789abcdef0123456789abcdef01234567"

# Everything that is waited for, made short.
HASTY = RetryPolicy(
    attempts=3,
    first=0.01,
    longest=0.02,
    longest_wait=0.4,
    patience=Patience(connect=2.0, silence=0.3),
)


@dataclass(frozen=True, slots=True, kw_only=True)
class Asked:
    """One request: its path, and its headers in small letters."""

    path: str
    headers: dict[str, str]

    @property
    def begin(self) -> int:
        """Return the first byte that is asked for."""
        found = re.fullmatch(r"bytes=(\d+)-", self.headers.get("range", "bytes=0-"))
        assert found is not None
        return int(found[1])


type Answer = Callable[[Asked, asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class FileServer:
    """Where the server is, what it will answer, and what it was asked."""

    answers: list[Answer]
    url: str = ""
    asked: list[Asked] = field(default_factory=list)

    @property
    def begins(self) -> list[int]:
        """Return from which byte on it was asked, request for request."""
        return [asked.begin for asked in self.asked]


def head(status: str, *lines: str) -> bytes:
    """Return the head of an answer, after which the connection is closed."""
    return "\r\n".join(
        [f"HTTP/1.1 {status}", *lines, "Connection: close", "", ""]
    ).encode()


def says(status: str, *lines: str, body: bytes = b"") -> Answer:
    """Return an answer of a status, headers and a body, whatever was asked."""

    async def answer(_: Asked, writer: asyncio.StreamWriter) -> None:
        writer.write(head(status, *lines) + body)

    return answer


def good_head(content: bytes, begin: int) -> bytes:
    """Return the head of a good answer, to a request for a piece too."""
    length = f"Content-Length: {len(content) - begin}"
    if not begin:
        return head("200 OK", length)
    piece = f"Content-Range: bytes {begin}-{len(content) - 1}/{len(content)}"
    return head("206 Partial Content", length, piece)


def file(content: bytes, *, ranges: bool = True, until: int | None = None) -> Answer:
    """Return an answer that is a file.

    Args:
        content: The file.
        ranges: Whether a piece is given where a piece is asked for.
        until: After which byte of the file the connection breaks.
    """

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        begin = asked.begin if ranges else 0
        writer.write(good_head(content, begin) + content[begin:until])
        await writer.drain()

    return answer


def stalls(content: bytes, until: int) -> Answer:
    """Return an answer that stops in the middle, and stays."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await file(content, until=until)(asked, writer)
        await asyncio.Event().wait()

    return answer


def waits_for(event: asyncio.Event, content: bytes, until: int) -> Answer:
    """Return an answer whose second half comes after something happened."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await file(content, until=until)(asked, writer)
        await event.wait()
        writer.write(content[until:])

    return answer


def by_path(files: dict[str, Answer]) -> Answer:
    """Return an answer that depends on the path."""

    async def answer(asked: Asked, writer: asyncio.StreamWriter) -> None:
        await files.get(asked.path, says("404 Not Found"))(asked, writer)

    return answer


@asynccontextmanager
async def file_server(*answers: Answer) -> AsyncIterator[FileServer]:
    """Serve one answer after another, the last one for good."""
    server = FileServer([*answers])
    tasks: set[asyncio.Task[None]] = set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            lines = (await reader.readuntil(b"\r\n\r\n")).decode().split("\r\n")
            headers = dict(line.lower().split(": ", 1) for line in lines[1:] if line)
            # A token's letters count.
            for line in lines:
                if line.startswith("Authorization: "):
                    headers["authorization"] = line.removeprefix("Authorization: ")
            asked = Asked(path=lines[0].split(" ")[1], headers=headers)
            server.asked.append(asked)
            number = min(len(server.asked), len(server.answers)) - 1
            await server.answers[number](asked, writer)
            await writer.drain()
        except asyncio.IncompleteReadError, ConnectionError:
            pass
        finally:
            writer.close()

    def accept(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.create_task(serve(reader, writer))
        tasks.add(task)
        task.add_done_callback(tasks.discard)

    async with await asyncio.start_server(accept, "127.0.0.1", 0) as listening:
        host, port = listening.sockets[0].getsockname()
        server.url = f"http://{host}:{port}"
        try:
            yield server
        finally:
            for task in [*tasks]:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)


def remote_file(
    content: bytes, url: str, name: str = "small-Q4_K_M.gguf"
) -> RemoteFile:
    """Return what a hub tells about a file."""
    return RemoteFile(
        name=name,
        size=len(content),
        sha256=hashlib.sha256(content).hexdigest(),
        url=f"{url}/owner/small/resolve/{COMMIT}/{name}",
    )


def remote_model(content: bytes, url: str) -> RemoteModel:
    """Return what a hub tells about a model of one file."""
    return RemoteModel(
        repository="owner/small", revision=COMMIT, files=(remote_file(content, url),)
    )
