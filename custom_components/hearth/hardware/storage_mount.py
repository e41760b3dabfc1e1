"""Which file system holds a folder."""

from dataclasses import dataclass
from pathlib import Path, PurePosixPath
import re

from .kernel_files import name_in, text_of

_MOST_MOUNTS = 4096
# Spaces and such in names are written as three octal digits, proc_pid_mountinfo(5).
_ESCAPE = re.compile(r"\\([0-3][0-7]{2})")


@dataclass(frozen=True, slots=True, kw_only=True)
class Mount:
    """A line of mountinfo.

    Args:
        device: Its numbers as folders below ``/sys/dev/block`` are named, ``259:2``.
        point: Where it is mounted.
        filesystem: Its type, ``ext4``.
        source: What is mounted, ``/dev/nvme0n1p2``.
        read_only: Whether nothing can be written.
    """

    device: str
    point: PurePosixPath
    filesystem: str
    source: str
    read_only: bool


def mount_of(root: Path, folder: PurePosixPath) -> Mount | None:
    """Return what holds a folder, None where unknown; never raises."""
    found: Mount | None = None
    lines = text_of(root / "proc/self/mountinfo").splitlines()
    for line in lines[:_MOST_MOUNTS]:
        mount = _parse(line)
        if mount is None or not folder.is_relative_to(mount.point):
            continue
        # Of two at the same point, the later one hides the earlier.
        if found is None or len(mount.point.parts) >= len(found.point.parts):
            found = mount
    return found


def _parse(line: str) -> Mount | None:
    """Return what a line says, None for one of another form."""
    here, separator, there = line.partition(" - ")
    first, last = here.split(" "), there.split(" ")
    if not separator or len(first) < 6 or len(last) < 3:
        return None
    device, point = first[2], _unescaped(first[4])
    if not re.fullmatch(r"\d{1,10}:\d{1,10}", device, re.ASCII) or point[:1] != "/":
        return None
    options = {*first[5].split(","), *last[2].split(",")}
    return Mount(
        device=device,
        point=PurePosixPath(point),
        filesystem=name_in(last[0]) or "",
        source=_unescaped(last[1]),
        read_only="ro" in options,
    )


def _unescaped(name: str) -> str:
    """Return a name with the characters that mountinfo writes as numbers."""
    return _ESCAPE.sub(lambda match: chr(int(match[1], 8)), name)
