"""Who may use the engine next: people before tasks, then in the order they came.

A small machine answers one after the other; two answers at once would both be late.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from enum import IntEnum
from itertools import count
from typing import TYPE_CHECKING, Any

# More than a home has satellites; who comes then is told so at once.
LONGEST = 32


class Priority(IntEnum):
    """Who goes first; the smaller, the sooner."""

    VOICE = 0
    TASK = 1
    BENCHMARK = 2
    # These give way to whoever goes first, also when they have begun: reading ahead
    # for somebody who is speaking just now, and for whenever somebody may.
    SPEECH = 3
    WARM_UP = 4


class LineError(Exception):
    """The engine cannot be had now."""


class LineFull(LineError):
    """Too many wait already."""


class WaitedTooLong(LineError):
    """The turn did not come in time."""


class Interrupted(LineError):
    """Somebody else goes first, or the same person has spoken again."""


@dataclass(slots=True, eq=False, kw_only=True)
class _Place:
    """A place in the line, or the one at its head that uses the engine."""

    priority: Priority
    number: int
    owner: str | None
    task: asyncio.Task[Any]
    turn: asyncio.Future[None]
    interrupted: bool = False

    def interrupt(self) -> None:
        """Take the place away; whoever has it sees :class:`Interrupted`."""
        if not self.interrupted:
            self.interrupted = True
            self.task.cancel()


class Line:
    """The line before one engine, which works on one thing at a time."""

    def __init__(self, longest: int = LONGEST) -> None:
        """Make an empty line for so many who wait."""
        self._longest = longest
        self._numbers = count()
        self._head: _Place | None = None
        self._waiting: list[_Place] = []

    def locked(self) -> bool:
        """Return whether the engine is at work."""
        return self._head is not None

    @property
    def waiting(self) -> int:
        """Return how many wait."""
        return len(self._waiting)

    @asynccontextmanager
    async def place(
        self,
        priority: Priority,
        *,
        within: float | None = None,
        owner: str | None = None,
    ) -> AsyncIterator[None]:
        """Wait for one's turn, and have the engine for oneself in the context.

        Args:
            priority: Who goes first.
            within: Seconds to wait at most; None for as long as it takes.
            owner: Whose turn it is. A new one takes the place of all older ones
                that the same owner still has.

        Raises:
            LineFull: too many wait already.
            WaitedTooLong: the turn did not come in time.
            Interrupted: the place was taken away, before or within the context.
        """
        task = asyncio.current_task()
        if TYPE_CHECKING:
            assert task is not None
        cancelling = task.cancelling()
        mine = self._enter(priority, owner, task)
        try:
            await self._wait(mine, within)
            yield
        except asyncio.CancelledError:
            if mine.interrupted and task.cancelling() - 1 <= cancelling:
                raise Interrupted from None
            raise
        finally:
            if mine.interrupted:
                task.uncancel()
            self._leave(mine)

    def _enter(
        self, priority: Priority, owner: str | None, task: asyncio.Task[Any]
    ) -> _Place:
        """Stand at the end of those with the same priority."""
        for place in [*self._waiting, *([self._head] if self._head else [])]:
            older = owner is not None and place.owner == owner
            yields = place is self._head and place.priority >= Priority.SPEECH
            if older or (yields and priority < place.priority):
                place.interrupt()
        if sum(not place.interrupted for place in self._waiting) >= self._longest:
            raise LineFull
        mine = _Place(
            priority=priority,
            number=next(self._numbers),
            owner=owner,
            task=task,
            turn=asyncio.get_running_loop().create_future(),
        )
        self._waiting.append(mine)
        self._waiting.sort(key=lambda place: (place.priority, place.number))
        self._call_next()
        return mine

    async def _wait(self, mine: _Place, within: float | None) -> None:
        """Wait until the engine is free and nobody goes before."""
        try:
            async with asyncio.timeout(within):
                await mine.turn
        except TimeoutError as err:
            raise WaitedTooLong from err

    def _leave(self, mine: _Place) -> None:
        """Let the next one have the engine."""
        if mine in self._waiting:
            self._waiting.remove(mine)
        if self._head is mine:
            self._head = None
            self._call_next()

    def _call_next(self) -> None:
        """Give the engine to the first who still wants it, if it is free."""
        while self._head is None and self._waiting:
            first = self._waiting.pop(0)
            if not first.interrupted and not first.turn.done():
                self._head = first
                first.turn.set_result(None)
