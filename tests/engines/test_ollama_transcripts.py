"""Ollama's client against everything a real Ollama was heard to say."""

from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass, replace
import json
from pathlib import Path
from typing import Any

import aiohttp
import pytest

from custom_components.hearth.engines.base import (
    Engine,
    EngineState,
    Health,
    ModelInfo,
    PullProgress,
)
from custom_components.hearth.engines.chat import (
    ChatRequest,
    Delta,
    FinishReason,
    Message,
    Role,
    ToolCall,
    ToolSpec,
)
from custom_components.hearth.engines.faults import (
    AuthFailed,
    ContextOverflow,
    EngineError,
    ModelMissing,
    ProtocolError,
    PullFailed,
    Unsupported,
)
from custom_components.hearth.engines.http import QUICK, HttpClient, Page
from custom_components.hearth.engines.llama_server import LlamaServerEngine
from custom_components.hearth.engines.ollama import OllamaEngine

from .replay import Replay, Request, Transcript, names, replay, transcript

CHATS: dict[str, dict[str, Any]] = json.loads(
    (Path(__file__).parent / "fixtures" / "ollama_chats.json").read_text()
)

# What an engine is told of a tool.
_TOLD = ("name", "description", "parameters")


@dataclass(frozen=True, slots=True)
class Failure:
    """An error, and what was heard before it."""

    error: type[EngineError]
    words: str = ""
    before: Any = None
    facts: Mapping[str, Any] | None = None


type Outcome = Any
type Call = Callable[[aiohttp.ClientSession, str, Request], Awaitable[Outcome]]


def request_for(asked: dict[str, Any]) -> ChatRequest:
    """Return the request that the recorded one would be today."""
    options = asked.get("options") or {}
    whole = {key: options[key] for key in ("num_ctx", "num_predict") if key in options}
    good = {key: value for key, value in whole.items() if isinstance(value, int)}
    return ChatRequest(
        model=str(asked.get("model", "")),
        messages=tuple(_message(message) for message in asked.get("messages") or ()),
        tools=tuple(
            ToolSpec(**{k: tool["function"][k] for k in _TOLD})
            for tool in asked.get("tools") or ()
        ),
        think=asked.get("think") is True,
        response_schema=asked.get("format"),
        context_window=good.get("num_ctx"),
        max_tokens=good.get("num_predict"),
        temperature=options.get("temperature"),
    )


def _message(asked: dict[str, Any]) -> Message:
    """Return a recorded message as ours."""
    return Message(
        role=Role(asked["role"]),
        content=asked["content"],
        tool_calls=tuple(
            ToolCall(c["id"], c["function"]["name"], c["function"]["arguments"])
            for c in asked.get("tool_calls") or ()
        ),
        tool_call_id=asked.get("tool_call_id", ""),
        tool_name=asked.get("tool_name", ""),
    )


async def _talk(engine: Engine, asked: dict[str, Any]) -> dict[str, Any]:
    """Run a chat; return what was heard in the form of the expectations."""
    heard: dict[str, Any] = {"deltas": 0, "content": ""}
    thinking, calls = "", []
    try:
        async for delta in engine.chat(request_for(asked)):
            assert "finish" not in heard, "nothing comes after the numbers"
            thinking += delta.thinking
            heard["content"] += delta.content
            calls += [[call.id, call.name, call.arguments] for call in delta.tool_calls]
            if (stats := delta.stats) is None:
                assert delta != Delta()
                heard["deltas"] += 1
                continue
            assert stats.cached_tokens is None
            assert stats.total_seconds is not None
            assert stats.first_token_seconds is None or (
                0 < stats.first_token_seconds <= stats.total_seconds
            )
            heard["finish"] = stats.finish_reason.value
            heard["tokens"] = [stats.prompt_tokens, stats.generated_tokens]
            heard["nanoseconds"] = [
                spent and round(spent * 1e9)
                for spent in (
                    stats.load_seconds,
                    stats.prompt_seconds,
                    stats.generation_seconds,
                )
            ]
    except EngineError as err:
        err.add_note(json.dumps(heard["content"]))
        raise
    heard |= {"thinking": thinking} if thinking else {}
    return heard | ({"calls": calls} if calls else {})


async def chat(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Chat with Ollama."""
    return await _talk(OllamaEngine(session, url), asked.json)


async def v1_chat(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Chat in OpenAI's dialect."""
    return await _talk(LlamaServerEngine(session, url), asked.json)


async def v1_models(session: aiohttp.ClientSession, url: str, _: Request) -> Outcome:
    """List models in OpenAI's dialect."""
    return [model.name for model in await LlamaServerEngine(session, url).models()]


async def health(session: aiohttp.ClientSession, url: str, _: Request) -> Outcome:
    """Ask for the version."""
    return await OllamaEngine(session, url).health()


async def models(session: aiohttp.ClientSession, url: str, _: Request) -> Outcome:
    """List the models; of their digests the beginning is enough."""
    found = await OllamaEngine(session, url).models()
    assert all(model.digest and len(model.digest) == 64 for model in found)
    return tuple(replace(model, digest=(model.digest or "")[:12]) for model in found)


async def model(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Describe a model."""
    return await OllamaEngine(session, url).model(asked.json.get("model", ""))


async def loaded(session: aiohttp.ClientSession, url: str, _: Request) -> Outcome:
    """List the models in memory, and the minute when each will leave."""
    return [
        (
            item.name,
            item.memory,
            item.context_window,
            item.until and f"{item.until:%H:%M}",
        )
        for item in await OllamaEngine(session, url).loaded()
    ]


async def load(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Load a model."""
    lasting = {"10m": 600.0, -1: -1.0, None: None}[asked.json.get("keep_alive")]
    engine = OllamaEngine(session, url)
    await engine.load(asked.json["model"], keep_alive=lasting)


async def unload(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Unload a model."""
    await OllamaEngine(session, url).unload(asked.json["model"])


async def pull(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Download a model; return the last progress."""
    steps: list[PullProgress] = []
    async for step in OllamaEngine(session, url).pull(asked.json["model"]):
        before = steps[-1] if steps else step
        assert step.completed >= before.completed
        assert step.total >= before.total
        assert step.completed <= step.total
        steps.append(step)
    return len(steps), steps[-1]


async def delete(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Delete a model."""
    await OllamaEngine(session, url).delete(asked.json["model"])


async def call(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Ask for something whose answer is only that it was done."""
    await HttpClient(session, url).call(asked.method, asked.path, asked.json)


async def json_call(
    session: aiohttp.ClientSession, url: str, asked: Request
) -> Outcome:
    """Ask for JSON."""
    return await HttpClient(session, url).json(asked.method, asked.path)


async def page(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Look at a page."""
    return await HttpClient(session, url).page(asked.path)


async def stream(session: aiohttp.ClientSession, url: str, asked: Request) -> Outcome:
    """Stream objects of a call that no engine method stands for."""
    http = HttpClient(session, url)
    async with http.ndjson(asked.path, asked.json, QUICK) as lines:
        return [line["done"] async for line in lines]


NOT_FOUND = Failure(ModelMissing, "not found")
OVERFLOW = Failure(
    ContextOverflow,
    "request (1214 tokens) exceeds the available context size (512 tokens)",
    facts={"prompt_tokens": 1214, "context_window": 512},
)
REGISTRY = "pull model manifest: "
DONE = PullProgress(status="success", completed=84023254, total=84023254)


def shown(name: str, *abilities: str, parameters: str = "19.52M") -> ModelInfo:
    """Return a model as it is described."""
    return ModelInfo(
        name=name,
        parameters=parameters,
        quantization="F16",
        context_window=32768,
        tools="tools" in abilities,
        thinking="thinking" in abilities,
        vision=False,
    )


def listed(
    name: str, size: int, digest: str, parameters: str, tools: bool | None
) -> ModelInfo:
    """Return a model as it is listed, with the beginning of its digest."""
    return ModelInfo(
        name=name,
        size=size,
        digest=digest,
        parameters=parameters,
        quantization="F16",
        context_window=32768,
        tools=tools,
    )


TAGS = (
    listed("bare:latest", 44974710, "3005e463dd24", "19.52M", None),
    listed("goloop:latest", 84020293, "53dd39197c57", "39.04M", True),
    listed("gotools:latest", 84020325, "e86825e656d7", "39.04M", True),
    listed("gotwocalls:latest", 84020325, "9e10786659f1", "39.04M", True),
    listed("loop:latest", 84023222, "eb98fe65f6ac", "39.04M", None),
    listed("notools:latest", 44974892, "d7f9abae9cc8", "19.52M", None),
    listed("rand8:latest", 380056503, "4740c9b1734f", "187.05M", None),
    listed("rand:latest", 44978870, "a435ff4bc018", "19.52M", None),
    listed("thinkbot:latest", 84023222, "d88818e7b96f", "39.04M", None),
    listed("toolbot:latest", 84023254, "e29e1a95440c", "39.04M", None),
    listed("twocalls:latest", 84023254, "848a5be3ea00", "39.04M", None),
)
RAND = ("rand:latest", 46095400, 4096, "15:00")
NOTOOLS = ("notools:latest", 46095400, 4096, "15:00")
GOTOOLS = ("gotools:latest", 85532343, 4096, "14:59")

# Every transcript but the chats that went well, which are in a file of their own.
TABLE: dict[str, tuple[Call, Outcome]] = {
    "blob-head-missing": (call, None),
    "blob-head-present": (call, None),
    "blob-post": (call, Failure(ProtocolError, "HTTP 201")),
    "chat-405": (call, Failure(ProtocolError, "405 method not allowed")),
    "chat-bad-keep-alive": (chat, Failure(ProtocolError, "invalid duration")),
    "chat-bad-option-type": (chat, Failure(ProtocolError, "must be of type integer")),
    "chat-bad-think": (chat, Failure(ProtocolError, "invalid think value")),
    "chat-empty-body": (chat, Failure(ProtocolError, "missing request body")),
    "chat-format-bad": (chat, Failure(ProtocolError, "invalid format")),
    "chat-format-invalid-schema": (
        chat,
        Failure(ProtocolError, "unrecognized type nosuch"),
    ),
    "chat-invalid-json": (chat, Failure(ProtocolError, "unexpected EOF")),
    "chat-no-messages-load": (load, None),
    "chat-no-messages-unload": (unload, None),
    "chat-no-model-400": (chat, Failure(ProtocolError, "model is required")),
    "chat-nonstream-token-loop-gotemplate": (
        chat,
        Failure(ProtocolError, "broke off", before=" la" * 31),
    ),
    "chat-not-json": (chat, Failure(ProtocolError, "invalid character")),
    "chat-stream-runner-killed": (
        chat,
        Failure(
            ProtocolError,
            "an error was encountered while running the model: unexpected EOF",
            before=CHATS["chat-stream-runner-killed"]["content"],
        ),
    ),
    "chat-stream-token-loop-gotemplate": (
        chat,
        Failure(ProtocolError, "broke off", before=" la" * 31),
    ),
    "chat-think-unsupported-400": (
        chat,
        Failure(Unsupported, "does not support thinking"),
    ),
    "chat-tools-unsupported-400": (
        chat,
        Failure(Unsupported, "does not support tools"),
    ),
    "chat-unknown-model-404": (chat, NOT_FOUND),
    "chat-unknown-tag-404": (chat, NOT_FOUND),
    "chat-wrong-type": (chat, Failure(ProtocolError, "cannot unmarshal number")),
    "copy-404": (call, NOT_FOUND),
    "copy-ok": (call, None),
    "delete-404": (delete, NOT_FOUND),
    "delete-ok": (delete, None),
    "embed": (call, Failure(Unsupported, "does not support embeddings")),
    "generate-load": (load, None),
    "generate-load-keepalive-10m": (load, None),
    "generate-load-keepalive-forever": (load, None),
    "generate-stream": (stream, [False] * 24 + [True]),
    "generate-unknown-model-404": (load, NOT_FOUND),
    "generate-unload": (unload, None),
    "host-header-forbidden": (health, Failure(AuthFailed, "HTTP 403")),
    "num-ctx-too-small": (chat, OVERFLOW),
    "num-ctx-too-small-truncate-false": (chat, OVERFLOW),
    "path-404": (json_call, Failure(ProtocolError, "404 page not found")),
    "ps-1.5s-after-unload": (loaded, [NOTOOLS, GOTOOLS]),
    "ps-after-load": (loaded, [RAND, NOTOOLS, GOTOOLS]),
    "ps-empty": (loaded, []),
    "ps-keepalive-forever": (loaded, [(*RAND[:3], None), NOTOOLS, GOTOOLS]),
    "ps-loaded": (loaded, [(*RAND[:3], "14:59")]),
    "ps-right-after-unload": (loaded, [NOTOOLS, GOTOOLS]),
    "pull-bad-scheme": (pull, Failure(PullFailed, f'{REGISTRY}Get "https://127')),
    "pull-conn-refused-insecure": (pull, Failure(PullFailed, "connection refused")),
    "pull-no-network": (pull, Failure(PullFailed, "no such host")),
    "pull-no-network-nonstream": (pull, Failure(PullFailed, "no such host")),
    "pull-ok-blob-already-present": (pull, (6, DONE)),
    "pull-ok-download": (pull, (77, DONE)),
    "pull-ok-download-resumed": (pull, (52, DONE)),
    "pull-ok-nonstream": (pull, (1, PullProgress(status="success"))),
    "pull-unknown-model-registry-404": (
        pull,
        Failure(PullFailed, f"{REGISTRY}file does not exist"),
    ),
    "pull-unknown-model-registry-404-nonstream": (
        pull,
        Failure(PullFailed, f"{REGISTRY}file does not exist"),
    ),
    "root": (page, Page(200, "", b"Ollama is running")),
    "root-head": (call, None),
    "show-404": (model, NOT_FOUND),
    "show-bare": (model, shown("bare")),
    "show-gotools": (model, shown("gotools", "tools", parameters="39.04M")),
    "show-no-model": (model, Failure(ProtocolError, "model is required")),
    "show-notools": (model, shown("notools")),
    "show-rand": (model, shown("rand", "tools", "thinking")),
    "show-thinkbot": (
        model,
        shown("thinkbot", "tools", "thinking", parameters="39.04M"),
    ),
    "status": (json_call, {"cloud": {"disabled": True, "source": "env"}}),
    "tags": (models, TAGS),
    "v1-chat-404": (v1_chat, NOT_FOUND),
    "v1-chat-stream": (
        v1_chat,
        {
            "deltas": 12,
            "content": "பὣ analysts突如其ancellor➦ الإدارة 初始化 SONجير virtual沦为",
            "finish": FinishReason.LENGTH,
            "tokens": [556, 12],
            "nanoseconds": [None, None, None],
        },
    ),
    "v1-chat-stream-tools": (
        v1_chat,
        {
            "deltas": 1,
            "content": "",
            "finish": FinishReason.STOP,
            "tokens": [None, None],
            "nanoseconds": [None, None, None],
            "calls": [
                [
                    "NFcEri4nuoJsoFnxYR024nj0NZtNS2K3",
                    "HassTurnOn",
                    {"name": "kitchen light", "domain": ["light"]},
                ]
            ],
        },
    ),
    "v1-models": (v1_models, [info.name for info in TAGS]),
    "version": (health, Health(state=EngineState.READY, version="0.33.0-rc2")),
}
TABLE = {name: (chat, said) for name, said in CHATS.items()} | TABLE

# Recorded from requests that our client has other words for, or cannot send.
OTHER_PATH = {"chat-405", "chat-no-messages-load", "chat-no-messages-unload"}
OTHER_BODY = {
    "chat-bad-option-type",
    "chat-bad-think",
    "chat-empty-body",
    "chat-invalid-json",
    "chat-no-model-400",
    "chat-not-json",
    "chat-wrong-type",
}


def assert_same_request(sent: Request, recorded: Request, name: str) -> None:
    """Check that the client asks for what was asked for when it was recorded."""
    assert sent.headers["accept-encoding"] == "identity"
    if name not in OTHER_PATH:
        assert (sent.method, sent.path) == (recorded.method, recorded.path)
    if name in OTHER_BODY:
        return
    asked, recorded_json = sent.json, recorded.json
    for key in ("model", "messages", "tools", "think", "format"):
        if recorded_json.get(key):
            assert asked[key] == recorded_json[key]
    for key in ("num_ctx", "num_predict", "temperature"):
        options = recorded_json.get("options", {})
        assert asked.get("options", {}).get(key) == options.get(key)


def test_every_transcript_has_an_expectation() -> None:
    """A transcript that nothing is expected of is none that was passed."""
    assert set(TABLE) == set(names())


@pytest.mark.parametrize("name", names())
async def test_transcript(session: aiohttp.ClientSession, name: str) -> None:
    """The client hears what was said, and says what was heard."""
    recorded: Transcript = transcript(name)
    ask, expected = TABLE[name]
    server: Replay
    async with replay(recorded) as server:
        if isinstance(expected, Failure):
            with pytest.raises(expected.error) as raised:
                await ask(session, server.url, recorded.request)
            assert type(raised.value) is expected.error
            assert expected.words in str(raised.value)
            for fact, value in (expected.facts or {}).items():
                assert getattr(raised.value, fact) == value
            if expected.before is not None:
                assert raised.value.__notes__ == [json.dumps(expected.before)]
        else:
            assert await ask(session, server.url, recorded.request) == expected
    [sent] = server.requests
    if ask != v1_chat:
        assert_same_request(sent, recorded.request, name)
