"""Messages as OpenAI writes them, in the shapes that chat templates want."""

from collections.abc import Sequence
import json
from typing import Any

type JsonObject = dict[str, Any]


def shaped(
    messages: Sequence[JsonObject], *, objects: bool, parts: bool
) -> list[JsonObject]:
    """Return messages in the shape that a template wants.

    Args:
        messages: The messages.
        objects: Whether arguments of calls are objects; texts otherwise.
        parts: Whether contents are lists of parts; texts otherwise.
    """
    return [_message(message, objects, parts) for message in messages]


def without_system(messages: Sequence[JsonObject]) -> Sequence[JsonObject]:
    """Return messages with what the system says at the start said by the user."""
    if not messages or messages[0].get("role") != "system":
        return messages
    system, rest = as_text(messages[0].get("content")), list(messages[1:])
    if rest and rest[0].get("role") == "user":
        said = as_text(rest[0].get("content"))
        return [{**rest[0], "content": f"{system}\n{said}"}, *rest[1:]]
    return [{"role": "user", "content": system}, *rest]


def _message(message: JsonObject, objects: bool, parts: bool) -> JsonObject:
    """Return one message in the shape that a template wants."""
    found = {**message}
    content = message.get("content")
    if parts and isinstance(content, str):
        found["content"] = [{"type": "text", "text": content}]
    elif not parts and isinstance(content, list):
        found["content"] = as_text(content)
    elif content is None:
        # Templates add texts to it without a look.
        found["content"] = ""
    if calls := message.get("tool_calls"):
        found["tool_calls"] = [_call(call, objects) for call in calls]
    else:
        found.pop("tool_calls", None)
    return found


def as_text(content: object) -> str:
    """Return a content as one text; its parts are on lines of their own."""
    if not isinstance(content, list):
        return content if isinstance(content, str) else ""
    return "\n".join(
        str(part.get("text", ""))
        for part in content
        if isinstance(part, dict) and part.get("type") == "text"
    )


def _call(call: JsonObject, objects: bool) -> JsonObject:
    """Return a call with its arguments as an object, or as a text."""
    function = {**call.get("function", {})}
    arguments = function.get("arguments")
    if arguments is None:
        arguments = function["arguments"] = {}
    if objects and isinstance(arguments, str):
        try:
            found = json.loads(arguments or "{}")
        except ValueError, RecursionError:
            found = None
        # Templates go through the arguments, so text that is none has none.
        function["arguments"] = found if isinstance(found, dict) else {}
    elif not objects and not isinstance(arguments, str):
        function["arguments"] = json.dumps(arguments or {}, ensure_ascii=False)
    return {**call, "function": function}
