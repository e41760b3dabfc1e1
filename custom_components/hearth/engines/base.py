"""What every inference engine can do, and the words it is said in.

An engine is a server that runs language models: Ollama, llama.cpp's
``llama-server``, anything that speaks OpenAI's dialect. The rest of Hearth knows
only the protocol :class:`Engine`, the frozen dataclasses of this file and of
``chat.py``, and the errors of ``faults.py``; JSON stays inside the clients.
"""

from collections.abc import AsyncGenerator
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from typing import Protocol

from .chat import ChatRequest, Delta


class EngineKind(StrEnum):
    """The kinds of server that Hearth tells apart."""

    CANDLE_VLLM = "candle_vllm"
    HAILO_OLLAMA = "hailo_ollama"
    LLAMA_CPP_PYTHON = "llama_cpp_python"
    LLAMA_SERVER = "llama_server"
    LM_STUDIO = "lm_studio"
    LOCALAI = "localai"
    MISTRAL_RS = "mistral_rs"
    MLX_LM = "mlx_lm"
    OLLAMA = "ollama"
    OPENAI = "openai"
    SGLANG = "sglang"
    TEXT_GENERATION_WEBUI = "text_generation_webui"
    VLLM = "vllm"


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelInfo:
    """A model that the engine has.

    ``tools``, ``thinking`` and ``vision`` are ``None`` where the engine does not
    say. ``size`` is in bytes, ``context_window`` (what the model was trained
    for) in tokens. ``digest`` tells one version of a model from another.
    """

    name: str
    size: int | None = None
    digest: str | None = None
    parameters: str | None = None
    quantization: str | None = None
    context_window: int | None = None
    tools: bool | None = None
    thinking: bool | None = None
    vision: bool | None = None
    remote: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class LoadedModel:
    """A model in memory; ``memory`` in bytes, ``context_window`` in tokens.

    ``instance`` is another number after it was loaded again, where that is known.

    ``until`` is when it will be unloaded; ``None`` where that is not known, or
    where it stays.
    """

    name: str
    memory: int | None = None
    context_window: int | None = None
    until: datetime | None = None
    instance: int | None = None


class EngineState(StrEnum):
    """What an engine that answers is doing."""

    LOADING = "loading"
    READY = "ready"


@dataclass(frozen=True, slots=True, kw_only=True)
class Health:
    """An engine's own word about itself."""

    state: EngineState
    version: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Capabilities:
    """What this engine, as it runs now, can be asked for.

    ``keep_alive`` is whether a model leaves memory a while after its last use,
    ``prompt_cache`` whether more prompts than the last one stay read, ``prompt_files``
    whether what is read ahead, with no token to generate, is there after a restart.
    """

    delete: bool = False
    keep_alive: bool = False
    load: bool = False
    prompt_cache: bool = False
    prompt_files: bool = False
    pull: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class PullProgress:
    """How far a download is; both numbers in bytes, summed over its parts."""

    status: str
    completed: int = 0
    total: int = 0


class Engine(Protocol):
    """An inference server, spoken to over HTTP.

    Every method may raise :class:`Unreachable`, :class:`TimedOut`,
    :class:`AuthFailed`, :class:`Busy` and :class:`ProtocolError`; what an engine
    cannot do raises :class:`Unsupported`. Nothing but :class:`EngineError`
    leaves.
    """

    @property
    def kind(self) -> EngineKind:
        """Return the kind of server."""

    @property
    def url(self) -> str:
        """Return the server's address, normalized, without a trailing slash."""

    @property
    def capabilities(self) -> Capabilities:
        """Return what can be asked for; complete after the first ``health``."""

    async def health(self) -> Health:
        """Ask whether the engine is ready."""

    async def models(self) -> tuple[ModelInfo, ...]:
        """List the models the engine has, by name."""

    async def model(self, name: str) -> ModelInfo:
        """Describe one model; raises :class:`ModelMissing`."""

    async def loaded(self) -> tuple[LoadedModel, ...]:
        """List the models in memory."""

    async def load(
        self,
        name: str,
        *,
        context_window: int | None = None,
        keep_alive: float | None = None,
    ) -> None:
        """Bring a model into memory; raises :class:`OutOfMemory`."""

    async def unload(self, name: str) -> None:
        """Take a model out of memory."""

    def chat(self, request: ChatRequest) -> AsyncGenerator[Delta]:
        """Run one pass and stream the answer; closing the generator stops it.

        The last delta carries the stats. Raises :class:`ModelMissing`,
        :class:`ContextOverflow` and :class:`OutOfMemory` too, before the first
        delta or between two.
        """

    async def knows_tools(self, model: str) -> bool:
        """Return whether a model was made for its tools, and is not shown them.

        Raises nothing: of an engine that does not answer it is not known.
        """
        return False

    async def count(self, request: ChatRequest) -> int | None:
        """Count a prompt's tokens with the model's own tokenizer and template.

        Nothing is read or generated, and no model is loaded for it; ``None`` where
        the engine does not tell.
        """

    async def render(self, request: ChatRequest) -> str | None:
        """Return a prompt as the model reads it, on the same terms as ``count``."""

    def pull(self, name: str) -> AsyncGenerator[PullProgress]:
        """Download a model; raises :class:`PullFailed`."""

    async def delete(self, name: str) -> None:
        """Remove a model from the engine's disk."""
