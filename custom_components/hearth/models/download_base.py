"""What can go wrong with a download, how often it is tried, how far it is."""

from collections import deque
from dataclasses import dataclass, field
import random
import time

from .download_request import Patience

GIB = 1 << 30


class DownloadError(Exception):
    """The root of what ends a download; children say what can be done."""


class DiskFull(DownloadError):
    """There is not enough room.

    Args:
        message: What happened.
        needed: Bytes still to come, and those that are to stay free.
        free: Bytes that are free.
    """

    def __init__(self, message: str, *, needed: int, free: int) -> None:
        """Keep the two numbers that say how much is lacking."""
        super().__init__(message)
        self.needed = needed
        self.free = free


class Damaged(DownloadError):
    """What comes is not the file: its length or its checksum is wrong, twice."""


class Interrupted(DownloadError):
    """The connection breaks again and again; the part is kept for the next time."""


class Refused(DownloadError):
    """The server does not give the file.

    Args:
        message: What happened.
        status: The HTTP status, where one came.
    """

    def __init__(self, message: str, *, status: int | None = None) -> None:
        """Keep the status."""
        super().__init__(message)
        self.status = status


class WrongAnswer(DownloadError):
    """The server says what no server of files says."""


class InUse(DownloadError):
    """Something else is downloading to the same place."""


class Unwritable(DownloadError):
    """The folder cannot be written, or something else stands in the file's place."""


class Stopped(DownloadError):
    """The download was stopped or cancelled by somebody."""


# Jitter keeps many homes from coming back in the same second; nothing secret.
_CHANCE = random.SystemRandom()


@dataclass(frozen=True, slots=True, kw_only=True)
class RetryPolicy:
    """How often and how soon something that broke is tried again.

    Args:
        attempts: Tries in a row that bring nothing new.
        first: Seconds before the second try; doubled from try to try.
        longest: Seconds between two tries at most.
        longest_wait: Seconds at most where the server asks to be left alone.
        patience: How long a connection may be silent.
    """

    attempts: int = 8
    first: float = 1.0
    longest: float = 60.0
    longest_wait: float = 600.0
    patience: Patience = field(default_factory=Patience)

    def delay(self, tries: int, retry_after: float | None = None) -> float:
        """Return the seconds to wait after so many tries in vain."""
        delay = min(self.longest, self.first * 2.0 ** min(tries - 1, 30))
        delay *= _CHANCE.uniform(0.75, 1.25)
        return max(delay, min(retry_after or 0.0, self.longest_wait))


@dataclass(frozen=True, slots=True, kw_only=True)
class DownloadProgress:
    """How far a download is: bytes, bytes a second, seconds."""

    completed: int
    total: int
    speed: float | None
    seconds_left: float | None


class Speedometer:
    """Bytes a second over the last seconds."""

    _WINDOW = 10.0
    # Shorter says nothing; oftener is not needed.
    _SHORTEST = 1.0
    _STEP = 0.25

    def __init__(self) -> None:
        """Start with nothing measured."""
        self._samples: deque[tuple[float, int]] = deque()

    def note(self, completed: int) -> None:
        """Note how many bytes are there; fewer than before begin a new measurement."""
        now = time.monotonic()
        if self._samples and completed < self._samples[-1][1]:
            self._samples.clear()
        if not self._samples or now - self._samples[-1][0] >= self._STEP:
            self._samples.append((now, completed))
        while len(self._samples) > 2 and now - self._samples[0][0] > self._WINDOW:
            self._samples.popleft()

    def progress(self, completed: int, total: int) -> DownloadProgress:
        """Return how far it is now, and how long it will take at this speed."""
        speed = left = None
        if self._samples:
            then, before = self._samples[0]
            seconds = time.monotonic() - then
            if seconds >= self._SHORTEST and completed >= before:
                speed = (completed - before) / seconds
                left = (total - completed) / speed if speed > 0 else None
        return DownloadProgress(
            completed=completed, total=total, speed=speed, seconds_left=left
        )
