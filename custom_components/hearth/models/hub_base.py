"""What a model on a hub is, and what can go wrong on the way to it."""

from collections.abc import Mapping
from dataclasses import dataclass
from email.utils import parsedate_to_datetime
import math
from pathlib import PurePosixPath
import re
import time


class HubError(Exception):
    """The root of what a hub's client raises; children say what can be done."""


class NotFound(HubError):
    """There is no such repository, revision or file."""


class AccessDenied(HubError):
    """The token is missing or wrong, or the model's licence was not accepted."""


class RateLimited(HubError):
    """The hub wants to be asked less often.

    Args:
        message: What happened.
        retry_after: Seconds until it can be asked again, where it told.
    """

    def __init__(self, message: str, *, retry_after: float | None = None) -> None:
        """Keep the seconds to wait."""
        super().__init__(message)
        self.retry_after = retry_after


class HubUnreachable(HubError):
    """Nothing answers there, or the hub is out of order."""


class BadAnswer(HubError):
    """The answer is not what a hub says."""


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteFile:
    """One file of a repository: its path there, its bytes, sum and address."""

    name: str
    size: int
    sha256: str
    url: str


@dataclass(frozen=True, slots=True, kw_only=True)
class RemoteModel:
    """A model of a repository at one commit; more than one file where it is split.

    ``branch`` is the branch, tag or commit that was asked for, ``revision`` the
    commit that it was at.
    """

    repository: str
    revision: str
    files: tuple[RemoteFile, ...]
    branch: str = "main"

    @property
    def name(self) -> str:
        """Return the file name of the first file."""
        return PurePosixPath(self.files[0].name).name

    @property
    def size(self) -> int:
        """Return the bytes of all files."""
        return sum(file.size for file in self.files)


# Hugging Face tells the seconds until its limit is lifted as in "api";r=0;t=55.
_LIFTED_IN = re.compile(r";\s*t=(\d{1,9})\b")


def seconds_to_wait(headers: Mapping[str, str]) -> float | None:
    """Return how long a server wants to be left alone, in seconds, if it told."""
    told = headers.get("Retry-After", "").strip()
    if told.isascii() and told.isdecimal():
        return float(told[:9])
    if told:
        try:
            wait = parsedate_to_datetime(told).timestamp() - time.time()
        except ValueError, OverflowError:
            return None
        return max(0.0, wait) if math.isfinite(wait) else None
    found = _LIFTED_IN.search(headers.get("RateLimit", ""))
    return float(found[1]) if found else None
