"""A server that sends exactly the bytes a test wants, however wrong."""

import asyncio
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
import re

type Answer = Callable[[asyncio.StreamWriter], Awaitable[None]]


@dataclass(slots=True)
class RawServer:
    """Where the server is, what it was asked, and whether the other side left."""

    url: str = ""
    requests: list[bytes] = field(default_factory=list)
    left: asyncio.Event = field(default_factory=asyncio.Event)


def head(content_type: str, status: str = "200 OK", length: int | None = None) -> bytes:
    """Return the head of a response; without a length it ends with the connection."""
    lines = [f"HTTP/1.1 {status}", f"Content-Type: {content_type}"]
    if length is not None:
        lines.append(f"Content-Length: {length}")
    return "\r\n".join([*lines, "Connection: close", "", ""]).encode()


def reply(content_type: str, body: bytes, status: str = "200 OK") -> Answer:
    """Return an answer of some bytes."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        writer.write(head(content_type, status, len(body)) + body)

    return answer


async def hang(_: asyncio.StreamWriter) -> None:
    """Say nothing."""
    await asyncio.Event().wait()


def then(*pieces: bytes, last: Answer | None = None) -> Answer:
    """Return an answer in pieces, and what happens after the last."""

    async def answer(writer: asyncio.StreamWriter) -> None:
        for piece in pieces:
            writer.write(piece)
            await writer.drain()
        if last is not None:
            await last(writer)

    return answer


@asynccontextmanager
async def raw_server(*answers: Answer) -> AsyncIterator[RawServer]:
    """Serve one answer after another, the last one for good."""
    server = RawServer()
    tasks: set[asyncio.Task[None]] = set()

    async def read_request(reader: asyncio.StreamReader) -> bytes:
        begin = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", begin)
        return begin + (await reader.readexactly(int(length[1])) if length else b"")

    async def watch(reader: asyncio.StreamReader) -> None:
        with suppress(ConnectionError):
            await reader.read()
        server.left.set()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        try:
            server.requests.append(await read_request(reader))
            answer = answers[min(len(server.requests), len(answers)) - 1]
            async with asyncio.TaskGroup() as group:
                watching = group.create_task(watch(reader))
                try:
                    await answer(writer)
                    await writer.drain()
                    writer.close()
                except ConnectionError:
                    server.left.set()
                watching.cancel()
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
            for task in tasks:
                task.cancel()
            await asyncio.gather(*tasks, return_exceptions=True)
