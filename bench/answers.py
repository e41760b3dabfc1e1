"""What cannot be left out of a right answer, in whatever words it is given."""

from collections.abc import Collection
import re

_NUMBER = re.compile(r"-?\d+(?:\.\d+)?")


def required(answer: str, names: Collection[str], *, naming: bool) -> tuple[str, ...]:
    """Return what every right answer has in it.

    That is its yes or no; else the devices it names, where it is about ``naming``
    some of the home's ``names``; else its numbers; else its last word, the state.
    """
    first = re.split(r"[\s,.]", answer.lower(), maxsplit=1)[0]
    if first in ("yes", "no"):
        return (first,)
    if naming and (named := _named(answer, names)):
        return named
    bare = answer
    for name in sorted(names, key=len, reverse=True):
        bare = re.sub(re.escape(name), " ", bare, flags=re.IGNORECASE)
    if numbers := _NUMBER.findall(bare):
        return tuple(numbers)
    return (answer.rstrip(".").split()[-1],)


def _named(answer: str, names: Collection[str]) -> tuple[str, ...]:
    """Return the names in an answer; one within a longer one is not meant itself."""
    found = {name for name in names if name in answer}
    inner = {n for n in found if any(n != other and n in other for other in found)}
    return tuple(sorted(found - inner))
