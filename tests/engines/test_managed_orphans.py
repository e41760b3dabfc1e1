"""Home Assistant is killed: nothing of an engine of our own outlives it by much."""

from collections.abc import Iterator
from contextlib import contextmanager
import os
from pathlib import Path
import signal
import subprocess
import sys

import pytest

from custom_components.hearth.engines.processes import all_processes

from .managed_programs import (
    NANO,
    ROOT,
    processes_about,
    real_program,
    script,
    until,
)

# Seconds that may pass until everything is gone.
SOON = 5.0

SERVER = 'exec @SERVER@ "$@"'
FORKS = '@SERVER@ "$@"; exit $?'
LEAVES = 'setsid @SERVER@ "$@" & wait'
DEAF = "trap '' TERM; echo up; while :; do sleep 0.1; done"


@contextmanager
def parent(program: Path, model: Path, folder: Path) -> Iterator[subprocess.Popen[str]]:
    """Run a parent with an engine; it and all of its are dead at the end."""
    with subprocess.Popen(
        [
            *(sys.executable, "-m", "tests.engines.managed_parent"),
            *map(str, (program, model, folder / "engine")),
        ],
        cwd=ROOT,
        stdout=subprocess.PIPE,
        text=True,
    ) as process:
        try:
            yield process
        finally:
            process.kill()
            for left in processes_about(folder):
                os.kill(left.pid, signal.SIGKILL)


def next_line(process: subprocess.Popen[str]) -> str:
    """Return what a parent tells next."""
    assert process.stdout is not None
    return process.stdout.readline().strip()


def living(folder: Path) -> list[int]:
    """Return the processes that name a folder and are no zombies."""
    return [p.pid for p in processes_about(folder) if p.state != "Z"]


@pytest.mark.parametrize(
    ("text", "loads", "many"),
    [(SERVER, True, 2), (FORKS, True, 3), (LEAVES, True, 3), (DEAF, False, 2)],
    ids=["server", "forks", "leaves", "deaf"],
)
async def test_killed(tmp_path: Path, text: str, loads: bool, many: int) -> None:
    """The keeper takes everything with it, gently or not."""
    program = script(tmp_path / "program", text)
    with parent(program, NANO, tmp_path) as process:
        pid = int(next_line(process))
        assert not loads or next_line(process) == "ready"
        assert pid in living(tmp_path)
        assert len(living(tmp_path)) >= many
        process.kill()
        await until(lambda: not living(tmp_path), SOON)


async def test_killed_while_it_loads(tmp_path: Path) -> None:
    """A program that reads for ever is ended like any other."""
    pipe = tmp_path / "endless.gguf"
    os.mkfifo(pipe)
    with parent(real_program(), pipe, tmp_path) as process:
        int(next_line(process))
        process.kill()
        await until(lambda: not living(tmp_path), SOON)


async def test_killed_together_with_its_keeper(tmp_path: Path) -> None:
    """The kernel ends a program that nobody is left to end."""
    with parent(real_program(), NANO, tmp_path) as process:
        pid = int(next_line(process))
        assert next_line(process) == "ready"
        (keeper,) = [p.parent for p in all_processes() if p.pid == pid]
        os.kill(keeper, signal.SIGSTOP)
        process.kill()
        os.kill(keeper, signal.SIGKILL)
        await until(lambda: not living(tmp_path), SOON)


async def test_interrupted(tmp_path: Path) -> None:
    """Ctrl-C in a terminal ends the parent, and that its engine."""
    with parent(real_program(), NANO, tmp_path) as process:
        next_line(process)
        assert next_line(process) == "ready"
        process.send_signal(signal.SIGINT)
        await until(lambda: not living(tmp_path), SOON)
