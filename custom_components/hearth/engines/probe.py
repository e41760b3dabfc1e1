"""Find out what answers at an address."""

import asyncio
from contextlib import suppress

import aiohttp

from .address import normalize_url
from .base import (
    AuthFailed,
    Busy,
    Engine,
    EngineError,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)
from .http import HttpClient
from .llama_server import LlamaServerEngine
from .ollama import OllamaEngine
from .values import JsonObject, objects, text

__all__ = ["normalize_url", "probe"]

_SECONDS = 10.0
_HAILO = b"hailo-ollama is running"
_LLAMA_SERVER = "llama.cpp"
_OWNERS = {"sglang": "SGLang", "vllm": "vLLM"}


async def probe(
    session: aiohttp.ClientSession, url: str, api_key: str | None = None
) -> Engine:
    """Return a client for the engine that answers at an address.

    Several servers imitate Ollama, so they are asked about first. An engine that
    is none of ours raises Unsupported, another server ProtocolError, and what is
    no address ValueError.
    """
    http = HttpClient(session, url, api_key)
    try:
        async with asyncio.timeout(_SECONDS):
            return await _recognize(http, session, api_key)
    except TimeoutError as err:
        raise TimedOut("What answers is too slow to be recognised") from err


async def _recognize(
    http: HttpClient, session: aiohttp.ClientSession, api_key: str | None
) -> Engine:
    """Ask until the answer is certain."""
    root = await http.page("/")
    if root.body.startswith(_HAILO):
        raise _unknown_to_us("hailo-ollama")
    if root.server == _LLAMA_SERVER or await _is_llama_server(http):
        await _check_key(http)
        return LlamaServerEngine(session, http.url, api_key)
    if await _ask(http, "/.well-known/localai.json"):
        raise _unknown_to_us("LocalAI")
    if await _is_ollama(http):
        return OllamaEngine(session, http.url, api_key)
    raise await _stranger(http)


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


async def _is_llama_server(http: HttpClient) -> bool:
    """Return whether a llama-server is behind a proxy that hides its name."""
    if _owners(await _ask(http, "/v1/models")) == {"llamacpp"}:
        return True
    # A router without models has nothing to list.
    return "build_info" in await _ask(http, "/props")


async def _is_ollama(http: HttpClient) -> bool:
    """Return whether both of Ollama's signs are there: others have one of them."""
    version = text(await _ask(http, "/api/version"), "version")
    return bool(version) and "models" in await _ask(http, "/api/tags")


async def _stranger(http: HttpClient) -> EngineError:
    """Return the error that names what answers, as far as it can be told."""
    listed = await _ask(http, "/v1/models")
    for owner in _owners(listed) & _OWNERS.keys():
        return _unknown_to_us(_OWNERS[owner])
    if objects(await _ask(http, "/api/v1/models"), "models"):
        return _unknown_to_us("LM Studio")
    if objects(await _ask(http, "/api/v0/models"), "data"):
        return _unknown_to_us("LM Studio")
    if "data" in listed:
        return _unknown_to_us("a server of OpenAI's dialect")
    return ProtocolError("What answers is not an engine")


def _owners(listed: JsonObject) -> set[str]:
    """Return who a list of models says they are owned by."""
    return {text(item, "owned_by") for item in objects(listed, "data")}


def _unknown_to_us(name: str) -> Unsupported:
    """Return the error for an engine that is one, but not one of ours yet."""
    return Unsupported(f"This is {name}, which is not supported yet")
