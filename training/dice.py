"""Chance that knows what is to be learned and what is only to be measured with."""

from collections.abc import Sequence
from random import Random
from typing import Self

from .phrases import Phrase, section

# How often a measured sentence's main frame is one that was never learned.
_MAIN = 0.75


class Dice(Random):
    """Random choices, reproducible from a seed.

    Dice for learning never draw what is held out. Dice for measuring prefer it,
    and count in ``unseen`` how often they did. ``drawn`` keeps what was drawn, for
    tests, where it is a list.
    """

    def __init__(self, seed: str | int, *, measuring: bool = False) -> None:
        """Start from a seed."""
        super().__init__(seed)
        self.measuring = measuring
        self.unseen = 0
        self.drawn: list[tuple[str, str, str]] | None = None

    def __new__(cls, seed: str | int, *, measuring: bool = False) -> Self:
        """Leave the options to ``__init__``."""
        return super().__new__(cls, seed)

    def often(self, share: float) -> bool:
        """Return true in this share of cases."""
        return self.random() < share

    def of[T](self, choices: Sequence[T]) -> T:
        """Choose one; faster than :meth:`choice`."""
        return choices[int(self.random() * len(choices))]

    def say(self, name: str, unseen: float = _MAIN) -> str:
        """Draw a phrase of a section and make its choices.

        Args:
            name: The section, as ``file/section``.
            unseen: How often what was never learned is drawn when measuring.
        """
        found = section(name)
        if self.measuring and self.often(unseen) and (found.held or found.partly):
            self.unseen += 1
            if found.held and (not found.partly or self.often(0.7)):
                return self._made(name, self.of(found.held))
            phrase = self.of(found.partly)
            return self._made(name, phrase, self.of(phrase.unseen))
        return self._made(name, self.of(found.learned))

    def word(self, name: str) -> str:
        """Draw a word of a list, as it is written."""
        found = section(name)
        held = self.measuring and found.held and self.often(0.3)
        text = self.of(found.held if held else found.learned).text
        if self.drawn is not None:
            self.drawn.append((name, text, text))
        return text

    def _made(
        self, name: str, phrase: Phrase, forced: tuple[int, str] | None = None
    ) -> str:
        made = [self.of(c) if len(c) > 1 else c[0] for c in phrase.learned]
        if forced is not None:
            made[forced[0]] = forced[1]
        if self.drawn is not None:
            self.drawn.append((name, phrase.text, "".join(made)))
        return "".join(made)
