"""Phrases from the text files, split into those to learn and those to measure with.

A line holds phrases separated by semicolons; ``(a|b)`` in a phrase is a choice.
One phrase in ten is held out, by a hash of its text; of the phrases that are
learned some choices are held out, too. A plus sign keeps a phrase from it.
"""

from dataclasses import dataclass
from functools import cache
from pathlib import Path
import re
from zlib import crc32

TEXT = Path(__file__).with_name("text")
# Percentages of phrases, and of choices within a phrase, that are held out.
_HELD, _HELD_CHOICES = 10, 8
# A section of fewer phrases has none that is held out, of more at least one.
_FEW, _ENOUGH = 4, 5
# Of fewer choices none is held out.
_MANY_CHOICES = 4
_CHOICE = re.compile(r"\(([^()]*\|[^()]*)\)")

type Choices = tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Phrase:
    """A phrase: its choices one after the other, those to learn and those held out."""

    text: str
    learned: tuple[Choices, ...]
    unseen: tuple[tuple[int, str], ...]
    common: bool = False

    @classmethod
    def of(cls, text: str) -> Phrase:
        """Read a phrase."""
        common = text.startswith("+")
        text = text.removeprefix("+")
        parts = [tuple(part.split("|")) for part in _CHOICE.split(text)]
        learned, unseen = [], []
        for place, choices in enumerate(parts):
            held = [
                choice
                for choice in choices
                if len(choices) >= _MANY_CHOICES
                and choice
                and _percent(f"{text}/{choice}") < _HELD_CHOICES
            ]
            learned.append(tuple(c for c in choices if c not in held))
            unseen += [(place, choice) for choice in held]
        return cls(text, tuple(learned), tuple(unseen), common)

    @property
    def percent(self) -> int:
        """Return where the phrase lies between 0 and 99, by its text."""
        return _percent(self.text)


@dataclass(frozen=True, slots=True)
class Section:
    """The phrases of one purpose; ``partly`` are learned ones with unseen choices."""

    learned: tuple[Phrase, ...]
    held: tuple[Phrase, ...]
    partly: tuple[Phrase, ...]

    @classmethod
    def of(cls, phrases: list[Phrase]) -> Section:
        """Split phrases into learned and held-out ones."""
        may = [phrase for phrase in phrases if not phrase.common]
        held = {phrase.text for phrase in may if phrase.percent < _HELD}
        if len(phrases) < _FEW:
            held = set()
        if not held and len(may) >= _ENOUGH:
            held = {min(may, key=lambda phrase: (phrase.percent, phrase.text)).text}
        learned = tuple(p for p in phrases if p.text not in held)
        return cls(
            tuple(p for p in learned for _ in range(3 if p.common else 1)),
            tuple(phrase for phrase in phrases if phrase.text in held),
            tuple(phrase for phrase in learned if phrase.unseen),
        )


def _percent(text: str) -> int:
    return crc32(text.casefold().encode()) % 100


@cache
def raw(file: str) -> dict[str, list[str]]:
    """Return the phrases of a text file as they are written, by section."""
    sections: dict[str, list[str]] = {}
    found: list[str] = []
    for line in (TEXT / f"{file}.txt").read_text().splitlines():
        if line.startswith("["):
            found = sections.setdefault(line.strip("[]"), [])
        elif line.strip() and not line.startswith("#"):
            found += [part.strip() for part in line.split(";") if part.strip()]
    return sections


@cache
def section(name: str) -> Section:
    """Return a section by ``file/name``."""
    file, _, inside = name.partition("/")
    return Section.of([Phrase.of(text) for text in raw(file)[inside]])


def exists(name: str) -> bool:
    """Return whether there is such a section."""
    file, _, inside = name.partition("/")
    return inside in raw(file)
