"""A client for any server that speaks ``/v1/chat/completions``."""

from collections.abc import AsyncGenerator
from contextlib import aclosing
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
from .chat import ChatRequest, Delta
from .faults import (
    AuthFailed,
    Busy,
    ModelMissing,
    ProtocolError,
    TimedOut,
    Unreachable,
    Unsupported,
)
from .http import HttpClient
from .kinds import NAMES
from .openai_format import completion_body, stream_completion
from .openai_kinds import (
    constrained,
    listed_models,
    loaded_models,
    studio_loaded,
    studio_models,
    thinking_switch,
)
from .values import JsonObject, objects, text

_MODELS = "/v1/models"
_LOCALAI_MODELS = "/v1/models/capabilities"
_STUDIO_MODELS = ("/api/v1/models", "/api/v0/models")
_TELLS_VERSION = frozenset({EngineKind.LOCALAI, EngineKind.VLLM})


class OpenAIEngine(Engine):
    """A server of OpenAI's dialect, whoever made it.

    It has its models and their context windows from whoever started it, so that a
    request's ``context_window`` and ``keep_alive`` say nothing to it. Few of these
    servers time themselves; where one does not, ``generation_seconds`` is clocked
    here, and where it does not count either, ``generated_tokens`` are the pieces
    that came.
    """

    def __init__(
        self,
        session: aiohttp.ClientSession,
        url: str,
        api_key: str | None = None,
        *,
        kind: EngineKind = EngineKind.OPENAI,
    ) -> None:
        """Make a client; nothing is asked yet."""
        self._http = HttpClient(session, url, api_key)
        self._kind = kind
        self._refuses_switch = False

    @property
    @override
    def kind(self) -> EngineKind:
        return self._kind

    @property
    @override
    def url(self) -> str:
        return self._http.url

    @property
    @override
    def capabilities(self) -> Capabilities:
        return Capabilities()

    @override
    async def health(self) -> Health:
        try:
            # What is asked first is what wants the key everywhere.
            await self._http.json("GET", _MODELS)
        except Busy:
            return Health(state=EngineState.LOADING)
        version = None
        if self._kind in _TELLS_VERSION:
            told = await self._ask("/version")
            version = text(told, "version") or None
        return Health(state=EngineState.READY, version=version)

    @override
    async def models(self) -> tuple[ModelInfo, ...]:
        if self._kind is EngineKind.LM_STUDIO:
            found = studio_models(await self._studio())
        else:
            found = listed_models(self._kind, await self._list())
        return tuple(sorted(found, key=lambda model: model.name))

    @override
    async def model(self, name: str) -> ModelInfo:
        for model in await self.models():
            if model.name == name:
                return model
        raise ModelMissing(f"The engine does not have the model {name}")

    @override
    async def loaded(self) -> tuple[LoadedModel, ...]:
        if self._kind is EngineKind.LM_STUDIO:
            return tuple(studio_loaded(await self._studio()))
        if self._kind is EngineKind.LOCALAI:
            items = objects(await self._ask("/system"), "loaded_models")
            return tuple(LoadedModel(name=text(item, "id")) for item in items)
        return tuple(loaded_models(self._kind, await self._list()))

    @override
    async def load(
        self,
        name: str,
        *,
        context_window: int | None = None,
        keep_alive: float | None = None,
    ) -> None:
        raise self._cannot("load models when asked to")

    @override
    async def unload(self, name: str) -> None:
        raise self._cannot("unload models when asked to")

    @override
    async def chat(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        begun = False
        try:
            async with aclosing(self._pass(request)) as deltas:
                async for delta in deltas:
                    begun = True
                    yield delta
        except (ProtocolError, Unsupported) as err:
            if begun or not self._is_about_the_switch(err, request):
                raise
            # A strict server refuses what it does not know, before it computes.
            self._refuses_switch = True
        else:
            return
        async with aclosing(self._pass(request)) as deltas:
            async for delta in deltas:
                yield delta

    @override
    async def count(self, request: ChatRequest) -> int | None:
        return None

    @override
    async def render(self, request: ChatRequest) -> str | None:
        return None

    @override
    def pull(self, name: str) -> AsyncGenerator[PullProgress]:
        raise self._cannot("be told to download models")

    @override
    async def delete(self, name: str) -> None:
        raise self._cannot("be told to delete models")

    def _pass(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Run one pass, with or without the switch for thinking."""
        body = constrained(self._kind, completion_body(request))
        if request.max_tokens is not None:
            # Only llama-server takes 0 for a prompt that is just to be read.
            body["max_tokens"] = max(1, request.max_tokens)
        if not self._refuses_switch:
            body |= thinking_switch(self._kind, request.think)
        return stream_completion(self._http, body, request, clocked=True)

    def _is_about_the_switch(self, err: Exception, request: ChatRequest) -> bool:
        """Return whether a refusal names the field that switches thinking."""
        fields = thinking_switch(self._kind, request.think)
        said = str(err)
        return not self._refuses_switch and any(field in said for field in fields)

    async def _list(self) -> JsonObject:
        """Return the list of models that says most."""
        if self._kind is EngineKind.LOCALAI:
            told = await self._ask(_LOCALAI_MODELS)
            if "data" in told:
                return told
        return await self._http.json("GET", _MODELS)

    async def _studio(self) -> JsonObject:
        """Return LM Studio's own list: of version 0.4, or of the ones before."""
        for path in _STUDIO_MODELS:
            told = await self._ask(path)
            if "models" in told or "data" in told:
                return told
        return await self._http.json("GET", _MODELS)

    async def _ask(self, path: str) -> JsonObject:
        """Return what is told at a path, empty where nothing is."""
        try:
            return await self._http.json("GET", path)
        except Busy, TimedOut, Unreachable:
            raise
        except AuthFailed, ModelMissing, ProtocolError, Unsupported:
            return {}

    def _cannot(self, what: str) -> Unsupported:
        """Return the error for what this kind of server is not asked."""
        return Unsupported(f"{NAMES[self._kind]} cannot {what}")
