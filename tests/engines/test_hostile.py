"""Servers that do what no server should: each ends in its error, in time."""

import asyncio
from collections.abc import AsyncIterator
import socket
import struct
from typing import Any

import aiohttp
import pytest

from custom_components.hearth.engines.chat import ChatRequest, Deadlines, ToolCall
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    EngineError,
    ModelMissing,
    OutOfMemory,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)
from custom_components.hearth.engines.http import HttpClient
from custom_components.hearth.engines.ollama import OllamaEngine

from .dialects import (
    DEADLINES,
    GRACE,
    LONG_BETWEEN,
    LONG_FIRST,
    Dialect,
    fails,
    talk,
)
from .raw_server import RawServer, hang, head, raw_server, reply, then


@pytest.fixture(params=["ollama", "llama_server"])
def dialect(request: pytest.FixtureRequest) -> Dialect:
    """Return one engine's side after the other."""
    return Dialect(request.param)


async def reset(writer: asyncio.StreamWriter) -> None:
    """Break the connection off instead of closing it."""
    connection = writer.get_extra_info("socket")
    linger = struct.pack("ii", 1, 0)
    connection.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, linger)
    writer.transport.abort()


async def test_nobody_there(session: aiohttp.ClientSession, dialect: Dialect) -> None:
    """A closed port."""
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
    engine = dialect.engine(session, f"http://127.0.0.1:{port}")
    for call in (engine.health, engine.models, engine.loaded):
        with pytest.raises(Unreachable):
            await call()
    with pytest.raises(Unreachable):
        await talk(engine)


async def test_no_such_host(session: aiohttp.ClientSession, dialect: Dialect) -> None:
    """A name that no address belongs to."""
    with pytest.raises(Unreachable):
        await talk(dialect.engine(session, "http://nothing.invalid"))


async def test_nobody_takes_the_call(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """An address where connecting takes for ever."""
    with socket.socket() as deaf:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        # One connection fills the queue; the kernel lets others wait.
        waiting = [socket.socket() for _ in range(4)]
        for connection in waiting:
            connection.setblocking(False)
            connection.connect_ex(deaf.getsockname())
        port = deaf.getsockname()[1]
        engine = dialect.engine(session, f"http://127.0.0.1:{port}")
        patience = Deadlines(connect=0.3, first_byte=30)
        with pytest.raises(Unreachable):
            async with asyncio.timeout(0.3 + GRACE):
                await talk(engine, deadlines=patience)
        for connection in waiting:
            connection.close()


async def test_silence_before_the_first_byte(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """A server that takes the request and says nothing."""
    assert type(await fails(session, dialect, hang, LONG_BETWEEN)) is TimedOut


async def test_silence_after_the_head(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """A server that begins to answer and says nothing."""
    bad = then(head(dialect.content_type), last=hang)
    assert type(await fails(session, dialect, bad, LONG_BETWEEN)) is TimedOut


async def test_silence_in_the_middle(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """A server that falls silent while it speaks."""
    bad = then(head(dialect.content_type), dialect.word("I"), last=hang)
    assert type(await fails(session, dialect, bad, LONG_FIRST)) is TimedOut


async def test_dripping(session: aiohttp.ClientSession, dialect: Dialect) -> None:
    """A server that is never silent, and never says anything."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(b" " if dialect.ollama else b": ping\n\n")
            await writer.drain()
            await asyncio.sleep(0.05)

    bad = then(head(dialect.content_type), last=drip)
    assert type(await fails(session, dialect, bad, LONG_BETWEEN)) is TimedOut
    bad = then(head(dialect.content_type), dialect.word("I"), last=drip)
    assert type(await fails(session, dialect, bad, LONG_FIRST)) is TimedOut


async def test_reset(session: aiohttp.ClientSession, dialect: Dialect) -> None:
    """A connection that breaks, before the answer and inside it."""
    assert type(await fails(session, dialect, reset)) is Unreachable
    begun = head(dialect.content_type, length=10_000)
    bad = then(begun, dialect.word("I"), last=reset)
    assert type(await fails(session, dialect, bad)) is Unreachable


async def test_cut_short(session: aiohttp.ClientSession, dialect: Dialect) -> None:
    """A body shorter than was promised."""
    bad = then(head(dialect.content_type, length=10_000), dialect.word("I"))
    assert type(await fails(session, dialect, bad)) is Unreachable


async def test_no_end(session: aiohttp.ClientSession, dialect: Dialect) -> None:
    """A stream that ends properly, in the middle of the answer."""
    error = await fails(
        session, dialect, reply(dialect.content_type, dialect.word("I"))
    )
    assert type(error) is ProtocolError
    assert "broke off" in str(error)


HALF_A_PAIR = b'{"choices": [], "message": {"content": "\\ud83d"}}'


@pytest.mark.parametrize(
    ("body", "words"),
    [
        (b'{"message": {"content": "I w', "no JSON: {"),
        (b"I am not JSON", "no JSON: I am not JSON"),
        (b"[1, 2]", "no JSON object"),
        (b'"text"', "no JSON object"),
        (b'{"n": NaN}', "no JSON: {"),
        (b'{"content": "\xff\xfe"}', "not UTF-8"),
        (HALF_A_PAIR, "not UTF-8"),
        (b'{"a": ' + b"[" * 100_000 + b"]" * 100_000 + b"}", "no JSON: {"),
        (b'{"a": ' + b"9" * 5000 + b"}", "no JSON: {"),
    ],
    ids=["half", "text", "list", "string", "nan", "bytes", "pair", "deep", "digits"],
)
async def test_no_json(
    session: aiohttp.ClientSession, dialect: Dialect, body: bytes, words: str
) -> None:
    """Lines that are no JSON object."""
    bad = reply(dialect.content_type, dialect.word("I") + dialect.frame(body))
    error = await fails(session, dialect, bad)
    assert type(error) is ProtocolError
    assert words in str(error)
    assert len(str(error)) < 200


WRONG_TYPES: list[dict[str, Any]] = [
    {"message": "text", "choices": "text"},
    {"message": {"content": 5}, "choices": [{"delta": {"content": 5}}]},
    {"message": {"thinking": []}, "choices": [{"delta": {"reasoning_content": []}}]},
    {"message": {"tool_calls": 5}, "choices": [{"delta": {"tool_calls": 5}}]},
    {"message": {"tool_calls": [5]}, "choices": [{"delta": {"tool_calls": [5]}}]},
    {
        "message": {"tool_calls": [{"function": []}]},
        "choices": [{"delta": {"tool_calls": [{"function": []}]}}],
    },
]


@pytest.mark.parametrize("said", WRONG_TYPES)
async def test_wrong_types(
    session: aiohttp.ClientSession, dialect: Dialect, said: dict[str, Any]
) -> None:
    """JSON that is not what this engine says."""
    bad = reply(dialect.content_type, dialect.event(said) + dialect.end)
    assert type(await fails(session, dialect, bad)) is ProtocolError


@pytest.mark.parametrize("content_type", ["text/html", "image/png", ""])
async def test_wrong_content_type(
    session: aiohttp.ClientSession, dialect: Dialect, content_type: str
) -> None:
    """Something else than was asked for, with a good status."""
    bad = reply(content_type, dialect.word("I") + dialect.end)
    assert type(await fails(session, dialect, bad)) is ProtocolError


@pytest.mark.parametrize(
    "wire",
    [
        b"SSH-2.0-OpenSSH_9.2\r\n",
        b"HTTP/1.1 abc\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nContent-Length: -5\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nX: " + b"x" * 200_000 + b"\r\n\r\n",
        b"HTTP/1.1 307 Elsewhere\r\nLocation: /x\r\nConnection: close\r\n\r\n",
        b"\x00\x01\x02" * 100 + b"\r\n\r\n",
    ],
    ids=["ssh", "status", "length", "header", "redirect", "binary"],
)
async def test_not_http(
    session: aiohttp.ClientSession, dialect: Dialect, wire: bytes
) -> None:
    """Something that is no answer to a request."""
    assert type(await fails(session, dialect, then(wire))) is ProtocolError


async def test_a_body_in_an_encoding_nobody_wanted(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """A broken compressed body."""
    lines = head(dialect.content_type).removesuffix(b"\r\n")
    bad = then(lines + b"Content-Encoding: gzip\r\n\r\n" + b"no gzip" * 10)
    assert isinstance(await fails(session, dialect, bad), ProtocolError | Unreachable)


async def test_ten_megabytes_without_a_newline(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """A line that does not end is not waited for."""
    bad = then(head(dialect.content_type), *[b"data: " + b"x" * (1 << 20)] * 10)
    error = await fails(session, dialect, bad)
    assert type(error) is ProtocolError
    assert "does not end" in str(error)


async def test_an_event_of_many_lines(session: aiohttp.ClientSession) -> None:
    """An event that does not end although its lines do."""
    dialect = Dialect("llama_server")
    bad = then(head(dialect.content_type), *[b"data: " + b"x" * 60_000 + b"\n"] * 40)
    error = await fails(session, dialect, bad)
    assert type(error) is ProtocolError
    assert "event that does not end" in str(error)


async def test_a_tool_call_that_does_not_end(session: aiohttp.ClientSession) -> None:
    """Arguments that grow and grow."""
    dialect = Dialect("llama_server")
    fragment = {"index": 0, "function": {"arguments": "x" * 100_000}}
    piece = dialect.event({"choices": [{"delta": {"tool_calls": [fragment]}}]})
    bad = then(head(dialect.content_type), *[piece] * 12)
    error = await fails(session, dialect, bad)
    assert type(error) is ProtocolError
    assert "tool call that does not end" in str(error)


async def test_a_huge_body(session: aiohttp.ClientSession, dialect: Dialect) -> None:
    """A list of models that is longer than any."""

    async def flood(writer: asyncio.StreamWriter) -> None:
        writer.write(head("application/json") + b'{"models": "')
        while True:
            writer.write(b"x" * (1 << 20))
            await writer.drain()

    async with raw_server(flood) as server:
        with pytest.raises(ProtocolError, match="more than was expected"):
            await dialect.engine(session, server.url).models()
        await asyncio.wait_for(server.left.wait(), GRACE)


async def test_a_huge_refusal(session: aiohttp.ClientSession, dialect: Dialect) -> None:
    """An error page is read no further than it is of use."""
    bad = reply("text/html", b"<h1>" + b"no " * 1_000_000, "500 Oops")
    error = await fails(session, dialect, bad)
    assert type(error) is ProtocolError
    assert len(str(error)) < 400


async def test_a_refusal_that_hangs(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """A status without its body."""
    bad = then(head("application/json", "500 Oops"), last=hang)
    assert type(await fails(session, dialect, bad)) is TimedOut


@pytest.mark.parametrize(
    ("status", "body", "error"),
    [
        ("401 Unauthorized", b"", AuthFailed),
        ("403 Forbidden", b"<html>", AuthFailed),
        ("404 Not Found", b'{"error": "model \'x\' not found"}', ModelMissing),
        ("404 Not Found", b"404 page not found", ProtocolError),
        ("429 Too Many Requests", b"", Busy),
        ("500 Oops", b'{"error": {"error": {"error": {"error": 5}}}}', ProtocolError),
        ("500 Oops", b'{"error": "{not json"}', ProtocolError),
        ("500 Oops", b'{"error": "{}"}', ProtocolError),
        (
            "500 Oops",
            b'{"error": "model requires more system memory (5.4 GiB) than is available"}',
            OutOfMemory,
        ),
        ("501 Not Implemented", b"", Unsupported),
        ("502 Bad Gateway", b"<html>", ProtocolError),
        (
            "503 Service Unavailable",
            b'{"error": "server busy, please try again.  maximum pending requests"}',
            Busy,
        ),
    ],
)
async def test_refusals(
    session: aiohttp.ClientSession,
    dialect: Dialect,
    status: str,
    body: bytes,
    error: type[EngineError],
) -> None:
    """A status and its words are the error they stand for."""
    bad = reply("application/json", body, status)
    assert type(await fails(session, dialect, bad)) is error


@pytest.mark.parametrize(
    ("said", "error"),
    [
        ("server busy", Busy),
        ({"message": "failed to allocate buffer", "code": 500}, OutOfMemory),
        ({"message": "bad", "type": "unavailable_error"}, Busy),
        (["?"], ProtocolError),
    ],
)
async def test_an_error_inside_a_good_answer(
    session: aiohttp.ClientSession,
    dialect: Dialect,
    said: Any,
    error: type[EngineError],
) -> None:
    """An error after the stream began well."""
    bad = reply(
        dialect.content_type, dialect.word("I") + dialect.event({"error": said})
    )
    assert type(await fails(session, dialect, bad)) is error


@pytest.fixture
async def endless(dialect: Dialect) -> AsyncIterator[RawServer]:
    """Return a server that never stops talking."""

    async def talk_on(writer: asyncio.StreamWriter) -> None:
        writer.write(head(dialect.content_type))
        while True:
            writer.write(dialect.word("la "))
            await writer.drain()
            await asyncio.sleep(0)

    async with raw_server(talk_on) as server:
        yield server


async def test_an_endless_stream_is_closed(
    session: aiohttp.ClientSession, dialect: Dialect, endless: RawServer
) -> None:
    """Who stops listening closes the connection at once."""
    heard = 0
    stream = dialect.engine(session, endless.url).chat(
        ChatRequest(model="any", messages=(), deadlines=DEADLINES)
    )
    async for delta in stream:
        heard += bool(delta.content)
        if heard == 100:
            break
    assert not endless.left.is_set()
    await stream.aclose()
    await asyncio.wait_for(endless.left.wait(), GRACE)


async def test_a_cancelled_turn_is_closed(
    session: aiohttp.ClientSession, dialect: Dialect, endless: RawServer
) -> None:
    """A task that is cancelled leaves no connection behind."""
    task = asyncio.create_task(talk(dialect.engine(session, endless.url)))
    while not endless.requests:
        await asyncio.sleep(0)
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    await asyncio.wait_for(endless.left.wait(), GRACE)


async def test_talking_after_the_end(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """What comes after the end is neither heard nor waited for."""

    async def talk_on(writer: asyncio.StreamWriter) -> None:
        while True:
            writer.write(dialect.word("la "))
            await writer.drain()
            await asyncio.sleep(0)

    said = head(dialect.content_type) + dialect.word("Yes.") + dialect.end
    for last in (hang, talk_on):
        async with raw_server(then(said, last=last)) as server:
            async with asyncio.timeout(GRACE):
                heard = await talk(dialect.engine(session, server.url))
            assert "".join(delta.content for delta in heard) == "Yes."
            assert heard[-1].stats is not None
            await asyncio.wait_for(server.left.wait(), GRACE)


async def test_only_reading_says_nothing(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """With nothing to generate, the token that comes anyway is dropped."""
    async with raw_server(dialect.good) as server:
        [last] = await talk(dialect.engine(session, server.url), max_tokens=0)
    assert last.stats is not None
    assert last.stats.first_token_seconds is not None


async def test_calls_as_others_write_them(
    session: aiohttp.ClientSession, dialect: Dialect
) -> None:
    """Calls without an id, and with arguments that are a text or nothing."""
    written = ['{"a": 1}', "", None, '{"a": ', "[1]"]
    fragments = [
        {"index": place, "function": {"name": "f", "arguments": arguments}}
        for place, arguments in enumerate(written)
    ]
    said = (
        {"message": {"tool_calls": fragments}}
        if dialect.ollama
        else {"choices": [{"delta": {"tool_calls": fragments}}]}
    )
    answer = reply(dialect.content_type, dialect.event(said) + dialect.end)
    async with raw_server(answer) as server:
        heard = await talk(dialect.engine(session, server.url))
    calls = [call for delta in heard for call in delta.tool_calls]
    assert [call.arguments for call in calls] == [{"a": 1}, {}, {}, '{"a": ', "[1]"]
    assert len({call.id for call in calls}) == len(calls)
    assert all(call.id for call in calls)


async def test_a_key_that_is_none(session: aiohttp.ClientSession) -> None:
    """A key with a line break does not become a second header."""
    async with raw_server(hang) as server:
        for key in ("a\r\nX-Evil: 1", "schlüssel"):
            with pytest.raises(AuthFailed):
                await OllamaEngine(session, server.url, key).health()
        assert server.requests == []


async def test_the_key_is_sent_and_not_told(session: aiohttp.ClientSession) -> None:
    """The key goes into its header, and into no error."""
    refuse = reply("application/json", b'{"error": "no"}', "401 Unauthorized")
    async with raw_server(refuse) as server:
        with pytest.raises(AuthFailed) as raised:
            await OllamaEngine(session, server.url, "secret-key").health()
    assert b"Authorization: Bearer secret-key\r\n" in server.requests[0]
    assert "secret" not in f"{raised.value!r} {raised.value.__cause__!r}"


async def test_arguments_that_are_numbers(session: aiohttp.ClientSession) -> None:
    """Ollama's arguments are JSON already; what is no object stays readable."""
    dialect = Dialect("ollama")
    call = {"function": {"name": "f", "arguments": [1, 2]}}
    said = dialect.event({"message": {"tool_calls": [call]}})
    async with raw_server(reply(dialect.content_type, said + dialect.end)) as server:
        first, _ = await talk(dialect.engine(session, server.url))
    assert first.tool_calls == (ToolCall("call_0", "f", "[1, 2]"),)


async def test_a_body_that_drips(session: aiohttp.ClientSession) -> None:
    """A body is not waited for longer because a byte comes now and then."""

    async def drip(writer: asyncio.StreamWriter) -> None:
        writer.write(head("application/json"))
        while True:
            writer.write(b" ")
            await writer.drain()
            await asyncio.sleep(0.02)

    async with raw_server(drip) as server:
        http = HttpClient(session, server.url)
        with pytest.raises(TimedOut):
            async with asyncio.timeout(GRACE):
                await http.json("GET", "/", deadlines=DEADLINES)
        await asyncio.wait_for(server.left.wait(), GRACE)


async def test_a_closed_session(dialect: Dialect) -> None:
    """Home Assistant closes its session when it stops."""
    async with aiohttp.ClientSession() as session:
        engine = dialect.engine(session, "http://127.0.0.1:1")
    with pytest.raises(Unreachable):
        await engine.health()
    with pytest.raises(Unreachable):
        await talk(engine)
