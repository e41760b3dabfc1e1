"""Reading about processes in /proc, where the system has one."""

from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
import os
from pathlib import Path
import signal

PROC = Path("/proc")

# Zombies, and what is about to vanish.
_DEAD = frozenset({"X", "Z"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Stat:
    """What ``/proc/PID/stat`` says about a process."""

    pid: int
    state: str
    parent: int
    group: int
    session: int


def read_stat(text: str) -> Stat | None:
    """Read a ``stat`` file; None where it is none.

    The name, which stands in parentheses, may contain any character.
    """
    head, _, tail = text.rpartition(")")
    fields = tail.split()
    try:
        return Stat(
            pid=int(head.partition(" ")[0]),
            state=fields[0],
            parent=int(fields[1]),
            group=int(fields[2]),
            session=int(fields[3]),
        )
    except ValueError, IndexError:
        return None


def all_processes(proc: Path = PROC) -> Iterator[Stat]:
    """Yield every process that there is now; none on systems without /proc."""
    with suppress(OSError):
        for entry in proc.iterdir():
            if entry.name.isdigit():
                with suppress(OSError):
                    text = (entry / "stat").read_text(errors="replace")
                    if (found := read_stat(text)) is not None:
                        yield found


def kill_session(session: int, proc: Path = PROC) -> int:
    """Kill all processes of a session; return how many there still were.

    The system gives a number to no other process while somebody is in its session.
    """
    found = [
        process.pid
        for process in list(all_processes(proc))
        if process.session == session and process.state not in _DEAD
    ]
    for pid in found:
        with suppress(OSError):
            os.kill(pid, signal.SIGKILL)
    return len(found)


def memory_of_group(group: int, proc: Path = PROC) -> int | None:
    """Return the bytes that a group of processes really uses.

    A page that several processes share counts for each by its part, so that
    libraries count hardly, and the mapped weights as far as they are in memory.
    None where the system does not tell.
    """
    found = [
        memory
        for process in list(all_processes(proc))
        if process.group == group and (memory := _memory(proc, process.pid))
    ]
    return sum(found) if found else None


def _memory(proc: Path, pid: int) -> int | None:
    """Return a process's proportional share of memory in bytes."""
    with suppress(OSError, ValueError, IndexError):
        for line in (proc / str(pid) / "smaps_rollup").read_text().splitlines():
            if line.startswith("Pss:"):
                return int(line.split()[1]) << 10
    return None
