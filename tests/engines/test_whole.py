"""Answers of very small models come as a whole."""

import asyncio
from collections import Counter
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
from dataclasses import replace
from math import log
from typing import Any

import aiohttp
from aiohttp import web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.hearth.engines.chat import (
    ChatRequest,
    Deadlines,
    Delta,
    Message,
    Role,
    ToolSpec,
)
from custom_components.hearth.engines.faults import (
    ContextOverflow,
    ProtocolError,
    TimedOut,
)
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.sureness import of_whole

TOOL = ToolSpec("control", "Turns on", {"type": "object"}, strict={"type": "object"})
REQUEST = ChatRequest(
    model="nano",
    messages=(Message(role=Role.USER, content="Hi"),),
    tools=(TOOL,),
    confidence=True,
)
STREAM = (
    b'data: {"choices": [{"delta": {"content": "Hi."}, "finish_reason": "stop"}]}\n\n'
    b"data: [DONE]\n\n"
)
OPENING = '<tool_call>\n{"name": "'


def written(*tokens: tuple[str, float]) -> dict[str, Any]:
    """Return an answer with its tokens and their probabilities."""
    told = [{"token": word, "logprob": log(share)} for word, share in tokens]
    return {"logprobs": {"content": told}}


def whole(message: dict[str, Any], **more: Any) -> dict[str, Any]:
    """Return a whole answer as a server sends it."""
    choice = {"finish_reason": "stop", "message": message} | more
    return {"choices": [choice], "usage": {"prompt_tokens": 7}}


@asynccontextmanager
async def served(
    session: aiohttp.ClientSession,
    size: int | None,
    answer: dict[str, Any],
    status: int = 200,
    seconds: float = 0,
) -> AsyncIterator[tuple[LlamaServerEngine, Counter[str], list[dict[str, Any]]]]:
    """Serve a model of a size that knows its tools by heart.

    What is counted is what was asked; what is listed, the bodies of chats.
    """
    asked: Counter[str] = Counter()
    bodies: list[dict[str, Any]] = []

    async def serve(request: web.Request) -> web.Response:
        asked[request.path] += 1
        if request.path == "/apply-template":
            return web.json_response({"prompt": "Tools: hearth_probe"})
        if request.path == "/v1/models":
            meta = None if size is None else {"size": size}
            return web.json_response({"data": [{"id": "nano", "meta": meta}]})
        bodies.append(await request.json())
        if bodies[-1].get("stream"):
            return web.Response(body=STREAM, content_type="text/event-stream")
        await asyncio.sleep(seconds)
        return web.json_response(answer, status=status)

    app = web.Application()
    app.router.add_route("*", "/{path:.*}", serve)
    async with TestServer(app) as server:
        yield LlamaServerEngine(session, str(server.make_url(""))), asked, bodies


async def heard(
    engine: LlamaServerEngine, request: ChatRequest = REQUEST
) -> list[Delta]:
    """Return all that is said in one pass."""
    async with aclosing(engine.chat(request)) as deltas:
        return [delta async for delta in deltas]


async def test_a_whole_answer(session: aiohttp.ClientSession) -> None:
    """One piece has words, thoughts and calls, and then the numbers come."""
    calls = [
        {"function": {"name": "control", "arguments": '{"action": "on"}'}},
        {"id": "b", "function": {"name": "control", "arguments": {"action": "off"}}},
    ]
    message = {"content": "Sure.", "reasoning_content": "Hm.", "tool_calls": calls}
    async with served(session, 9_700_000, whole(message)) as (engine, asked, bodies):
        for _ in range(2):
            said, last = await heard(engine)
    assert (said.content, said.thinking) == ("Sure.", "Hm.")
    assert [(c.id, c.name, c.arguments, c.confidence) for c in said.tool_calls] == [
        ("call_1", "control", {"action": "on"}, None),
        ("b", "control", {"action": "off"}, None),
    ]
    assert last.stats is not None
    assert last.stats.prompt_tokens == 7
    assert last.stats.first_token_seconds is not None
    assert asked == {"/apply-template": 1, "/v1/models": 1, "/v1/chat/completions": 2}
    assert not {"stream", "stream_options", "return_progress"} & bodies[-1].keys()


@pytest.mark.parametrize(("size", "looks"), [(65 << 20, 1), (None, 1)])
async def test_larger_models_speak_piece_by_piece(
    session: aiohttp.ClientSession, size: int | None, looks: int
) -> None:
    """So does one of which nobody knows the size."""
    async with served(session, size, {}) as (engine, asked, bodies):
        for _ in range(2):
            assert (await heard(engine))[0].content == "Hi."
    assert bodies[-1]["stream"] is True
    assert asked["/v1/models"] == looks


async def test_a_model_that_is_not_listed(session: aiohttp.ClientSession) -> None:
    """It is asked for as any other, and looked for again."""
    other = replace(REQUEST, model="other")
    async with served(session, 1, {}) as (engine, asked, bodies):
        assert (await heard(engine, other))[0].content == "Hi."
    assert bodies[-1]["stream"] is True
    assert asked["/v1/models"] == 1


@pytest.mark.parametrize(
    "answer",
    [
        {},
        {"choices": []},
        {"choices": "none"},
        {"choices": [{"message": {"content": "Hi."}}]},
        whole({"content": ["Hi."]}),
        whole({"tool_calls": "on"}),
        whole({"tool_calls": [{"function": "on"}]}),
        whole({"content": ""}, logprobs={"content": [{"token": 3, "logprob": -1}]}),
        whole(
            {"tool_calls": [{"function": {"name": "on"}}]},
            logprobs={"content": [{"token": "on", "logprob": "high"}]},
        ),
    ],
)
async def test_what_is_no_answer(
    session: aiohttp.ClientSession, answer: dict[str, Any]
) -> None:
    """It is refused, and nothing of it is done."""
    async with served(session, 1, answer) as (engine, _, _):
        with pytest.raises(ProtocolError):
            await heard(engine)


async def test_an_engine_that_says_nothing(session: aiohttp.ClientSession) -> None:
    """Who waits for the whole waits no longer than for a first word."""
    hurried = replace(REQUEST, deadlines=Deadlines(first_byte=0.1, between=0.1))
    async with served(session, 1, {}, seconds=2) as (engine, _, _):
        with pytest.raises(TimedOut):
            await heard(engine, hurried)


async def test_a_prompt_that_is_too_long(session: aiohttp.ClientSession) -> None:
    """It is known as such, so that older turns can be left out."""
    refusal = {
        "error": {
            "code": 400,
            "type": "exceed_context_size_error",
            "message": "the request exceeds the available context size",
            "n_prompt_tokens": 9000,
            "n_ctx": 4096,
        }
    }
    async with served(session, 1, refusal, status=400) as (engine, _, _):
        with pytest.raises(ContextOverflow) as raised:
            await heard(engine)
    assert raised.value.prompt_tokens == 9000


def test_nobody_told() -> None:
    """Without probabilities nothing is known, and without calls there is nothing."""
    assert of_whole({}, "", ["control", "set"]) == [None, None]
    assert of_whole(written(("Hi.", 0.5)), "Hi.", []) == []


def test_each_call_has_its_own() -> None:
    """What was said before does not count, and no call for another."""
    answer = written(
        ("Sure.", 0.01),
        (OPENING, 0.5),
        ('control", "arguments": {}}', 0.5),
        ("\n</tool_call>\n", 1.0),
        (OPENING, 0.8),
        ('set", "arguments": {}}', 1.0),
    )
    sure = of_whole(answer, "Sure.", ["control", "set"])
    assert sure == pytest.approx([0.25, 0.8])


@pytest.mark.parametrize(
    "names",
    [
        # Nothing was written before the name, or the name itself was not.
        ["<tool_call>", "set"],
        ["switch", "set"],
        ["control", "switch"],
    ],
)
def test_where_it_cannot_be_seen(names: list[str]) -> None:
    """All calls are as unsure as all of them together."""
    answer = written(
        (OPENING, 0.5), ("control", 0.5), ("\n", 1.0), (OPENING, 0.5), ("set", 1.0)
    )
    assert of_whole(answer, "", names) == pytest.approx([0.125, 0.125])
