"""What every inference engine can do, and the words it is said in.

An engine is a server that runs language models: Ollama, llama.cpp's
``llama-server``, anything that speaks OpenAI's dialect. The rest of Hearth knows
only the protocol :class:`Engine` and the frozen dataclasses of this file; JSON
stays inside the clients.
"""

from collections.abc import AsyncGenerator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from enum import StrEnum
from typing import Any, Protocol


class EngineError(Exception):
    """The root of everything that leaves this package as an error.

    Children are named for what the person at the other end can do about them.
    """


class Unreachable(EngineError):
    """Nothing answers at the address, or the connection broke."""


class TimedOut(EngineError):
    """The engine is there but was silent for longer than its deadline."""


class AuthFailed(EngineError):
    """The engine wants an API key, or another one."""


class Busy(EngineError):
    """The engine has no room for another request, or is still loading."""


class ModelMissing(EngineError):
    """The engine does not have this model."""


class ContextOverflow(EngineError):
    """The prompt does not fit into the context window.

    Args:
        message: What the engine said.
        prompt_tokens: Length of the prompt in tokens, where the engine told it.
        context_window: Size of the window in tokens, where the engine told it.
    """

    def __init__(
        self,
        message: str,
        *,
        prompt_tokens: int | None = None,
        context_window: int | None = None,
    ) -> None:
        """Keep the two numbers that say by how much it is too long."""
        super().__init__(message)
        self.prompt_tokens = prompt_tokens
        self.context_window = context_window


class OutOfMemory(EngineError):
    """The machine has not enough memory for the model."""


class ProtocolError(EngineError):
    """The answer is not what this kind of engine says: no JSON, cut off, too big.

    Args:
        message: What is wrong with it.
        status: The HTTP status, where the engine refused with one.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        """Keep the status."""
        super().__init__(message)
        self.status = status


class PullFailed(EngineError):
    """A model could not be downloaded."""


class StartFailed(EngineError):
    """An engine of our own could not be started, or ended again and again."""


class Unsupported(EngineError):
    """The engine or the model cannot do what was asked."""


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


class Role(StrEnum):
    """Who says a message."""

    ASSISTANT = "assistant"
    SYSTEM = "system"
    TOOL = "tool"
    USER = "user"


@dataclass(frozen=True, slots=True)
class ToolSpec:
    """A tool that the model may call; ``parameters`` is a JSON schema.

    ``strict`` is a narrower schema of the same fields, for models that are never
    shown schemas: where an engine can, it holds their calls to it. It is no part of
    a prompt, and tools of which a model is told the same are equal.
    """

    name: str
    description: str
    parameters: Mapping[str, Any]
    strict: Mapping[str, Any] | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class ToolCall:
    """A call that the model made.

    ``arguments`` is the parsed object, or the text as the model wrote it where
    that is no JSON object: repairing it is not the engine's business.
    ``confidence`` is the product of the probabilities that the model gave to the
    call's tokens, before any sampling and any grammar: how likely it was to write
    just this call, from 0 to 1; ``None`` where nobody told.
    """

    id: str
    name: str
    arguments: Mapping[str, Any] | str
    confidence: float | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Message:
    """One message of a chat.

    ``tool_call_id`` and ``tool_name`` belong to ``Role.TOOL`` (the answer to a
    call), ``tool_calls`` and ``thinking`` to ``Role.ASSISTANT``, ``images``
    (encoded files) to ``Role.USER``.
    """

    role: Role
    content: str = ""
    thinking: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    tool_call_id: str = ""
    tool_name: str = ""
    images: tuple[bytes, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """How long silence is patience, in seconds.

    A Raspberry Pi may read a prompt for minutes before the first byte, so that
    wait has a deadline of its own.
    """

    connect: float = 5.0
    first_byte: float = 300.0
    between: float = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class ChatRequest:
    """One pass of a model over a chat.

    Args:
        model: The engine's name of the model.
        messages: The chat, oldest first.
        tools: Tools the model may call; not together with ``response_schema``.
        think: Whether the model may think first. Always sent explicitly.
        response_schema: A JSON schema that the answer must follow.
        context_window: Tokens of context; ``None`` leaves the engine's choice.
        max_tokens: Most tokens to generate; 0 only reads the prompt.
        temperature: Sampling temperature; ``None`` leaves the engine's choice.
        confidence: Whether to tell how sure the model was of its calls, if it is one
            that knows its tools by heart; other models are not asked.
        ignore_end: Whether to go on where the model would end, for benchmarks;
            engines that cannot, end.
        keep_alive: Seconds the model stays loaded afterwards; negative: for good;
            ``None`` leaves what was said before.
        gently: Whether to read the prompt so that who comes meanwhile hardly has to
            wait, though it takes longer; engines that cannot, read as ever.
        slot: Which of the engine's slots reads, where it has several; ``None`` leaves
            that to the engine.
        deadlines: How long to wait.
    """

    model: str
    messages: tuple[Message, ...]
    tools: tuple[ToolSpec, ...] = ()
    think: bool = False
    response_schema: Mapping[str, Any] | None = None
    context_window: int | None = None
    max_tokens: int | None = None
    temperature: float | None = None
    confidence: bool = False
    ignore_end: bool = False
    keep_alive: float | None = None
    gently: bool = False
    slot: int | None = None
    deadlines: Deadlines = field(default_factory=Deadlines)


class FinishReason(StrEnum):
    """Why a pass ended."""

    LENGTH = "length"
    STOP = "stop"
    UNKNOWN = "unknown"


@dataclass(frozen=True, slots=True, kw_only=True)
class TurnStats:
    """What one pass cost.

    Token counts and durations (seconds) are the engine's own numbers, ``None``
    where it gives none. ``prompt_tokens`` is the whole prompt, cached part
    included; ``prompt_seconds`` is the time for the part that was not cached.
    ``first_token_seconds`` and ``total_seconds`` are clocked by the client, from
    sending the request.
    """

    prompt_tokens: int | None = None
    cached_tokens: int | None = None
    generated_tokens: int | None = None
    prompt_seconds: float | None = None
    generation_seconds: float | None = None
    load_seconds: float | None = None
    first_token_seconds: float | None = None
    total_seconds: float | None = None
    finish_reason: FinishReason = FinishReason.UNKNOWN


@dataclass(frozen=True, slots=True, kw_only=True)
class Delta:
    """A piece of an answer. The last one of a pass carries ``stats``."""

    content: str = ""
    thinking: str = ""
    tool_calls: tuple[ToolCall, ...] = ()
    stats: TurnStats | None = None


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
