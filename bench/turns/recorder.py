"""Stands before an Ollama and notes what is asked of it."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

from aiohttp import web

from .journal import Journal
from .passing import forward, served, session_for_passing

_CHAT = "/api/chat"


@asynccontextmanager
async def recorder(url: str, journal: Journal) -> AsyncIterator[str]:
    """Serve a recorder before an Ollama; yield its address.

    Ollama counts what it has cached as read, so how much it has read is not known.
    """
    async with session_for_passing() as session:

        async def handle(request: web.Request) -> web.StreamResponse:
            if request.path != _CHAT:
                return await forward(session, url, request)
            with journal.note(ahead=False) as note:
                return await forward(session, url, request, lambda _: note.end())

        async with served(handle) as address:
            yield address
