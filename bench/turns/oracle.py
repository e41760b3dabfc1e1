"""Stands before a llama-server and puts the right words into its model's mouth.

A model with random weights reads and speaks as fast as a real one of its shape, but
says nothing; a small real one says one thing to one agent and another to the next.
So everything is forwarded, but the answer to a chat is decided here: the server
renders the chat with its model's template, evaluates it, and says the right call or
sentence token by token. What that costs is what the server says it cost.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager
import itertools
import json
import re

import aiohttp
from aiohttp import web

from .chunks import Reply
from .journal import Journal, Note
from .markup import Json, Refused, Server
from .passing import forward, served, session_for_passing
from .right import Right
from .saying import Spoken, say

CHAT = "/v1/chat/completions"
_TOKENS = 512
_STREAM = {"Content-Type": "text/event-stream", "Server": "llama.cpp"}
_TIMINGS = re.compile(rb'"timings":(\{[^{}]*\})')


class Oracle:
    """Answers for one llama-server with one slot."""

    def __init__(
        self, session: aiohttp.ClientSession, url: str, right: Right, journal: Journal
    ) -> None:
        """Remember whom to ask, what is right, and where to note it."""
        self._session = session
        self._url = url
        self._right = right
        self._journal = journal
        self._numbers = itertools.count(1)
        # An answer is several requests, between which nobody else may come.
        self._slot = asyncio.Lock()

    async def handle(self, request: web.Request) -> web.StreamResponse:
        """Answer a request."""
        if request.path != CHAT or request.method != "POST":
            return await forward(self._session, self._url, request)
        asked: Json = await request.json()
        ahead = asked.get("max_tokens") == 0
        with self._journal.note(ahead=ahead) as note:
            async with self._slot:
                # A schema decides the answer already.
                if ahead or "response_format" in asked:
                    return await forward(
                        self._session, self._url, request, lambda end: _take(note, end)
                    )
                try:
                    return await self._speak(request, asked, note)
                except Refused as err:
                    return web.Response(
                        body=err.body,
                        status=err.status,
                        content_type="application/json",
                    )

    async def _speak(
        self, request: web.Request, asked: Json, note: Note
    ) -> web.StreamResponse:
        """Have the right answer said, and pass it on as the server would."""
        server = Server(self._session, self._url, _key(request))
        tools = asked.get("tools") or []
        names = [tool["function"]["name"] for tool in tools]
        answer = self._right.answer(asked["messages"], names)
        spoken = Spoken()
        said = say(
            server,
            await server.tokens(await server.prompt(asked), begins=True),
            await server.answer(answer, tools),
            spoken,
            most=asked.get("max_tokens") or _TOKENS,
        )
        reply = Reply(asked, next(self._numbers), answer)
        response: web.StreamResponse | None = None
        async with aclosing(said):
            async for text in said:
                if response is None and asked.get("stream"):
                    response = web.StreamResponse(headers=_STREAM)
                    await response.prepare(request)
                    await response.write(reply.begin())
                if (piece := reply.piece(text)) and response is not None:
                    await response.write(piece)
        note.end(spoken.timings)
        if response is None:
            return web.json_response(reply.whole(spoken))
        await response.write(reply.end(spoken))
        await response.write_eof()
        return response


def _key(request: web.Request) -> dict[str, str]:
    """Return the header with the caller's key, if there is one."""
    key = request.headers.get("Authorization")
    return {"Authorization": key} if key else {}


def _take(note: Note, end: bytes) -> None:
    """Note the numbers at the end of an answer that was passed on."""
    found = _TIMINGS.search(end)
    note.end(json.loads(found[1]) if found else None)


@asynccontextmanager
async def oracle(
    url: str, right: Right, journal: Journal, port: int = 0
) -> AsyncIterator[str]:
    """Serve an oracle before a llama-server; yield its address."""
    async with session_for_passing() as session:
        handler = Oracle(session, url, right, journal).handle
        async with served(handler, port) as address:
            yield address
