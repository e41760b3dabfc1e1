"""An answer of ``/v1/chat/completions`` that comes as a whole, and not piece by piece.

A very small model has said everything before a piece of it could be spoken. Each piece
costs its server, and who reads it, a part of the time in which it speaks.
"""

from collections.abc import AsyncGenerator

from .chat import ChatRequest, Delta
from .faults import ProtocolError
from .http import HttpClient
from .openai_calls import whole_calls
from .openai_format import PATH
from .openai_numbers import Numbers
from .stopwatch import Stopwatch
from .values import JsonObject, mapping, objects, text

# What only streams have.
_STREAMING = frozenset({"return_progress", "stream", "stream_options"})


def whole_body(body: JsonObject) -> JsonObject:
    """Return what is sent instead of the body that asks for a stream."""
    return {key: value for key, value in body.items() if key not in _STREAMING}


async def whole_completion(
    http: HttpClient, body: JsonObject, request: ChatRequest
) -> AsyncGenerator[Delta]:
    """Run one pass; yield the answer, and what it took."""
    watch, numbers = Stopwatch(), Numbers()
    answer = await http.json("POST", PATH, body, deadlines=request.deadlines)
    choice = next(iter(objects(answer, "choices")), {})
    said = mapping(choice, "message")
    numbers.add(answer)
    numbers.finish_reason = text(choice, "finish_reason") or None
    if numbers.finish_reason is None:
        raise ProtocolError("The engine sent no answer")
    watch.heard()
    content = text(said, "content")
    yield Delta(
        content=content,
        thinking=text(said, "reasoning_content"),
        tool_calls=whole_calls(objects(said, "tool_calls"), choice, content),
    )
    yield Delta(stats=numbers.stats(watch))
