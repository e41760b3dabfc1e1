"""What the clients send, and what they make of answers nobody recorded."""

from collections.abc import AsyncIterator
from types import MappingProxyType
from typing import Any

from aiohttp import ClientSession, web
from aiohttp.test_utils import TestServer
import pytest

from custom_components.hearth.engines.base import Capabilities, EngineKind
from custom_components.hearth.engines.chat import (
    ChatRequest,
    Message,
    Role,
    ToolCall,
    ToolSpec,
)
from custom_components.hearth.engines.faults import (
    OutOfMemory,
    ProtocolError,
    PullFailed,
)
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.ollama import OllamaEngine

from .raw_server import raw_server, reply

SCHEMA = {"type": "object", "properties": {"on": {"type": "boolean"}}}
FULL = ChatRequest(
    model="m",
    messages=(
        Message(role=Role.SYSTEM, content="Be brief."),
        Message(
            role=Role.USER, content="What is this?", images=(b"\x89PNG", b"\xff\xd8")
        ),
        Message(
            role=Role.ASSISTANT,
            thinking="Hm.",
            tool_calls=(
                ToolCall("1", "look", MappingProxyType({"at": "it"})),
                ToolCall("2", "look", "not JSON"),
            ),
        ),
        Message(role=Role.TOOL, content="A cat.", tool_call_id="1", tool_name="look"),
    ),
    tools=(ToolSpec("look", "Looks", MappingProxyType(SCHEMA)),),
    think=True,
    response_schema=MappingProxyType(SCHEMA),
    context_window=4096,
    max_tokens=0,
    temperature=0.2,
    keep_alive=-1.0,
)
TOOLS = [
    {
        "type": "function",
        "function": {"name": "look", "description": "Looks", "parameters": SCHEMA},
    }
]


class Recorder:
    """A server that remembers what it was asked, and answers the same always."""

    def __init__(self) -> None:
        """Start with an empty answer."""
        self.bodies: list[Any] = []
        self.answer: Any = {}
        self.url = ""

    async def serve(self, request: web.Request) -> web.Response:
        """Note a body and answer."""
        self.bodies.append(await request.json())
        return web.json_response(self.answer)


@pytest.fixture
async def recorder() -> AsyncIterator[Recorder]:
    """Return a server that remembers what it was asked."""
    recorder = Recorder()
    app = web.Application()
    app.router.add_route("*", "/{path:.*}", recorder.serve)
    async with TestServer(app) as server:
        recorder.url = str(server.make_url(""))
        yield recorder


async def test_everything_ollama_is_told(
    session: ClientSession, recorder: Recorder
) -> None:
    """A request with all there is, in Ollama's words."""
    recorder.answer = {"done": True}
    engine = OllamaEngine(session, recorder.url)
    assert engine.kind is EngineKind.OLLAMA
    assert engine.capabilities == Capabilities(
        delete=True, keep_alive=True, load=True, prompt_cache=True, pull=True
    )
    assert len([delta async for delta in engine.chat(FULL)]) == 1
    assert recorder.bodies == [
        {
            "model": "m",
            "shift": False,
            "truncate": False,
            "options": {"num_ctx": 4096, "num_predict": 1, "temperature": 0.2},
            "keep_alive": -1,
            "stream": True,
            "think": True,
            "messages": [
                {"role": "system", "content": "Be brief."},
                {
                    "role": "user",
                    "content": "What is this?",
                    "images": ["iVBORw==", "/9g="],
                },
                {
                    "role": "assistant",
                    "content": "",
                    "thinking": "Hm.",
                    "tool_calls": [
                        {
                            "id": "1",
                            "function": {"name": "look", "arguments": {"at": "it"}},
                        },
                        {"id": "2", "function": {"name": "look", "arguments": {}}},
                    ],
                },
                {
                    "role": "tool",
                    "content": "A cat.",
                    "tool_name": "look",
                    "tool_call_id": "1",
                },
            ],
            "tools": TOOLS,
            "format": SCHEMA,
        }
    ]


async def test_everything_llama_server_is_told(
    session: ClientSession, recorder: Recorder
) -> None:
    """A request with all there is, in llama-server's words."""
    engine = LlamaServerEngine(session, recorder.url)
    with pytest.raises(ProtocolError, match="application/json"):
        _ = [delta async for delta in engine.chat(FULL)]
    calls = [('{"at": "it"}', "1"), ("{}", "2")]
    assert recorder.bodies == [
        {
            "model": "m",
            "messages": [
                {"role": "system", "content": "Be brief."},
                {
                    "role": "user",
                    "content": [
                        {"type": "text", "text": "What is this?"},
                        {
                            "type": "image_url",
                            "image_url": {"url": "data:image/png;base64,iVBORw=="},
                        },
                        {
                            "type": "image_url",
                            "image_url": {"url": "data:image/jpeg;base64,/9g="},
                        },
                    ],
                },
                {
                    "role": "assistant",
                    "content": "",
                    "reasoning_content": "Hm.",
                    "tool_calls": [
                        {
                            "id": call_id,
                            "type": "function",
                            "function": {"name": "look", "arguments": arguments},
                        }
                        for arguments, call_id in calls
                    ],
                },
                {
                    "role": "tool",
                    "content": "A cat.",
                    "tool_call_id": "1",
                    "name": "look",
                },
            ],
            "stream": True,
            "stream_options": {"include_usage": True},
            "cache_prompt": True,
            "return_progress": True,
            "chat_template_kwargs": {"enable_thinking": True},
            "tools": TOOLS,
            "response_format": {
                "type": "json_schema",
                "json_schema": {"name": "answer", "schema": SCHEMA},
            },
            "max_tokens": 0,
            "temperature": 0.2,
        }
    ]


@pytest.mark.parametrize(
    ("asked", "sent"),
    [(None, None), (-1, -1), (-0.5, -1), (0, 0), (0.2, 1), (300, 300), (90.4, 90)],
)
async def test_how_long_a_model_stays(
    session: ClientSession, recorder: Recorder, asked: float | None, sent: int | None
) -> None:
    """Ollama wants a whole number, and 0 means to unload."""
    engine = OllamaEngine(session, recorder.url)
    await engine.load("m", context_window=2048, keep_alive=asked)
    [body] = recorder.bodies
    assert body.get("keep_alive") == sent
    assert isinstance(body.get("keep_alive"), int | None)


async def test_loading_says_what_chats_will_say(
    session: ClientSession, recorder: Recorder
) -> None:
    """Runner options that differ would load the model a second time."""
    recorder.answer = {"done": True}
    engine = OllamaEngine(session, recorder.url)
    await engine.load("m", context_window=2048)
    request = ChatRequest(model="m", messages=(), context_window=2048)
    assert [delta async for delta in engine.chat(request)]
    loading, chatting = recorder.bodies
    for key in ("model", "options", "shift"):
        assert loading[key] == chatting[key]


async def test_an_error_instead_of_loading(
    session: ClientSession, recorder: Recorder
) -> None:
    """Loading may fail under a good status."""
    recorder.answer = {"error": "llama runner: failed to allocate 5 GiB"}
    engine = OllamaEngine(session, recorder.url)
    with pytest.raises(OutOfMemory):
        await engine.load("m")
    with pytest.raises(OutOfMemory):
        await engine.unload("m")


@pytest.mark.parametrize(
    ("item", "remote"),
    [
        ({"name": "qwen3:latest"}, False),
        ({"name": "gpt-oss:120b-cloud"}, True),
        ({"name": "kimi:cloud"}, True),
        ({"name": "mine", "remote_host": "https://ollama.com:443"}, True),
    ],
)
async def test_models_that_are_elsewhere(
    session: ClientSession, recorder: Recorder, item: dict[str, Any], remote: bool
) -> None:
    """A model whose words leave the house is marked, and lists may be bare."""
    async with raw_server(
        reply("application/json", f'{{"models": [{_json(item)}]}}'.encode())
    ) as server:
        [model] = await OllamaEngine(session, server.url).models()
    assert model.remote is remote
    assert (model.size, model.parameters, model.context_window) == (None, None, None)
    recorder.answer = item
    described = await OllamaEngine(session, recorder.url).model(item["name"])
    assert described.remote is remote
    assert (described.tools, described.thinking, described.vision) == (None,) * 3


def _json(item: dict[str, Any]) -> str:
    """Return an object as JSON."""
    return str(item).replace("'", '"')


async def test_progress_never_runs_back(session: ClientSession) -> None:
    """Parts are added up, and one that is reported with less keeps what it had."""
    reports = [
        '{"status": "pulling manifest"}',
        '{"status": "a", "digest": "a", "total": 100}',
        '{"status": "a", "digest": "a", "total": 100, "completed": 60}',
        '{"status": "a", "digest": "a", "total": 100, "completed": 40}',
        '{"status": "b", "digest": "b", "total": 10, "completed": 99}',
        '{"status": "verifying sha256 digest"}',
    ]
    body = "\n".join(reports).encode()
    sums = [(0, 0), (0, 100), (60, 100), (60, 100), (70, 110), (110, 110)]
    async with raw_server(reply("application/x-ndjson", body)) as server:
        steps = OllamaEngine(session, server.url).pull("m")
        for completed, total in sums:
            step = await anext(steps)
            assert (step.completed, step.total) == (completed, total)
        with pytest.raises(PullFailed, match="before it was complete"):
            await anext(steps)


@pytest.mark.parametrize(
    ("parameters", "words"),
    [(3_212_749_888, "3.21B"), (4_980_736, "4.98M"), (1_024, "1.02K"), (12, "12")],
)
async def test_size_in_words(
    session: ClientSession, parameters: int, words: str
) -> None:
    """Parameters are told as models are named for them."""
    body = f'{{"data": [{{"id": "m", "meta": {{"n_params": {parameters}}}}}]}}'
    async with raw_server(reply("application/json", body.encode())) as server:
        [model] = await LlamaServerEngine(session, server.url).models()
    assert model.parameters == words
    assert model.vision is None


@pytest.mark.parametrize("number", ["true", '"5"', "-1", "1e999", "9" * 400, "null"])
async def test_numbers_that_are_none(session: ClientSession, number: str) -> None:
    """A number that cannot be one counts as not told."""
    body = f'{{"models": [{{"name": "m", "size": {number}}}]}}'
    async with raw_server(reply("application/json", body.encode())) as server:
        [model] = await OllamaEngine(session, server.url).models()
    assert model.size is None
