"""Asking the model through llama-server, exactly as the agent does."""

from collections.abc import Iterable, Sequence
import json
import re
from typing import Any

from .contract import (
    INSTRUCTIONS,
    TOOLS,
    ToolSpec,
    apart,
    plain_calls,
    plain_changes,
    plain_lookups,
    prefix,
    sparing,
    stands_alone,
    strict,
    surely_meant,
    without_repeats,
)
from .effects import calls_in
from .homes import Home
from .render import Call
from .server import Server
from .turns import Turn

_MESSAGE = re.compile(r"<\|(user|assistant|tool)\|>(.*?)<\|end\|>", re.DOTALL)


def tools(home: Home | None = None, user: str = "") -> list[dict[str, Any]]:
    """Return the compact tools as a chat request has them, held to a home's names."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.strict or tool.parameters,
            },
        }
        for tool in (held(home, user) if home else TOOLS)
    ]


def held(home: Home, user: str) -> tuple[ToolSpec, ...]:
    """Return the compact tools, held to names of a home, as the agent offers them.

    Of a user message the last line is what was said.
    """
    attributes = {t.entity.entity_id: t.attributes for t in home.things}
    meant = surely_meant(
        home.entities, user.rpartition("\n")[2], "en", attributes.__getitem__
    )
    return tuple(strict(TOOLS, home.entities, meant).values())


def request(
    home: Home, user: str, before: Iterable[Turn] = (), *, cached: bool = False
) -> dict[str, Any]:
    """Return the chat request of a user message, after the turns before.

    A prompt that is read in other pieces rounds otherwise: of two words that are as
    likely, the second answer could take the other one. Only where speed matters more
    is what was read before used again (``cached``).
    """
    earlier = [message for turn in before for message in messages(turn)]
    return {
        "messages": [
            {"role": "system", "content": prefix(INSTRUCTIONS, home.entities)},
            *earlier,
            {"role": "user", "content": user},
        ],
        "tools": tools(home, user),
        "cache_prompt": cached,
        "temperature": 0,
        "max_tokens": 200,
    }


def told_before(home: Home, turn: Turn, before: Sequence[Turn]) -> Sequence[Turn]:
    """Return what the agent tells of the turns before: nothing, where words stand alone."""
    return () if stands_alone(turn.said, home.entities) else before


def messages(turn: Turn) -> list[dict[str, Any]]:
    """Return a whole turn as the messages that its text was made of."""
    text = "".join(text for text, _ in turn.pieces)
    found: list[dict[str, Any]] = []
    waiting: list[str] = []
    for role, content in _MESSAGE.findall(text):
        if role == "tool":
            call_id = waiting.pop(0)
            found.append({"role": role, "tool_call_id": call_id, "content": content})
        elif calls := calls_in(content):
            made = tool_calls(calls, len(found))
            waiting = [call["id"] for call in made]
            found.append({"role": role, "content": "", "tool_calls": made})
        else:
            found.append({"role": role, "content": content})
    return found


def tool_calls(calls: Sequence[Call], first: int = 0) -> list[dict[str, Any]]:
    """Return calls as a chat message has them."""
    return [
        {
            "id": f"call_{first + i}",
            "type": "function",
            "function": {
                "name": name,
                "arguments": json.dumps(arguments, ensure_ascii=False),
            },
        }
        for i, (name, arguments) in enumerate(calls)
    ]


def ask(
    server: Server,
    home: Home,
    user: str,
    before: Iterable[Turn] = (),
    *,
    here: str | None = None,
    cached: bool = False,
) -> tuple[tuple[Call, ...], str]:
    """Return the calls and the words of Hearth's or the model's answer."""
    if plain := plain_in(home, user, here):
        return plain, ""
    user, spared = without_exception(home, user)
    calls, words, _ = answer(server, request(home, user, before, cached=cached))
    once = without_repeats(calls, home.entities, user.rpartition("\n")[2])
    return tuple((n, dict(a)) for n, a in sparing(once, home.entities, spared)), words


def without_exception(home: Home, user: str) -> tuple[str, tuple[str, ...]]:
    """Return a message as the model reads it, and the words of what it spares."""
    around, line, said = user.rpartition("\n")
    rest, spared = apart(home.entities, said, "en")
    return around + line + rest, spared


def plain_in(home: Home, user: str, here: str | None = None) -> tuple[Call, ...]:
    """Return the calls of a message that leaves nothing open, as the agent makes them."""
    said = user.rpartition("\n")[2]
    attributes = {t.entity.entity_id: t.attributes for t in home.things}
    made = (
        plain_calls(home.entities, said, "en", here)
        or plain_changes(home.entities, said, "en", here, attributes.__getitem__)
        or plain_lookups(home.entities, said, "en", here)
    )
    return tuple((call.tool, call.arguments) for call in made)


def answer(server: Server, body: dict[str, Any]) -> tuple[tuple[Call, ...], str, bool]:
    """Return calls and words of an answer, and whether it came to its end."""
    choice = server.post("/v1/chat/completions", body)["choices"][0]
    message = choice["message"]
    calls = tuple(
        (call["function"]["name"], parsed(call["function"]["arguments"]))
        for call in message.get("tool_calls") or []
    )
    whole = choice["finish_reason"] != "length"
    return calls, message.get("content") or "", whole


def parsed(arguments: str) -> dict[str, Any]:
    """Return a call's arguments, or what stands in their place."""
    try:
        found = json.loads(arguments)
    except ValueError:
        return {"unreadable": arguments}
    return found if isinstance(found, dict) else {"unreadable": arguments}
