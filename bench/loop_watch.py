"""How long an event loop is kept from everything else by one piece of work."""

import asyncio
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
import time
from unittest.mock import patch


@dataclass(frozen=True, slots=True, kw_only=True)
class Block:
    """A piece of work of an event loop, in milliseconds.

    ``clock`` counts waiting for the processor, when others have it; ``busy`` counts
    no waiting at all.
    """

    clock: float = 0
    busy: float = 0


class LoopWatch:
    """Knows the longest piece of work since it was asked last."""

    def __init__(self) -> None:
        """Start with nothing seen."""
        self._longest = Block()

    def note(self, clock: float, busy: float) -> None:
        """Take a piece of work, in seconds."""
        self._longest = Block(
            clock=max(self._longest.clock, clock * 1000),
            busy=max(self._longest.busy, busy * 1000),
        )

    def take(self) -> Block:
        """Return the longest of each kind, and begin anew."""
        longest, self._longest = self._longest, Block()
        return longest


@contextmanager
def watched_loops() -> Iterator[LoopWatch]:
    """Watch every piece of work that event loops run."""
    watch = LoopWatch()
    run = vars(asyncio.Handle)["_run"]

    def watched(handle: asyncio.Handle) -> None:
        clock, busy = time.perf_counter(), time.thread_time()
        run(handle)
        watch.note(time.perf_counter() - clock, time.thread_time() - busy)

    with patch.object(asyncio.Handle, "_run", watched):
        yield watch
