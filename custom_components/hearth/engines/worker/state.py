"""What the server's handlers share."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from aiohttp import web

from .chat_request import ChatRequest
from .engine import Engine
from .errors import still_loading
from .options import Options
from .prompts import Prepared, Prompts


@dataclass(slots=True, kw_only=True)
class State:
    """The engine, and what makes its prompts once it is loaded."""

    options: Options
    engine: Engine
    prompts: Prompts | None = None
    # Templates run here, one after the other.
    desk: ThreadPoolExecutor

    @property
    def loaded(self) -> Prompts:
        """Return what makes prompts; until then everybody has to wait."""
        if self.prompts is None:
            raise still_loading()
        return self.prompts

    async def prepare(self, chat: ChatRequest) -> Prepared:
        """Return what a chat means to the engine."""
        return await self._at_the_desk(self.loaded.prepare, chat)

    async def text(self, chat: ChatRequest) -> str:
        """Return a chat's prompt."""
        return await self._at_the_desk(self.loaded.text, chat)

    async def count(self, chat: ChatRequest) -> int:
        """Return how many tokens a chat's prompt has."""
        return await self._at_the_desk(self.loaded.count, chat)

    async def _at_the_desk[T](
        self, work: Callable[[ChatRequest], T], chat: ChatRequest
    ) -> T:
        """Do work that may take its time."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.desk, work, chat)

    async def load(self) -> None:
        """Load the model, and read its template."""
        await self.engine.start()
        loop = asyncio.get_running_loop()
        machine = self.engine.machine
        places = not machine.reading.rolls_back
        self.prompts = await loop.run_in_executor(
            self.desk, lambda: Prompts(machine.model, places=places)
        )


STATE = web.AppKey("state", State)
