"""llama-server's client against the real one."""

import asyncio
from collections.abc import Iterator
from contextlib import aclosing, nullcontext
import json
from pathlib import Path
import re
from typing import Any

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
    Deadlines,
    Delta,
    FinishReason,
    Message,
    Role,
    ToolCall,
    ToolSpec,
    TurnStats,
)
from custom_components.hearth.engines.faults import (
    AuthFailed,
    Busy,
    ContextOverflow,
    ModelMissing,
    ProtocolError,
    TimedOut,
    Unsupported,
)
from custom_components.hearth.engines.http import HttpClient
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.probe import probe

from .conftest import Serve
from .llama_servers import llama_server, loading_llama_server
from .raw_server import head, raw_server, reply
from .sites import ok, site

TOOLS = (
    ToolSpec(
        "HassTurnOn",
        "Turns on a device",
        {"type": "object", "properties": {"name": {"type": "string"}}},
    ),
    ToolSpec("GetLiveContext", "States", {"type": "object", "properties": {}}),
)
ASKED = (
    Message(role=Role.SYSTEM, content="You are the voice of a home."),
    Message(role=Role.USER, content="Turn on the kitchen light"),
)


def ask(**more: Any) -> ChatRequest:
    """Return a request that says what most tests say."""
    usual: dict[str, Any] = {"model": "any", "messages": ASKED, "temperature": 0}
    return ChatRequest(**(usual | more))


async def answer(engine: LlamaServerEngine, **more: Any) -> list[Delta]:
    """Return all deltas of a pass."""
    return [delta async for delta in engine.chat(ask(**more))]


def stats_of(deltas: list[Delta]) -> TurnStats:
    """Return the numbers that the last delta, and only that, carries."""
    assert all(delta.stats is None for delta in deltas[:-1])
    stats = deltas[-1].stats
    assert stats is not None
    return stats


async def idle_slot(url: str, session: aiohttp.ClientSession) -> dict[str, Any]:
    """Wait until the engine's slot is idle; return what it has read.

    The engine looks after its listeners when it had nothing to say to anybody for
    a second; to ask more often than that keeps it from looking.
    """
    async with asyncio.timeout(30):
        while True:
            await asyncio.sleep(1.2)
            async with session.get(f"{url}/slots") as slots:
                slot: dict[str, Any] = (await slots.json())[0]
                if not slot["is_processing"]:
                    return slot


async def metric(session: aiohttp.ClientSession, url: str, name: str) -> int:
    """Return one of the engine's own counters."""
    page = await HttpClient(session, url).page("/metrics")
    found = re.search(rf"^llamacpp:{name} (\d+)", page.body.decode(), re.MULTILINE)
    assert found is not None
    return int(found[1])


async def test_what_it_says_about_itself(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """Health, models and memory of a server with one model."""
    engine = LlamaServerEngine(session, f"{serve('caller')}/v1/")
    assert engine.url == serve("caller")
    assert engine.kind is EngineKind.LLAMA_SERVER
    health = await engine.health()
    assert health.state is EngineState.READY
    assert health.version is not None
    assert health.version.startswith("b")
    assert engine.capabilities == Capabilities(prompt_cache=True)

    [listed] = await engine.models()
    assert listed.name == "caller"
    assert listed.parameters == "1.09M"
    assert listed.size is not None
    assert 2_000_000 < listed.size < 3_000_000
    assert (listed.quantization, listed.context_window) == ("F16", 32768)
    assert (listed.tools, listed.thinking, listed.vision) == (None, None, False)

    described = await engine.model("caller")
    assert (described.tools, described.thinking) == (True, True)

    [loaded] = await engine.loaded()
    assert (loaded.name, loaded.context_window) == ("caller", 32768)
    assert loaded.memory == listed.size


async def test_a_tool_call_comes_whole(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """A call that streams in fragments is one call."""
    engine = LlamaServerEngine(session, serve("caller"))
    call, last = await answer(engine, tools=TOOLS)
    [made] = call.tool_calls
    assert made == ToolCall(made.id, "HassTurnOn", {"name": "kitchen light"})
    assert made.id
    assert call == Delta(tool_calls=(made,))
    assert stats_of([call, last]).finish_reason is FinishReason.STOP


async def test_two_calls_after_a_sentence(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """The sentence streams; each call comes when it is complete."""
    engine = LlamaServerEngine(session, serve("two_calls"))
    deltas = await answer(engine, tools=TOOLS)
    assert "".join(d.content for d in deltas).strip() == "Sure, I will do that."
    assert [d.content for d in deltas[:2]] == ["Sure, ", "I will "]
    calls = [call for delta in deltas for call in delta.tool_calls]
    assert [(call.name, call.arguments) for call in calls] == [
        ("HassTurnOn", {"name": "hall light"}),
        ("GetLiveContext", {}),
    ]
    assert len({call.id for call in calls}) == 2
    assert Delta() not in deltas


async def test_markup_without_tools_is_text(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """What looks like a call is one only where there are tools."""
    deltas = await answer(LlamaServerEngine(session, serve("caller")))
    assert not any(delta.tool_calls for delta in deltas)
    assert "<tool_call>" in "".join(delta.content for delta in deltas)


async def test_thinking_is_switched(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """Thoughts come apart from the answer, and only where they are wanted."""
    engine = LlamaServerEngine(session, serve("thinker"))
    on = await answer(engine, think=True)
    assert "".join(d.thinking for d in on).strip() == "The user wants light."
    assert "".join(d.content for d in on) == "The light is on."
    off = await answer(engine, think=False)
    assert "".join(d.thinking for d in off) == ""
    assert "".join(d.content for d in off) == "It is on now."


async def test_the_engines_own_numbers(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """Speed, length and cache are the engine's, the clock is ours."""
    engine = LlamaServerEngine(session, serve("random"))
    words = "A house of its own: " + "window door lamp " * 200
    system = Message(role=Role.SYSTEM, content=words)
    user = [Message(role=Role.USER, content=said) for said in ("Hello", "Good night")]
    first = stats_of(await answer(engine, messages=(system, user[0]), max_tokens=20))
    again = stats_of(await answer(engine, messages=(system, user[1]), max_tokens=20))
    assert first.prompt_tokens is not None
    assert first.cached_tokens is not None
    assert again.cached_tokens is not None
    assert again.prompt_tokens is not None
    assert first.cached_tokens < 50
    assert again.cached_tokens > 500
    assert again.cached_tokens < again.prompt_tokens < first.prompt_tokens + 5
    assert first.generated_tokens == again.generated_tokens == 20
    assert first.finish_reason is FinishReason.LENGTH
    assert first.prompt_seconds is not None
    assert again.prompt_seconds is not None
    assert first.generation_seconds is not None
    assert first.first_token_seconds is not None
    assert first.total_seconds is not None
    assert again.prompt_seconds < first.prompt_seconds
    assert 0 < first.prompt_seconds < first.first_token_seconds < first.total_seconds
    assert first.prompt_seconds + first.generation_seconds < first.total_seconds * 1.1
    assert first.load_seconds is None


async def test_only_reading_the_prompt(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """A warm-up says nothing, and what it read stays read."""
    engine = LlamaServerEngine(session, serve("random"))
    words = "Warm rooms: " + "carpet stairs roof " * 200
    system = Message(role=Role.SYSTEM, content=words)
    user = Message(role=Role.USER, content="Hello")
    [silent] = await answer(engine, messages=(system, user), max_tokens=0)
    assert stats_of([silent]).generation_seconds is None
    spoken = await answer(engine, messages=(system, user), max_tokens=3)
    stats = stats_of(spoken)
    assert len(spoken) > 1
    assert stats.prompt_tokens is not None
    assert stats.cached_tokens == stats.prompt_tokens - 1


async def test_an_answer_by_schema(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """Even a model that talks noise keeps to a schema."""
    schema = {
        "type": "object",
        "properties": {"on": {"type": "boolean"}, "room": {"enum": ["hall", "bath"]}},
        "required": ["on", "room"],
    }
    engine = LlamaServerEngine(session, serve("random"))
    deltas = await answer(engine, response_schema=schema, max_tokens=300)
    found = json.loads("".join(delta.content for delta in deltas))
    assert found.keys() == {"on", "room"}
    assert found["room"] in {"hall", "bath"}


async def test_a_past_with_calls(session: aiohttp.ClientSession, serve: Serve) -> None:
    """What was called and answered before becomes part of the prompt."""
    engine = LlamaServerEngine(session, serve("caller"))
    short = stats_of(await answer(engine, tools=TOOLS))
    past = (
        *ASKED,
        Message(
            role=Role.ASSISTANT,
            content="Yes.",
            thinking="Light, then.",
            tool_calls=(
                ToolCall("a", "HassTurnOn", {"name": "kitchen light"}),
                ToolCall("b", "HassTurnOn", '{"name": "hall'),
            ),
        ),
        Message(role=Role.TOOL, tool_call_id="a", tool_name="HassTurnOn", content="{}"),
        Message(role=Role.TOOL, tool_call_id="b", tool_name="HassTurnOn", content="{}"),
    )
    long = stats_of(await answer(engine, tools=TOOLS, messages=past))
    assert short.prompt_tokens is not None
    assert long.prompt_tokens is not None
    assert long.prompt_tokens > short.prompt_tokens + 40


async def test_a_prompt_that_does_not_fit(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """The error says by how much it is too long, and the next request works."""
    engine = LlamaServerEngine(session, serve("random"))
    long = (Message(role=Role.USER, content="la " * 40_000),)
    with pytest.raises(ContextOverflow) as raised:
        await answer(engine, messages=long)
    assert raised.value.context_window == 32768
    assert raised.value.prompt_tokens is not None
    assert raised.value.prompt_tokens > 32768
    assert await answer(engine, max_tokens=1)


async def test_pictures_for_a_model_without_eyes(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """A picture reaches the engine, which says that it cannot see."""
    engine = LlamaServerEngine(session, serve("random"))
    seen = (Message(role=Role.USER, content="What is it?", images=(b"\x89PNG\r\n",)),)
    with pytest.raises(Unsupported, match="image input is not supported"):
        await answer(engine, messages=seen)


async def test_what_it_cannot_do(session: aiohttp.ClientSession, serve: Serve) -> None:
    """A server with one model neither loads nor downloads."""
    engine = LlamaServerEngine(session, serve("caller"))
    with pytest.raises(Unsupported):
        await engine.load("caller")
    with pytest.raises(Unsupported):
        await engine.unload("caller")
    with pytest.raises(Unsupported):
        await engine.delete("caller")
    with pytest.raises(Unsupported):
        engine.pull("caller")
    with pytest.raises(ModelMissing):
        await engine.model("vanished")
    with pytest.raises(ProtocolError, match="File Not Found"):
        await HttpClient(session, serve("caller")).json("GET", "/nosuch")


async def test_closing_a_stream_stops_the_engine(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """An endless answer ends when nobody listens any more."""
    engine = LlamaServerEngine(session, serve("loop"))
    before = await metric(session, engine.url, "tokens_predicted_total")
    heard = ""
    async with aclosing(engine.chat(ask())) as deltas:
        async for delta in deltas:
            heard += delta.content
            if len(heard) > 30:
                break
    assert heard.startswith("la la la ")
    await idle_slot(engine.url, session)
    after = await metric(session, engine.url, "tokens_predicted_total")
    assert after - before < 20_000, "it would have filled its context of 32,768"
    assert len(await answer(engine, max_tokens=3)) > 1


async def test_cancelling_while_the_prompt_is_read(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """A turn that is cancelled before its first word costs no more either."""
    engine = LlamaServerEngine(session, serve("slow"))
    long = (Message(role=Role.USER, content="a tale of " * 2_000),)
    task = asyncio.create_task(answer(engine, messages=long))
    async with asyncio.timeout(30):
        busy = False
        while not busy:
            async with session.get(f"{engine.url}/slots") as slots:
                busy = any(slot["is_processing"] for slot in await slots.json())
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task
    slot = await idle_slot(engine.url, session)
    assert slot["n_prompt_tokens"] < 7_500, "it would have read all 8,000"
    assert len(await answer(engine, max_tokens=3)) > 1


async def test_a_first_word_that_takes_too_long(
    session: aiohttp.ClientSession, serve: Serve
) -> None:
    """Reading a long prompt has a deadline of its own."""
    engine = LlamaServerEngine(session, serve("slow"))
    long = (Message(role=Role.USER, content="the end of " * 2_000),)
    with pytest.raises(TimedOut):
        await answer(engine, messages=long, deadlines=Deadlines(first_byte=0.05))
    slot = await idle_slot(engine.url, session)
    assert slot["n_prompt_tokens"] < 7_500, "it would have read all 8,000"


async def test_progress_is_no_first_word(session: aiohttp.ClientSession) -> None:
    """Between two pieces of a prompt may lie more than between two words."""
    progress = {"prompt_progress": {"total": 100, "cache": 0, "processed": 50}}
    word = {"choices": [{"delta": {"content": "Yes"}, "finish_reason": "stop"}]}

    async def tell(writer: asyncio.StreamWriter) -> None:
        writer.write(head("text/event-stream"))
        for event in (progress, progress, word):
            await asyncio.sleep(0.2)
            writer.write(b"data: " + json.dumps(event).encode() + b"\n\n")

    async with raw_server(tell) as server:
        engine = LlamaServerEngine(session, server.url)
        patient = Deadlines(first_byte=20.0, between=0.05)
        said, _ = await answer(engine, deadlines=patient)
    assert said.content == "Yes"


@pytest.fixture(scope="session")
def locked(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server that wants a key."""
    log = tmp_path_factory.mktemp("locked") / "log"
    model = str(models_dir / "caller.gguf")
    with llama_server(log, "-m", model, "-c", "512", "--api-key", "open sesame") as url:
        yield url


async def test_the_key(session: aiohttp.ClientSession, locked: str) -> None:
    """A wrong key is refused everywhere, the right one nowhere."""
    for key in (None, "wrong"):
        engine = LlamaServerEngine(session, locked, key)
        for call in (engine.health, engine.models, engine.loaded):
            with pytest.raises(AuthFailed):
                await call()
        with pytest.raises(AuthFailed):
            await answer(engine)
        with pytest.raises(AuthFailed):
            await probe(session, locked, key)
    engine = LlamaServerEngine(session, locked, "open sesame")
    assert (await engine.health()).state is EngineState.READY
    assert await answer(engine)
    found = await probe(session, locked, "open sesame")
    assert found.kind is EngineKind.LLAMA_SERVER


async def test_while_it_loads(session: aiohttp.ClientSession, tmp_path: Path) -> None:
    """A server that is loading is there, knows itself and takes no requests."""
    with loading_llama_server(tmp_path / "log", tmp_path / "pipe.gguf") as url:
        engine = await probe(session, url)
        assert isinstance(engine, LlamaServerEngine)
        assert await engine.health() == Health(state=EngineState.LOADING)
        with pytest.raises(Busy, match="Loading model"):
            await answer(engine)
        with pytest.raises(Busy):
            await engine.models()


@pytest.fixture(scope="session")
def router(models_dir: Path, tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """Return the address of a server of several models, none of them loaded."""
    log = tmp_path_factory.mktemp("router") / "log"
    broken = tmp_path_factory.mktemp("broken") / "broken.gguf"
    for model in models_dir.iterdir():
        (broken.parent / model.name).symlink_to(model)
    broken.write_bytes((models_dir / "loop.gguf").read_bytes()[:300_000])
    with llama_server(log, "--models-dir", str(broken.parent), "-c", "2048") as url:
        yield url


async def test_a_router(session: aiohttp.ClientSession, router: str) -> None:
    """A router loads and unloads, each once however often it is asked."""
    engine = await probe(session, router)
    assert isinstance(engine, LlamaServerEngine)
    assert (await engine.health()).state is EngineState.READY
    assert engine.capabilities == Capabilities(load=True, prompt_cache=True)
    found = {model.name: model for model in await engine.models()}
    assert found.keys() >= {"caller", "loop", "random", "thinker", "two_calls"}
    assert found["thinker"].context_window == 32768
    assert await engine.loaded() == ()
    assert (await engine.model("thinker")).thinking is None

    await engine.load("thinker")
    await engine.load("thinker")
    [loaded] = await engine.loaded()
    assert (loaded.name, loaded.context_window) == ("thinker", 2048)
    assert (await engine.model("thinker")).thinking is True
    deltas = await answer(engine, model="thinker")
    assert "".join(delta.content for delta in deltas) == "It is on now."

    await engine.unload("thinker")
    await engine.unload("thinker")
    async with asyncio.timeout(10):
        while await engine.loaded():
            await asyncio.sleep(0.05)


@pytest.mark.parametrize("left", [True, False])
async def test_a_model_that_goes_by_itself(
    session: aiohttp.ClientSession, left: bool
) -> None:
    """Unloading what was unloaded a moment ago is no error; a refusal is one."""
    kind = "application/json"
    states = ["loaded", "unloaded" if left else "loaded"]
    before, after = (
        reply(kind, b'{"data": [{"id": "m", "status": {"value": "%s"}}]}' % s.encode())
        for s in states
    )
    router = reply(kind, b'{"role": "router"}')
    refusal = reply(kind, b'{"error": {"message": "model is not running"}}', "400 Bad")
    async with raw_server(router, before, refusal, after) as server:
        with nullcontext() if left else pytest.raises(ProtocolError, match="running"):
            await LlamaServerEngine(session, server.url).unload("m")
    assert len(server.requests) == 4


async def test_what_a_router_does_not_have(
    session: aiohttp.ClientSession, router: str
) -> None:
    """A model that vanished, and one that is broken."""
    engine = LlamaServerEngine(session, router)
    with pytest.raises(ModelMissing):
        await engine.load("vanished")
    with pytest.raises(ModelMissing):
        await engine.unload("vanished")
    with pytest.raises(ModelMissing):
        await answer(engine, model="vanished")
    with pytest.raises(ProtocolError, match="could not load"):
        await engine.load("broken")


async def test_a_model_that_never_gets_loaded(
    session: aiohttp.ClientSession, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Loading has an end, even if the router sees none."""
    patched = "custom_components.hearth.engines.llama_server._LOADING_SECONDS"
    monkeypatch.setattr(patched, 0.1)
    pages = {
        "/props": ok({"role": "router"}),
        "/v1/models": ok({"data": [{"id": "big", "status": {"value": "loading"}}]}),
    }
    async with site(pages) as url:
        with pytest.raises(TimedOut, match="still not loaded"):
            await LlamaServerEngine(session, url).load("big")
