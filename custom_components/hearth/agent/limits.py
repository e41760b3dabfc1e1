"""Questions whether something is above or below a number: "is it over 20 degrees?"."""

import re

from .seen import Seen
from .spoken_numbers import numbers_in, spoken_words

_ABOVE = r"over|above|more than|higher than|warmer than|hotter than|at least"
_BELOW = r"under|below|less than|lower than|colder than|cooler than|at most"
_LIMIT = re.compile(rf"\b(?:(?P<above>{_ABOVE})|(?:{_BELOW}))\b", re.IGNORECASE)
_MINUS = "minus"
# Words of limits, which say nothing else.
LIMITING = frozenset(f"{_ABOVE}|{_BELOW}".replace("|", " ").split())


def limit_in(said: str) -> tuple[float, bool] | None:
    """Return the number of a question, and whether it asks for more than that.

    None is returned where there is no limit, or more than one number.
    """
    found = _LIMIT.search(said)
    if found is None:
        return None
    after = spoken_words(said[found.end() :])
    numbers, others = numbers_in(after)
    if len(numbers) != 1 or numbers_in(spoken_words(said))[0] != numbers:
        return None
    number = -numbers[0] if _MINUS in others else numbers[0]
    return number, found["above"] is not None


def beyond(said: str, one: Seen) -> str | None:
    """Return whether something measures more or less, None where that is not asked."""
    limit = limit_in(said)
    if limit is None or one.number is None:
        return None
    number, is_above = limit
    is_so = one.number > number if is_above else one.number < number
    return "Yes" if is_so else "No"
