"""Answers in the JSON that llama-server streams for chats, and in one piece."""

from collections.abc import Mapping
import json
import time
from typing import Any

from .markup import Json
from .right import Call, Sentence
from .saying import Spoken


class Reply:
    """One answer to a chat request."""

    def __init__(
        self, request: Mapping[str, Any], number: int, answer: Call | Sentence
    ) -> None:
        """Take from the request what the answer repeats."""
        self._head: Json = {
            "created": int(time.time()),
            "id": f"chatcmpl-bench{number}",
            "model": request.get("model", ""),
        }
        self._usage_apart = bool(
            (request.get("stream_options") or {}).get("include_usage")
        )
        self._number = number
        self._call = answer if isinstance(answer, Call) else None
        self._texts: list[str] = []

    def begin(self) -> bytes:
        """Return the chunk that says who speaks."""
        return self._chunk({"role": "assistant", "content": None})

    def piece(self, text: str) -> bytes:
        """Take the text of a token; return what is streamed of it.

        Calls are streamed when they are whole: nobody acts on less.
        """
        self._texts.append(text)
        return b"" if self._call else self._chunk({"content": text})

    def end(self, spoken: Spoken) -> bytes:
        """Return the last chunks, with the numbers where llama-server has them."""
        called = b""
        if calls := self._calls(spoken):
            called = self._chunk({"tool_calls": [{"index": 0, **calls[0]}]})
        choice = {"finish_reason": self._reason(spoken), "index": 0, "delta": {}}
        kind = {"object": "chat.completion.chunk", **self._head}
        numbers = {"timings": spoken.timings}
        if self._usage_apart:
            last = [
                {"choices": [choice], **kind},
                {"choices": [], **kind, "usage": _usage(spoken.timings), **numbers},
            ]
        else:
            last = [{"choices": [choice], **kind, **numbers}]
        return called + b"".join(map(_event, last)) + b"data: [DONE]\n\n"

    def whole(self, spoken: Spoken) -> Json:
        """Return the answer in one piece."""
        message: Json = {"role": "assistant", "content": "".join(self._texts)}
        if calls := self._calls(spoken):
            message |= {"content": None, "tool_calls": calls}
        choice = {
            "finish_reason": self._reason(spoken),
            "index": 0,
            "message": message,
        }
        return {
            "choices": [choice],
            "object": "chat.completion",
            **self._head,
            "usage": _usage(spoken.timings),
            "timings": spoken.timings,
        }

    def _reason(self, spoken: Spoken) -> str:
        """Return why the answer ended, in the dialect's words."""
        return "tool_calls" if self._calls(spoken) else spoken.reason

    def _calls(self, spoken: Spoken) -> list[Json]:
        """Return the call as answers have it; half a call is none."""
        if self._call is None or spoken.reason != "stop":
            return []
        function = {
            "name": self._call.name,
            "arguments": json.dumps(dict(self._call.arguments)),
        }
        return [
            {
                "id": f"call_bench{self._number}",
                "type": "function",
                "function": function,
            }
        ]

    def _chunk(self, delta: Json) -> bytes:
        """Return a chunk in the middle of an answer."""
        choice = {"finish_reason": None, "index": 0, "delta": delta}
        return _event(
            {"choices": [choice], "object": "chat.completion.chunk", **self._head}
        )


def _usage(timings: Json) -> Json:
    """Return the numbers of a pass as OpenAI's dialect has them."""
    prompt = timings["prompt_n"] + timings["cache_n"]
    return {
        "completion_tokens": timings["predicted_n"],
        "prompt_tokens": prompt,
        "total_tokens": prompt + timings["predicted_n"],
        "prompt_tokens_details": {"cached_tokens": timings["cache_n"]},
    }


def _event(data: Json) -> bytes:
    """Return a server-sent event."""
    return b"data: " + json.dumps(data).encode() + b"\n\n"
