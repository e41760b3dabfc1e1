"""The folder and the key of an engine of our own, which nobody else may read."""

from contextlib import suppress
import os
from pathlib import Path
import secrets
import stat

KEY_FILE = "api_key"


def private_folder(folder: Path) -> None:
    """Make a folder that only this user can look into; raises OSError."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    about = folder.lstat()
    if not stat.S_ISDIR(about.st_mode) or about.st_uid != os.geteuid():
        raise PermissionError(f"{folder} is not a folder of this user")
    folder.chmod(0o700)


def write_key(folder: Path) -> tuple[Path, str]:
    """Write a new random key; return its file and itself; raises OSError.

    What lay there before is removed, not written to: it may be a link.
    """
    key, path = secrets.token_urlsafe(32), folder / KEY_FILE
    path.unlink(missing_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_EXCL | os.O_NOFOLLOW | os.O_CLOEXEC
    descriptor = os.open(path, flags, 0o600)
    with os.fdopen(descriptor, "w", encoding="ascii") as file:
        # Whatever the umask took away or left.
        os.fchmod(descriptor, 0o600)
        file.write(f"{key}\n")
    return path, key


def remove_key(folder: Path) -> None:
    """Remove the key of an engine that has ended."""
    with suppress(OSError):
        (folder / KEY_FILE).unlink()
