"""Numbers as they are spoken: "seventy two", "nineteen and a half", "3 quarters"."""

from collections.abc import Sequence
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
_SHARES = {"half": 50, "third": 33, "quarter": 25, "fifth": 20, "tenth": 10}
_SHARES_OF_MANY = {
    ("two", "thirds"): 67,
    ("2", "thirds"): 67,
    ("three", "quarters"): 75,
    ("3", "quarters"): 75,
}


_FRACTION = re.compile(r"(\d)[.,](?=\d)")


def spoken_words(said: str) -> tuple[str, ...]:
    """Return what was said as words, with numbers as they are spoken."""
    return words(_FRACTION.sub(r"\1 point ", said))


def numbers_in(spoken: Sequence[str]) -> tuple[list[float], list[str]]:
    """Return the numbers among words, and the words that are none.

    Args:
        spoken: Words in lower case, without punctuation.
    """
    numbers: list[float] = []
    others: list[str] = []
    place = 0
    while place < len(spoken):
        value, taken = _number(spoken[place:])
        if value is None:
            others.append(spoken[place])
        else:
            numbers.append(value)
        place += taken
    return numbers, others


def _number(spoken: Sequence[str]) -> tuple[float | None, int]:
    """Return the number that words begin with, and how many words it takes."""
    share = _SHARES_OF_MANY.get(tuple(spoken[:2]))  # type: ignore[arg-type]
    if share is not None:
        return share, 2
    if spoken[0] in _SHARES:
        return _SHARES[spoken[0]], 1
    if spoken[0] == "a" and spoken[1:2] and spoken[1] in _SHARES:
        return _SHARES[spoken[1]], 2
    whole, taken = _whole(spoken)
    if whole is None:
        return None, 1
    rest = spoken[taken:]
    if tuple(rest[:1]) == ("point",) and (part := _whole(rest[1:2])[0]) is not None:
        return whole + part / 10, taken + 2
    if tuple(rest[:3]) == ("and", "a", "half"):
        return whole + 0.5, taken + 3
    return whole, taken


def _whole(spoken: Sequence[str]) -> tuple[int | None, int]:
    """Return the whole number that words begin with, and how many words it takes."""
    if not spoken:
        return None, 0
    first, second = spoken[0], spoken[1] if len(spoken) > 1 else ""
    if first.isdecimal() and len(first) < 6:
        return int(first), 1
    if first in ("a", "one") and second == _HUNDRED:
        return 100, 2
    if first == _HUNDRED:
        return 100, 1
    if first in _TENS:
        ones = _ONES.get(second, 0)
        return (_TENS[first] + ones, 2) if 0 < ones < 10 else (_TENS[first], 1)
    return (_ONES[first], 1) if first in _ONES else (None, 1)
