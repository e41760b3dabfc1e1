"""A client for llama.cpp's llama-server, alone or as a router of several models."""

import asyncio
from collections.abc import AsyncGenerator
from contextlib import aclosing
from dataclasses import replace
import time
from typing import override

import aiohttp

from .base import (
    Capabilities,
    Engine,
    EngineKind,
    EngineState,
    Health,
    LoadedModel,
    ModelInfo,
    PullProgress,
)
from .chat import ChatRequest, Deadlines, Delta, Pace
from .faults import (
    Busy,
    ContextOverflow,
    EngineError,
    ModelMissing,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)
from .http import HttpClient
from .llama_format import (
    can_think,
    can_use_tools,
    chat_body,
    knows_by_heart,
    listed_model,
    loaded_model,
    model_state,
    probe_body,
    wants_knowledge,
)
from .llama_pieces import read_in_pieces
from .openai_format import stream_completion
from .openai_whole import whole_completion
from .values import JsonObject, count, objects, text, texts

# A big model on a slow card is minutes on its way into memory.
_LOADING_SECONDS = 600.0
_ASK_AGAIN_SECONDS = 0.5

# A gigabyte from an SD card; nobody waits for longer than to read it again.
_SLOT = Deadlines(first_byte=30.0, between=5.0)

# Bytes of weights. A Raspberry Pi 5 reads that 150 times a second (10 GB/s), and a
# sentence has a dozen tokens.
_TINY = 64 << 20

# Versions before 2026 do not have it.
_COUNT = "/v1/chat/completions/input_tokens"

# Seconds for which who did not answer is not asked in passing again.
_SILENT = 5.0
# Statuses of a server that has no such page at all.
_NO_SUCH_PAGE = frozenset({404, 405})
_IN_MEMORY = "loaded"
_ON_THE_WAY = frozenset({"loaded", "loading"})


class LlamaServerEngine(Engine):
    """A llama-server.

    It was started with its model and its context window, so that a request's
    ``context_window`` and ``keep_alive`` say nothing to it. As a router it loads
    and unloads the models it has been given.
    """

    def __init__(
        self, session: aiohttp.ClientSession, url: str, api_key: str | None = None
    ) -> None:
        """Make a client; nothing is asked yet."""
        self._http = HttpClient(session, url, api_key)
        self._capabilities = Capabilities()
        self._by_heart: dict[str, bool] = {}
        self._tiny: dict[str, bool] = {}
        self._looking = asyncio.Lock()
        self._silent_until = 0.0
        self._version: str | None = None

    @property
    @override
    def kind(self) -> EngineKind:
        return EngineKind.LLAMA_SERVER

    @property
    @override
    def url(self) -> str:
        return self._http.url

    @property
    @override
    def capabilities(self) -> Capabilities:
        return self._capabilities

    @override
    async def health(self) -> Health:
        try:
            await self._http.json("GET", "/health")
            # Of the two only this one wants the key, and knows the version.
            props = await self._props()
        except Busy:
            return Health(state=EngineState.LOADING)
        version = text(props, "build_info") or None
        if version != self._version:
            # Another server at the same address may have what this one had not.
            self._by_heart.clear()
            self._tiny.clear()
            self._version = version
        return Health(state=EngineState.READY, version=version)

    @override
    async def models(self) -> tuple[ModelInfo, ...]:
        found = (listed_model(item) for item in await self._list())
        return tuple(sorted(found, key=lambda model: model.name))

    @override
    async def model(self, name: str) -> ModelInfo:
        item = await self._find(name)
        model = listed_model(item)
        if model_state(item) != _IN_MEMORY:
            return model
        props = await self._props(model.name)
        return replace(model, tools=can_use_tools(props), thinking=can_think(props))

    @override
    async def loaded(self) -> tuple[LoadedModel, ...]:
        items = await self._list()
        return tuple(loaded_model(i) for i in items if model_state(i) == _IN_MEMORY)

    @override
    async def load(
        self,
        name: str,
        *,
        context_window: int | None = None,
        keep_alive: float | None = None,
    ) -> None:
        await self._need_router()
        if model_state(await self._find(name)) not in _ON_THE_WAY:
            await self._http.json("POST", "/models/load", {"model": name})
        try:
            async with asyncio.timeout(_LOADING_SECONDS):
                while (state := model_state(await self._find(name))) != _IN_MEMORY:
                    if state not in _ON_THE_WAY:
                        raise ProtocolError("The engine could not load the model")
                    await asyncio.sleep(_ASK_AGAIN_SECONDS)
        except TimeoutError as err:
            raise TimedOut("The model is still not loaded") from err

    @override
    async def unload(self, name: str) -> None:
        await self._need_router()
        if model_state(await self._find(name)) not in _ON_THE_WAY:
            return
        try:
            await self._http.json("POST", "/models/unload", {"model": name})
        except ProtocolError:
            # It is refused if the model went in the meantime.
            if model_state(await self._find(name)) in _ON_THE_WAY:
                raise

    @override
    async def chat(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        if request.pace is not Pace.WHOLE:
            async with aclosing(read_in_pieces(self._http, request)) as pieces:
                async for piece in pieces:
                    yield piece
        by_heart = wants_knowledge(request) and await self.knows_tools(request.model)
        whole = by_heart and await self._is_tiny(request.model)
        body = chat_body(request, by_heart=by_heart, whole=whole)
        complete = whole_completion if whole else stream_completion
        async with aclosing(complete(self._http, body, request)) as deltas:
            async for delta in deltas:
                yield delta

    @override
    async def count(self, request: ChatRequest) -> int | None:
        # As a router it would load the model just to count.
        params = {"autoload": "false"}
        try:
            told = await self._http.json(
                "POST", _COUNT, chat_body(request), params=params
            )
        except ContextOverflow as err:
            return err.prompt_tokens
        except ModelMissing, ProtocolError, Unsupported:
            return None
        return count(told, "input_tokens") or None

    @override
    async def render(self, request: ChatRequest) -> str | None:
        return None

    @override
    def pull(self, name: str) -> AsyncGenerator[PullProgress]:
        raise Unsupported("This llama-server does not download models")

    @override
    async def delete(self, name: str) -> None:
        raise Unsupported("This llama-server does not delete models")

    async def save_slot(self, name: str, slot: int = 0) -> int:
        """Save what a slot has read as a file; return the tokens."""
        return await self._act("save", name, slot, "n_saved")

    async def restore_slot(self, name: str, slot: int = 0) -> int:
        """Fill a slot from a file; return the tokens."""
        return await self._act("restore", name, slot, "n_restored")

    async def _act(self, action: str, name: str, slot: int, counted: str) -> int:
        """Do something with a slot, and return what the server counted."""
        done = await self._http.json(
            "POST",
            f"/slots/{slot}",
            {"filename": name},
            params={"action": action},
            deadlines=_SLOT,
        )
        return count(done, counted) or 0

    @override
    async def knows_tools(self, model: str) -> bool:
        if model in self._by_heart:
            return self._by_heart[model]
        # Who comes at the same time waits for the one answer, and keeps his place.
        async with self._looking:
            if model not in self._by_heart and time.monotonic() >= self._silent_until:
                await self._look_at(model)
        return self._by_heart.get(model, False)

    async def _look_at(self, model: str) -> None:
        """Note whether a model is shown its tools, where the server tells it."""
        try:
            told = await self._http.json(
                "POST",
                "/apply-template",
                probe_body(model),
                # As a router it would load the model just to look at it.
                params={"autoload": "false"},
            )
            self._by_heart[model] = knows_by_heart(told)
        except ProtocolError as err:
            # Who has no such page will have none tomorrow; a router's model that
            # is not loaded yet may be looked at later.
            if err.status in _NO_SUCH_PAGE:
                self._by_heart[model] = False
        except TimedOut, Unreachable:
            # The request itself will tell what is wrong: nobody waits twice.
            self._silent_until = time.monotonic() + _SILENT
        except EngineError:
            # So it will here.
            return

    async def _is_tiny(self, model: str) -> bool:
        """Return whether a model has spoken before anybody could listen; asked once."""
        if model not in self._tiny:
            try:
                size = listed_model(await self._find(model)).size
            except EngineError:
                return False
            self._tiny[model] = size is not None and size <= _TINY
        return self._tiny[model]

    async def _list(self) -> list[JsonObject]:
        """Return the models as the server lists them."""
        return objects(await self._http.json("GET", "/v1/models"), "data")

    async def _find(self, name: str) -> JsonObject:
        """Return one model as the server lists it."""
        for item in await self._list():
            if name == text(item, "id") or name in texts(item, "aliases"):
                return item
        raise ModelMissing(f"The engine does not have the model {name}")

    async def _props(self, name: str | None = None) -> JsonObject:
        """Return the server's properties, or a model's; never loads one."""
        params = {"model": name, "autoload": "false"} if name else None
        props = await self._http.json("GET", "/props", params=params)
        if name is None:
            router = props.get("role") == "router"
            self._capabilities = Capabilities(load=router, prompt_cache=True)
        return props

    async def _need_router(self) -> None:
        """Raise unless this server loads and unloads models."""
        await self._props()
        if not self._capabilities.load:
            raise Unsupported("This llama-server keeps the model it was started with")
