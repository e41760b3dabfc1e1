"""Where memory goes that is not used for long."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath

from .kernel_files import text_of, whole

_KIB = 1024
_MOST_AREAS = 64


@dataclass(frozen=True, slots=True, kw_only=True)
class Swap:
    """Swap space, in bytes.

    Args:
        total: All of it.
        used: What of that is in use.
        compressed: What of all of it is memory itself, compressed (zram).
    """

    total: int
    used: int
    compressed: int


def read_swap(root: Path) -> Swap | None:
    """Return the swap space, None where the system does not say; never raises."""
    lines = text_of(root / "proc/swaps").splitlines()
    if not lines or not lines[0].startswith("Filename"):
        return None
    total = used = compressed = 0
    for line in lines[1 : _MOST_AREAS + 1]:
        words = line.split()
        if len(words) < 4:
            continue
        size, taken = whole(words[2]), whole(words[3])
        if size is None or taken is None:
            continue
        total += size * _KIB
        used += taken * _KIB
        if PurePosixPath(words[0]).name.startswith("zram"):
            compressed += size * _KIB
    return Swap(total=total, used=used, compressed=compressed)
