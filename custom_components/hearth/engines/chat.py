"""A chat with a model: what is sent, and what comes back piece by piece."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import Enum, StrEnum, auto
from typing import Any


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


class Pace(Enum):
    """In what pieces a prompt is read.

    An engine finishes a piece before it does anything else.
    """

    WHOLE = auto()
    # As large as is read nearly as fast as the whole: who comes meanwhile has what is
    # missing read together with words of their own.
    LARGE = auto()
    # So small that who comes meanwhile hardly has to wait; it takes longer.
    SMALL = auto()


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
        aside: How many messages after the first have nothing to do with the newest:
            a model that knows its tools by heart is not told them.
        ignore_end: Whether to go on where the model would end, for benchmarks;
            engines that cannot, end.
        keep_alive: Seconds the model stays loaded afterwards; negative: for good;
            ``None`` leaves what was said before.
        pace: In what pieces the prompt is read; engines that cannot, read the whole.
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
    aside: int = 0
    ignore_end: bool = False
    keep_alive: float | None = None
    pace: Pace = Pace.WHOLE
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
