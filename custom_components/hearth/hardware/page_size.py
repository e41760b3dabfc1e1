"""How large the pages of memory are: 16 KiB with Raspberry Pi 5's usual kernel."""

from pathlib import Path
import struct

from .kernel_files import bytes_of

# The entry of the auxiliary vector with the page size, getauxval(3).
_AT_PAGESZ = 6
_SMALLEST, _LARGEST = 2**12, 2**20


def read_page_size(root: Path) -> int | None:
    """Return the bytes of a page, None where unknown; never raises.

    The auxiliary vector of a process is pairs of machine words, of 64 bits where
    the process has that many, and else of 32.
    """
    vector = bytes_of(root / "proc/self/auxv")
    for layout in ("=QQ", "=II"):
        whole = len(vector) - len(vector) % struct.calcsize(layout)
        for kind, value in struct.iter_unpack(layout, vector[:whole]):
            if kind == _AT_PAGESZ and _plausible(value):
                return int(value)
    return None


def _plausible(size: int) -> bool:
    """Return whether a number can be a page size."""
    return _SMALLEST <= size <= _LARGEST and size.bit_count() == 1
