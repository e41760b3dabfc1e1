"""The client for everybody's dialect, against servers that are real or were recorded."""

import asyncio
from contextlib import aclosing
import json
from typing import Any, override

import aiohttp
import pytest

from custom_components.hearth.engines.base import (
    Capabilities,
    EngineKind,
    EngineState,
    Health,
)
from custom_components.hearth.engines.chat import (
    ChatRequest,
    Delta,
    FinishReason,
    Message,
    Role,
    TurnStats,
)
from custom_components.hearth.engines.faults import (
    ContextOverflow,
    ModelMissing,
    ProtocolError,
    Unsupported,
)
from custom_components.hearth.engines.openai import OpenAIEngine
from custom_components.hearth.engines.openai_numbers import Numbers
from custom_components.hearth.engines.stopwatch import Stopwatch

from .conftest import Serve
from .dialects import DEADLINES, talk
from .raw_server import RawServer, hang, head, raw_server, reply, then
from .replay import replay, transcript
from .test_llama_server import TOOLS, ask, stats_of

SSE = "text/event-stream"
DONE = b"data: [DONE]\n\n"


async def answer(engine: OpenAIEngine, **more: Any) -> list[Delta]:
    """Return all deltas of a pass."""
    return [delta async for delta in engine.chat(ask(**more))]


def events(*said: dict[str, Any]) -> bytes:
    """Return a stream of some events and its end."""
    return b"".join(b"data: %s\n\n" % json.dumps(e).encode() for e in said) + DONE


def piece(reason: str | None = None, **delta: Any) -> dict[str, Any]:
    """Return one event of an answer."""
    return {"choices": [{"index": 0, "delta": delta, "finish_reason": reason}]}


def bodies(server: RawServer) -> list[dict[str, Any]]:
    """Return what a server was asked to chat."""
    return [json.loads(asked.split(b"\r\n\r\n", 1)[1]) for asked in server.requests]


async def test_a_real_server(session: aiohttp.ClientSession, serve: Serve) -> None:
    """A call of a tool, streamed by llama-server, whose own numbers are kept."""
    engine = OpenAIEngine(session, f"{serve('caller')}/v1")
    assert (engine.kind, engine.url) == (EngineKind.OPENAI, serve("caller"))
    assert await engine.health() == Health(state=EngineState.READY)
    assert [model.name for model in await engine.models()] == ["caller"]
    assert await engine.loaded() == ()
    deltas = await answer(engine, tools=TOOLS)
    [call] = [call for delta in deltas for call in delta.tool_calls]
    assert (call.name, call.arguments) == ("HassTurnOn", {"name": "kitchen light"})
    stats = stats_of(deltas)
    assert stats.finish_reason is FinishReason.STOP
    assert stats.prompt_tokens is not None
    assert stats.prompt_tokens > 20
    assert stats.prompt_seconds is not None
    assert stats.generation_seconds is not None


@pytest.mark.parametrize("think", [True, False])
async def test_thinking(
    session: aiohttp.ClientSession, serve: Serve, think: bool
) -> None:
    """Thinking is switched, and its words come apart."""
    deltas = await answer(OpenAIEngine(session, serve("thinker")), think=think)
    thought = "".join(delta.thinking for delta in deltas)
    said = "".join(delta.content for delta in deltas)
    assert thought.strip() == ("The user wants light." if think else "")
    assert said == ("The light is on." if think else "It is on now.")


async def test_only_reading(session: aiohttp.ClientSession, serve: Serve) -> None:
    """A pass without tokens is asked for one, and says nothing."""
    engine = OpenAIEngine(session, serve("loop"))
    [silent] = await answer(engine, max_tokens=0)
    assert stats_of([silent]).generated_tokens == 1


async def test_stopping(session: aiohttp.ClientSession, serve: Serve) -> None:
    """Closing the generator ends the answer; the next one is heard."""
    engine = OpenAIEngine(session, serve("loop"))
    async with aclosing(engine.chat(ask())) as deltas:
        assert (await anext(deltas)).content
    async with asyncio.timeout(30):
        assert len(await answer(engine, max_tokens=3)) > 1


async def test_too_long(session: aiohttp.ClientSession, serve: Serve) -> None:
    """A prompt that does not fit says by how much."""
    messages = (Message(role=Role.USER, content="word " * 40_000),)
    with pytest.raises(ContextOverflow) as raised:
        await answer(OpenAIEngine(session, serve("caller")), messages=messages)
    assert raised.value.context_window == 32768
    assert (raised.value.prompt_tokens or 0) > 32768


async def test_recorded_words(session: aiohttp.ClientSession) -> None:
    """Ollama's way of speaking this dialect, which counts and does not clock."""
    async with replay(transcript("v1-chat-stream")) as server:
        deltas = await answer(OpenAIEngine(session, server.url))
    said = [delta.content for delta in deltas[:-1]]
    assert said[:3] == ["ப", "ὣ", " analysts"]
    stats = stats_of(deltas)
    assert stats.finish_reason is FinishReason.LENGTH
    assert (stats.prompt_tokens, stats.generated_tokens) == (556, 12)
    assert len(said) == 12


async def test_recorded_call(session: aiohttp.ClientSession) -> None:
    """A call that comes whole."""
    async with replay(transcript("v1-chat-stream-tools")) as server:
        deltas = await answer(OpenAIEngine(session, server.url), tools=TOOLS)
    calls = [call for delta in deltas for call in delta.tool_calls]
    assert [call.name for call in calls] == ["HassTurnOn"]
    assert isinstance(calls[0].arguments, dict)


async def test_recorded_refusal(session: aiohttp.ClientSession) -> None:
    """A model that is not there."""
    async with replay(transcript("v1-chat-404")) as server:
        with pytest.raises(ModelMissing):
            await answer(OpenAIEngine(session, server.url))


async def test_thoughts_under_another_name(session: aiohttp.ClientSession) -> None:
    """Thoughts are "reasoning" to vLLM and mlx-lm, which also sends empty fields."""
    said = events(
        piece(role="assistant", content="", reasoning="Hm. ", tool_calls=[]),
        piece(content="Yes.", reasoning="", tool_calls=[]),
        piece("stop", content="", reasoning="", tool_calls=[]),
        {
            "choices": [],
            "usage": {
                "prompt_tokens": 12,
                "completion_tokens": 2,
                "prompt_tokens_details": {"cached_tokens": 7},
            },
        },
    )
    async with raw_server(reply(SSE, said)) as server:
        engine = OpenAIEngine(session, server.url, kind=EngineKind.MLX_LM)
        deltas = await answer(engine)
    assert [(d.thinking, d.content) for d in deltas[:-1]] == [
        ("Hm. ", ""),
        ("", "Yes."),
    ]
    stats = stats_of(deltas)
    assert (stats.prompt_tokens, stats.cached_tokens) == (12, 7)
    assert stats.generated_tokens == 2
    assert stats.prompt_seconds is None


@pytest.mark.parametrize("index", [{"index": 0}, {}], ids=["all 0", "none"])
async def test_calls_that_are_not_numbered(
    session: aiohttp.ClientSession, index: dict[str, int]
) -> None:
    """Whole calls are told apart by their ids, and may have parsed arguments."""
    first = {"id": "a", "function": {"name": "f", "arguments": '{"x": 1}'}} | index
    second = {"id": "b", "function": {"name": "g", "arguments": {"y": [2]}}} | index
    third = {"id": "c", "function": {"name": "h"}} | index
    said = events(
        piece(tool_calls=[first, second]),
        piece(tool_calls=[third]),
        piece("tool_calls"),
    )
    async with raw_server(reply(SSE, said)) as server:
        deltas = await answer(OpenAIEngine(session, server.url))
    calls = [call for delta in deltas for call in delta.tool_calls]
    assert [(call.id, call.name, call.arguments) for call in calls] == [
        ("a", "f", {"x": 1}),
        ("b", "g", {"y": [2]}),
        ("c", "h", {}),
    ]


def speech(pieces: int, *, apart: float = 1, **usage: int) -> TurnStats:
    """Return the numbers of pieces that come one by one, after three seconds."""

    class Clock(Stopwatch):
        """A clock that is set."""

        now = 3.0

        @property
        @override
        def total(self) -> float:
            return self.now

    clock, numbers = Clock(), Numbers(clocked=True)
    for _ in range(pieces):
        numbers.heard(clock)
        clock.now += apart
    clock.now -= apart
    numbers.add({"usage": usage})
    return numbers.stats(clock)


def test_speed_is_clocked() -> None:
    """Tokens over seconds are the speed after the first piece."""
    counted = speech(11, completion_tokens=11)
    assert counted.generated_tokens == 11
    assert counted.generation_seconds == pytest.approx(11)
    assert speech(11).generated_tokens == 11
    # A server may send some tokens together.
    together = speech(11, completion_tokens=22)
    assert together.generation_seconds == pytest.approx(11)


@pytest.mark.parametrize(
    ("pieces", "tokens"), [(0, 0), (1, 1), (1, 30), (3, 100)], ids=str
)
def test_speed_that_nobody_knows(pieces: int, tokens: int) -> None:
    """What came in few pieces was made before anything was heard."""
    stats = speech(pieces, completion_tokens=tokens)
    assert stats.generated_tokens == tokens
    assert stats.generation_seconds is None


def test_speed_of_a_buffer() -> None:
    """Nobody makes a thousand pieces in a second: they have been kept back."""
    assert speech(50, apart=0.001).generation_seconds is None
    assert speech(50, apart=0.005).generation_seconds == pytest.approx(0.25)


async def test_schema(session: aiohttp.ClientSession) -> None:
    """A schema is told in the usual form, and to llama-cpp-python in its own."""
    schema = {"type": "object"}
    async with raw_server(GOOD) as server:
        for kind in (EngineKind.VLLM, EngineKind.LLAMA_CPP_PYTHON):
            engine = OpenAIEngine(session, server.url, kind=kind)
            assert await talk(engine, response_schema=schema)
            assert await talk(engine)
    usual, _, own, without = bodies(server)
    assert usual["response_format"] == {
        "type": "json_schema",
        "json_schema": {"name": "answer", "schema": schema},
    }
    assert own["response_format"] == {"type": "json_object", "schema": schema}
    assert "response_format" not in without


STRICT = reply(
    "application/json",
    b'{"error": {"message": "Unrecognized request argument: chat_template_kwargs",'
    b' "type": "invalid_request_error"}}',
    "400 Bad Request",
)
GOOD = reply(SSE, events(piece(content="Good."), piece("stop")))


async def test_a_strict_server(session: aiohttp.ClientSession) -> None:
    """Who refuses the switch for thinking is asked without it, from then on."""
    async with raw_server(STRICT, GOOD) as server:
        engine = OpenAIEngine(session, server.url)
        for _ in range(2):
            said = [delta.content for delta in await talk(engine)]
            assert said == ["Good.", ""]
    assert ["chat_template_kwargs" in body for body in bodies(server)] == [
        True,
        False,
        False,
    ]


async def test_a_server_that_is_never_content(session: aiohttp.ClientSession) -> None:
    """It is asked twice, and what it says then is the error."""
    async with raw_server(STRICT) as server:
        engine = OpenAIEngine(session, server.url)
        with pytest.raises(ProtocolError, match="Unrecognized"):
            await talk(engine)
        with pytest.raises(ProtocolError, match="Unrecognized"):
            await talk(engine)
    assert len(server.requests) == 3


async def test_another_refusal(session: aiohttp.ClientSession) -> None:
    """What is not about the switch is not asked again."""
    bad = reply("application/json", b'{"detail": "no"}', "400 Bad Request")
    async with raw_server(bad) as server:
        with pytest.raises(ProtocolError, match="no"):
            await talk(OpenAIEngine(session, server.url))
    assert len(server.requests) == 1


async def test_breaking_off(session: aiohttp.ClientSession) -> None:
    """A generation that began is never asked for again, whatever the error says."""
    word = events(piece(content="I")).removesuffix(DONE)
    late = b'data: {"error": {"message": "chat_template_kwargs"}}\n\n'
    async with raw_server(then(head(SSE), word, late)) as server:
        with pytest.raises(ProtocolError):
            await talk(OpenAIEngine(session, server.url))
    async with raw_server(then(head(SSE), word, DONE, last=hang)) as server:
        with pytest.raises(ProtocolError, match="broke off"):
            await talk(OpenAIEngine(session, server.url))
    assert len(server.requests) == 1


async def test_what_it_cannot_do(session: aiohttp.ClientSession) -> None:
    """Models are somebody else's business."""
    engine = OpenAIEngine(session, "http://127.0.0.1:1", kind=EngineKind.VLLM)
    assert engine.capabilities == Capabilities()
    for refused in (engine.load("m"), engine.unload("m"), engine.delete("m")):
        with pytest.raises(Unsupported, match="vLLM cannot"):
            await refused
    with pytest.raises(Unsupported, match="vLLM cannot"):
        engine.pull("m")


@pytest.mark.parametrize(
    ("kind", "switch"),
    [
        (
            EngineKind.VLLM,
            {"chat_template_kwargs": {"enable_thinking": False, "thinking": False}},
        ),
        (EngineKind.LOCALAI, {"metadata": {"enable_thinking": "false"}}),
        (EngineKind.MISTRAL_RS, {"enable_thinking": False}),
        (EngineKind.TEXT_GENERATION_WEBUI, {"enable_thinking": False}),
        (EngineKind.CANDLE_VLLM, {"thinking": False}),
    ],
)
async def test_what_is_sent(
    session: aiohttp.ClientSession, kind: EngineKind, switch: dict[str, Any]
) -> None:
    """Everybody hears the same, and is told not to think in their own way."""
    async with raw_server(GOOD) as server:
        engine = OpenAIEngine(session, server.url, "key", kind=kind)
        request = ChatRequest(
            model="m",
            messages=(Message(role=Role.USER, content="Hi"),),
            context_window=4096,
            max_tokens=20,
            keep_alive=-1,
            deadlines=DEADLINES,
        )
        assert [delta async for delta in engine.chat(request)]
    assert b"Authorization: Bearer key" in server.requests[0]
    assert bodies(server) == [
        {
            "model": "m",
            "messages": [{"role": "user", "content": "Hi"}],
            "stream": True,
            "stream_options": {"include_usage": True},
            "max_tokens": 20,
        }
        | switch
    ]
