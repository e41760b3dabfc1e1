"""The JSON of answers, piece by piece or whole."""

import json
import secrets
import time
from typing import Any

from .errors import ApiError
from .fields import JsonObject
from .generation import Ended, Finish
from .library import version
from .output import Call, Piece, Text, Thinking
from .weight import Weight

_CALL_ID_BYTES = 12


def event(payload: JsonObject) -> bytes:
    """Return a server-sent event."""
    return b"data: " + json.dumps(payload, ensure_ascii=False).encode() + b"\n\n"


DONE = b"data: [DONE]\n\n"


class Answer:
    """One answer, as its pieces come."""

    def __init__(self, model: str) -> None:
        """Begin an answer of a model."""
        self._head: JsonObject = {
            "created": int(time.time()),
            "id": f"chatcmpl-{secrets.token_hex(_CALL_ID_BYTES)}",
            "model": model,
            "system_fingerprint": version(),
        }
        self._content: list[str] = []
        self._thoughts: list[str] = []
        self._calls: list[JsonObject] = []
        self._weights: list[JsonObject] = []
        self._told: list[JsonObject] = []

    def weigh(self, weight: Weight) -> None:
        """Take the weight of a token; it is told with what it becomes a part of."""
        told: JsonObject = {"token": weight.token, "logprob": weight.log}
        self._weights.append(told)
        self._told.append(told)

    def opening(self) -> bytes:
        """Return the event that comes before all pieces."""
        return self._chunk({"role": "assistant", "content": None})

    def add(self, pieces: list[Piece]) -> bytes:
        """Take pieces; return their events."""
        return b"".join(self._chunk(self._delta(piece)) for piece in pieces)

    def end(self, ended: Ended, *, usage: bool) -> bytes:
        """Return the last events of a stream."""
        choice = {"finish_reason": self._reason(ended), "index": 0, "delta": {}}
        numbers: JsonObject = {"timings": ended.timings.as_json()}
        chunk = self._head | {"choices": [choice], "object": "chat.completion.chunk"}
        if not usage:
            return event(chunk | numbers) + DONE
        last = chunk | {"choices": [], "usage": ended.timings.usage()}
        return event(chunk) + event(last | numbers) + DONE

    def broken(self, err: ApiError) -> bytes:
        """Return the event of an answer that cannot go on."""
        return event(err.body)

    def whole(self, ended: Ended) -> JsonObject:
        """Return the answer at once."""
        message: dict[str, Any] = {
            "role": "assistant",
            "content": "".join(self._content),
        }
        if self._thoughts:
            message["reasoning_content"] = "".join(self._thoughts)
        if self._calls:
            message["tool_calls"] = [
                {key: value for key, value in call.items() if key != "index"}
                for call in self._calls
            ]
        choice: JsonObject = {
            "finish_reason": self._reason(ended),
            "index": 0,
            "message": message,
        }
        if self._told:
            choice["logprobs"] = {"content": self._told}
        return self._head | {
            "choices": [choice],
            "object": "chat.completion",
            "usage": ended.timings.usage(),
            "timings": ended.timings.as_json(),
        }

    def _chunk(self, delta: JsonObject) -> bytes:
        """Return an event with a part of the message."""
        choice: JsonObject = {"finish_reason": None, "index": 0, "delta": delta}
        if self._weights:
            choice["logprobs"] = {"content": self._weights}
            self._weights = []
        return event(
            self._head | {"choices": [choice], "object": "chat.completion.chunk"}
        )

    def _delta(self, piece: Piece) -> JsonObject:
        """Return a piece as a part of the message."""
        match piece:
            case Text(content):
                self._content.append(content)
                return {"content": content}
            case Thinking(content):
                self._thoughts.append(content)
                return {"reasoning_content": content}
            case Call():
                call = {
                    "index": piece.index,
                    "id": secrets.token_hex(_CALL_ID_BYTES),
                    "type": "function",
                    "function": {"name": piece.name, "arguments": piece.arguments},
                }
                self._calls.append(call)
                return {"tool_calls": [call]}

    def _reason(self, ended: Ended) -> str:
        """Return why the answer ended, in OpenAI's words."""
        if ended.finish is Finish.STOP and self._calls:
            return "tool_calls"
        return ended.finish
