"""Words that homes are made of: what a thing or a place is called, and what else."""

from dataclasses import dataclass
from functools import cache

from .dice import Dice
from .phrases import raw

LANGUAGES = ("German", "French", "Spanish", "Dutch")
_SYLLABLES = (
    "ba be bi bo bra bri cal cor da del dor dra el en fa fen fi flo ga gor gri ha hel "
    "hol in jo ka kel kir kra la len lo lum ma mel mi mor na nel no nor ol or pa pel pi "
    "plo qua ra rel ri ro sa sel shi sol sta ta tel ti tor tra u ul va vel vi vor wa wel "
    "wi xa ya yor za zel zi zor ck sh mp nd x th ss gh"
).split()


@dataclass(frozen=True, slots=True)
class Word:
    """A word with what people say for it, too."""

    text: str
    synonyms: tuple[str, ...] = ()

    @classmethod
    def of(cls, entry: str) -> Word:
        """Read ``word = synonym, synonym``."""
        text, _, others = entry.removeprefix("+").partition("=")
        return cls(text.strip(), tuple(o.strip() for o in others.split(",") if o))


def draw(dice: Dice, section: str) -> Word:
    """Draw a word of a list."""
    return _read(dice.word(section))


@cache
def _read(entry: str) -> Word:
    return Word.of(entry)


@cache
def listed(section: str) -> tuple[Word, ...]:
    """Return all words of a list, held-out ones, too."""
    file, _, inside = section.partition("/")
    return tuple(Word.of(entry) for entry in raw(file)[inside])


@cache
def foreign(kind: str) -> dict[str, tuple[str, ...]]:
    """Return words in other languages by the English one, in LANGUAGES' order."""
    pairs = (entry.partition(":") for entry in raw("foreign")[kind])
    return {
        word.strip(): tuple(other.strip() for other in others.split(","))
        for word, _, others in pairs
    }


def invented(dice: Dice) -> str:
    """Return a word that is in no dictionary, so that it must be copied."""
    return "".join(dice.of(_SYLLABLES) for _ in range(dice.randint(2, 3))).capitalize()


def ordinary(dice: Dice) -> str:
    """Return a word that names nothing in a home in particular, to be copied."""
    return dice.word("english/english")


def code(dice: Dice) -> str:
    """Return a model-number-like word."""
    letters = "".join(dice.of("ABCDEGHKLMNPRSTVXZ") for _ in range(dice.randint(1, 2)))
    return f"{letters}{dice.of(['', '-'])}{dice.randint(1, 99)}"
