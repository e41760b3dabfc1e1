"""What an English order gives a color: "the hall to blue", "bathe the bed in pink"."""

from collections.abc import Iterator, Sequence
from itertools import pairwise

_TO, _IN = "to", "in"
_COLOR = ("color", "colour")
# With these something gets a color.
_COLORING = frozenset("set make change turn put give".split())
# With "in" a color may come after these, too, or without a verb.
_BATHING = frozenset("bathe have light see wash".split())
# What comes before a color and says no other color, and after one.
_ADJECTIVES = frozenset(
    "a an bright deep lovely nice proper rich blood scarlet".split()
)
_GLOWING = frozenset({"color", "colour", "glow"})
_FOR = frozenset({"for", "in"})


def without_color(spoken: Sequence[str], color: str) -> tuple[str, ...] | None:
    """Return the words of what gets a color, None where that is no value.

    The color is the one after "to" or "in", or the last word. Any other is a part of a
    name, or of another color: "dim the red lamp", "to light blue".

    Args:
        spoken: The words, without numbers.
        color: The only color among them.
    """
    verb, place = spoken[0], spoken.index(color)
    start = place
    while start and spoken[start - 1] in _ADJECTIVES:
        start -= 1
    end = place + 1
    while spoken[end : end + 1] and spoken[end] in _GLOWING:
        end += 1
    if not start and spoken[end : end + 1] and spoken[end] in _FOR:
        return tuple(spoken[end + 1 :])
    if start > 1 and spoken[start - 1] == _IN and end == len(spoken):
        before = spoken[: start - 1]
        is_known = verb in _COLORING | _BATHING
        return tuple(before[1:] if is_known else before)
    is_value = spoken[start - 1] == _TO if _TO in spoken else end == len(spoken)
    if not is_value or verb not in _COLORING:
        return None
    return (*_named(spoken[1:start]), *spoken[end:])


def _named(spoken: Sequence[str]) -> Iterator[str]:
    """Yield words without that of a color: "the color of the lamp", "its color to"."""
    for word, after in pairwise([*spoken, ""]):
        if word not in _COLOR or after not in (_TO, "of"):
            yield word
