"""Find the engines at many addresses at once, in little time.

Nothing but questions that need no key is asked, and no key is ever sent: these are
addresses that nobody has typed.
"""

import asyncio
from collections.abc import Iterable, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from ipaddress import IPv6Address

import aiohttp

from .base import Engine, EngineKind, ModelInfo
from .faults import AuthFailed, Busy, EngineError, Unsupported
from .http import HttpClient
from .probe import engine_for, identify
from .values import parse_object, shown

# Where servers listen unless they are told otherwise, the likeliest first.
USUAL_PORTS = (
    # Ollama: docs/faq.md, OLLAMA_HOST.
    11434,
    # llama-server: tools/server/README.md; LocalAI: its quick start; mlx-lm:
    # server.py, --port.
    8080,
    # vLLM: "OpenAI-compatible server"; llama-cpp-python: server/settings.py;
    # hailo-ollama: config/hailo-ollama.json.
    8000,
    # LM Studio: "LM Studio as a local server"; mistral.rs: "HTTP server".
    1234,
    # text-generation-webui: --api-port.
    5000,
    # A second server beside one on 8080.
    8081,
    # SGLang: "Server arguments".
    30000,
)

# More than any home has; a longer list is somebody's mistake.
_MOST_ADDRESSES = 256
_LONGEST_VERSION = 40


@dataclass(frozen=True, slots=True, kw_only=True)
class Found:
    """What answers at an address.

    Args:
        url: The address, normalized.
        kind: The kind of engine; ``None`` where it wants a key, or is loading a
            model, before it says what it is.
        locked: Whether it wants a key.
        version: Its version, where it told one in time.
        models: Its models; ``None`` where it did not list them in time.
    """

    url: str
    kind: EngineKind | None
    locked: bool = False
    version: str | None = None
    models: tuple[ModelInfo, ...] | None = None


def usual_addresses(
    hosts: Iterable[str], ports: Iterable[int] = USUAL_PORTS
) -> tuple[str, ...]:
    """Return the addresses at which engines on some hosts would listen."""
    ports = tuple(ports)
    return tuple(f"http://{_host(host)}:{port}" for host in hosts for port in ports)


def _host(host: str) -> str:
    """Return a host as it stands in an address."""
    with suppress(ValueError):
        return f"[{IPv6Address(host)}]"
    return host


async def discover(
    session: aiohttp.ClientSession, addresses: Sequence[str], *, within: float = 2.0
) -> tuple[Found, ...]:
    """Return what answers at the addresses, in their order.

    Args:
        session: Whose connections are used; every address is asked at once.
        addresses: Where to ask; what is no address is passed over.
        within: Seconds for all of it, whatever the servers do.
    """
    until = asyncio.get_running_loop().time() + within
    clients: dict[str, HttpClient] = {}
    for address in addresses[:_MOST_ADDRESSES]:
        with suppress(ValueError):
            client = HttpClient(session, address)
            clients.setdefault(client.url, client)
    looks = [_look(session, client, until) for client in clients.values()]
    return tuple(found for found in await asyncio.gather(*looks) if found is not None)


async def _look(
    session: aiohttp.ClientSession, http: HttpClient, until: float
) -> Found | None:
    """Return what answers at one address; None if it is no engine, or too late."""
    try:
        async with asyncio.timeout_at(until):
            found = await _recognise(http)
    except EngineError, TimeoutError:
        return None
    if found.kind is None:
        return found
    try:
        engine = engine_for(found.kind, session, found.url)
    except Unsupported:
        return found
    return await _describe(engine, found, until)


async def _recognise(http: HttpClient) -> Found:
    """Return what kind of engine answers; raises EngineError where none does."""
    try:
        return Found(url=http.url, kind=await identify(http))
    except (AuthFailed, Busy) as err:
        refusal = await http.page("/v1/models")
        # Web pages are locked or busy, too. Engines say so in JSON.
        parse_object(refusal.body)
        return Found(url=http.url, kind=None, locked=isinstance(err, AuthFailed))


async def _describe(engine: Engine, found: Found, until: float) -> Found:
    """Return what was found with as much as it tells of itself in time."""
    try:
        async with asyncio.timeout_at(until):
            health = await engine.health()
            if health.version:
                # Nobody has said that this server means well.
                version = shown(health.version, _LONGEST_VERSION)
                found = replace(found, version=version)
            return replace(found, models=await engine.models())
    except AuthFailed:
        return replace(found, locked=True)
    except EngineError, TimeoutError:
        return found
