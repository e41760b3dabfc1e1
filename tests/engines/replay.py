"""A server that says again what a recorded one said.

A transcript holds a request, the response with its body freed of the chunks it
came in, and when each read of the socket returned how many bytes. From these the
bytes on the wire are made again and cut where they were cut.
"""

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field, replace
import json
from pathlib import Path
import re
from typing import Any

TRANSCRIPTS = Path(__file__).parent / "fixtures" / "ollama"

# A recorded second takes this long: enough to arrive in pieces, not to wait.
SPEED = 0.002

_RESPONSE = re.compile(rb"^# ---- response[^\n]*\n", re.MULTILINE)
_ARRIVAL = re.compile(rb"^# ---- arrival[^\n]*\n", re.MULTILINE)


@dataclass(frozen=True, slots=True)
class Request:
    """A request as it was sent."""

    method: str
    path: str
    headers: dict[str, str]
    body: bytes

    @property
    def json(self) -> dict[str, Any]:
        """Return the object that the body is; empty where it is none."""
        try:
            found = json.loads(self.body)
        except ValueError:
            return {}
        return found if isinstance(found, dict) else {}


@dataclass(frozen=True, slots=True)
class Transcript:
    """What was asked, and what came when: pairs of seconds and bytes."""

    name: str
    request: Request
    reads: tuple[tuple[float, bytes], ...]


def names() -> list[str]:
    """Return the names of all transcripts."""
    return sorted(path.stem for path in TRANSCRIPTS.glob("*.http"))


def transcript(name: str) -> Transcript:
    """Read a transcript."""
    recorded = (TRANSCRIPTS / f"{name}.http").read_bytes().replace(b"\r\n", b"\n")
    if not _RESPONSE.search(recorded):
        # One is a bare pair of heads.
        asked, answered = recorded.split(b"\n\n", 1)
        wire = answered.rstrip(b"\n").replace(b"\n", b"\r\n") + b"\r\n\r\n"
        return Transcript(name, _parse_request(asked), ((0.0, wire),))
    asked, rest = _RESPONSE.split(recorded, maxsplit=1)
    answered, arrival = _ARRIVAL.split(rest, maxsplit=1)
    times = [
        (float(when) / 1000, int(size))
        for when, size in re.findall(rb"([\d.]+):(\d+)", arrival)
    ]
    wire = _wire(answered, sum(size for _, size in times))
    reads, start = [], 0
    for place, (when, size) in enumerate(times):
        end = start + size if place < len(times) - 1 else len(wire)
        reads.append((when, wire[start:end]))
        start = end
    asked = asked.removeprefix(b"# ---- request ----\n")
    return Transcript(name, _parse_request(asked), tuple(reads))


def _wire(answered: bytes, size: int) -> bytes:
    """Return the response as it was on the wire, ``size`` bytes long.

    Where texts were shortened in the recording no form has that size, and the
    usual one is taken: a chunk for each line.
    """
    head, body = answered.split(b"\n\n", 1)
    begin = head.replace(b"\n", b"\r\n") + b"\r\n\r\n"
    if b"Transfer-Encoding: chunked" not in head:
        whole = begin + body
        content = body if len(whole) == size else body.removesuffix(b"\n")
        told = b"Content-Length: %d" % len(content)
        if content:
            begin = re.sub(rb"Content-Length: \d+", told, begin)
        return begin + content
    forms = [
        begin + _chunked(re.findall(pattern, content, re.DOTALL))
        for content in (body, body.removesuffix(b"\n"))
        for pattern in (rb".*?\n\n|.+", rb".*?\n|.+", rb".+")
    ]
    fitting = [form for form in forms if len(form) == size]
    return fitting[0] if fitting else forms[1]


def _chunked(pieces: list[bytes]) -> bytes:
    """Return pieces as chunks of a body."""
    chunks = [b"%x\r\n%s\r\n" % (len(piece), piece) for piece in pieces if piece]
    return b"".join([*chunks, b"0\r\n\r\n"])


def _parse_request(raw: bytes) -> Request:
    """Parse a recorded or a received request."""
    head, _, body = raw.replace(b"\r\n", b"\n", 64).partition(b"\n\n")
    first, *lines = head.decode().strip().split("\n")
    method, path, _ = first.split(" ")
    pairs = (line.split(": ", 1) for line in lines)
    return Request(method, path, {key.lower(): v for key, v in pairs}, body.strip())


@dataclass(slots=True)
class Replay:
    """A server that is replaying, and what it was asked."""

    url: str = ""
    requests: list[Request] = field(default_factory=list)


# Of a whole Ollama, what it says to whom; others get the answer of an unknown path.
OLLAMA = {
    "/": "root",
    "/api/chat": "chat-stream-tools-no-call-native",
    "/api/ps": "ps-loaded",
    "/api/show": "show-gotools",
    "/api/tags": "tags",
    "/api/version": "version",
}


def of_ollama(request: Request) -> Transcript:
    """Return what an Ollama says to a request."""
    return transcript(OLLAMA.get(request.path, "path-404"))


def retold(recorded: Transcript, change: Callable[[bytes], bytes]) -> Transcript:
    """Return a transcript with other words, each line as one piece.

    The pieces come one after the other in the time that the recorded ones took.
    """
    head, body = b"".join(piece for _, piece in recorded.reads).split(b"\r\n\r\n", 1)
    if b"chunked" not in head:
        body = change(body)
        head = re.sub(rb"Content-Length: \d+", b"Content-Length: %d" % len(body), head)
        return replace(recorded, reads=((0.0, head + b"\r\n\r\n" + body),))
    lines = [change(line) for line in _whole(body).splitlines(keepends=True)]
    step = recorded.reads[-1][0] / max(len(lines), 1)
    reads = [(0.0, head + b"\r\n\r\n")]
    reads += [
        ((place + 1) * step, b"%x\r\n%s\r\n" % (len(line), line))
        for place, line in enumerate(lines)
    ]
    return replace(recorded, reads=(*reads, (reads[-1][0], b"0\r\n\r\n")))


def _whole(chunked: bytes) -> bytes:
    """Return a body without the chunks that it came in."""
    whole = b""
    while (size := int(chunked.split(b"\r\n", 1)[0], 16)) > 0:
        begin = chunked.index(b"\r\n") + 2
        whole += chunked[begin : begin + size]
        chunked = chunked[begin + size + 2 :]
    return whole


@asynccontextmanager
async def replay(
    recorded: Transcript | Callable[[Request], Transcript],
    *,
    port: int = 0,
    speed: float = SPEED,
) -> AsyncIterator[Replay]:
    """Serve one transcript to everybody who connects, or the one for a request.

    A recorded second takes ``speed`` seconds.
    """
    server = Replay()

    async def serve(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        head = await reader.readuntil(b"\r\n\r\n")
        length = re.search(rb"(?i)content-length: (\d+)", head)
        body = await reader.readexactly(int(length[1])) if length else b""
        request = _parse_request(head.rstrip() + b"\r\n\r\n" + body)
        server.requests.append(request)
        said = recorded if isinstance(recorded, Transcript) else recorded(request)
        # Who has heard enough leaves, as people leave a real server.
        with suppress(ConnectionError):
            await answer(writer, said)

    async def answer(writer: asyncio.StreamWriter, said: Transcript) -> None:
        now = 0.0
        try:
            for when, piece in said.reads:
                await asyncio.sleep((when - now) * speed)
                now = when
                writer.write(piece)
                await writer.drain()
        finally:
            writer.close()
        await writer.wait_closed()

    async with await asyncio.start_server(serve, "127.0.0.1", port) as listening:
        host, port = listening.sockets[0].getsockname()
        server.url = f"http://{host}:{port}"
        yield server
