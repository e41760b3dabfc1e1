"""The oracle before a real llama-server."""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from bench.turns.journal import Journal
from bench.turns.oracle import oracle
from bench.turns.right import Right
from custom_components.hearth.agent.compact import CONTROL
from custom_components.hearth.engines.chat import (
    ChatRequest,
    Delta,
    FinishReason,
    Message,
    Role,
    ToolCall,
    TurnStats,
)
from custom_components.hearth.engines.faults import ContextOverflow
from custom_components.hearth.engines.llama_format import chat_body
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from demo.processes import free_port

from ...engines.llama_servers import llama_server
from .conftest import WORDS, Oracled

SYSTEM = Message(role=Role.SYSTEM, content="You are the voice of this home.")
CALL = {"action": "on", "name": "Kitchen ceiling"}
ON = "The kitchen ceiling is on now."


def _request(*more: Message, said: str = WORDS.on, **how: Any) -> ChatRequest:
    """Return what Hearth asks."""
    user = Message(role=Role.USER, content=said)
    return ChatRequest(
        model="noise", messages=(SYSTEM, user, *more), tools=(CONTROL,), **how
    )


async def _ask(
    engine: LlamaServerEngine, request: ChatRequest
) -> tuple[str, list[ToolCall], TurnStats]:
    """Return what was said, which tools were called, and the numbers."""
    deltas: list[Delta] = [delta async for delta in engine.chat(request)]
    stats = deltas[-1].stats
    assert stats is not None
    calls = [call for delta in deltas for call in delta.tool_calls]
    return "".join(delta.content for delta in deltas), calls, stats


@pytest.fixture
def engine(oracled: Oracled, session: aiohttp.ClientSession) -> LlamaServerEngine:
    """Return Hearth's client of the oracle."""
    return LlamaServerEngine(session, oracled.url)


async def test_call(oracled: Oracled, engine: LlamaServerEngine) -> None:
    """A model without sense calls the right tool, and confirms it then."""
    # Without thoughts the template would put empty ones before the call.
    text, (call,), first = await _ask(engine, _request(think=True))
    assert (text, call.name, call.arguments) == ("", "control", CALL)
    called = Message(role=Role.ASSISTANT, tool_calls=(call,))
    result = Message(
        role=Role.TOOL, content="{}", tool_call_id=call.id, tool_name="control"
    )
    text, calls, second = await _ask(engine, _request(called, result, think=True))
    assert (text, calls) == (ON, [])
    # What was generated is in the server's memory, as after its own words.
    assert first.prompt_tokens is not None and second.cached_tokens is not None
    assert second.cached_tokens > first.prompt_tokens
    passes = oracled.journal.passes(0)
    assert [(one.read, one.cached) for one in passes] == [
        (first.prompt_tokens, 0),
        ((second.prompt_tokens or 0) - second.cached_tokens, second.cached_tokens),
    ]


async def test_pieces(engine: LlamaServerEngine) -> None:
    """A sentence comes token by token, each at what it cost."""
    deltas = [delta async for delta in engine.chat(_request(said="good morning"))]
    pieces = [delta.content for delta in deltas if delta.content]
    assert "".join(pieces) == "You are welcome, I am always happy to help."
    stats = deltas[-1].stats
    assert stats is not None and stats.generated_tokens == len(pieces) + 1 > 8
    assert stats.generation_seconds and stats.prompt_seconds


async def test_the_servers_own_prompt(
    oracled: Oracled, engine: LlamaServerEngine, session: aiohttp.ClientSession
) -> None:
    """The prompt is the one that the server itself would evaluate."""
    _, _, stats = await _ask(engine, _request())
    straight = LlamaServerEngine(session, oracled.behind)
    _, _, own = await _ask(straight, _request(max_tokens=1))
    assert own.prompt_tokens == stats.prompt_tokens
    # All but the last token, of which what comes next is needed.
    assert own.cached_tokens == (own.prompt_tokens or 0) - 1


async def test_reading_ahead(oracled: Oracled, engine: LlamaServerEngine) -> None:
    """What is to be read only is read, noted as such, and need not be read again."""
    await _ask(engine, _request(max_tokens=0))
    _, _, stats = await _ask(engine, _request())
    assert stats.cached_tokens == (stats.prompt_tokens or 0) - 1
    ahead, answer = oracled.journal.passes(0)
    assert ahead.ahead and not answer.ahead
    assert (ahead.read, ahead.cached) == (stats.prompt_tokens, 0)


async def test_cut(engine: LlamaServerEngine) -> None:
    """An answer that may not be long enough is cut, and half a call is none."""
    text, calls, stats = await _ask(engine, _request(max_tokens=5))
    assert (text, calls, stats.generated_tokens) == ("", [], 5)
    text, _, stats = await _ask(engine, _request(said="hello", max_tokens=3))
    assert text and "You are welcome".startswith(text)
    assert stats.finish_reason is FinishReason.LENGTH


@pytest.mark.parametrize("said", [WORDS.on, "hello"])
async def test_in_one_piece(
    oracled: Oracled, session: aiohttp.ClientSession, said: str
) -> None:
    """Who wants no stream gets the same in one piece."""
    body = chat_body(_request(said=said)) | {"stream": False}
    async with session.post(
        f"{oracled.url}/v1/chat/completions", json=body
    ) as response:
        answer = await response.json()
    (choice,) = answer["choices"]
    message = choice["message"]
    if said == "hello":
        assert message["content"].startswith("You are welcome")
        assert choice["finish_reason"] == "stop"
    else:
        (call,) = message["tool_calls"]
        assert json.loads(call["function"]["arguments"]) == CALL
        assert choice["finish_reason"] == "tool_calls"
    assert answer["usage"]["prompt_tokens"] == answer["timings"]["prompt_n"]


async def test_numbers_without_being_asked(
    oracled: Oracled, session: aiohttp.ClientSession
) -> None:
    """Who does not ask for the usage finds the numbers in the last chunk."""
    body = chat_body(_request()) | {"stream_options": {}}
    async with session.post(
        f"{oracled.url}/v1/chat/completions", json=body
    ) as response:
        events = (await response.text()).split("\n\n")
    assert events[-2] == "data: [DONE]"
    last = json.loads(events[-3].removeprefix("data: "))
    assert last["timings"]["prompt_n"] > 100 and "usage" not in last


async def test_schema(oracled: Oracled, session: aiohttp.ClientSession) -> None:
    """An answer with a schema is the server's own."""
    schema = {"const": "blue"}
    body = {
        "messages": [{"role": "user", "content": WORDS.on}],
        "max_tokens": 20,
        "chat_template_kwargs": {"enable_thinking": False},
        "response_format": {"type": "json_schema", "json_schema": {"schema": schema}},
    }
    async with session.post(
        f"{oracled.url}/v1/chat/completions", json=body
    ) as response:
        answer = await response.json()
    assert json.loads(answer["choices"][0]["message"]["content"]) == "blue"
    (noted,) = oracled.journal.passes(0)
    assert not noted.ahead and noted.read


async def test_everything_else(
    oracled: Oracled, session: aiohttp.ClientSession, engine: LlamaServerEngine
) -> None:
    """Everything else is the server's own, headers and refusals included."""
    async with session.get(f"{oracled.url}/v1/models") as response:
        assert response.headers["Server"] == "llama.cpp"
    assert (await engine.model("noise")).name == "noise"
    async with session.get(f"{oracled.url}/nowhere") as response:
        assert response.status == 404
    assert oracled.journal.passes(0) == []


async def test_refused(engine: LlamaServerEngine) -> None:
    """A prompt that is too long is refused as the server does it."""
    long = Message(role=Role.SYSTEM, content="and then " * 9000)
    with pytest.raises(ContextOverflow):
        await _ask(engine, _request(long))


async def test_leaving(
    oracled: Oracled, session: aiohttp.ClientSession, engine: LlamaServerEngine
) -> None:
    """Who leaves in the middle of an answer keeps nobody from the next."""
    async with aclosing(engine.chat(_request(said="hello"))) as deltas:
        await anext(deltas)
    text, _, _ = await asyncio.wait_for(_ask(engine, _request(said="hello")), 10)
    assert text.endswith("help.")
    await asyncio.wait_for(oracled.journal.idle(), 5)


async def test_a_key(
    model: Path, tmp_path: Path, session: aiohttp.ClientSession
) -> None:
    """The caller's key opens the server, for the oracle's own questions, too."""
    journal = Journal(tmp_path / "journal")
    with llama_server(
        tmp_path / "log", "-m", str(model), "--jinja", "--api-key", "secret"
    ) as url:
        async with oracle(url, Right(WORDS), journal) as front:
            engine = LlamaServerEngine(session, front, "secret")
            _, calls, _ = await _ask(engine, _request())
            async with session.post(
                f"{front}/v1/chat/completions", json=chat_body(_request())
            ) as response:
                assert response.status == 401
    assert calls


@pytest.fixture
async def nobody(tmp_path: Path) -> AsyncIterator[str]:
    """Stand before a server that does not listen."""
    url = f"http://127.0.0.1:{free_port()}"
    async with oracle(url, Right(WORDS), Journal(tmp_path / "journal")) as front:
        yield front


async def test_not_there_yet(nobody: str, session: aiohttp.ClientSession) -> None:
    """A server that does not listen yet is one that loads."""
    async with session.get(f"{nobody}/health") as response:
        assert response.status == 503
