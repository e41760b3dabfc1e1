"""Bringing one file over an unreliable line, until it is whole and right."""

import asyncio
from collections.abc import Callable, Mapping
import re

import aiohttp
from yarl import URL

from .download_base import (
    Damaged,
    Interrupted,
    Refused,
    RetryPolicy,
    WrongAnswer,
)
from .download_part import PartFile
from .download_request import BadRedirect, BadToken, requested
from .hub_base import RemoteFile, seconds_to_wait

# Bytes that go to a thread at once, at most: twice as many are in memory.
_BATCH = 4 << 20
# Bytes that go there when nothing is on its way.
_SMALL_BATCH = 1 << 20
# Seconds after which also less is written: a slow line shows its progress too.
_SOON = 0.25
# Bytes of a file summed up between two chances to stop.
SUM_STEP = 32 << 20

_CONTENT_RANGE = re.compile(r"bytes (\d{1,18})-(\d{1,18})/(\d{1,18}|\*)")
_UNSATISFIED = re.compile(r"bytes \*/(\d{1,18})")
# Time-outs and overload; everything from 500 on counts with them.
_PASSING = frozenset({408, 425, 429})


async def in_thread[**P, T](
    function: Callable[P, T], *args: P.args, **kwargs: P.kwargs
) -> T:
    """Run something in a thread to its end; a cancellation comes after that."""
    task = asyncio.ensure_future(asyncio.to_thread(function, *args, **kwargs))
    cancelled: asyncio.CancelledError | None = None
    while not task.done():
        try:
            await asyncio.wait({task})
        except asyncio.CancelledError as err:
            cancelled = err
    if cancelled is not None:
        # What went wrong in the thread is of no interest to who leaves.
        task.exception()
        raise cancelled
    return task.result()


class _Cut(Exception):
    """The connection broke, or the server has a bad time: worth another try."""

    def __init__(self, message: str, retry_after: float | None = None) -> None:
        """Keep the seconds the server wants to be left alone."""
        super().__init__(message)
        self.retry_after = retry_after


class _Other(Exception):
    """The server has something else than the file that was announced."""

    def __init__(self, message: str, *, spoiled: bool) -> None:
        """Keep whether some of it is in the part."""
        super().__init__(message)
        self.spoiled = spoiled


class Fetch:
    """The way of one file into its part."""

    def __init__(
        self,
        session: aiohttp.ClientSession,
        token: str | None,
        retry: RetryPolicy,
        file: RemoteFile,
        part: PartFile,
        note: Callable[[int], None],
    ) -> None:
        """Remember what goes where; ``note`` hears how many bytes are there."""
        self._session = session
        self._token = token
        self._retry = retry
        self._file = file
        self._part = part
        self._note = note

    async def run(self) -> None:
        """Bring the file; raises DownloadError."""
        tries = others = 0
        await self._sum_up()
        best = self._part.length
        while True:
            wait: float | None = None
            try:
                await self._try()
            except _Other as err:
                if err.spoiled:
                    await in_thread(self._part.restart)
                    self._note(0)
                    best = 0
                others += 1
                if others > 1:
                    raise Damaged(
                        f"What the server has is not the announced file: {err}"
                    ) from err
                tries = 1
            except _Cut as err:
                if self._part.length > best:
                    tries, best = 0, self._part.length
                else:
                    tries += 1
                if tries >= self._retry.attempts:
                    raise Interrupted(
                        f"The download broke off {tries} times without getting any"
                        f" further: {err}"
                    ) from err
                wait = err.retry_after
            else:
                return
            await asyncio.sleep(self._retry.delay(max(1, tries), wait))

    async def _sum_up(self) -> None:
        """Sum up what is there from an earlier time."""
        if self._part.length > self._file.size:
            await in_thread(self._part.restart)
        self._note(self._part.length)
        while not await in_thread(self._part.sum_up, SUM_STEP):
            pass

    async def _try(self) -> None:
        """Get what is missing, and see whether the whole is right."""
        if self._part.length < self._file.size:
            await self._ask()
        if self._part.length < self._file.size:
            raise _Cut("the server ended too early")
        if not await in_thread(self._part.is_right):
            raise _Other("its checksum is another", spoiled=True)

    async def _ask(self) -> None:
        """Ask for what is missing and take what comes."""
        begin = self._part.length
        try:
            async with requested(
                self._session,
                _address(self._file.url),
                token=self._token,
                patience=self._retry.patience,
                headers={"Range": f"bytes={begin}-"} if begin else None,
            ) as answer:
                _check(answer.status, answer.headers, begin, self._file.size)
                # A server that gives whole files only begins at the beginning.
                await self._take(answer.content, afresh=answer.status == 200)
        except BadToken as err:
            raise Refused(str(err)) from err
        except BadRedirect as err:
            raise WrongAnswer(str(err)) from err
        except TimeoutError as err:
            raise _Cut("nothing came for too long") from err
        except (aiohttp.ClientError, ConnectionError) as err:
            raise _Cut(str(err) or type(err).__name__) from err

    async def _take(self, stream: aiohttp.StreamReader, *, afresh: bool) -> None:
        """Write what comes; one batch is written and summed while the next arrives.

        Pieces are taken as they came: joining them would cost as much as writing.
        Nobody may be kept waiting between the answer's head and the first read:
        when the connection breaks, aiohttp forgets what was not read yet.
        """
        batch: list[bytes] = []
        arrived = written = 0 if afresh else self._part.length
        writing: asyncio.Task[None] | None = None
        clock = asyncio.get_running_loop().time
        due = clock() + _SOON
        try:
            while not stream.at_eof():
                piece, _ = await stream.readchunk()
                batch.append(piece)
                arrived += len(piece)
                if arrived > self._file.size:
                    batch.clear()
                    raise _Other("it is longer", spoiled=True)
                waiting = arrived - written
                is_idle = writing is None or writing.done()
                if (
                    waiting >= _BATCH
                    or (waiting >= _SMALL_BATCH and is_idle)
                    or clock() >= due
                ):
                    if writing is not None:
                        await writing
                    writing = asyncio.create_task(self._write(batch, afresh=afresh))
                    afresh = False
                    batch, written, due = [], arrived, clock() + _SOON
        finally:
            # Also what came before a break is kept.
            if writing is not None:
                await writing
            if batch:
                await self._write(batch, afresh=afresh)

    async def _write(self, batch: list[bytes], *, afresh: bool) -> None:
        """Write in a thread and tell how far it is."""
        if afresh and self._part.length:
            await in_thread(self._part.restart)
        await in_thread(self._part.write, batch)
        self._note(self._part.length)


def _address(url: str) -> URL:
    """Return a file's address, as it stands."""
    try:
        found = URL(url, encoded=True)
        found.origin()
    except ValueError as err:
        raise WrongAnswer("The file's address is none") from err
    if found.scheme not in {"http", "https"}:
        raise WrongAnswer("The file's address is none")
    return found


def _check(status: int, headers: Mapping[str, str], begin: int, size: int) -> None:
    """Raise unless an answer brings the bytes that were asked for."""
    if status not in {200, 206}:
        raise _refusal(status, headers, begin, size)
    if headers.get("Content-Encoding", "identity") != "identity":
        raise WrongAnswer("The server packs the file, which was not asked for")
    if status == 206:
        found = _CONTENT_RANGE.fullmatch(headers.get("Content-Range", ""))
        if found is None or not begin:
            raise WrongAnswer("The server sends a piece that it does not describe")
        first, last, total = int(found[1]), int(found[2]), found[3]
        if total not in {"*", str(size)}:
            raise _Other(f"it has {total} bytes, not {size}", spoiled=False)
        if first != begin or not first <= last < size:
            raise WrongAnswer("The server sends another piece than was asked for")
        return
    length = headers.get("Content-Length")
    if length is not None and length != str(size):
        raise _Other(f"it has {length} bytes, not {size}", spoiled=False)


def _refusal(
    status: int, headers: Mapping[str, str], begin: int, size: int
) -> Exception:
    """Return the error for a status that brings no bytes."""
    if status == 416 and begin:
        found = _UNSATISFIED.fullmatch(headers.get("Content-Range", ""))
        if found is not None and int(found[1]) != size:
            return _Other(f"it has {found[1]} bytes, not {size}", spoiled=False)
        return _Other("it does not give the rest", spoiled=True)
    if status in _PASSING or status >= 500:
        return _Cut(f"the server is busy: HTTP {status}", seconds_to_wait(headers))
    if status in {401, 403}:
        return Refused(
            f"The server does not give the file to us: HTTP {status}", status=status
        )
    if status in {404, 410}:
        return Refused(
            f"The file is not on the server any more: HTTP {status}", status=status
        )
    if status >= 400:
        return Refused(f"The server refuses: HTTP {status}", status=status)
    return WrongAnswer(f"The server's answer makes no sense: HTTP {status}")
