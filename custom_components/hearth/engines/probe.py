"""Find out what answers at an address.

Several servers imitate others: LocalAI and hailo-ollama answer as Ollama does, and
everybody has ``/v1/models``. So the surest signs are asked for first, and one after
the other: hailo-ollama takes one connection and lets one wait.
"""

import asyncio
from contextlib import suppress

import aiohttp

from .address import normalize_url
from .base import Engine, EngineKind
from .faults import (
    AuthFailed,
    Busy,
    EngineError,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)
from .http import HttpClient, Page
from .kinds import NAMES
from .llama_server import LlamaServerEngine
from .ollama import OllamaEngine
from .openai import OpenAIEngine
from .values import JsonObject, objects

__all__ = ["engine_for", "identify", "normalize_url", "probe"]

_SECONDS = 10.0

# Each is the beginning of what a server says at its root.
# hailo_model_zoo_genai, controller.cpp: root().
_HAILO = b"hailo-ollama is running"
# Express, for every path that LM Studio does not know, with a status of 200:
# lmstudio-bug-tracker, issues 618 and 1323.
_LM_STUDIO = b'{"error":"Unexpected endpoint or method.'
# mlx-lm, server.py: do_GET().
_MLX_LM = b"Not Found"
# ollama, server/routes.go; LocalAI may say so, too.
_OLLAMA = b"Ollama is running"

_LLAMA_SERVER = "llama.cpp"
# What hailo-ollama says, so that clients of Ollama content themselves.
_HAILO_VERSION = "0.5.1"

# Who owns the models of a list, where nobody else says the same.
_OWNERS = {
    "candle-vllm": EngineKind.CANDLE_VLLM,
    "llamacpp": EngineKind.LLAMA_SERVER,
    "sglang": EngineKind.SGLANG,
    "vllm": EngineKind.VLLM,
}
# It answers as Ollama does as well, but not to all that Ollama is asked.
_KOBOLD = "koboldcpp"


async def probe(
    session: aiohttp.ClientSession, url: str, api_key: str | None = None
) -> Engine:
    """Return a client for the engine that answers at an address.

    An engine that cannot be used raises Unsupported, another server ProtocolError,
    and what is no address ValueError.
    """
    http = HttpClient(session, url, api_key)
    try:
        async with asyncio.timeout(_SECONDS):
            kind = await identify(http)
            if kind is EngineKind.LLAMA_SERVER:
                await _check_key(http)
    except TimeoutError as err:
        raise TimedOut("What answers is too slow to be recognised") from err
    return engine_for(kind, session, http.url, api_key)


def engine_for(
    kind: EngineKind,
    session: aiohttp.ClientSession,
    url: str,
    api_key: str | None = None,
) -> Engine:
    """Return a client for a kind of engine; raises Unsupported."""
    match kind:
        case EngineKind.HAILO_OLLAMA:
            # Its models have 2,048 tokens, and it takes not all that Ollama takes.
            raise Unsupported(f"This is {NAMES[kind]}, which is not supported")
        case EngineKind.LLAMA_SERVER:
            return LlamaServerEngine(session, url, api_key)
        case EngineKind.OLLAMA:
            return OllamaEngine(session, url, api_key)
        case _:
            return OpenAIEngine(session, url, api_key, kind=kind)


async def identify(http: HttpClient) -> EngineKind:
    """Ask until the answer is certain.

    Raises ProtocolError where no engine answers; AuthFailed and Busy may come
    before it is known whose they are.
    """
    root = await http.page("/")
    if root.body.startswith(_HAILO):
        return EngineKind.HAILO_OLLAMA
    if root.server == _LLAMA_SERVER:
        return EngineKind.LLAMA_SERVER
    if root.body.startswith(_LM_STUDIO):
        return EngineKind.LM_STUDIO
    if await _is_localai(http):
        return EngineKind.LOCALAI
    if root.body.startswith(_OLLAMA) and (ollama := await _ollama(http)):
        return ollama
    listed = await _ask(http, "/v1/models")
    owners = _owners(listed)
    if len(owners) == 1 and (owned := _OWNERS.get(min(owners))):
        return owned
    if _KOBOLD not in owners and (ollama := await _ollama(http)):
        return ollama
    return await _other(http, root, listed)


async def _ask(http: HttpClient, path: str) -> JsonObject:
    """Return the JSON at a path, empty where there is none."""
    try:
        return await http.json("GET", path)
    except AuthFailed, Busy, TimedOut, Unreachable:
        raise
    except EngineError:
        return {}


async def _check_key(http: HttpClient) -> None:
    """Raise AuthFailed unless the key is good; while it loads, that must wait."""
    with suppress(Busy):
        await http.json("GET", "/v1/models")


async def _is_localai(http: HttpClient) -> bool:
    """Return whether LocalAI introduces itself, which needs no key.

    Proxies that let nobody see hidden folders refuse this path of any server.
    """
    try:
        told = await _ask(http, "/.well-known/localai.json")
    except AuthFailed:
        return False
    return "version" in told and "endpoints" in told


async def _ollama(http: HttpClient) -> EngineKind | None:
    """Return which Ollama it is, if both signs are there: others have one."""
    version = _text(await _ask(http, "/api/version"), "version")
    if not version or "models" not in await _ask(http, "/api/tags"):
        return None
    if version == _HAILO_VERSION and "models" in await _ask(http, "/hailo/v1/list"):
        return EngineKind.HAILO_OLLAMA
    return EngineKind.OLLAMA


async def _other(http: HttpClient, root: Page, listed: JsonObject) -> EngineKind:
    """Return which of the servers it is that have only OpenAI's dialect."""
    if "data" not in listed:
        raise ProtocolError("What answers is not an engine")
    owners, items = _owners(listed), _items(listed)
    # llama_cpp/server/app.py: get_models(); nobody else misspells "permission".
    if owners == {"me"} and all("permissions" in item for item in items):
        return EngineKind.LLAMA_CPP_PYTHON
    # mistralrs-server-core, handlers.rs: models().
    if owners == {"local"} and items[0].get("id") == "default":
        return EngineKind.MISTRAL_RS
    # A router without models has nothing to list.
    if not items and "build_info" in await _ask(http, "/props"):
        return EngineKind.LLAMA_SERVER
    if await _is_lm_studio(http):
        return EngineKind.LM_STUDIO
    if (not items or owners == {"user"}) and await _is_webui(http):
        return EngineKind.TEXT_GENERATION_WEBUI
    if not owners and root.body == _MLX_LM and await _is_healthy(http):
        return EngineKind.MLX_LM
    return EngineKind.OPENAI


async def _is_lm_studio(http: HttpClient) -> bool:
    """Return whether LM Studio's own list is there: the new one or the old one."""
    models = _items(await _ask(http, "/api/v1/models"), "models")
    if any("key" in model for model in models):
        return True
    models = _items(await _ask(http, "/api/v0/models"))
    return any("state" in model for model in models)


async def _is_webui(http: HttpClient) -> bool:
    """Return whether text-generation-webui names its model, or "None"."""
    told = await _ask(http, "/v1/internal/model/info")
    return "model_name" in told and "lora_names" in told


async def _is_healthy(http: HttpClient) -> bool:
    """Return whether the server says of its health what mlx-lm says."""
    return await _ask(http, "/health") == {"status": "ok"}


def _items(listed: JsonObject, key: str = "data") -> list[JsonObject]:
    """Return a list of models; none where it is no such list."""
    try:
        return objects(listed, key)
    except ProtocolError:
        return []


def _owners(listed: JsonObject) -> set[str]:
    """Return who a list of models says they are owned by."""
    return {owner for item in _items(listed) if (owner := _text(item, "owned_by"))}


def _text(values: JsonObject, key: str) -> str:
    """Return a text; empty where there is none."""
    found = values.get(key)
    return found if isinstance(found, str) else ""
