"""Downloading models: resumed, checked, and never there before they are whole."""

import asyncio
from functools import partial
from pathlib import Path

import aiohttp

from .download_base import (
    GIB,
    Damaged,
    DiskFull,
    DownloadError,
    DownloadProgress,
    Interrupted,
    InUse,
    Refused,
    RetryPolicy,
    Stopped,
    Unwritable,
    WrongAnswer,
)
from .download_fetch import in_thread
from .download_model import Download
from .download_places import check_model, check_room, place, sum_is_known
from .hub_base import RemoteModel

__all__ = [
    "Damaged",
    "DiskFull",
    "Download",
    "DownloadError",
    "DownloadProgress",
    "Downloads",
    "InUse",
    "Interrupted",
    "Refused",
    "RetryPolicy",
    "Stopped",
    "Unwritable",
    "WrongAnswer",
]


class Downloads:
    """All downloads into one folder."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        folder: Path,
        *,
        token: str | None = None,
        reserve: int = GIB,
        retry: RetryPolicy = RetryPolicy(),
    ) -> None:
        """Remember where to and how.

        Args:
            session: Somebody else's session.
            folder: Where models go, each into the folder of its repository.
            token: The hub's; it is sent to the hosts of the files' own addresses,
                and not to where these redirect.
            reserve: Bytes of the disk that are to stay free.
            retry: How often and how soon something that broke is tried again.
        """
        self._session = session
        self._folder = folder
        self._token = token or None
        self._reserve = reserve
        self._retry = retry
        self._running: dict[Path, Download] = {}

    def path(self, model: RemoteModel) -> Path:
        """Return where the first file of a model is or will be.

        Raises ValueError for names that would not be safe.
        """
        return place(self._folder, model, model.files[0])

    async def find(self, model: RemoteModel) -> Path | None:
        """Return where a model is, if all of it was downloaded before."""
        finals = [place(self._folder, model, file) for file in model.files]
        for file, final in zip(model.files, finals, strict=True):
            if not await in_thread(sum_is_known, final, file.size, file.sha256):
                return None
        return finals[0]

    async def check_room(self, model: RemoteModel, promised: int = 0) -> None:
        """Raise DiskFull unless there is room for what is missing of a model.

        ``promised`` are the bytes that others will take. Raises ValueError for names
        that would not be safe.
        """
        check_model(model)
        missing = []
        for file in model.files:
            final = place(self._folder, model, file)
            if not await in_thread(sum_is_known, final, file.size, file.sha256):
                missing.append((file, final))
        await in_thread(check_room, self._folder, missing, self._reserve, promised)

    def start(self, model: RemoteModel) -> Download:
        """Download a model, or return the download of it that is already running.

        Raises ValueError for names that would not be safe, and InUse where another
        version of the same file is on its way.
        """
        check_model(model)
        key = self.path(model)
        if (running := self._running.get(key)) is not None:
            if running.model.files != model.files:
                raise InUse("Another version of this file is being downloaded")
            return running
        download = Download(
            model,
            session=self._session,
            folder=self._folder,
            token=self._token,
            reserve=self._reserve,
            retry=self._retry,
            promised=partial(self._promised, key),
        )
        self._running[key] = download
        download.when_done(lambda: self._running.pop(key, None))
        return download

    async def stop(self) -> None:
        """Stop all downloads; their parts are kept."""
        await asyncio.gather(*(d.stop() for d in [*self._running.values()]))

    def _promised(self, but: Path) -> int:
        """Return the bytes that the other downloads will still take."""
        return sum(
            download.due for key, download in self._running.items() if key != but
        )
