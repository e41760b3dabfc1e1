"""llama-server's JSON: what it is asked, and what its answers mean."""

from base64 import b64encode
from collections.abc import Iterator
from dataclasses import dataclass, field
import json

from .base import (
    ChatRequest,
    FinishReason,
    LoadedModel,
    Message,
    ModelInfo,
    ProtocolError,
    Role,
    ToolCall,
    TurnStats,
)
from .events import LONGEST_EVENT
from .stopwatch import Stopwatch
from .tool_calls import describe_tool, object_arguments, read_arguments
from .values import (
    MILLISECONDS,
    JsonObject,
    count,
    mapping,
    number,
    seconds,
    text,
    texts,
)

_FINISH = {
    "length": FinishReason.LENGTH,
    "stop": FinishReason.STOP,
    "tool_calls": FinishReason.STOP,
}
_MEDIA_TYPES = {
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}


def chat_body(request: ChatRequest) -> JsonObject:
    """Return the body of ``/v1/chat/completions``."""
    body: JsonObject = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
        "cache_prompt": True,
        # Only a JSON boolean counts; templates that know no thinking ignore it.
        "chat_template_kwargs": {"enable_thinking": request.think},
    }
    if request.tools:
        body["tools"] = [describe_tool(tool) for tool in request.tools]
    if request.response_schema is not None:
        body["response_format"] = {
            "type": "json_schema",
            "json_schema": {"name": "answer", "schema": request.response_schema},
        }
    if request.max_tokens is not None:
        body["max_tokens"] = request.max_tokens
    if request.temperature is not None:
        body["temperature"] = request.temperature
    return body


def _message(message: Message) -> JsonObject:
    """Return one message of a chat."""
    body: JsonObject = {"role": message.role, "content": message.content}
    if message.images:
        body["content"] = [
            {"type": "text", "text": message.content},
            *({"type": "image_url", "image_url": {"url": u}} for u in _urls(message)),
        ]
    if message.thinking:
        body["reasoning_content"] = message.thinking
    if message.tool_calls:
        body["tool_calls"] = [
            {
                "id": call.id,
                "type": "function",
                "function": {
                    "name": call.name,
                    "arguments": json.dumps(object_arguments(call), default=dict),
                },
            }
            for call in message.tool_calls
        ]
    if message.role is Role.TOOL:
        body["tool_call_id"] = message.tool_call_id
        body["name"] = message.tool_name
    return body


def _urls(message: Message) -> Iterator[str]:
    """Return a message's images as addresses that hold their data."""
    for image in message.images:
        kind = _MEDIA_TYPES.get(image[:4], "image/jpeg")
        yield f"data:{kind};base64,{b64encode(image).decode()}"


@dataclass(slots=True)
class _PartialCall:
    """A call whose arguments are still on their way."""

    id: str = ""
    name: str = ""
    arguments: list[str] = field(default_factory=list)


class CallAssembler:
    """Puts together tool calls that arrive in fragments."""

    def __init__(self) -> None:
        """Start with no calls."""
        self._current: _PartialCall | None = None
        self._index: int | None = None
        self._done = 0
        self._size = 0

    def add(self, fragments: list[JsonObject]) -> tuple[ToolCall, ...]:
        """Take fragments; return the calls that are whole now."""
        whole: list[ToolCall] = []
        for fragment in fragments:
            index = count(fragment, "index")
            function = mapping(fragment, "function")
            name, written = text(function, "name"), text(function, "arguments")
            if self._current is None or index != self._index:
                whole += self.finish()
                self._current, self._index = _PartialCall(), index
            self._current.id = self._current.id or text(fragment, "id")
            self._current.name += name
            self._current.arguments.append(written)
            self._size += len(written) + len(name)
            if self._size > LONGEST_EVENT:
                raise ProtocolError("The engine sent a tool call that does not end")
        return tuple(whole)

    def finish(self) -> tuple[ToolCall, ...]:
        """Return the call that nothing can be added to any more."""
        if (call := self._current) is None:
            return ()
        self._current = None
        self._done += 1
        return (
            ToolCall(
                id=call.id or f"call_{self._done}",
                name=call.name,
                arguments=read_arguments("".join(call.arguments)),
            ),
        )


class Numbers:
    """Collects what the last events of a pass say about it."""

    def __init__(self) -> None:
        """Start with nothing known."""
        self._timings: JsonObject = {}
        self._usage: JsonObject = {}
        self.finish_reason: str | None = None

    def add(self, event: JsonObject) -> None:
        """Keep the numbers of an event that has some."""
        self._timings = mapping(event, "timings") or self._timings
        self._usage = mapping(event, "usage") or self._usage

    def stats(self, watch: Stopwatch) -> TurnStats:
        """Return the numbers of a whole pass."""
        timings, usage = self._timings, self._usage
        read, cached = count(timings, "prompt_n"), count(timings, "cache_n")
        total = None if read is None else read + (cached or 0)
        generated = count(timings, "predicted_n")
        if generated is None:
            generated = count(usage, "completion_tokens")
        return TurnStats(
            prompt_tokens=count(usage, "prompt_tokens") if total is None else total,
            cached_tokens=cached,
            generated_tokens=generated,
            prompt_seconds=seconds(timings, "prompt_ms", MILLISECONDS),
            generation_seconds=_generation_seconds(timings),
            first_token_seconds=watch.first,
            total_seconds=watch.total,
            finish_reason=_FINISH.get(self.finish_reason or "", FinishReason.UNKNOWN),
        )


def _generation_seconds(timings: JsonObject) -> float | None:
    """Return the time that the engine's own speed stands for.

    ``predicted_ms`` leaves out the first token, which comes with the prompt:
    tokens divided by it would be too fast, for one token a thousandfold.
    """
    tokens, speed = (
        number(timings, "predicted_n"),
        number(timings, "predicted_per_second"),
    )
    return tokens / speed if tokens and speed else None


def listed_model(item: JsonObject) -> ModelInfo:
    """Return a model as ``/v1/models`` lists it."""
    meta = mapping(item, "meta")
    context = count(meta, "n_ctx_train")
    if context is None:
        # A router knows this much of a model that is not loaded.
        context = count(item, "context_length")
    parameters = count(meta, "n_params")
    modalities = texts(mapping(item, "architecture"), "input_modalities")
    return ModelInfo(
        name=text(item, "id"),
        size=count(meta, "size"),
        parameters=None if parameters is None else _in_words(parameters),
        quantization=text(meta, "ftype") or None,
        context_window=context,
        vision="image" in modalities if modalities else None,
    )


def _in_words(parameters: int) -> str:
    """Return a number of parameters as models are named for it: 3.2B."""
    for size, letter in ((10**9, "B"), (10**6, "M"), (10**3, "K")):
        if parameters >= size:
            return f"{parameters / size:.3g}{letter}"
    return str(parameters)


def loaded_model(item: JsonObject) -> LoadedModel:
    """Return a model in memory; its memory is that of the weights alone."""
    meta = mapping(item, "meta")
    return LoadedModel(
        name=text(item, "id"),
        memory=count(meta, "size"),
        context_window=count(meta, "n_ctx"),
    )


def model_state(item: JsonObject) -> str:
    """Return the state a router has a model in; elsewhere all are loaded."""
    return text(mapping(item, "status"), "value") or "loaded"


def can_think(props: JsonObject) -> bool | None:
    """Return whether a template lets thinking be switched."""
    template = text(props, "chat_template")
    return "enable_thinking" in template if template else None


def can_use_tools(props: JsonObject) -> bool | None:
    """Return whether a template shows tools to the model."""
    told = mapping(props, "chat_template_caps").get("supports_tools")
    return told if isinstance(told, bool) else None
