"""Whether a program of our own is there to be asked, and waiting until it is."""

import asyncio

from .faults import Busy, StartFailed, Unreachable
from .llama_server import LlamaServerEngine
from .supervisor import ManagedState, Supervisor

# A next try that is so near is worth waiting for.
_SOON_SECONDS = 2.0

_NOT_RUNNING = "The engine is not running"


class Presence:
    """Knows whether the supervisor's program answers, and wakes one that rests."""

    def __init__(self, supervisor: Supervisor) -> None:
        """Look at what this supervisor does."""
        self._supervisor = supervisor

    @property
    def is_absent(self) -> bool:
        """Return whether there is no program to be asked, though there may be soon."""
        return self._is_coming() or self._supervisor.state is ManagedState.RESTING

    async def ready(self, *, first_try: bool = False) -> None:
        """Wait until the model is loaded; raises StartFailed when there is no hope.

        Args:
            first_try: Give up when the first try has failed, though others may
                follow.
        """
        while (state := self._supervisor.state) is not ManagedState.READY:
            waiting = state is ManagedState.WAITING
            if state is ManagedState.FAILED or (waiting and first_try):
                raise StartFailed(self.why())
            if state in {ManagedState.RESTING, ManagedState.STOPPED}:
                raise StartFailed(_NOT_RUNNING)
            await self._supervisor.changed()

    async def until_ready(self, within: float) -> float:
        """Wait for a program that is coming; return what is left of the seconds.

        Raises Busy where they are over, and Unreachable where the next try is far.
        """
        loop = asyncio.get_running_loop()
        until = loop.time() + within
        try:
            async with asyncio.timeout_at(until):
                while self._is_coming():
                    if self._next_try_in() > _SOON_SECONDS:
                        raise Unreachable(self.why())
                    await self._supervisor.changed()
        except TimeoutError as err:
            raise Busy("The engine is still loading its model") from err
        return max(until - loop.time(), 0.0)

    async def wake(self) -> None:
        """Start a program that rests; raises StartFailed."""
        if self._supervisor.state is ManagedState.RESTING:
            await self._supervisor.start()

    def client(self) -> LlamaServerEngine:
        """Return the client of a program that is ready; raises what it is instead."""
        client = self._supervisor.client
        if self._supervisor.state is ManagedState.FAILED:
            raise StartFailed(self.why())
        if client is None or self._supervisor.state is not ManagedState.READY:
            raise Unreachable(self.why())
        return client

    def why(self) -> str:
        """Return why the program is not there."""
        return self._supervisor.failure or _NOT_RUNNING

    def _is_coming(self) -> bool:
        """Return whether the program is not there, but may be soon."""
        if self._supervisor.state is ManagedState.READY:
            return not self._supervisor.is_alive
        return self._supervisor.state in {ManagedState.STARTING, ManagedState.WAITING}

    def _next_try_in(self) -> float:
        """Return the seconds until the next try, 0 where none is waited for."""
        if self._supervisor.state is not ManagedState.WAITING:
            return 0.0
        return self._supervisor.next_try - asyncio.get_running_loop().time()
