"""A file that is not whole yet: written, summed, locked, and renamed at its end.

Everything here blocks and belongs into a thread. Only one thread at a time gets
in, so that a file is never closed under a thread that still writes.
"""

from collections.abc import Iterator, Sequence
from contextlib import contextmanager, suppress
import errno
import fcntl
import hashlib
import os
from pathlib import Path
from threading import Lock

from .download_base import DiskFull, InUse, Stopped, Unwritable
from .download_places import free_bytes, part_place, sync_folder, write_sum

_FULL = frozenset({errno.ENOSPC, errno.EDQUOT})
_HASH_BLOCK = 1 << 20
# Bytes between two looks at the room on the disk.
_LOOK = 16 << 20


class PartFile:
    """The part of one file of known size and sum, opened and locked.

    The lock belongs to the open file: it ends with the process, however that ends.
    """

    def __init__(self, final: Path, size: int, sha256: str, reserve: int) -> None:
        """Remember what the part is of; nothing is opened yet.

        Args:
            final: Where the file will be; its folder exists.
            size: Bytes of the whole file.
            sha256: Sum of the whole file.
            reserve: Bytes that are to stay free on the disk.
        """
        self.path = part_place(final, sha256)
        self.length = 0
        self._final = final
        self._size = size
        self._sha256 = sha256
        self._reserve = reserve
        self._lock = Lock()
        self._closed = True
        self._hash = hashlib.sha256()
        self._hashed = 0
        self._looked = 0
        self._file = -1

    def open(self) -> None:
        """Open the part, or begin one; parts of other versions are removed.

        Raises:
            InUse: Where somebody else has the part.
            Unwritable: Where it cannot be opened.
        """
        with self._lock:
            self._file = _open_locked(self.path)
            self._closed = False
            self.length = os.fstat(self._file).st_size
        for other in self.path.parent.glob(f"{_literal(self._final.name)}.*.part"):
            if other != self.path:
                remove_part(other)

    def sum_up(self, limit: int) -> bool:
        """Sum up so many bytes of what is there from before; return if that was all."""
        with self._writing():
            end = min(self.length, self._hashed + limit)
            while self._hashed < end:
                block = os.pread(
                    self._file, min(_HASH_BLOCK, end - self._hashed), self._hashed
                )
                if not block:
                    raise Unwritable(f"{self.path} was cut by something else")
                self._hash.update(block)
                self._hashed += len(block)
            return self._hashed == self.length

    def write(self, pieces: Sequence[bytes]) -> None:
        """Append pieces."""
        with self._writing():
            begin = self.length
            for piece in pieces:
                rest = memoryview(piece)
                while rest:
                    written = os.pwrite(self._file, rest, self.length)
                    self.length += written
                    rest = rest[written:]
                self._hash.update(piece)
                self._hashed = self.length
            # The pages go to the disk from now on, so the sync at the end is short.
            os.posix_fadvise(
                self._file, begin, self.length - begin, os.POSIX_FADV_DONTNEED
            )
            if self.length - self._looked >= _LOOK:
                self._look()

    def restart(self) -> None:
        """Throw away what is there."""
        with self._writing():
            os.ftruncate(self._file, 0)
            self._hash = hashlib.sha256()
            self._hashed = self._looked = self.length = 0

    def is_right(self) -> bool:
        """Return whether it is the whole file, to the last bit."""
        with self._lock:
            return (
                self.length == self._hashed == self._size
                and self._hash.hexdigest() == self._sha256
            )

    def finish(self) -> None:
        """Give the file its name, for good."""
        with self._writing():
            os.fsync(self._file)
            self.path.replace(self._final)
            sync_folder(self._final.parent)
            write_sum(self._final, self._sha256)

    def close(self) -> None:
        """Close the file, which gives up the lock; an empty one is removed."""
        with self._lock:
            if not self._closed:
                self._closed = True
                if self.length == 0:
                    with suppress(OSError):
                        self.path.unlink(missing_ok=True)
                os.close(self._file)

    @contextmanager
    def _writing(self) -> Iterator[None]:
        """Let one thread in; what the system says becomes a DownloadError."""
        with self._lock:
            if self._closed:
                raise Stopped("The download was stopped")
            try:
                yield
            except OSError as err:
                if err.errno in _FULL:
                    raise self._full() from err
                raise Unwritable(
                    f"{self.path} cannot be written: {err.strerror}"
                ) from err

    def _full(self) -> DiskFull:
        """Make room and return the error: nothing else here can write either."""
        with suppress(OSError):
            self.path.unlink(missing_ok=True)
        with suppress(OSError):
            os.ftruncate(self._file, 0)
        return DiskFull(
            "The disk is full; what was downloaded has been removed",
            needed=self._size + self._reserve,
            free=free_bytes(self.path.parent),
        )

    def _look(self) -> None:
        """Stop before the disk is full: what else runs here needs to write too."""
        self._looked = self.length
        free = free_bytes(self.path.parent)
        if free < self._reserve // 2:
            raise DiskFull(
                "The disk is filling up; what was downloaded is kept for the next time",
                needed=self._size - self.length + self._reserve,
                free=free,
            )


def _open_locked(path: Path) -> int:
    """Open and lock a file, which is still that of its name when it is locked."""
    flags = os.O_RDWR | os.O_CREAT | os.O_NOFOLLOW | os.O_NONBLOCK
    while True:
        try:
            file = os.open(path, flags, 0o644)
        except OSError as err:
            raise Unwritable(f"{path} cannot be written: {err.strerror}") from err
        if _lock(file, path):
            return file
        # Its owner has finished and renamed it in the meantime.
        os.close(file)


def _lock(file: int, path: Path) -> bool:
    """Lock an open file; return whether it still has its name then."""
    try:
        fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        return os.path.samestat(os.fstat(file), path.lstat())
    except BlockingIOError as err:
        os.close(file)
        raise InUse("Something else is downloading this file right now") from err
    except FileNotFoundError:
        return False
    except OSError as err:
        os.close(file)
        raise Unwritable(f"{path} cannot be locked: {err.strerror}") from err


def remove_part(path: Path) -> None:
    """Remove a part, unless somebody is at it."""
    if not path.is_file(follow_symlinks=False):
        return
    with suppress(InUse, Unwritable):
        file = _open_locked(path)
        with suppress(OSError):
            path.unlink()
        os.close(file)


def _literal(name: str) -> str:
    """Return a name as a pattern that means only itself."""
    return name.replace("[", "[[]")
