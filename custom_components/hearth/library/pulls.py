"""The models of an entry that are on their way, also over a restart."""

import asyncio
from collections.abc import Callable, Iterator
from contextlib import aclosing
from typing import TYPE_CHECKING

from homeassistant.config_entries import ConfigEntry
from homeassistant.core import HomeAssistant, callback

from ..const import LOGGER
from .base import Library, LibraryError
from .pull import Pull, PullState
from .store import LibraryStore

# Seconds between the tries of a pull that breaks off without getting any further.
AGAIN = (10.0, 60.0, 300.0, 900.0)


class Pulls:
    """All pulls of an entry: a few at a time, each model once.

    Args:
        entry: The entry whose engine they are for.
        library: Its models.
        store: What outlasts a restart.
        at_once: How many run at the same time; the others wait.
        when_done: Called with each pull that has ended, however, but not with one
            that goes on after a restart.
    """

    def __init__(
        self,
        hass: HomeAssistant,
        entry: ConfigEntry,
        library: Library,
        store: LibraryStore,
        *,
        at_once: int,
        when_done: Callable[[Pull], None],
    ) -> None:
        """Pull nothing yet."""
        self._hass = hass
        self._entry = entry
        self._library = library
        self._store = store
        self._places = asyncio.Semaphore(at_once)
        self._when_done = when_done
        self._pulls: dict[str, Pull] = {}
        self._listeners: list[Callable[[], None]] = []

    def __iter__(self) -> Iterator[Pull]:
        """Yield the pulls that run or wait, the oldest first."""
        return iter([*self._pulls.values()])

    def find(self, name: str) -> Pull | None:
        """Return the pull of a model, if there is one."""
        if (found := self._pulls.get(self._library.key_of(name))) is not None:
            return found
        return next((pull for pull in self if pull.name == name), None)

    @callback
    def subscribe(self, listener: Callable[[], None]) -> Callable[[], None]:
        """Call something whenever one of the pulls has changed; returns how to stop."""
        self._listeners.append(listener)
        return lambda: self._listeners.remove(listener)

    @callback
    def _tell(self) -> None:
        """Tell that something has changed."""
        for listener in [*self._listeners]:
            listener()

    async def async_start(self, name: str) -> Pull:
        """Begin to pull a model, or return the pull of it that there is already.

        Raises LibraryError for what cannot be pulled: for no name of a model, one
        that its hub does not have, and one that the disk has no room for.
        """
        if (found := self.find(name)) is not None:
            return found
        wanted = await self._library.want(name)
        if (found := self._pulls.get(wanted.key)) is not None:
            return found
        await self._library.check_room(wanted, self._promised())
        if (found := self._pulls.get(wanted.key)) is not None:
            return found
        self._store.unfinished[wanted.key] = name
        pull = self._begin(Pull(wanted.key, name, wanted))
        await self._store.async_save()
        return pull

    @callback
    def async_resume(self) -> None:
        """Go on with what was not finished when Home Assistant stopped."""
        for key, name in [*self._store.unfinished.items()]:
            self._begin(Pull(key, name, None))

    def _begin(self, pull: Pull) -> Pull:
        """Let a pull run, or wait until it may."""
        self._pulls[pull.key] = pull
        pull.task = self._entry.async_create_background_task(
            self._hass, self._async_run(pull), f"Pulling {pull.key}"
        )
        self._tell()
        return pull

    def _promised(self, but: Pull | None = None) -> int:
        """Return the bytes that pulls will still take."""
        return sum(pull.due for pull in self if pull is not but)

    async def _async_run(self, pull: Pull) -> None:
        """Pull one model, from waiting to the end."""
        try:
            async with self._places:
                pull.state = PullState.RUNNING
                self._tell()
                await self._async_insist(pull)
        except asyncio.CancelledError:
            if not pull.given_up:
                # It goes on when the entry is set up again.
                pull.end(LibraryError("pull_stopped", {"model": pull.key}))
            raise
        except LibraryError as err:
            await self._async_end(pull, err)
        except Exception:
            LOGGER.exception("Pulling %s failed in an unexpected way", pull.key)
            await self._async_end(pull, LibraryError("pull_broken"))
        else:
            await self._async_end(pull, None)

    async def _async_insist(self, pull: Pull) -> None:
        """Pull a model, again and again while it is only the network's fault."""
        waits, best = iter(AGAIN), 0
        while True:
            try:
                await self._async_try(pull)
            except LibraryError as err:
                if pull.meter.completed > best:
                    waits, best = iter(AGAIN), pull.meter.completed
                wait = next(waits, None)
                if not err.passing or wait is None:
                    raise
                LOGGER.debug("Pulling %s broke off: %s", pull.key, err)
                await asyncio.sleep(wait)
            else:
                return

    async def _async_try(self, pull: Pull) -> None:
        """Pull a model once."""
        if (wanted := pull.wanted) is None:
            wanted = await self._library.want(pull.name)
            pull.want(wanted)
        elif not pull.meter.completed:
            # Others may have filled the disk while it waited.
            await self._library.check_room(wanted, self._promised(pull))
        async with aclosing(self._library.pull(wanted)) as steps:
            async for step in steps:
                if pull.note(step):
                    self._tell()

    async def async_cancel(self, pull: Pull) -> None:
        """Give up a pull, and remove what came of it."""
        if TYPE_CHECKING:
            assert pull.task is not None
        pull.given_up = True
        pull.task.cancel()
        await asyncio.wait({pull.task})
        if self._pulls.get(pull.key) is not pull:
            # It had just ended by itself.
            return
        if pull.wanted is not None:
            await self._library.discard(pull.wanted)
        await self._async_end(pull, LibraryError("pull_cancelled", {"model": pull.key}))

    async def _async_end(self, pull: Pull, error: LibraryError | None) -> None:
        """Let a pull be over, and tell everybody."""
        self._pulls.pop(pull.key, None)
        self._store.unfinished.pop(pull.key, None)
        pull.end(error)
        self._when_done(pull)
        self._tell()
        await self._store.async_save()
