"""Asking the model through llama-server, exactly as the agent does."""

import json
from typing import Any

from .contract import INSTRUCTIONS, TOOLS, prefix
from .homes import Home
from .render import Call
from .server import Server


def tools() -> list[dict[str, Any]]:
    """Return the compact tools as a chat request has them."""
    return [
        {
            "type": "function",
            "function": {
                "name": tool.name,
                "description": tool.description,
                "parameters": tool.parameters,
            },
        }
        for tool in TOOLS
    ]


def request(home: Home, user: str) -> dict[str, Any]:
    """Return the chat request of a user message."""
    return {
        "messages": [
            {"role": "system", "content": prefix(INSTRUCTIONS, home.entities)},
            {"role": "user", "content": user},
        ],
        "tools": tools(),
        # A prompt that is read in other pieces rounds otherwise: of two words that are
        # as likely, the second answer could take the other one.
        "cache_prompt": False,
        "temperature": 0,
        "max_tokens": 200,
    }


def ask(server: Server, home: Home, user: str) -> tuple[tuple[Call, ...], str]:
    """Return the calls and the words of the model's answer."""
    answer = server.post("/v1/chat/completions", request(home, user))
    message = answer["choices"][0]["message"]
    calls = tuple(
        (call["function"]["name"], parsed(call["function"]["arguments"]))
        for call in message.get("tool_calls") or []
    )
    return calls, message.get("content") or ""


def parsed(arguments: str) -> dict[str, Any]:
    """Return a call's arguments, or what stands in their place."""
    try:
        found = json.loads(arguments)
    except ValueError:
        return {"unreadable": arguments}
    return found if isinstance(found, dict) else {"unreadable": arguments}
