"""The keeper as a process: whom it starts, ends and tells about."""

from collections.abc import Iterator
from contextlib import contextmanager
import errno
import os
from pathlib import Path
import signal
import subprocess
import sys
import time

import pytest

from custom_components.hearth.engines import keeper
from custom_components.hearth.engines.processes import all_processes

from .managed_programs import ROOT, keeper_command, processes_about, script, until


@contextmanager
def kept(
    program: Path | str, *arguments: str, grace: float = 5.0, orphan_grace: float = 0.2
) -> Iterator[subprocess.Popen[str]]:
    """Run a program under a keeper; nothing of it is left behind."""
    process = subprocess.Popen(
        keeper_command(str(grace), str(orphan_grace), program, *arguments),
        cwd=ROOT,
        start_new_session=True,
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        with process:
            yield process
            assert process.stdin is not None
            process.stdin.close()
            process.wait(20)
    finally:
        process.kill()


def said(process: subprocess.Popen[str]) -> tuple[str, int]:
    """Return the next line that a keeper tells."""
    assert process.stdout is not None
    word, number = process.stdout.readline().split()
    return word, int(number)


def test_tells_how_a_program_ended(tmp_path: Path) -> None:
    """The parent learns the exit code, and what was written to both outputs."""
    program = script(tmp_path / "p", 'echo "out $1"; echo err >&2; exit 7')
    with kept(program, "a b") as process:
        assert said(process)[0] == "started"
        assert said(process) == ("exited", 7)
        assert process.stderr is not None
        assert process.stderr.read() == "out a b\nerr\n"
        assert process.wait(10) == 0


def test_tells_of_a_signal(tmp_path: Path) -> None:
    """A program that was killed did not exit."""
    with kept(script(tmp_path / "p", "kill -SEGV $$")) as process:
        assert said(process)[0] == "started"
        assert said(process) == ("killed", signal.SIGSEGV)


@pytest.mark.parametrize(
    ("content", "mode", "number"),
    [
        (None, 0, errno.ENOENT),
        ("#!/nowhere/sh\n", 0o700, errno.ENOENT),
        ("not a program", 0o700, errno.ENOEXEC),
        ("#!/bin/sh\n", 0o600, errno.EACCES),
    ],
)
def test_tells_of_a_program_that_is_none(
    tmp_path: Path, content: str | None, mode: int, number: int
) -> None:
    """The system's own reason is passed on, and nothing is left."""
    program = tmp_path / "p"
    if content is not None:
        program.write_text(content)
        program.chmod(mode)
    with kept(program) as process:
        assert said(process) == ("refused", number)
        assert process.wait(10) == 1


def test_gives_the_program_little(tmp_path: Path) -> None:
    """It is polite, first to be killed, in a group of its own, and hears nothing."""
    program = script(
        tmp_path / "p",
        "cat /proc/$$/oom_score_adj /proc/$$/stat; ls -l /proc/$$/fd; ulimit -c; cat",
    )
    with kept(program) as process:
        _, pid = said(process)
        assert said(process) == ("exited", 0)
        assert process.stderr is not None
        score, stat, *rest = process.stderr.read().splitlines()
    assert int(score) == keeper.OOM_SCORE
    fields = stat.rpartition(")")[2].split()
    # Group, session and nice, see proc_pid_stat(5).
    assert int(fields[2]) == pid
    assert int(fields[3]) == process.pid
    assert int(fields[16]) == os.nice(0) + keeper.NICE
    assert rest[-1] == "0"
    descriptors = [line.partition(" -> ")[0].split()[-1] for line in rest[1:-1]]
    # The shell reads its script from one more.
    assert {"0", "1", "2"} <= set(descriptors)
    assert len(descriptors) == 4
    assert any(line.endswith("0 -> /dev/null") for line in rest)


def test_ends_gently_when_asked(tmp_path: Path) -> None:
    """SIGTERM is passed on once, and the program has its time."""
    text = "trap 'echo bye; exit 3' TERM; echo up; while :; do sleep 0.05; done"
    with kept(script(tmp_path / "p", text)) as process:
        said(process)
        assert process.stderr is not None
        assert process.stderr.readline() == "up\n"
        process.terminate()
        assert said(process) == ("exited", 3)
        # The shell tells that its sleep was ended, too.
        assert process.stderr.read().count("bye") == 1


def test_ends_a_program_that_is_stopped(tmp_path: Path) -> None:
    """Who does not run cannot hear SIGTERM; it is woken up for it."""
    with kept(script(tmp_path / "p", "kill -STOP $$; sleep 60")) as process:
        _, pid = said(process)
        give_up = time.monotonic() + 10
        while next(p.state for p in all_processes() if p.pid == pid) != "T":
            assert time.monotonic() < give_up
        process.terminate()
        assert said(process) == ("killed", signal.SIGTERM)


def test_kills_who_does_not_end(tmp_path: Path) -> None:
    """After the grace it is SIGKILL."""
    text = "trap '' TERM; echo up; while :; do sleep 0.05; done"
    with kept(script(tmp_path / "p", text), grace=0.3) as process:
        said(process)
        assert process.stderr is not None
        process.stderr.readline()
        process.terminate()
        assert said(process) == ("killed", signal.SIGKILL)


def test_asks_twice(tmp_path: Path) -> None:
    """A program that finishes its work first is asked to leave it."""
    text = "n=0; trap 'n=$((n+1))' TERM; echo up\n"
    text += "while [ $n -lt 2 ]; do sleep 0.05; done; exit 7"
    with kept(script(tmp_path / "p", text), grace=60.0) as process:
        said(process)
        assert process.stderr is not None
        process.stderr.readline()
        process.terminate()
        assert said(process) == ("exited", 7)


def test_ends_with_its_parent(tmp_path: Path) -> None:
    """The end of its input is the end of its parent, with a shorter grace."""
    text = "trap '' TERM; echo up; while :; do sleep 0.05; done"
    with kept(script(tmp_path / "p", text), grace=60.0) as process:
        said(process)
        assert process.stderr is not None
        process.stderr.readline()
        assert process.stdin is not None
        process.stdin.write("words are not the end\n")
        process.stdin.flush()
        process.stdin.close()
        assert said(process) == ("killed", signal.SIGKILL)


async def test_leaves_nothing_behind(tmp_path: Path) -> None:
    """What a program started in another session ends with it."""
    inner = script(tmp_path / "inner", "trap '' TERM; while :; do sleep 0.05; done")
    outer = script(tmp_path / "outer", f"setsid {inner} & sleep 0.3; exit 0")
    with kept(outer) as process:
        said(process)
        await until(lambda: processes_about(inner))
        assert said(process) == ("exited", 0)
        assert not processes_about(inner)


async def test_dies_with_a_killed_keeper(tmp_path: Path) -> None:
    """The kernel kills the program when the keeper cannot any more."""
    program = script(tmp_path / "p", "while :; do sleep 0.05; done")
    with kept(program) as process:
        _, pid = said(process)
        process.kill()
        await until(
            lambda: not [p for p in all_processes() if p.pid == pid and p.state != "Z"]
        )


def test_a_parent_that_does_not_listen(tmp_path: Path) -> None:
    """Nobody reads what it tells, and it keeps its program nevertheless."""
    marker = tmp_path / "done"
    program = script(tmp_path / "p", f"sleep 0.2; touch {marker}")
    with kept(program) as process:
        assert process.stdout is not None
        process.stdout.close()
        assert process.wait(10) == 0
    assert marker.exists()


@pytest.mark.parametrize(
    ("now", "score"), [("0\n", 800), ("-900", 800), ("900", None), ("", None)]
)
def test_score(now: str, score: int | None) -> None:
    """The score is never lowered, which would not be allowed either."""
    assert keeper.oom_score(now) == score


@pytest.mark.parametrize(
    ("stat", "parent"),
    [
        ("7 (cat) S 3 7 7 0", 3),
        ("7 (a) b) R 99 (c) R 5 7", 5),
        ("7 (", 0),
        ("", 0),
        ("7 (cat) S x", 0),
    ],
)
def test_parent(stat: str, parent: int) -> None:
    """A process's name may look like the rest of the line."""
    assert keeper.parent_in(stat) == parent


def test_lost() -> None:
    """A program that SIGKILL does not end is told of as well."""
    assert keeper.told_end(None) == "lost"


def test_what_the_child_does() -> None:
    """Whatever the program is, the process is polite by then."""
    *start, script_file = keeper_command()
    parts = str(Path(__file__).with_name("keeper_parts.py"))
    done = subprocess.run(
        [*start, parts, script_file],
        capture_output=True,
        check=True,
        cwd=ROOT,
        text=True,
    )
    polite, refused = done.stderr.splitlines()
    assert polite.split() == [str(os.nice(0) + keeper.NICE), "0"]
    # A system that knows nothing of this is no reason not to run.
    assert refused == "still here"


def test_without_the_kernels_help(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    """Systems without prctl and /proc get the rest."""
    monkeypatch.setitem(sys.modules, "ctypes", None)
    keeper.prctl(keeper.PR_SET_CHILD_SUBREAPER, 0)
    keeper.write_file(str(tmp_path / "no" / "file"), "1")
    monkeypatch.setattr(os, "listdir", lambda _: (_ for _ in ()).throw(OSError))
    assert keeper.own_children() == []


def test_is_small(tmp_path: Path) -> None:
    """The keeper costs little memory that is not shared with Home Assistant's."""
    asked = script(tmp_path / "p", "grep -E '^(Rss|Private)' /proc/$PPID/smaps_rollup")
    with subprocess.Popen(
        [sys.executable, "-I", "-S", keeper.__file__, "1", "1", str(asked)],
        stderr=subprocess.PIPE,
        stdin=subprocess.PIPE,
        text=True,
    ) as process:
        assert process.stderr is not None
        sizes = {
            line.split()[0]: int(line.split()[1]) for line in process.stderr if line
        }
    # In KiB; measured are 14 MB, of which 5 MB were written to.
    assert 0 < sizes["Private_Dirty:"] < 8 << 10
    assert sizes["Rss:"] < 24 << 10
