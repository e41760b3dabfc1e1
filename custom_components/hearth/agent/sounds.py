"""How English words sound, roughly: words with the same sound are told apart by nobody.

A recognizer writes other words that sound like those that were said: "fest tune lights"
for "festoon lights". Vowels differ most between accents, so only the first one counts;
consonants that are formed at the same place ("b" and "p", "d" and "t") are one.
"""

from functools import lru_cache
import re

_REMEMBERED = 8192
# Letters as they are spoken, in the order in which they are replaced. Capitals are done.
_SPOKEN: tuple[tuple[str, str], ...] = (
    (r"eigh|ough|augh|igh", "a"),
    (r"^isl", "al"),
    (r"^(?:kn|gn|pn)", "n"),
    (r"^wr", "r"),
    (r"mb\b", "m"),
    (r"tch|sch|ch|sh|(?<=[aeiou])(?:ti|ci|si)(?=on|ous|al)|j|dge|dg", "S"),
    (r"ph|gh|v|f", "F"),
    (r"ck|cc|qu|q|g|k|x(?=c)", "K"),
    (r"x", "KS"),
    (r"c(?=[eiy])|z", "s"),
    (r"c", "K"),
    (r"th|d|t", "T"),
    (r"b|p", "P"),
    (r"(?<=.)h", ""),
    (r"r(?![aeiouy])(?=.)|(?<=[aeiouy])r$", ""),
    (r"^[aeiouy]+", "A"),
    (r"(?<=.)[aeiouyw]", ""),
)
_RULES = tuple((re.compile(before), after) for before, after in _SPOKEN)
_TWICE = re.compile(r"(.)\1+")


@lru_cache(_REMEMBERED)
def sound(word: str) -> str:
    """Return how a word sounds: its consonants, and whether it begins with a vowel.

    Args:
        word: Small letters only; several words are written together.
    """
    for before, after in _RULES:
        word = before.sub(after, word)
    return _TWICE.sub(r"\1", word)
