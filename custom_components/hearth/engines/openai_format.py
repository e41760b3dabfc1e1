"""The JSON of ``/v1/chat/completions``, which many engines share.

llama-server speaks it with additions of its own (``llama_format``); in what else
servers differ is in ``openai_kinds``.
"""

from base64 import b64encode
from collections.abc import AsyncGenerator, Iterator
from dataclasses import dataclass, field
import json

from .chat import (
    ChatRequest,
    Delta,
    FinishReason,
    Message,
    Role,
    ToolCall,
    TurnStats,
)
from .errors import OK, error_from
from .events import LONGEST_EVENT
from .faults import ProtocolError
from .http import HttpClient
from .stopwatch import Stopwatch
from .sureness import Sureness
from .tool_calls import describe_tool, object_arguments, read_arguments
from .values import (
    MILLISECONDS,
    JsonObject,
    count,
    mapping,
    number,
    objects,
    seconds,
    text,
)

_PATH = "/v1/chat/completions"
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
_SILENCE = Delta()

# So many tokens in one piece are no stream any more: some were made unheard. And
# pieces that are so few seconds apart come out of a buffer: llama-cpp-python keeps
# an answer back until it knows that it calls no tool.
_MOST_IN_A_PIECE = 4
_LEAST_APART = 0.002


def completion_body(request: ChatRequest) -> JsonObject:
    """Return what every server is asked; how to think is the server's own."""
    body: JsonObject = {
        "model": request.model,
        "messages": [_message(message) for message in request.messages],
        "stream": True,
        "stream_options": {"include_usage": True},
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


async def stream_completion(
    http: HttpClient, body: JsonObject, request: ChatRequest, *, clocked: bool = False
) -> AsyncGenerator[Delta]:
    """Run one pass and stream the answer.

    Args:
        http: Where.
        body: What is sent.
        request: What was wanted; of a pass without tokens nothing is heard.
        clocked: Whether numbers that the engine does not give are clocked.
    """
    watch, numbers, calls = Stopwatch(), Numbers(clocked=clocked), CallAssembler()
    async with http.sse(_PATH, body, request.deadlines) as events:
        async for event in events:
            if (error := event.get("error")) is not None:
                raise error_from(OK, error)
            if "prompt_progress" in event:
                events.still_reading()
                continue
            numbers.add(event)
            for choice in objects(event, "choices"):
                delta = _read_delta(choice, calls, numbers, watch)
                if delta != _SILENCE:
                    watch.heard()
                    # A request that only reads the prompt gets a token, too.
                    if request.max_tokens != 0:
                        yield delta
        if numbers.finish_reason is None:
            raise ProtocolError("The engine broke off in the middle of its answer")
        yield Delta(stats=numbers.stats(watch))
        await events.finish()


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
        self._sureness = Sureness()

    def weigh(self, choice: JsonObject) -> None:
        """Take the probabilities of the newest fragments, or of what begins a call."""
        self._sureness.add(choice)

    def add(self, fragments: list[JsonObject]) -> tuple[ToolCall, ...]:
        """Take fragments; return the calls that are whole now."""
        whole: list[ToolCall] = []
        for fragment in fragments:
            index, call_id = count(fragment, "index"), text(fragment, "id")
            function = mapping(fragment, "function")
            name, written = text(function, "name"), _written(function)
            if self._is_another(index, call_id):
                whole += self.finish()
            if self._current is None:
                self._current, self._index = _PartialCall(), index
            self._current.id = self._current.id or call_id
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
                confidence=self._sureness.take(),
            ),
        )

    def _is_another(self, index: int | None, call_id: str) -> bool:
        """Return whether a fragment is of another call than the one before.

        Servers that send calls whole number them all 0, or not at all.
        """
        if self._current is None:
            return False
        if index != self._index:
            return True
        return bool(call_id and self._current.id) and call_id != self._current.id


def _written(function: JsonObject) -> str:
    """Return arguments as they were written; some servers have parsed them."""
    if isinstance(parsed := function.get("arguments"), dict):
        return json.dumps(parsed)
    return text(function, "arguments")


class Numbers:
    """Collects what the events of a pass say about it."""

    def __init__(self, *, clocked: bool = False) -> None:
        """Start with nothing known."""
        self._clocked = clocked
        self._timings: JsonObject = {}
        self._usage: JsonObject = {}
        self._pieces = 0
        self._first_piece = 0.0
        self.finish_reason: str | None = None

    def add(self, event: JsonObject) -> None:
        """Keep the numbers of an event that has some."""
        self._timings = mapping(event, "timings") or self._timings
        self._usage = mapping(event, "usage") or self._usage

    def heard(self, watch: Stopwatch) -> None:
        """Note that a piece of the answer has come, be it a part of a call."""
        self._pieces += 1
        if self._pieces == 1:
            self._first_piece = watch.total

    def stats(self, watch: Stopwatch) -> TurnStats:
        """Return the numbers of a whole pass."""
        timings, usage = self._timings, self._usage
        read, cached = count(timings, "prompt_n"), count(timings, "cache_n")
        total = None if read is None else read + (cached or 0)
        if total is None:
            total = count(usage, "prompt_tokens")
            cached = count(mapping(usage, "prompt_tokens_details"), "cached_tokens")
        generated = count(timings, "predicted_n")
        if generated is None:
            generated = count(usage, "completion_tokens")
        generation_seconds = _generation_seconds(timings)
        if self._clocked:
            # Servers that count nothing send each token as a piece.
            generated = self._pieces if generated is None else generated
            if generation_seconds is None:
                generation_seconds = self._clock(generated, watch.total)
        return TurnStats(
            prompt_tokens=total,
            cached_tokens=cached,
            generated_tokens=generated,
            prompt_seconds=seconds(timings, "prompt_ms", MILLISECONDS),
            generation_seconds=generation_seconds,
            first_token_seconds=watch.first,
            total_seconds=watch.total,
            finish_reason=_FINISH.get(self.finish_reason or "", FinishReason.UNKNOWN),
        )

    def _clock(self, generated: int, now: float) -> float | None:
        """Return the time that the speed after the first piece stands for.

        An answer that came in few pieces, or all at once, says nothing about speed.
        """
        if self._pieces < 2 or generated > self._pieces * _MOST_IN_A_PIECE:
            return None
        apart = (now - self._first_piece) / (self._pieces - 1)
        return apart * self._pieces if apart >= _LEAST_APART else None


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


def _read_delta(
    choice: JsonObject, calls: CallAssembler, numbers: Numbers, watch: Stopwatch
) -> Delta:
    """Return what one choice of an event says."""
    said = mapping(choice, "delta")
    fragments = objects(said, "tool_calls")
    whole = calls.add(fragments)
    # The name differs: llama-server, LM Studio and others; vLLM and mlx-lm.
    thinking = text(said, "reasoning_content") or text(said, "reasoning")
    content = text(said, "content")
    if content or thinking or fragments:
        numbers.heard(watch)
    if not (content or thinking):
        calls.weigh(choice)
    if reason := text(choice, "finish_reason"):
        numbers.finish_reason = reason
        whole += calls.finish()
    return Delta(content=content, thinking=thinking, tool_calls=whole)
