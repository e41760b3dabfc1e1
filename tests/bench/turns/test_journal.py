"""What is noted about requests."""

import asyncio
from pathlib import Path
import time

import pytest

from bench.turns.journal import Journal, Pass


def test_passes(tmp_path: Path) -> None:
    """A request counts when it has ended, once, and from its beginning on."""
    journal = Journal(tmp_path / "journal")
    assert journal.passes(0) == []
    with journal.note(ahead=True):
        pass
    since = time.monotonic()
    with journal.note(ahead=False) as note:
        assert journal.passes(since) == []
        note.end({"prompt_n": 12, "cache_n": 30, "predicted_n": 3})
        note.end({"prompt_n": 99})
    (found,) = journal.passes(since)
    assert found == Pass(began=found.began, ahead=False, read=12, cached=30)
    assert [one.ahead for one in journal.passes(0)] == [True, False]


def test_broken_off(tmp_path: Path) -> None:
    """A request that fails has ended, too, and tells nothing."""
    journal = Journal(tmp_path / "journal")
    with pytest.raises(ValueError), journal.note(ahead=False):
        raise ValueError
    (found,) = journal.passes(0)
    assert (found.read, found.cached) == (None, None)
    assert not journal.open(ahead=False)


async def test_waiting(tmp_path: Path) -> None:
    """Another process's requests are waited for; reading ahead only by who is asked."""
    mine, other = Journal(tmp_path / "journal"), Journal(tmp_path / "journal")
    with other.note(ahead=True) as note:
        await asyncio.wait_for(mine.answered(), 1)
        waiting = asyncio.create_task(mine.idle())
        await asyncio.sleep(0.1)
        assert not waiting.done()
        note.end()
        await asyncio.wait_for(waiting, 1)
