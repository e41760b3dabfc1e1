"""How many threads can compute at once without getting in each other's way."""

from collections.abc import Collection
import os
from pathlib import Path

from .kernel_files import control_groups, number_of, text_of, whole

_ROOT = Path("/")


def physical_cores(root: Path = _ROOT, allowed: Collection[int] | None = None) -> int:
    """Return how many cores this process may use; at least 1, never raises.

    Two threads of one core share what computes, so that a second one makes
    inference slower. A core that is fast counts as much as one that is not.

    Args:
        root: Where the file system begins.
        allowed: Numbers of the processors that may be used; by default those that
            this process may use.
    """
    if allowed is None:
        allowed = _allowed()
    cores = _from_topology(root, allowed) or _from_cpuinfo(root, allowed)
    cores = cores or len(allowed)
    quota = _quota(root)
    return max(1, cores if quota is None else min(cores, quota))


def usable_processors(
    root: Path = _ROOT, allowed: Collection[int] | None = None
) -> int:
    """Return how many processors this process may use, threads of one core each.

    The arguments are those of ``physical_cores``; at least 1, never raises.
    """
    processors = len(_allowed() if allowed is None else allowed)
    quota = _quota(root)
    return max(1, processors if quota is None else min(processors, quota))


def _allowed() -> Collection[int]:
    """Return the processors that this process may use."""
    try:
        return os.sched_getaffinity(0)
    except AttributeError, OSError:
        # There is no such thing on macOS.
        return range(os.cpu_count() or 1)


def _from_topology(root: Path, allowed: Collection[int]) -> int:
    """Count the groups of processors that are one core; 0 where unknown."""
    cores = set()
    for processor in allowed:
        folder = root / f"sys/devices/system/cpu/cpu{processor}/topology"
        if siblings := text_of(folder / "thread_siblings_list").strip():
            cores.add(siblings)
    return len(cores)


def _from_cpuinfo(root: Path, allowed: Collection[int]) -> int:
    """Count the cores in the kernel's description; 0 where there are none."""
    cores = set()
    for block in text_of(root / "proc/cpuinfo").split("\n\n"):
        lines = (line.partition(":") for line in block.splitlines())
        facts = {name.strip(): value.strip() for name, _, value in lines}
        processor = facts.get("processor", "")
        if whole(processor) in allowed:
            # ARM's kernels say nothing of cores, and its processors are cores.
            core = facts.get("core id", processor)
            cores.add((facts.get("physical id"), core))
    return len(cores)


def _quota(root: Path) -> int | None:
    """Return how many whole processors' time the control groups allow.

    A part of one is left out: threads that wait for one that was stopped for
    having used up its time all lose it.
    """
    quotas = []
    for folder in control_groups(root, "cpu"):
        quota, period = _new_quota(folder) or _old_quota(folder)
        if quota is not None and period:
            quotas.append(quota // period)
    return min(quotas, default=None)


def _new_quota(folder: Path) -> tuple[int | None, int | None] | None:
    """Return the time in microseconds and of how much; None where there is none."""
    words = text_of(folder / "cpu.max").split()
    return (whole(words[0]), whole(words[1])) if len(words) == 2 else None


def _old_quota(folder: Path) -> tuple[int | None, int | None]:
    """Return the same from the files of the old version; -1 there is no limit."""
    return (
        number_of(folder / "cpu.cfs_quota_us"),
        number_of(folder / "cpu.cfs_period_us"),
    )
