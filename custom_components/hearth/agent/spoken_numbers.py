"""Numbers as they are spoken: "seventy two", "nineteen and a half", "3 quarters"."""

from collections.abc import Mapping, Sequence
import re

from .names import words

_ONES = {
    word: value
    for value, word in enumerate(
        "zero one two three four five six seven eight nine ten eleven twelve thirteen"
        " fourteen fifteen sixteen seventeen eighteen nineteen".split()
    )
}
_TENS = {
    word: 10 * value
    for value, word in enumerate(
        "twenty thirty forty fifty sixty seventy eighty ninety".split(), 2
    )
}
_HUNDRED = "hundred"
# Shares of a hundred.
SHARES: Mapping[str, int] = {
    "half": 50,
    "third": 33,
    "quarter": 25,
    "fifth": 20,
    "tenth": 10,
}
_SHARES_OF_MANY: Mapping[tuple[str, ...], int] = {
    ("two", "thirds"): 67,
    ("2", "thirds"): 67,
    ("three", "quarters"): 75,
    ("3", "quarters"): 75,
}
# More digits are no number that anything is set to.
_MOST_DIGITS = 5
# No number has more words.
_MOST_WORDS = 12
# Signs, and what they are called. Of "2,700" the comma only makes it easier to read.
_SIGNS = (
    (re.compile(r"(?<=\d),(?=\d{3}(?!\d))"), ""),
    (re.compile(r"(?<=\d)[.,](?=\d)"), " point "),
    (re.compile(r"(?<![^\s(])[-\u2212\u2013](?=\d)"), " minus "),
    (re.compile("%"), " percent "),
    (re.compile(r"°(?:\s?[Cc]\b)?"), " degrees "),
)


def spoken_words(said: str) -> tuple[str, ...]:
    """Return what was said as words, with numbers and signs as they are spoken."""
    for sign, called in _SIGNS:
        said = sign.sub(called, said)
    return words(said)


def numbers_in(spoken: Sequence[str]) -> tuple[list[float], list[str]]:
    """Return the numbers among words, and the words that are none.

    Args:
        spoken: Words in lower case, without punctuation.
    """
    numbers: list[float] = []
    others: list[str] = []
    place = 0
    while place < len(spoken):
        value, taken = _number(spoken[place : place + _MOST_WORDS])
        if value is None:
            others.append(spoken[place])
        else:
            numbers.append(value)
        place += taken
    return numbers, others


def _number(spoken: Sequence[str]) -> tuple[float | None, int]:
    """Return the number that words begin with, and how many words it takes."""
    share = _SHARES_OF_MANY.get(tuple(spoken[:2]))
    if share is not None:
        return share, 2
    if spoken[0] in SHARES:
        return SHARES[spoken[0]], 1
    if spoken[0] in ("a", "one") and spoken[1:2] and spoken[1] in SHARES:
        return SHARES[spoken[1]], 2
    whole, taken = _whole(spoken)
    if whole is None:
        return None, 1
    rest = spoken[taken:]
    if tuple(rest[:3]) == ("and", "a", "half"):
        return whole + 0.5, taken + 3
    digits, more = _digits(rest[1:]) if tuple(rest[:1]) == ("point",) else ("", 0)
    if digits:
        return float(f"{whole}.{digits}"), taken + 1 + more
    return whole, taken


def _digits(spoken: Sequence[str]) -> tuple[str, int]:
    """Return the digits after a point, and how many words they take."""
    if spoken and spoken[0].isdecimal():
        return spoken[0], 1
    found, taken = "", 0
    while (place := _below_hundred(spoken[taken:]))[0] is not None:
        found += str(place[0])
        taken += place[1]
    return found, taken


def _whole(spoken: Sequence[str]) -> tuple[int | None, int]:
    """Return the whole number that words begin with, and how many words it takes."""
    if tuple(spoken[:1]) == (_HUNDRED,):
        return 100, 1
    value, taken = _below_hundred(spoken)
    if tuple(spoken[:2]) == ("a", _HUNDRED):
        value, taken = 1, 1
    if not value or value > 9 or tuple(spoken[taken : taken + 1]) != (_HUNDRED,):
        return value, taken
    hundreds, taken = 100 * value, taken + 1
    joined = int(tuple(spoken[taken : taken + 1]) == ("and",))
    more, further = _below_hundred(spoken[taken + joined :])
    if more is None or spoken[taken + joined].isdecimal():
        return hundreds, taken
    return hundreds + more, taken + joined + further


def _below_hundred(spoken: Sequence[str]) -> tuple[int | None, int]:
    """Return a number of one or two words, or of digits, and how many words it takes."""
    if not spoken:
        return None, 0
    first, second = spoken[0], spoken[1] if len(spoken) > 1 else ""
    if first.isdecimal() and len(first) <= _MOST_DIGITS:
        return int(first), 1
    if first in _TENS:
        ones = _ONES.get(second, 0)
        return (_TENS[first] + ones, 2) if 0 < ones < 10 else (_TENS[first], 1)
    return (_ONES[first], 1) if first in _ONES else (None, 1)
