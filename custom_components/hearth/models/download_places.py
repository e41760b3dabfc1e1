"""Where model files lie, which of them are there already, and how much room is left.

Everything here but the names of places blocks and belongs into a thread.
"""

from contextlib import suppress
import hashlib
import os
from pathlib import Path
import re
import shutil
import stat

from .download_base import DiskFull, Unwritable
from .hub_base import RemoteFile, RemoteModel
from .hub_reference import check_file, check_repository

SHA256 = re.compile(r"[0-9a-f]{64}")
_HASH_BLOCK = 1 << 20
# A sum and a name; what is longer is none of ours.
_LONGEST_SUM = 1024


def check_model(model: RemoteModel) -> None:
    """Raise ValueError unless a model can be downloaded as it is described."""
    names = {file.name.lower() for file in model.files}
    if not names or len(names) < len(model.files):
        raise ValueError("The model has no files, or one of them twice")
    for file in model.files:
        if not SHA256.fullmatch(file.sha256) or file.size <= 0:
            raise ValueError("A file without a size or a checksum cannot be checked")


def place(folder: Path, model: RemoteModel, file: RemoteFile) -> Path:
    """Return where a file of a model lies; raises ValueError for unsafe names."""
    return folder / check_repository(model.repository) / check_file(file.name)


def part_place(final: Path, sha256: str) -> Path:
    """Return where the part of a file lies: beside it, marked with its sum."""
    return final.with_name(f"{final.name}.{sha256[:16]}.part")


def sum_place(final: Path) -> Path:
    """Return where a file's sum lies, in the form that sha256sum reads."""
    return final.with_name(f"{final.name}.sha256")


def note_place(final: Path) -> Path:
    """Return where it lies what is noted of a model, beside its first file."""
    return final.with_name(f"{final.name}.json")


def make_folder(folder: Path, final: Path) -> None:
    """Make the folder that a file goes to.

    Below the folder for models nothing may be a link: it would lead out of it.
    Raises Unwritable where the folder cannot be made.
    """
    try:
        folder.mkdir(parents=True, exist_ok=True)
        step = folder
        for name in final.parent.relative_to(folder).parts:
            step /= name
            step.mkdir(exist_ok=True)
            if not stat.S_ISDIR(step.lstat().st_mode):
                raise Unwritable(f"{step} is not a plain folder")
        if os.path.lexists(final) and not stat.S_ISREG(final.lstat().st_mode):
            raise Unwritable(f"{final} is not a plain file")
    except OSError as err:
        raise Unwritable(f"{folder} cannot be written: {err.strerror}") from err


def free_bytes(folder: Path) -> int:
    """Return the bytes that are free on the disk of a folder, or of what it will be in."""
    while not folder.exists() and folder != folder.parent:
        folder = folder.parent
    return shutil.disk_usage(folder).free


def check_room(
    folder: Path, missing: list[tuple[RemoteFile, Path]], reserve: int, promised: int
) -> None:
    """Raise DiskFull unless there is room for files that are missing.

    Args:
        folder: Where models go.
        missing: The files, and where each will lie.
        reserve: Bytes that are to stay free.
        promised: Bytes that other downloads will take.
    """
    needed = sum(
        max(0, file.size - length_of(part_place(final, file.sha256)))
        for file, final in missing
    )
    free = max(0, free_bytes(folder) - promised)
    if needed and needed + reserve > free:
        raise DiskFull(
            f"There is not enough room: {_readable(needed)} are to come and"
            f" {_readable(reserve)} have to stay free, but only"
            f" {_readable(free)} are there",
            needed=needed + reserve,
            free=free,
        )


def _readable(count: int) -> str:
    """Return bytes as people say them."""
    if count >= 1e9:
        return f"{count / 1e9:.1f} GB"
    return f"{count / 1e6:.0f} MB"


def length_of(path: Path) -> int:
    """Return how many bytes a file has; none where it is no file."""
    try:
        found = path.lstat()
    except OSError:
        return 0
    return found.st_size if stat.S_ISREG(found.st_mode) else 0


def sum_is_known(final: Path, size: int, sha256: str) -> bool:
    """Return whether a file is there and its sum was found right before.

    A sum older than the file is another file's.
    """
    try:
        about = sum_place(final).lstat()
        if length_of(final) != size or about.st_mtime_ns < final.lstat().st_mtime_ns:
            return False
        if not stat.S_ISREG(about.st_mode) or about.st_size > _LONGEST_SUM:
            return False
        return sum_place(final).read_bytes() == _sum_line(final, sha256)
    except OSError:
        return False


def write_sum(final: Path, sha256: str) -> None:
    """Note the sum of a file; without the note it is summed up again."""
    with suppress(OSError):
        sum_place(final).unlink(missing_ok=True)
        with sum_place(final).open("xb") as file:
            file.write(_sum_line(final, sha256))


def noted_sum(final: Path) -> str:
    """Return the sum that was noted of a file, empty where there is none."""
    try:
        with sum_place(final).open("rb") as file:
            return file.read(_LONGEST_SUM).decode(errors="replace").partition(" ")[0]
    except OSError:
        return ""


def write_note(final: Path, note: bytes) -> None:
    """Note something of a model; it can be done without."""
    with suppress(OSError):
        note_place(final).unlink(missing_ok=True)
        with note_place(final).open("xb") as file:
            file.write(note)


def _sum_line(final: Path, sha256: str) -> bytes:
    """Return what the note of a sum says."""
    return f"{sha256}  {final.name}\n".encode()


class Summing:
    """The sum of a file that is there, taken in steps that can be given up between."""

    def __init__(self, path: Path) -> None:
        """Begin at the file's begin."""
        self._path = path
        self._hash = hashlib.sha256()
        self._done = 0

    def step(self, limit: int) -> str | None:
        """Sum up so many bytes more; return the sum at the file's end."""
        try:
            with self._path.open("rb", buffering=0) as file:
                file.seek(self._done)
                end = self._done + limit
                while self._done < end:
                    block = file.read(_HASH_BLOCK)
                    if not block:
                        return self._hash.hexdigest()
                    self._hash.update(block)
                    self._done += len(block)
        except OSError as err:
            raise Unwritable(f"{self._path} cannot be read: {err.strerror}") from err
        return None


def sync_folder(folder: Path) -> None:
    """Let a new name survive a power cut, where the file system can."""
    handle = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        with suppress(OSError):
            os.fsync(handle)
    finally:
        os.close(handle)


def remove(final: Path, folder: Path) -> None:
    """Remove a file, what is noted about it, and the folders it leaves empty."""
    with suppress(OSError):
        final.unlink(missing_ok=True)
    with suppress(OSError):
        sum_place(final).unlink(missing_ok=True)
    with suppress(OSError):
        note_place(final).unlink(missing_ok=True)
    remove_empty(final.parent, folder)


def remove_empty(step: Path, folder: Path) -> None:
    """Remove empty folders up to the one for models."""
    with suppress(OSError):
        while step != folder and step.is_relative_to(folder):
            step.rmdir()
            step = step.parent
