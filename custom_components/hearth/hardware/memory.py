"""How much memory the machine, this process's container and a process have."""

from dataclasses import dataclass
from os import sysconf
from pathlib import Path

from .kernel_files import control_groups, number_of, pairs_of, text_of, whole

_ROOT = Path("/")
_KIB = 1024


@dataclass(frozen=True, slots=True, kw_only=True)
class Memory:
    """Memory in bytes, None where the system does not say.

    Args:
        total: All that this process may ever use.
        available: What can be taken now without swapping.
    """

    total: int | None
    available: int | None


def read_memory(root: Path = _ROOT) -> Memory:
    """Return the memory of the machine, or of the container where that is less.

    Never raises. Swap does not count: a model that is swapped is too slow to use.
    """
    machine = pairs_of(root / "proc/meminfo", ":")
    totals = [machine[name] * _KIB for name in ("MemTotal",) if name in machine]
    available = [machine[n] * _KIB for n in ("MemAvailable",) if n in machine]
    for folder in control_groups(root, "memory"):
        limit = _limit(folder)
        # Where there is no limit, the old version says a number larger than any
        # machine's memory.
        if limit is None or (totals and limit >= totals[0]):
            continue
        totals.append(limit)
        if (used := _used(folder)) is not None:
            available.append(max(limit - used, 0))
    total = min(totals, default=None)
    if total is not None and available:
        available.append(total)
    return Memory(total=total, available=min(available, default=None))


def _limit(folder: Path) -> int | None:
    """Return the limit of a control group of either version, None for none."""
    limits = (
        number_of(folder / "memory.max"),
        number_of(folder / "memory.high"),
        number_of(folder / "memory.limit_in_bytes"),
    )
    return min((limit for limit in limits if limit is not None), default=None)


def _used(folder: Path) -> int | None:
    """Return what a control group uses, without files that are only kept in case."""
    used = number_of(folder / "memory.current")
    if used is None:
        used = number_of(folder / "memory.usage_in_bytes")
    if used is None:
        return None
    details = pairs_of(folder / "memory.stat")
    # The old version's plain numbers leave out the groups below.
    idle = details.get("total_inactive_file", details.get("inactive_file", 0))
    return max(used - idle, 0)


def process_memory(pid: int, root: Path = _ROOT) -> int | None:
    """Return the bytes that a process really has in memory; None when it is gone.

    Memory that several processes share counts in part for each of them, where the
    kernel says how much that is; a model's file that is mapped counts as far as it
    was read. Never raises.
    """
    folder = root / "proc" / str(pid)
    if share := pairs_of(folder / "smaps_rollup", ":").get("Pss"):
        return share * _KIB
    words = text_of(folder / "statm").split()
    pages = whole(words[1]) if len(words) > 1 else None
    return pages * sysconf("SC_PAGE_SIZE") if pages else None
