"""Copies of what was read for other prompts, in the host's memory."""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import takewhile
from operator import eq
from typing import TYPE_CHECKING

from .context import State

if TYPE_CHECKING:
    from .reading import Checkpoint


@dataclass(frozen=True, slots=True, eq=False)
class Stored:
    """A copy of the whole context; its size is in bytes."""

    tokens: tuple[int, ...]
    state: State
    checkpoints: tuple[Checkpoint, ...]
    size: int


def shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens are the same at the beginning."""
    return sum(takewhile(bool, map(eq, one, other, strict=False)))


class Shelf:
    """As many copies as fit; the one that was used longest ago goes first."""

    def __init__(self, limit: int) -> None:
        """Start empty; the limit is in bytes."""
        self.limit = limit
        self._copies: list[Stored] = []

    def best(self, prompt: Sequence[int], least: int) -> Stored | None:
        """Return the copy that has most in common with a prompt.

        Args:
            prompt: The prompt.
            least: Tokens that are too few to be worth it.
        """
        found = max(
            self._copies, key=lambda copy: shared(copy.tokens, prompt), default=None
        )
        if found is None or shared(found.tokens, prompt) <= least:
            return None
        return found

    def make_room(self, size: int, tokens: Sequence[int]) -> bool:
        """Make room for a copy; return whether there is any.

        A copy that is the beginning of this one says nothing any more.
        """
        self._copies = [
            copy
            for copy in self._copies
            if shared(copy.tokens, tokens) < len(copy.tokens)
        ]
        if size > self.limit:
            return False
        while sum(copy.size for copy in self._copies) + size > self.limit:
            del self._copies[0]
        return True

    def put(self, copy: Stored) -> None:
        """Keep a copy that room was made for."""
        self._copies.append(copy)

    def take(self, copy: Stored) -> None:
        """Let go of a copy."""
        if copy in self._copies:
            self._copies.remove(copy)
