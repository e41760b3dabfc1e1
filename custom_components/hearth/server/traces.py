"""What trying models leaves on a server, and taking it back."""

from contextlib import suppress

from ..engines.base import Engine
from ..engines.faults import EngineError


class Traces:
    """What was downloaded and loaded on a server for trials.

    A model that is tried stays in memory for good, as its agents will want it.
    """

    def __init__(self, engine: Engine) -> None:
        """Note what happens on a server from now on."""
        self._engine = engine
        self._loaded: set[str] = set()
        self.downloaded: list[str] = []

    async def async_before_trial(self, name: str) -> None:
        """Note that a model will be loaded, unless it is already."""
        if not self._engine.capabilities.load:
            return
        with suppress(EngineError):
            if name not in {one.name for one in await self._engine.loaded()}:
                self._loaded.add(name)

    async def async_unload(self, but: str | None = None) -> None:
        """Unload what was loaded for trials."""
        for name in self._loaded - {but}:
            self._loaded.discard(name)
            with suppress(EngineError):
                await self._engine.unload(name)

    async def async_remove(self) -> None:
        """Leave the server as it was."""
        await self.async_unload()
        for name in self.downloaded:
            with suppress(EngineError):
                await self._engine.delete(name)
