"""What a question about states wants to know, from its words. English only."""

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from .forgotten import is_forgotten
from .inquiry_table import (
    AFTER_NO_ALL,
    AFTER_NO_ASKING,
    AFTER_NO_IN,
    ALARMS,
    ARTICLES,
    ASKING,
    ASPECTS,
    AWAY,
    BEFORE_NO_ALL,
    BEFORE_NO_ON,
    BEFORE_NO_UP,
    BEFORE_WHO,
    BEGINNING,
    BEING,
    CHANGES,
    COLD,
    COMPARED,
    COMPARING,
    CONDITIONS,
    DEGREES,
    GOING,
    HOME,
    KINDS,
    LISTING,
    LOCKING,
    MEASURED,
    MORE,
    NO_ADJECTIVES,
    NOT,
    OFF,
    ON,
    OPPOSITE,
    QUANTITIES,
    SO,
    SO_MUCH,
    SWITCHING,
    TAILS,
    TURNED,
    WEAK,
    WEAKEST,
    WHETHER,
    WHO,
    WHOLE_FAMILY,
    Of,
    Wanted,
)
from .names import singular, words


@dataclass(frozen=True, slots=True, kw_only=True)
class Inquiry:
    """What is asked.

    Args:
        wanted: The form of the answer.
        condition: What something may be, such as `ON`; None where no word says it.
        adjective: How that is said of a thing.
        measured: What is measured, as the device classes of sensors.
        aspects: What of a device is asked, such as its volume.
        kinds: Domains and device classes that were named.
        more: For a comparison whether more is meant, and the word of the answer.
        of: Of how many it is asked whether they are so, where that was said.
        is_order: Whether something is to become more or less, and nothing is asked.
    """

    wanted: Wanted
    condition: str | None
    adjective: str
    measured: frozenset[str]
    aspects: frozenset[str]
    kinds: frozenset[str]
    more: tuple[bool, str] | None
    of: Of | None
    is_order: bool


def inquiry(said: str, names: Collection[str] = ()) -> Inquiry:
    """Return what words ask.

    Args:
        said: The user's words.
        names: Words of the names of what was looked up, which say nothing else.
    """
    spoken, has_tail = without_tail(words(said))
    known = {singular(word) for word in spoken} | set(spoken)
    found = _found(spoken, names)
    others = [
        word
        for word, before, after in _around(spoken)
        if word not in names and not _says_else(spoken, word, before, after)
    ]
    condition, adjective = _condition(spoken, found)
    of = _of(spoken)
    wanted = _wanted(spoken, has_tail=has_tail, is_state=condition is not None)
    if condition and (is_forgotten(spoken) or _is_not(spoken, wanted, of)):
        condition = adjective = OPPOSITE.get(condition, condition)
    measured = known - {"light"} if condition else known
    of_sensors = frozenset(MEASURED[word] for word in measured if word in MEASURED)
    return Inquiry(
        wanted=wanted,
        condition=condition,
        adjective=adjective,
        measured=of_sensors,
        aspects=frozenset(ASPECTS[word] for word in known if word in ASPECTS),
        kinds=frozenset[str]().union(*_kinds(spoken)),
        more=_more(others, known, of_sensors),
        of=of,
        is_order=_is_order(others, has_tail=has_tail),
    )


def without_tail(spoken: Sequence[str]) -> tuple[Sequence[str], bool]:
    """Return words without "right?", and whether they had such."""
    for tail in TAILS:
        if tuple(spoken[-len(tail) :]) == tail:
            return spoken[: -len(tail)], True
    return spoken, False


def _wanted(spoken: Sequence[str], *, has_tail: bool, is_state: bool) -> Wanted:
    """Return the form of the answer."""
    if has_tail or not WHETHER.isdisjoint(spoken):
        return Wanted.YES_NO
    if "how" in spoken and "many" in spoken:
        return Wanted.COUNT
    if "that" in spoken and any(
        (before, word) == ("tell", "me") and after in LISTING
        for word, before, after in _around(spoken)
    ):
        return Wanted.WHICH
    if not BEGINNING.isdisjoint(spoken[:1]):
        return Wanted.HOW
    unsaid = Wanted.YES_NO if is_state else Wanted.VALUE
    asking = (
        ASKING[word]
        for word, _, after in _around(spoken)
        if word in ASKING and after not in AFTER_NO_ASKING
    )
    return next(asking, unsaid)


def _of(spoken: Sequence[str]) -> Of | None:
    """Return of how many it is asked; the last word for it counts."""
    found = None
    for word, before, after in _around(spoken):
        if word == "no" and (after == "one" or singular(after) in KINDS):
            found = Of.NONE
        elif word == "whole" and after in WHOLE_FAMILY:
            found = Of.ALL
        elif word == "there" and before in ("is", "are"):
            found = Of.ANY
        elif word in QUANTITIES and not (
            after == "missing"
            or after in AFTER_NO_ALL
            or (word == "all" and before in BEFORE_NO_ALL)
            or (word in WHO and before in BEFORE_WHO)
        ):
            found = QUANTITIES[word]
    return found


def _kinds(spoken: Sequence[str]) -> Iterator[frozenset[str]]:
    """Yield the kinds of things that were named; "to switch" is none, nor a TV room."""
    for word, before, after in _around(spoken):
        is_verb = word == "switch" and not (before in ARTICLES or before in QUANTITIES)
        if not is_verb and after != "room":
            yield KINDS.get(singular(word), frozenset())


def _around(spoken: Sequence[str]) -> Iterator[tuple[str, str, str]]:
    """Yield each word, with those before and after it."""
    yield from zip(spoken, ["", *spoken], [*spoken[1:], ""], strict=False)


def _found(spoken: Sequence[str], names: Collection[str]) -> list[int]:
    """Return the places of words that say what something may be."""
    return [
        place
        for place, (word, before, after) in enumerate(_around(spoken))
        if word in CONDITIONS
        and word not in names
        and not _says_else(spoken, word, before, after)
    ]


def _says_else(spoken: Sequence[str], word: str, before: str, after: str) -> bool:
    """Return whether a word has another sense: "on the roof", "the back door"."""
    match word:
        case "on" | "in" if after in ARTICLES and before not in SWITCHING:
            return True
        case "on":
            return before in BEFORE_NO_ON
        case "in":
            return after in AFTER_NO_IN
        case "back" | "home":
            return before in ARTICLES
        case "up":
            return before in BEFORE_NO_UP or not LOCKING.isdisjoint(spoken)
        case "more":
            return after == "thing"
        case "off" | "gone":
            goes = before in GOING or after == OFF
            return goes and not ALARMS.isdisjoint(spoken)
        case _:
            return False


def _condition(spoken: Sequence[str], found: list[int]) -> tuple[str | None, str]:
    """Return what something may be and how that is said; the last word for it counts.

    "On or off" leaves it open, and "open and unlocked" are two things.
    """
    if any(_are_both(spoken, one, other) for one, other in pairwise(found)):
        return None, ""
    said = [spoken[place] for place in found]
    if OFF in said:
        said = [word for word in said if word != ON]
    strong = [word for word in said if word not in WEAK]
    weak = [word for word in said if word not in WEAKEST]
    if not said:
        return None, ""
    word = (strong or weak or said)[-1]
    condition = CONDITIONS[word]
    is_word = word not in NO_ADJECTIVES and condition not in (HOME, AWAY)
    return condition, word if is_word else condition


def _are_both(spoken: Sequence[str], one: int, other: int) -> bool:
    """Return whether the words at two places are two questions, or leave it open."""
    words_for = (spoken[one], spoken[other])
    first, second = (CONDITIONS[word] for word in words_for)
    if other == one + 2 and spoken[one + 1] == "or":
        return OPPOSITE.get(first) == second
    is_two = first != second and WEAK.isdisjoint(words_for)
    return is_two and "and" in spoken[one:other]


def _is_not(spoken: Sequence[str], wanted: Wanted, of: Of | None) -> bool:
    """Return whether it is asked what is not so: "who isn't home"."""
    if wanted is Wanted.YES_NO:
        return of is Of.ANY and "not" in spoken[_first(spoken, QUANTITIES) :]
    return not NOT.isdisjoint(spoken)


def _more(
    spoken: Sequence[str], known: set[str], measured: frozenset[str]
) -> tuple[bool, str] | None:
    """Return what a comparison is about."""
    for word in spoken:
        if word in MORE:
            return MORE[word]
    kind = next((kind for kind in reversed(COMPARED) if kind in measured), None)
    for word in spoken:
        if word in DEGREES and kind:
            is_more = DEGREES[word] != (not COLD.isdisjoint(known))
            return is_more, COMPARED[kind][word.endswith("st")][not is_more]
    return None


def _is_order(spoken: Sequence[str], *, has_tail: bool) -> bool:
    """Return whether something is to become more or less, and nothing is asked."""
    return not (has_tail or _asks(spoken)) and any(
        word in CHANGES or (word in SO and after in SO_MUCH)
        for word, _, after in _around(spoken)
    )


def _asks(spoken: Sequence[str]) -> bool:
    """Return whether there is a word that asks; in "it is hot, turn it down" is none."""
    if "turn" in spoken and TURNED.isdisjoint(spoken):
        return False
    return any(
        word in ASKING or word in BEING or (word in COMPARING and after != "two")
        for word, _, after in _around(spoken)
    )


def _first(spoken: Sequence[str], known: Collection[str]) -> int:
    """Return the place of the first word that is known."""
    return next((place for place, word in enumerate(spoken) if word in known), 0)
