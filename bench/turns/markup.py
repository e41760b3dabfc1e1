"""Answers as the tokens that a model's own template would have it say."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
import json
from typing import Any

import aiohttp

from demo.errors import DemoError

from .right import Call, Sentence

type Json = dict[str, Any]

_MARK = "MARK"


class Refused(Exception):
    """The server refused a request; what it answered goes to who asked."""

    def __init__(self, status: int, body: bytes) -> None:
        """Keep the answer."""
        super().__init__(body.decode(errors="replace"))
        self.status = status
        self.body = body


@dataclass(frozen=True, slots=True)
class Token:
    """A token and the text that it stands for."""

    number: int
    text: str


class Server:
    """A llama-server, asked on behalf of somebody with their headers."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, headers: Mapping[str, str]
    ) -> None:
        """Remember where it is."""
        self._session = session
        self._url = url
        self._headers = headers

    async def post(self, path: str, body: Json) -> Json:
        """Ask it something."""
        async with self._session.post(
            self._url + path, json=body, headers=self._headers
        ) as response:
            if response.status != 200:
                raise Refused(response.status, await response.read())
            answer: Json = await response.json()
            return answer

    async def prompt(self, request: Mapping[str, Any]) -> str:
        """Return the prompt that it makes of a chat request."""
        kept = {
            key: request[key]
            for key in ("chat_template_kwargs", "messages", "reasoning_effort", "tools")
            if key in request
        }
        prompt: str = (await self.post("/apply-template", kept))["prompt"]
        return prompt

    async def tokens(self, text: str, *, begins: bool) -> list[Token]:
        """Return the tokens of a text; special ones begin what is a whole prompt."""
        body = {
            "content": text,
            "add_special": begins,
            "parse_special": True,
            "with_pieces": True,
        }
        found = (await self.post("/tokenize", body))["tokens"]
        # What is only a part of a letter comes as numbers.
        return [
            Token(one["id"], one["piece"] if isinstance(one["piece"], str) else "")
            for one in found
        ]

    async def answer(self, said: Call | Sentence, tools: Sequence[Json]) -> list[Token]:
        """Return the tokens of an answer, written as the model's template does it."""
        text = (
            said.text if isinstance(said, Sentence) else await self._call(said, tools)
        )
        return await self.tokens(text, begins=False)

    async def _call(self, call: Call, tools: Sequence[Json]) -> str:
        """Return a call as the template writes one that was made."""
        function = {"name": call.name, "arguments": json.dumps(dict(call.arguments))}
        made = {
            "role": "assistant",
            "content": "",
            "tool_calls": [{"id": "call_1", "type": "function", "function": function}],
        }
        marked = await self._around({"role": "assistant", "content": _MARK}, tools)
        before, _, after = marked.rpartition(_MARK)
        written = await self._around(made, tools)
        if not (written.startswith(before) and written.endswith(after)):
            raise DemoError("The model's template writes no calls that can be found")
        return written[len(before) : len(written) - len(after)]

    async def _around(self, said: Json, tools: Sequence[Json]) -> str:
        """Return a chat with an answer in the middle, where none is shortened."""
        user = {"role": "user", "content": "?"}
        return await self.prompt({"messages": [user, said, user], "tools": list(tools)})
