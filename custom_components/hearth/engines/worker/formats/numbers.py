"""Grammars of numbers within limits."""

import math

from .gbnf import any_of, text

# JSON numbers are exact up to 15 digits everywhere.
_DIGITS = 15
_LARGEST = 10**_DIGITS - 1
_FRACTION = '"." [0-9]{1,15}'


def integer(low: float | None, high: float | None) -> str:
    """Return the grammar of whole numbers from one to another, both included."""
    least = -_LARGEST if low is None else max(math.ceil(low), -_LARGEST)
    most = _LARGEST if high is None else min(math.floor(high), _LARGEST)
    return any_of(_integers(least, most)) if least <= most else text(str(least))


def number(low: float | None, high: float | None) -> str:
    """Return the grammar of numbers from one to another, both included.

    Between a limit that is no whole number and the next one, all numbers count.
    """
    least = -_LARGEST if low is None else max(math.floor(low), -_LARGEST)
    most = _LARGEST if high is None else min(math.ceil(high), _LARGEST)
    ways = []
    if most > 0:
        start, end = max(least, 0), most - 1
        ways += [f"{way} {_FRACTION}" for way in _naturals(start, end)]
    if least < 0:
        start, end = max(-most, 0), -least - 1
        ways += [f'"-" {way} {_FRACTION}' for way in _naturals(start, end)]
    return any_of([integer(low, high), *ways])


def _integers(low: int, high: int) -> list[str]:
    """Return ways to write whole numbers from one to another."""
    ways = _naturals(max(low, 0), high)
    return ways + [f'"-" {way}' for way in _naturals(max(-high, 1), -low)]


def _naturals(low: int, high: int) -> list[str]:
    """Return ways to write the numbers from one to another, neither below zero."""
    ways = []
    while low <= high:
        last = min(high, 10 ** len(str(low)) - 1)
        ways.append(_same_length(str(low), str(last)))
        low = last + 1
    if len(ways) > 1 and high == _LARGEST:
        # All lengths above the first.
        digits = len(str(_LARGEST)) - len(ways) + 1
        ways = [ways[0], f"[1-9] [0-9]{{{digits},{_DIGITS - 1}}}"]
    return ways


def _same_length(low: str, high: str) -> str:
    """Return the grammar of the numbers between two that have as many digits."""
    if low == high:
        return text(low)
    rest = len(low) - 1
    if not rest:
        return f"[{low}-{high}]"
    if low[0] == high[0]:
        return f"{text(low[0])} {_same_length(low[1:], high[1:])}"
    first, last = int(low[0]), int(high[0])
    ways = []
    if low[1:] != "0" * rest:
        ways.append(f"{text(low[0])} {_same_length(low[1:], '9' * rest)}")
        first += 1
    end = ""
    if high[1:] != "9" * rest:
        end = f"{text(high[0])} {_same_length('0' * rest, high[1:])}"
        last -= 1
    if first <= last:
        ways.append(f"[{first}-{last}] [0-9]{{{rest}}}")
    return any_of([*ways, end] if end else ways)
