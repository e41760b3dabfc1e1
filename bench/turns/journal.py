"""What was asked of a server, as lines of a file that several processes write."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
import itertools
import json
import os
from pathlib import Path
import time
from typing import Any

# Seconds.
_LOOK_AGAIN = 0.02


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass:
    """One request that a server has answered.

    ``ahead`` is whether it was to read only, ``began`` on the monotonic clock,
    which all processes share. Tokens are None where the server does not tell.
    """

    began: float
    ahead: bool
    read: int | None = None
    cached: int | None = None


class Note:
    """A request that is being answered."""

    def __init__(self, journal: Journal, entry: Mapping[str, Any]) -> None:
        """Remember what its end is noted with."""
        self._journal = journal
        self._entry = entry
        self._over = False

    def end(self, timings: Mapping[str, Any] | None = None) -> None:
        """Note its end once, with llama-server's numbers where it gave some."""
        if self._over:
            return
        self._over = True
        told = timings or {}
        self._journal.write(
            {
                **self._entry,
                "ended": time.monotonic(),
                "read": told.get("prompt_n"),
                "cached": told.get("cache_n"),
            }
        )


class Journal:
    """A file with a line when a request begins and one when it ends."""

    def __init__(self, path: Path) -> None:
        """Remember the file, which need not be there yet."""
        self.path = path
        self._numbers = itertools.count()

    @contextmanager
    def note(self, *, ahead: bool) -> Iterator[Note]:
        """Note the beginning of a request, and its end however it ends."""
        entry = {
            "number": f"{os.getpid()}-{next(self._numbers)}",
            "began": time.monotonic(),
            "ahead": ahead,
        }
        self.write(entry)
        note = Note(self, entry)
        try:
            yield note
        finally:
            note.end()

    def write(self, entry: Mapping[str, Any]) -> None:
        """Add a line."""
        with self.path.open("a", encoding="utf-8") as file:
            file.write(json.dumps(entry) + "\n")

    def passes(self, since: float) -> list[Pass]:
        """Return what began since then and has ended."""
        return [
            Pass(
                began=line["began"],
                ahead=line["ahead"],
                read=line["read"],
                cached=line["cached"],
            )
            for line in self._lines()
            if "ended" in line and line["began"] >= since
        ]

    def open(self, *, ahead: bool) -> bool:
        """Return whether a request to answer, or to read ahead, has not ended."""
        begun: set[str] = set()
        for line in self._lines():
            if line["ahead"] is ahead:
                begun ^= {line["number"]}
        return bool(begun)

    async def idle(self) -> None:
        """Wait until all requests have ended."""
        await self.answered()
        while await asyncio.to_thread(self.open, ahead=True):
            await asyncio.sleep(_LOOK_AGAIN)

    async def answered(self) -> None:
        """Wait until all requests have ended that answer somebody."""
        while await asyncio.to_thread(self.open, ahead=False):
            await asyncio.sleep(_LOOK_AGAIN)

    def _lines(self) -> list[dict[str, Any]]:
        """Return all lines."""
        if not self.path.exists():
            return []
        text = self.path.read_text(encoding="utf-8")
        return [json.loads(line) for line in text.splitlines()]
