"""A client for Ollama."""

from collections.abc import AsyncGenerator
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
from .chat import ChatRequest, Deadlines, Delta
from .faults import ModelMissing, ProtocolError, PullFailed, Unsupported
from .http import HttpClient
from .ollama_format import (
    PullSum,
    chat_body,
    described_model,
    listed_model,
    loaded_model,
    raise_if_refused,
    read_delta,
    read_stats,
    render_body,
    runner_body,
    runs,
    shows_prompts,
)
from .stopwatch import Stopwatch
from .values import mapping, objects, text

# A big model on a slow card is minutes on its way into memory.
LOADING = Deadlines(first_byte=600.0)

# Checking gigabytes at the end of a download is silent work.
PULLING = Deadlines(first_byte=60.0, between=900.0)

_SILENCE = Delta()


class OllamaEngine(Engine):
    """An Ollama server.

    Its numbers have two traps. ``prompt_eval_count`` is the whole prompt, cached
    or not, so that ``cached_tokens`` stays unknown; ``prompt_seconds`` is the time
    for what was really read. And waiting behind another request is in none of
    its durations, only in those the client clocks.
    """

    def __init__(
        self, session: aiohttp.ClientSession, url: str, api_key: str | None = None
    ) -> None:
        """Make a client; nothing is asked yet."""
        self._http = HttpClient(session, url, api_key)
        self._shows_prompts: bool | None = None

    @property
    @override
    def kind(self) -> EngineKind:
        return EngineKind.OLLAMA

    @property
    @override
    def url(self) -> str:
        return self._http.url

    @property
    @override
    def capabilities(self) -> Capabilities:
        return Capabilities(
            delete=True, keep_alive=True, load=True, prompt_cache=True, pull=True
        )

    @override
    async def health(self) -> Health:
        answer = await self._http.json("GET", "/api/version")
        return Health(state=EngineState.READY, version=text(answer, "version") or None)

    @override
    async def models(self) -> tuple[ModelInfo, ...]:
        answer = await self._http.json("GET", "/api/tags")
        found = (listed_model(item) for item in objects(answer, "models"))
        return tuple(sorted(found, key=lambda model: model.name))

    @override
    async def model(self, name: str) -> ModelInfo:
        answer = await self._http.json("POST", "/api/show", {"model": name})
        return described_model(name, answer)

    @override
    async def loaded(self) -> tuple[LoadedModel, ...]:
        answer = await self._http.json("GET", "/api/ps")
        return tuple(loaded_model(item) for item in objects(answer, "models"))

    @override
    async def load(
        self,
        name: str,
        *,
        context_window: int | None = None,
        keep_alive: float | None = None,
    ) -> None:
        body = runner_body(name, context_window, keep_alive) | {"stream": False}
        path = "/api/generate"
        raise_if_refused(await self._http.json("POST", path, body, deadlines=LOADING))

    @override
    async def unload(self, name: str) -> None:
        body = {"model": name, "keep_alive": 0, "stream": False}
        raise_if_refused(await self._http.json("POST", "/api/generate", body))

    @override
    async def chat(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        watch = Stopwatch()
        calls = 0
        body = chat_body(request)
        async with self._http.ndjson("/api/chat", body, request.deadlines) as lines:
            async for line in lines:
                raise_if_refused(line)
                delta = read_delta(line, calls)
                calls += len(delta.tool_calls)
                if delta != _SILENCE:
                    watch.heard()
                    # A request that only reads the prompt gets a token, too.
                    if request.max_tokens != 0:
                        yield delta
                if line.get("done") is True:
                    yield Delta(stats=read_stats(line, watch))
                    await lines.finish()
                    return
        # Seen when a model says one token over and over: Ollama just hangs up.
        raise ProtocolError("The engine broke off in the middle of its answer")

    @override
    async def count(self, request: ChatRequest) -> int | None:
        return None

    @override
    async def render(self, request: ChatRequest) -> str | None:
        try:
            if not await self._renders() or not runs(await self.loaded(), request):
                return None
            # One that reads and answers instead is not asked a second time.
            self._shows_prompts = False
            told = await self._http.json("POST", "/api/chat", render_body(request))
            raise_if_refused(told)
            shown = text(mapping(told, "_debug_info"), "rendered_template")
        except ModelMissing, ProtocolError, Unsupported:
            return None
        self._shows_prompts = bool(shown)
        return shown or None

    async def _renders(self) -> bool:
        """Return whether this version shows a prompt instead of answering it."""
        if self._shows_prompts is None:
            self._shows_prompts = shows_prompts((await self.health()).version)
        return self._shows_prompts

    @override
    async def pull(self, name: str) -> AsyncGenerator[PullProgress]:
        progress = PullSum()
        body = {"model": name, "stream": True}
        try:
            async with self._http.ndjson("/api/pull", body, PULLING) as lines:
                async for line in lines:
                    step = progress.add(line)
                    yield step
                    if step.status == "success":
                        await lines.finish()
                        return
        except (ModelMissing, ProtocolError) as err:
            raise PullFailed(str(err)) from err
        raise PullFailed("The download ended before it was complete")

    @override
    async def delete(self, name: str) -> None:
        await self._http.call("DELETE", "/api/delete", {"model": name})
