"""Letting a program go that nobody has used for a while."""

import asyncio
from collections.abc import Awaitable, Callable, Iterator
from contextlib import contextmanager


class IdleTimer:
    """Ends something a while after its last use.

    Args:
        end: What to do then; it is asked once for each while without use.
    """

    def __init__(self, end: Callable[[], Awaitable[None]]) -> None:
        """Let nothing go yet."""
        self._end = end
        self._keep: float | None = None
        self._uses = 0
        self._timer: asyncio.TimerHandle | None = None
        self._ending: asyncio.Task[None] | None = None

    @contextmanager
    def use(self, keep: float | None) -> Iterator[None]:
        """Keep it as long as the context lasts, and for a while after that.

        Args:
            keep: Seconds to keep it after the use, negative for good; None for as
                long as was said before.
        """
        self.keep(keep)
        self._uses += 1
        self.cancel()
        try:
            yield
        finally:
            self._uses -= 1
            self._begin()

    def keep(self, seconds: float | None) -> None:
        """Say for how long it is kept after a use; None changes nothing."""
        if seconds is not None:
            self._keep = seconds

    @property
    def in_use(self) -> bool:
        """Return whether anybody uses it now."""
        return self._uses > 0

    def cancel(self) -> None:
        """Wait no longer for its end; the next use begins anew."""
        if self._timer is not None:
            self._timer.cancel()
            self._timer = None

    def _begin(self) -> None:
        """Begin to wait, if it is not to be kept for good."""
        if self._uses or self._keep is None or self._keep < 0:
            return
        loop = asyncio.get_running_loop()
        self._timer = loop.call_later(self._keep, self._time_is_up)

    def _time_is_up(self) -> None:
        """End it, unless it is used again."""
        self._timer = None
        self._ending = asyncio.ensure_future(self._end_unused())

    async def _end_unused(self) -> None:
        """End it; who came in the last moment is served first."""
        if not self._uses:
            await self._end()
