"""Slots in files: what was read, with a sum that tells whether all of it is there.

llama.cpp has a format of its own, but aborts the process when a file of it was cut
short, and it leaves out the checkpoints, without which a model with a sliding window
or a recurrent state has to read everything again.

A file is a magic word, the length of a head, the head as JSON, and the copies.
"""

from collections.abc import Sequence
from dataclasses import dataclass
import hashlib
import json
import os
from pathlib import Path
import struct
from typing import Any, BinaryIO

import numpy as np

from .context import State

_MAGIC = b"HEARTH01"
_LENGTH = struct.Struct("<Q")
# Bytes of a head: the tokens of the largest context there is, and then some.
_LONGEST_HEAD = 16 << 20


class NotSaved(Exception):
    """A file that is missing or is no slot of this model."""


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """A copy of what cannot be rolled back, after so many tokens."""

    count: int
    state: State


@dataclass(frozen=True, slots=True)
class Copy:
    """A copy of all that was read."""

    tokens: tuple[int, ...]
    state: State
    checkpoints: tuple[Checkpoint, ...]

    @property
    def size(self) -> int:
        """Return the bytes in memory."""
        return self.state.size + sum(c.state.size for c in self.checkpoints)


def save(path: Path, copy: Copy, model: str) -> int:
    """Write a copy; the file is whole or not there.

    Args:
        path: The file; one that is there is replaced.
        copy: What to write.
        model: What tells the model and its settings apart from others.

    Returns:
        The bytes of the file.

    Raises:
        OSError: It cannot be written.
    """
    states = [copy.state, *(checkpoint.state for checkpoint in copy.checkpoints)]
    head = json.dumps(
        {
            "model": model,
            "tokens": copy.tokens,
            "sizes": [state.size for state in states],
            "counts": [checkpoint.count for checkpoint in copy.checkpoints],
            "sum": _sum_of(copy.tokens, states),
        }
    ).encode()
    part = path.with_name(f"{path.name}.part")
    try:
        with part.open("wb") as file:
            file.write(_MAGIC + _LENGTH.pack(len(head)) + head)
            for state in states:
                file.write(state.data)
            file.flush()
            os.fsync(file.fileno())
            size = file.tell()
        part.replace(path)
    finally:
        part.unlink(missing_ok=True)
    return size


def load(path: Path, model: str) -> tuple[Copy, int]:
    """Read a file that ``save`` wrote; return the copy and the bytes of the file.

    Raises:
        NotSaved: It is missing, cut short, altered, or of another model.
    """
    try:
        with path.open("rb") as file:
            head = _read_head(file)
            if head["model"] != model:
                raise NotSaved("It is of another model")
            tokens = tuple(map(int, head["tokens"]))
            sizes, counts = head["sizes"], head["counts"]
            start, end = file.tell(), os.fstat(file.fileno()).st_size
            if min(sizes) < 0 or start + sum(sizes) != end:
                raise NotSaved("It is cut short")
            states = [np.fromfile(file, np.uint8, size) for size in sizes]
    except (OSError, ValueError, TypeError, KeyError, RecursionError) as err:
        raise NotSaved(f"It cannot be read: {err}") from err
    if head["sum"] != _sum_of(tokens, states):
        raise NotSaved("It was altered")
    checkpoints = tuple(map(Checkpoint, counts, states[1:], strict=True))
    return Copy(tokens, states[0], checkpoints), end


def _read_head(file: BinaryIO) -> dict[str, Any]:
    """Return the head of a file."""
    start = file.read(len(_MAGIC) + _LENGTH.size)
    if len(start) < len(_MAGIC) + _LENGTH.size or not start.startswith(_MAGIC):
        raise NotSaved("It is no saved slot")
    [length] = _LENGTH.unpack(start[len(_MAGIC) :])
    if length > _LONGEST_HEAD:
        raise NotSaved("Its head is too long")
    head = json.loads(file.read(length))
    if not isinstance(head, dict):
        raise NotSaved("Its head is none")
    return head


def _sum_of(tokens: Sequence[int], states: Sequence[State]) -> str:
    """Return the sum over all that is saved."""
    found = hashlib.sha256(json.dumps(list(tokens)).encode())
    for state in states:
        found.update(state.data)
    return found.hexdigest()
