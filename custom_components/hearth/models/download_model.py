"""One model on its way here: all its files, how far they are, how to stop it."""

import asyncio
from collections.abc import AsyncGenerator, Callable
from pathlib import Path

import aiohttp

from .download_base import (
    DownloadProgress,
    InUse,
    RetryPolicy,
    Speedometer,
    Stopped,
)
from .download_fetch import SUM_STEP, Fetch, in_thread
from .download_part import PartFile, remove_part
from .download_places import (
    Summing,
    check_room,
    length_of,
    make_folder,
    part_place,
    place,
    remove,
    remove_empty,
    sum_is_known,
    write_sum,
)
from .hub_base import RemoteFile, RemoteModel
from .origin import write_origin

# Seconds between two reports of a download that is watched.
_REPORT = 0.5


class Download:
    """One model on its way here; it runs from the beginning, whoever waits."""

    def __init__(
        self,
        model: RemoteModel,
        *,
        session: aiohttp.ClientSession,
        folder: Path,
        token: str | None,
        reserve: int,
        retry: RetryPolicy,
        promised: Callable[[], int],
    ) -> None:
        """Start; ``promised`` tells how many bytes other downloads will take."""
        self.model = model
        self._session = session
        self._folder = folder
        self._token = token
        self._reserve = reserve
        self._retry = retry
        self._promised = promised
        self._places = [(file, place(folder, model, file)) for file in model.files]
        self._whole: list[tuple[RemoteFile, Path]] = []
        self._brought: list[Path] = []
        self._bytes_whole = 0
        self._bytes_of_part = 0
        self._has_room = False
        self._discard = False
        self._speedometer = Speedometer()
        self._task = asyncio.create_task(self._run(), name=f"download {model.name}")
        # An error that nobody waits for is no news for the log.
        self._task.add_done_callback(lambda task: task.cancelled() or task.exception())

    @property
    def progress(self) -> DownloadProgress:
        """Return how far the whole model is."""
        return self._speedometer.progress(
            self._bytes_whole + self._bytes_of_part, self.model.size
        )

    @property
    def due(self) -> int:
        """Return the bytes that it will still take from the disk."""
        if not self._has_room or self._task.done():
            return 0
        return self.model.size - self._bytes_whole - self._bytes_of_part

    def when_done(self, call: Callable[[], object]) -> None:
        """Call something when it has ended, however."""
        self._task.add_done_callback(lambda _: call())

    async def watch(self) -> AsyncGenerator[DownloadProgress]:
        """Tell how far it is, again and again, and a last time at its end.

        It ends without an error; :meth:`wait` tells how it went.
        """
        while True:
            is_last = self._task.done()
            yield self.progress
            if is_last:
                return
            await asyncio.wait({self._task}, timeout=_REPORT)

    async def wait(self) -> Path:
        """Wait for all of the model; return its first file, raise DownloadError.

        Who is cancelled while waiting does not cancel the download.
        """
        await asyncio.wait({self._task})
        if self._task.cancelled():
            raise Stopped("The download was stopped")
        return self._task.result()

    async def stop(self) -> None:
        """Stop, and keep the part for the next time."""
        self._task.cancel()
        await asyncio.wait({self._task})

    pause = stop

    async def cancel(self) -> None:
        """Stop, and remove what came; a model that is whole stays."""
        self._discard = True
        await self.stop()
        if self._discard and (self._task.cancelled() or self._has_failed()):
            # It had ended before, or had not even begun.
            await self._remove()

    async def undo(self) -> None:
        """Stop, and remove all that it brought, also if that is the whole model."""
        await self.cancel()
        for final in self._brought:
            await in_thread(remove, final, self._folder)

    def _has_failed(self) -> bool:
        """Return whether it ended with an error, and not for somebody else's sake."""
        error = self._task.exception()
        return error is not None and not isinstance(error, InUse)

    async def _run(self) -> Path:
        """Bring what is missing, file after file."""
        try:
            missing = []
            for file, final in self._places:
                await in_thread(make_folder, self._folder, final)
                if await self._is_there(file, final):
                    self._take_as_whole(file, final)
                else:
                    missing.append((file, final))
            await self._check_room(missing)
            for file, final in missing:
                await self._bring(file, final)
                self._brought.append(final)
                self._take_as_whole(file, final)
            await in_thread(write_origin, self._folder, self.model)
        except asyncio.CancelledError:
            if self._discard:
                await self._remove()
                self._discard = False
            raise
        finally:
            await in_thread(remove_empty, self._places[0][1].parent, self._folder)
        return self._places[0][1]

    async def _is_there(self, file: RemoteFile, final: Path) -> bool:
        """Return whether a file is there and is the right one."""
        if await in_thread(sum_is_known, final, file.size, file.sha256):
            return True
        if await in_thread(length_of, final) != file.size:
            return False
        summing = Summing(final)
        while (found := await in_thread(summing.step, SUM_STEP)) is None:
            pass
        if found != file.sha256:
            return False
        await in_thread(write_sum, final, file.sha256)
        return True

    async def _check_room(self, missing: list[tuple[RemoteFile, Path]]) -> None:
        """Raise DiskFull unless there is room for what is missing."""
        await in_thread(
            check_room, self._folder, missing, self._reserve, self._promised()
        )
        self._has_room = True

    async def _bring(self, file: RemoteFile, final: Path) -> None:
        """Bring one file and give it its name."""
        part = PartFile(final, file.size, file.sha256, self._reserve)
        try:
            await in_thread(part.open)
            await Fetch(
                self._session, self._token, self._retry, file, part, self._note
            ).run()
            await in_thread(part.finish)
        finally:
            await in_thread(part.close)

    def _note(self, length: int) -> None:
        """Note how many bytes of the file on its way are there."""
        self._bytes_of_part = length
        self._speedometer.note(self._bytes_whole + length)

    def _take_as_whole(self, file: RemoteFile, final: Path) -> None:
        """Count a file as there."""
        self._whole.append((file, final))
        self._bytes_whole += file.size
        self._note(0)

    async def _remove(self) -> None:
        """Remove what came of the model: some of its files are of no use."""
        for file, final in self._places:
            await in_thread(remove_part, part_place(final, file.sha256))
            await in_thread(remove_empty, final.parent, self._folder)
        for _, final in self._whole:
            await in_thread(remove, final, self._folder)
