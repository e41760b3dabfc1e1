"""One model on its way to an engine."""

import asyncio
from enum import StrEnum

from ..engines.base import PullProgress
from .base import LibraryError, Wanted
from .meter import Meter


class PullState(StrEnum):
    """What a pull is doing."""

    WAITING = "waiting"
    RUNNING = "running"
    ENDED = "ended"


class Pull:
    """One model on its way.

    Args:
        key: The model's one name.
        name: What it was asked for as.
        wanted: What that means; None before somebody could be asked.
    """

    def __init__(self, key: str, name: str, wanted: Wanted | None) -> None:
        """Wait."""
        self.key = key
        self.name = name
        self.wanted: Wanted | None = None
        self.meter = Meter(None)
        self.state = PullState.WAITING
        self.given_up = False
        self.error: LibraryError | None = None
        self.task: asyncio.Task[None] | None = None
        self._ended = asyncio.Event()
        if wanted is not None:
            self.want(wanted)

    @property
    def percentage(self) -> float | None:
        """Return how much is there, None where that is not known yet."""
        return self.meter.percentage

    @property
    def due(self) -> int:
        """Return the bytes that are still to come, as far as that is known."""
        return max(0, (self.meter.total or 0) - self.meter.completed)

    @property
    def succeeded(self) -> bool | None:
        """Return whether all went well, None before the end."""
        return None if self.state is not PullState.ENDED else self.error is None

    def want(self, wanted: Wanted) -> None:
        """Know what the name means."""
        self.wanted = wanted
        self.meter = Meter(wanted.size)

    def note(self, step: PullProgress) -> bool:
        """Note how far it is; return whether that is news."""
        before = self.percentage
        self.meter.note(step)
        return self.percentage != before

    def end(self, error: LibraryError | None) -> None:
        """Be over."""
        if error is None:
            self.meter.finish()
        self.error = error
        self.state = PullState.ENDED
        self._ended.set()

    async def wait(self) -> None:
        """Wait for its end; raises LibraryError where it was not a good one.

        Who is cancelled while waiting does not cancel the pull.
        """
        await self._ended.wait()
        if self.error is not None:
            raise self.error
