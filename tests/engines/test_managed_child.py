"""A child whose keeper misbehaves, which a good one never does."""

import asyncio
import os
from pathlib import Path
import sys

import pytest

from custom_components.hearth.engines import child
from custom_components.hearth.engines.child import Child, End
from custom_components.hearth.engines.faults import StartFailed
from custom_components.hearth.engines.log_tail import LogTail

from .managed_programs import processes_about, zombies

STUCK = """
import signal, subprocess, sys, time
signal.signal(signal.SIGTERM, signal.SIG_IGN)
inner = subprocess.Popen(sys.argv[3:], process_group=0, stdout=2)
print("started", inner.pid, flush=True)
time.sleep(60)
"""


@pytest.fixture
def keeper(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """Return where the keeper is that children get instead of the real one."""
    script = tmp_path / "keeper.py"
    monkeypatch.setattr(child, "KEEPER", script)
    monkeypatch.setattr(child, "KEEPER_SECONDS", 0.3)
    return script


async def start(log: LogTail, *command: str) -> Child:
    """Start a child with little patience."""
    given = dict(os.environ)
    return await Child.start(command, given, log, grace=0.1, orphan_grace=0.1)


@pytest.mark.parametrize("grace", [0.1, 0.0])
async def test_a_keeper_that_is_stuck(
    tmp_path: Path, keeper: Path, grace: float
) -> None:
    """It is killed, and the program with it."""
    keeper.write_text(STUCK)
    running = await start(LogTail(), "/bin/sh", "-c", f"sleep 60; : {tmp_path}")
    assert await running.ended(0) is None
    assert await running.stop(grace) == End(None)
    assert await running.stop(grace) == End(None)
    assert not [p for p in processes_about(tmp_path) if p.state != "Z"]
    assert not zombies()


async def test_a_keeper_that_says_nothing(
    keeper: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Nobody waits for its first word for ever."""
    monkeypatch.setattr(child, "FIRST_WORD_SECONDS", 0.2)
    keeper.write_text("import time; time.sleep(60)")
    with pytest.raises(StartFailed, match="did not start in time"):
        await start(LogTail(), "/bin/true")
    assert not processes_about(keeper)
    assert not zombies()


@pytest.mark.parametrize(
    "text",
    [
        "raise SystemExit('out of luck')",
        "import sys; print('what 5 x'); sys.exit('luck')",
    ],
)
async def test_a_keeper_that_fails(keeper: Path, text: str) -> None:
    """Its last words are told."""
    keeper.write_text(text)
    with pytest.raises(StartFailed, match=r"keeper did not start: .*luck"):
        await start(LogTail(), "/bin/true")


async def test_a_python_that_is_not_there(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Without a Python there is no keeper."""
    monkeypatch.setattr(sys, "executable", str(tmp_path / "python"))
    with pytest.raises(StartFailed, match="No process could be started"):
        await start(LogTail(), "/bin/true")


@pytest.mark.parametrize("ending", ["", "raise SystemExit(1)"])
async def test_a_start_that_is_cut_off(keeper: Path, ending: str) -> None:
    """Who does not want to wait for a start leaves nothing behind."""
    silent, _, _ = STUCK.partition("print")
    keeper.write_text(f"{silent}{ending}\ntime.sleep(60)")
    with pytest.raises((TimeoutError, StartFailed)):
        async with asyncio.timeout(0.3):
            await start(LogTail(), "/bin/sh", "-c", f"sleep 60; : {keeper}")
    assert not [p for p in processes_about(keeper) if p.state != "Z"]
