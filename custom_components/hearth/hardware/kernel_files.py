"""The small files in which Linux tells about the machine and its control groups."""

from collections.abc import Iterator
from pathlib import Path, PurePosixPath

_LARGEST = 2**20


def text_of(path: Path) -> str:
    """Return what a file of the kernel says, nothing where it cannot be read."""
    try:
        with path.open("rb") as file:
            return file.read(_LARGEST).decode(errors="replace")
    except OSError, ValueError:
        # A process that ends in the meantime has files that open and do not read.
        return ""


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
    for line in text_of(root / "proc/self/cgroup").splitlines():
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
    group = PurePosixPath(name.strip().lstrip("/"))
    if ".." not in group.parts:
        for folder in (group, *group.parents):
            if folder.parts:
                yield top / folder
    yield top
