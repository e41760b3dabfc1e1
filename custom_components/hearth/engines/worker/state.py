"""What the server's handlers share."""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass

from aiohttp import web

from .engine import Engine
from .errors import still_loading
from .options import Options
from .prompts import Prompts


@dataclass(slots=True, kw_only=True)
class State:
    """The engine, and what makes its prompts once it is loaded."""

    options: Options
    engine: Engine
    prompts: Prompts | None = None
    # Templates run and texts are split here, one after the other.
    desk: ThreadPoolExecutor

    @property
    def loaded(self) -> Prompts:
        """Return what makes prompts; until then everybody has to wait."""
        if self.prompts is None:
            raise still_loading()
        return self.prompts

    async def at_the_desk[T](self, work: Callable[[], T]) -> T:
        """Do work that may take its time, after what others have there."""
        loop = asyncio.get_running_loop()
        return await loop.run_in_executor(self.desk, work)

    async def load(self) -> None:
        """Load the model, and read its template."""
        await self.engine.start()
        machine = self.engine.machine
        places = not machine.reading.rolls_back
        self.prompts = await self.at_the_desk(
            lambda: Prompts(machine.model, places=places)
        )


STATE = web.AppKey("state", State)
