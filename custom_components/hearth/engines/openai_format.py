"""The JSON of ``/v1/chat/completions``, which many engines share.

llama-server speaks it with additions of its own (``llama_format``); in what else
servers differ is in ``openai_kinds``.
"""

from base64 import b64encode
from collections.abc import AsyncGenerator, Iterator
import json

from .chat import ChatRequest, Delta, Message, Role
from .errors import OK, error_from
from .faults import ProtocolError
from .http import HttpClient
from .openai_calls import CallAssembler
from .openai_numbers import Numbers
from .stopwatch import Stopwatch
from .tool_calls import describe_tool, object_arguments
from .values import JsonObject, mapping, objects, text

PATH = "/v1/chat/completions"
_MEDIA_TYPES = {
    b"\x89PNG": "image/png",
    b"GIF8": "image/gif",
    b"RIFF": "image/webp",
}
_SILENCE = Delta()


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
    async with http.sse(PATH, body, request.deadlines) as events:
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
