"""What an engine's refusal means.

One reader for all dialects: Ollama says ``{"error": "text"}``, OpenAI's dialect
``{"error": {"message": ..., "type": ...}}``, or only the inner part. Ollama passes
its runner's words on as JSON inside the text. The same words arrive with a status of
400 or more, or inside a stream that began well.
"""

from dataclasses import dataclass
import json
import re
from typing import Any

from .faults import (
    AuthFailed,
    Busy,
    ContextOverflow,
    EngineError,
    ModelMissing,
    OutOfMemory,
    ProtocolError,
    Unsupported,
)
from .values import count, shown

OK = 200

_LONGEST_MESSAGE = 300
# An error inside an error's text, inside an error's text: that is deep enough.
_DEEPEST = 3
# More than the length of any prompt in tokens.
_MOST_DIGITS = 9

_CONTEXT = re.compile(
    r"exceeds? (the )?(available )?context (size|length|window)"
    r"|context (size|length) exceeded|greater than the context length"
    r"|maximum context length"
)
# The words of vLLM and candle-vllm, and llama-cpp-python's two ways to say it.
_WINDOW = re.compile(r"(?:maximum context length is|context window of) (\d+)")
_PROMPT = re.compile(
    r"\((\d+) in the messages|(\d+) input tokens|requested tokens \((\d+)\)"
)
_MEMORY = re.compile(
    r"more system memory|out of memory|not enough memory|insufficient (memory|system resources)"
    r"|(failed|unable) to allocate|cannot allocate memory"
)
_MISSING = re.compile(
    r"model\b.*\b(not found|does not exist)|no such model|invalid model identifier"
)
_BUSY = re.compile(r"server busy|loading model|no slot available|overloaded")
_UNSUPPORTED = re.compile(r"(does not|doesn't|not) support")


@dataclass(frozen=True, slots=True)
class _Refusal:
    """An engine's refusal in its own words."""

    message: str
    type: str = ""
    prompt_tokens: int | None = None
    context_window: int | None = None


def error_from(status: int, payload: Any) -> EngineError:
    """Return the error for a refusal.

    Args:
        status: The HTTP status; ``OK`` for an error inside a stream.
        payload: The parsed body, or the text where it was no JSON.
    """
    refusal = _read(payload)
    said = refusal.message.lower()
    message = refusal.message or f"HTTP {status}"
    if status in {401, 403} or refusal.type == "authentication_error":
        return AuthFailed(message)
    if refusal.type == "exceed_context_size_error" or _CONTEXT.search(said):
        return ContextOverflow(
            message,
            prompt_tokens=refusal.prompt_tokens or _number(_PROMPT, said),
            context_window=refusal.context_window or _number(_WINDOW, said),
        )
    if _MEMORY.search(said):
        return OutOfMemory(message)
    if _MISSING.search(said):
        return ModelMissing(message)
    if status in {429, 503} or refusal.type == "unavailable_error":
        return Busy(message)
    if _BUSY.search(said):
        return Busy(message)
    if status == 501 or _UNSUPPORTED.search(said):
        return Unsupported(message)
    if status == OK:
        return ProtocolError(f"The engine failed: {message}")
    return ProtocolError(
        f"The engine refused with HTTP {status}: {message}", status=status
    )


def _number(pattern: re.Pattern[str], said: str) -> int | None:
    """Return a number that is told in words; none has more than nine digits."""
    found = pattern.search(said)
    digits = next(filter(None, found.groups()), "") if found else ""
    return int(digits) if 0 < len(digits) <= _MOST_DIGITS else None


def _read(payload: Any, depth: int = 0) -> _Refusal:
    """Find the words and the numbers in whatever form they came."""
    if isinstance(payload, str):
        inner = _json_in(payload) if depth < _DEEPEST else None
        if inner is not None:
            return _read(inner, depth + 1)
        return _Refusal(shown(payload, _LONGEST_MESSAGE))
    if not isinstance(payload, dict):
        return _Refusal("")
    if (error := payload.get("error")) is not None and depth < _DEEPEST:
        return _read(error, depth + 1)
    # FastAPI's own refusals have a "detail" alone.
    message = payload.get("message", payload.get("detail"))
    kind = payload.get("type")
    return _Refusal(
        shown(message, _LONGEST_MESSAGE) if isinstance(message, str) else "",
        kind if isinstance(kind, str) else "",
        count(payload, "n_prompt_tokens"),
        count(payload, "n_ctx"),
    )


def _json_in(said: str) -> dict[str, Any] | None:
    """Return the JSON object that a text is, if it is one."""
    if not said.lstrip().startswith("{"):
        return None
    try:
        found = json.loads(said)
    except ValueError, RecursionError:
        return None
    return found if isinstance(found, dict) else None
