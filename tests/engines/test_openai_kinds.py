"""What the servers of OpenAI's dialect tell of their models, each in its way."""

from contextlib import suppress

from aiohttp import ClientSession
import pytest

from custom_components.hearth.engines.base import (
    EngineKind,
    EngineState,
    LoadedModel,
    ModelInfo,
)
from custom_components.hearth.engines.errors import error_from
from custom_components.hearth.engines.faults import (
    AuthFailed,
    ContextOverflow,
    ModelMissing,
    OutOfMemory,
    ProtocolError,
    Unreachable,
)
from custom_components.hearth.engines.openai import OpenAIEngine

from .raw_server import raw_server, reply
from .servers import facts, serving
from .sites import Page, ok, site


@pytest.mark.parametrize(
    ("name", "models"),
    [
        ("vllm", [ModelInfo(name="Qwen/Qwen3-8B", context_window=40960)]),
        ("candle_vllm", [ModelInfo(name="default", context_window=8192)]),
        ("mlx_lm", [ModelInfo(name="mlx-community/Qwen3-4B-4bit")]),
        ("mistral_rs", [ModelInfo(name="Qwen/Qwen3-4B")]),
        (
            "localai",
            [
                ModelInfo(
                    name="qwen3-4b",
                    context_window=8192,
                    tools=True,
                    thinking=True,
                    vision=False,
                )
            ],
        ),
        (
            "lm_studio",
            [
                ModelInfo(
                    name="google/gemma-3-4b",
                    size=3_034_755_901,
                    parameters="4B",
                    quantization="4bit",
                    context_window=131_072,
                    tools=False,
                    vision=True,
                ),
                ModelInfo(
                    name="qwen/qwen3.5-9b",
                    size=6_548_927_017,
                    parameters="9B",
                    quantization="Q4_K_M",
                    context_window=262_144,
                    tools=True,
                    vision=True,
                ),
            ],
        ),
        (
            "lm_studio_v0",
            [
                ModelInfo(
                    name="meta-llama-3.1-8b-instruct",
                    quantization="Q4_K_M",
                    context_window=131_072,
                    vision=False,
                ),
                ModelInfo(
                    name="qwen2-vl-7b-instruct",
                    quantization="4bit",
                    context_window=32_768,
                    vision=True,
                ),
            ],
        ),
    ],
)
async def test_models(
    session: ClientSession, name: str, models: list[ModelInfo]
) -> None:
    """Models that can chat, with as much as the server tells of them."""
    kind = EngineKind(facts(name)["kind"])
    async with serving(name) as server:
        engine = OpenAIEngine(session, server.url, kind=kind)
        assert list(await engine.models()) == models
        assert await engine.model(models[0].name) == models[0]
        with pytest.raises(ModelMissing):
            await engine.model("nobody")


@pytest.mark.parametrize(
    ("name", "loaded"),
    [
        ("vllm", [LoadedModel(name="Qwen/Qwen3-8B", context_window=40960)]),
        ("text_generation_webui", [LoadedModel(name="Qwen3-4B-Q4_K_M.gguf")]),
        ("text_generation_webui_empty", []),
        ("mistral_rs", [LoadedModel(name="Qwen/Qwen3-4B")]),
        ("localai", [LoadedModel(name="qwen3-4b")]),
        ("lm_studio", [LoadedModel(name="qwen/qwen3.5-9b", context_window=4096)]),
        (
            "lm_studio_v0",
            [LoadedModel(name="meta-llama-3.1-8b-instruct", context_window=4096)],
        ),
        ("llama_cpp_python", []),
        ("other", []),
    ],
)
async def test_loaded(
    session: ClientSession, name: str, loaded: list[LoadedModel]
) -> None:
    """Models in memory, where the server tells."""
    kind = EngineKind(facts(name)["kind"])
    async with serving(name) as server:
        engine = OpenAIEngine(session, server.url, kind=kind)
        assert list(await engine.loaded()) == loaded


BARE = {"/v1/models": ok({"data": [{"id": "a", "max_model_len": 0}]})}
REFUSED: Page = 403, {"error": "no"}, {}


@pytest.mark.parametrize("kind", list(EngineKind))
async def test_a_bare_list(session: ClientSession, kind: EngineKind) -> None:
    """The common list is enough for everybody; what else is locked is left alone."""
    paths = ("/v1/models/capabilities", "/system", "/version", "/api/v1/models")
    async with site(BARE | dict.fromkeys(paths, REFUSED)) as url:
        engine = OpenAIEngine(session, url, kind=kind)
        assert await engine.models() == (ModelInfo(name="a"),)
        assert (await engine.health()).version is None
        assert len(await engine.loaded()) <= 1


async def test_alone(session: ClientSession) -> None:
    """mistral.rs may list nothing but the name for whatever it has."""
    pages = {"/v1/models": ok({"data": [{"id": "default", "owned_by": "local"}]})}
    async with site(pages) as url:
        engine = OpenAIEngine(session, url, kind=EngineKind.MISTRAL_RS)
        assert await engine.models() == (ModelInfo(name="default"),)
        assert await engine.loaded() == ()


async def test_loading(session: ClientSession) -> None:
    """A server that is not ready yet."""
    async with site({"/v1/models": (503, {"error": "Loading model"}, {})}) as url:
        health = await OpenAIEngine(session, url).health()
    assert health.state is EngineState.LOADING


async def test_locked(session: ClientSession) -> None:
    """A server whose models are locked."""
    async with site({"/v1/models": REFUSED}) as url:
        for kind in (EngineKind.OPENAI, EngineKind.LM_STUDIO, EngineKind.LOCALAI):
            engine = OpenAIEngine(session, url, kind=kind)
            for question in (engine.health, engine.models):
                with pytest.raises(AuthFailed):
                    await question()


async def test_gone(session: ClientSession) -> None:
    """A server that is not there is no server without a version."""
    engine = OpenAIEngine(session, "http://127.0.0.1:1", kind=EngineKind.LM_STUDIO)
    with pytest.raises(Unreachable):
        await engine.loaded()


@pytest.mark.parametrize(
    "body",
    [
        b'{"data": [{"id": 5}]}',
        b'{"data": {"id": "a"}}',
        b'{"models": [{"key": "a", "quantization": "Q4"}]}',
        b'{"models": [{"key": "a", "capabilities": ["vision"]}]}',
        b'{"models": [{"key": "a", "loaded_instances": [5]}]}',
        b'{"models": [{"type": 5}]}',
        b'{"loaded_models": ["a"]}',
        b"[]",
        b"<html>",
    ],
)
@pytest.mark.parametrize(
    "kind", [EngineKind.LM_STUDIO, EngineKind.LOCALAI, EngineKind.VLLM]
)
async def test_hostile_lists(
    session: ClientSession, kind: EngineKind, body: bytes
) -> None:
    """A list that is none is an error of ours, or no list."""
    async with raw_server(reply("application/json", body)) as server:
        engine = OpenAIEngine(session, server.url, kind=kind)
        for question in (engine.models, engine.loaded):
            with suppress(ProtocolError):
                assert await question() == () or b"key" in body


@pytest.mark.parametrize(
    ("said", "prompt", "window"),
    [
        (
            "This model's maximum context length is 4096 tokens. (5000 in the messages)",
            5000,
            4096,
        ),
        (
            "The maximum context length is 2048 tokens, the request 3000 input tokens",
            3000,
            2048,
        ),
        ("maximum context length is 99999999999999999999 tokens", None, None),
        ("tokens to keep is greater than the context length", None, None),
        ("Requested tokens (9) exceed context window of 4", 9, 4),
    ],
)
def test_too_long(said: str, prompt: int | None, window: int | None) -> None:
    """Prompts that do not fit, in the words of several servers."""
    for payload in (
        {"object": "error", "message": said, "type": "BadRequestError", "code": 400},
        {"error": {"message": said, "code": "context_length_exceeded"}},
        {"error": said},
        {"detail": said},
    ):
        error = error_from(400, payload)
        assert isinstance(error, ContextOverflow)
        assert (error.prompt_tokens, error.context_window) == (prompt, window)


@pytest.mark.parametrize(
    ("status", "payload", "kind"),
    [
        (404, {"message": "The model `a` does not exist."}, ModelMissing),
        (400, {"error": {"message": 'Invalid model identifier "a"'}}, ModelMissing),
        (400, {"error": "stopped: insufficient system resources"}, OutOfMemory),
        (401, {"detail": "Invalid API key"}, AuthFailed),
        (422, {"detail": [{"loc": ["body"]}]}, ProtocolError),
    ],
)
def test_refusals(status: int, payload: object, kind: type[Exception]) -> None:
    """Refusals in the words of several servers."""
    assert type(error_from(status, payload)) is kind
