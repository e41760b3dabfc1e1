"""Copies of what was read for other prompts, in the host's memory."""

from collections.abc import Sequence
from itertools import takewhile
from operator import eq

from .saved import Copy


def shared(one: Sequence[int], other: Sequence[int]) -> int:
    """Return how many tokens are the same at the beginning."""
    return sum(takewhile(bool, map(eq, one, other, strict=False)))


class Shelf:
    """As many copies as fit; the one that was put there longest ago goes first."""

    def __init__(self, limit: int) -> None:
        """Start empty; the limit is in bytes."""
        self.limit = limit
        self._copies: list[Copy] = []

    def take(self, prompt: Sequence[int], least: int) -> Copy | None:
        """Take the copy that has most in common with a prompt from the shelf.

        Args:
            prompt: The prompt.
            least: Tokens that are too few to be worth it.
        """
        found, common = None, least
        for copy in self._copies:
            if (count := shared(copy.tokens, prompt)) > common:
                found, common = copy, count
        self._copies = [copy for copy in self._copies if copy is not found]
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

    def put(self, copy: Copy) -> None:
        """Keep a copy that room was made for."""
        self._copies.append(copy)
