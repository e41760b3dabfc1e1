"""Prompts that an engine has read, as files: whole ones of this model, and not many.

Each is written by the engine and has a note beside it, written afterwards, without
which it does not count. llama.cpp aborts when it is given a file that was cut short,
so a file is compared with its note before the engine sees it.
"""

from contextlib import suppress
from dataclasses import asdict, dataclass
import hashlib
import json
import os
from pathlib import Path
import shutil

from .faults import ProtocolError
from .values import count, parse_object, text

# The prompts of a few agents; a thousand tokens are 112 MiB with Qwen3 0.6B and
# Llama 3.2 3B alike.
MOST_FILES = 4
MOST_BYTES = 1 << 30
# Bytes that the disk is left with; Home Assistant's database needs room to grow.
LEAST_FREE = 2 << 30

_NOTE = ".note"
_USELESS = ".useless"
_LONGEST_NOTE = 4096


@dataclass(frozen=True, slots=True)
class _Note:
    """What is known of a file: the tokens in it, its bytes, and their sum."""

    tokens: int
    size: int
    sum: str


class KeptFiles:
    """The files of one model in a folder; all methods read or write the disk.

    Args:
        folder: Where they are; nothing else is in it.
        model: What the names of this model's files begin with.
    """

    def __init__(self, folder: Path, model: str) -> None:
        """Touch nothing yet."""
        self._folder = folder
        self._model = model
        self._useless = folder / f"{model}{_USELESS}"

    def name(self, prompt: str) -> str:
        """Return the name of the file for a prompt."""
        return f"{self._model}-{prompt}"

    def has(self, prompt: str) -> bool:
        """Return whether there is a file for a prompt, as far as can be seen."""
        return self._note_path(prompt).is_file()

    def check(self, prompt: str) -> int | None:
        """Return the tokens in a file that is whole, None where there is none."""
        path = self._folder / self.name(prompt)
        try:
            note = _read(self._note_path(prompt))
            if note == _note_of(path, note.tokens):
                os.utime(path)
                return note.tokens
        except OSError, ProtocolError:
            pass
        self.drop(prompt)
        return None

    def seal(self, prompt: str, tokens: int) -> None:
        """Let a file count from now on, and make room; raises OSError."""
        note = _note_of(self._folder / self.name(prompt), tokens)
        self._note_path(prompt).write_text(json.dumps(asdict(note)), encoding="ascii")
        self._tidy()

    def drop(self, prompt: str) -> None:
        """Remove a file."""
        for path in (self._note_path(prompt), self._folder / self.name(prompt)):
            with suppress(OSError):
                path.unlink()

    def give_up(self) -> None:
        """Remember that this model gains nothing by its files, and remove them."""
        with suppress(OSError):
            self._useless.touch()
        self._tidy()

    def is_wanted(self) -> bool:
        """Return whether another file is worth it, and has room."""
        if self._useless.exists():
            return False
        try:
            return shutil.disk_usage(self._folder).free >= LEAST_FREE
        except OSError:
            return False

    def _note_path(self, prompt: str) -> Path:
        """Return the path of a file's note."""
        return self._folder / f"{self.name(prompt)}{_NOTE}"

    def _tidy(self) -> None:
        """Remove what is of other models, without a note, too old or too much."""
        whole = {}
        for note in self._folder.glob(f"{self._model}-*{_NOTE}"):
            path = note.with_suffix("")
            with suppress(OSError):
                whole[path] = path.stat()
        kept, size = {self._useless}, 0
        newest = sorted(whole, key=lambda path: whole[path].st_mtime_ns, reverse=True)
        for path in [] if self._useless.exists() else newest[:MOST_FILES]:
            size += whole[path].st_size
            if size <= MOST_BYTES:
                kept |= {path, path.with_name(f"{path.name}{_NOTE}")}
        for path in set(self._folder.iterdir()) - kept:
            with suppress(OSError):
                path.unlink()


def _read(path: Path) -> _Note:
    """Read a note; raises OSError or ProtocolError."""
    with path.open("rb") as file:
        found = parse_object(file.read(_LONGEST_NOTE))
    tokens, size = count(found, "tokens"), count(found, "size")
    return _Note(tokens or 0, size or 0, text(found, "sum"))


def _note_of(path: Path, tokens: int) -> _Note:
    """Return the note for a file as it is now; raises OSError."""
    with path.open("rb") as file:
        found = hashlib.file_digest(file, "sha256").hexdigest()
        return _Note(tokens, os.fstat(file.fileno()).st_size, found)
