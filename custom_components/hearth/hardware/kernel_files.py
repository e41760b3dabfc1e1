"""The small files in which Linux tells about the machine and its control groups."""

from collections.abc import Iterator
from itertools import islice
import os
from pathlib import Path, PurePosixPath

_LARGEST = 2**20
# Entries of a folder that are looked at; a large machine has some hundred of a kind.
_MOST_ENTRIES = 1024
# A name for people, of a board or a disk.
_LONGEST_NAME = 100
# The old version has a line for each of a dozen hierarchies.
_MOST_HIERARCHIES = 64
# Linux's PATH_MAX, and more groups within groups than anybody has.
_LONGEST_PATH = 4096
_DEEPEST_GROUP = 64


def bytes_of(path: Path) -> bytes:
    """Return what a file of the kernel holds, nothing where it cannot be read.

    At most 1 MiB, and never waiting: what is a pipe instead of a file is empty.
    """
    try:
        with open(path, "rb", opener=_open_at_once) as file:
            return file.read(_LARGEST) or b""
    except OSError, ValueError:
        # A process that ends in the meantime has files that open and do not read.
        return b""


def _open_at_once(path: str, flags: int) -> int:
    """Open a file without waiting for anybody at the other end."""
    return os.open(path, flags | os.O_NONBLOCK)


def text_of(path: Path) -> str:
    """Return what a file of the kernel says, nothing where it cannot be read."""
    return bytes_of(path).decode(errors="replace")


def strings_of(path: Path) -> tuple[str, ...]:
    """Return the texts of a file that ends each with a zero byte, or with a line."""
    texts = text_of(path).replace("\n", "\0").split("\0")
    return tuple(name for text in texts if (name := name_in(text)))


def name_of(path: Path) -> str | None:
    """Return the name that a file says in its first line, None where there is none."""
    return next(iter(strings_of(path)), None)


def name_in(text: str) -> str | None:
    """Return a text as people may read it: one line of 100 characters at most."""
    text = text[: 4 * _LONGEST_NAME].replace("\N{REPLACEMENT CHARACTER}", " ")
    words = "".join(c if c.isprintable() else " " for c in text).split()
    return " ".join(words)[:_LONGEST_NAME].strip() or None


def entries(folder: Path, prefix: str = "") -> list[Path]:
    """Return what lies in a folder by name, numbers in their order; never raises."""
    try:
        with os.scandir(folder) as found:
            names = (entry.name for entry in found)
            wanted = (name for name in names if name.startswith(prefix))
            first = list(islice(wanted, _MOST_ENTRIES))
    except OSError, ValueError:
        return []
    return [folder / name for name in sorted(first, key=lambda n: (len(n), n))]


def resolved(path: Path) -> Path | None:
    """Return where a path leads to, None where it leads nowhere; never raises."""
    try:
        return path.resolve(strict=True)
    except OSError, ValueError, RuntimeError:
        return None


def number_of(path: Path) -> int | None:
    """Return the one number that a file holds, None for anything else."""
    return whole(text_of(path).strip())


def whole(text: str) -> int | None:
    """Return a whole number that is not below 0, None for anything else."""
    # Sixty-four bits have 20 digits.
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 20 else None


def pairs_of(path: Path, separator: str | None = None) -> dict[str, int]:
    """Return the numbers of a file with a name and a number in each line."""
    pairs = {}
    for line in text_of(path).splitlines():
        name, _, rest = line.partition(separator or " ")
        words = rest.split()
        if words and (value := whole(words[0])) is not None:
            pairs[name.strip()] = value
    return pairs


def control_groups(root: Path, controller: str) -> Iterator[Path]:
    """Return the folders of this process's control groups, the innermost first.

    A limit of any of them holds. Folders may be missing: a container often sees
    its own group at the top, under a name that is another outside.

    Args:
        root: Where the file system begins.
        controller: Which of the old version's hierarchies, ``memory`` or ``cpu``;
            the new version has one for all.
    """
    mounted = root / "sys/fs/cgroup"
    lines = text_of(root / "proc/self/cgroup").splitlines()
    for line in lines[:_MOST_HIERARCHIES]:
        number, _, rest = line.partition(":")
        names, _, name = rest.partition(":")
        if number == "0" and not names:
            # Where both versions are in use, limits are in the old one's folders.
            yield from _upwards(mounted, name)
        elif controller in names.split(","):
            for hierarchy in dict.fromkeys((controller, names)):
                yield from _upwards(mounted / hierarchy, name)


def _upwards(top: Path, name: str) -> Iterator[Path]:
    """Return a group's folder and those above it."""
    whole_name = PurePosixPath(name.strip().lstrip("/")[:_LONGEST_PATH])
    group = PurePosixPath(*whole_name.parts[:_DEEPEST_GROUP])
    if ".." not in group.parts:
        for folder in (group, *group.parents):
            if folder.parts:
                yield top / folder
    yield top
