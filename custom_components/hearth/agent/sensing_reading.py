"""A question about what is sensed, read as one about sensors of a class. English only."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

from .home import ExposedEntity
from .inquiry_table import Of
from .named_things import left_of
from .names import singular
from .sensing_question import LISTS, MANY, SensingQuestion
from .sensing_table import (
    BARE_OFF,
    BARE_ON,
    OCCUPANCY,
    PERSON,
    PRESENCE,
    SENSES,
    SENSORS,
    THINGS,
    VAGUE,
    Phrase,
    Sense,
    sense_of,
)

# With these there is something: "is there smoke", "does it have a problem".
_THERE = frozenset("there have has got having".split())
_ON, _ANY = ("on",), "any"
_DEFINITE = frozenset({"the", "my", "our", "this", "that"})
# A phrase, and the place of its first word.
type _Found = tuple[int, Phrase]


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """What the words of a question are, if it is about sensors of a class.

    Args:
        kind: The class.
        nouns: What such sensors are called, and what they find, as far as it was said.
        is_many: Whether any number of them may be meant.
        named: Those that were called by their names, with the words of these.
        places: The places that were said.
        states: What they may be, as far as it was said.
        is_on: Whether that is on; None where nothing of it was said.
        is_there: Whether it is asked if there is what they find.
        left: The words of neither places nor names.
    """

    kind: str
    nouns: tuple[_Found, ...]
    is_many: bool
    named: Mapping[ExposedEntity, frozenset[str]]
    places: Sequence[str]
    states: tuple[_Found, ...]
    is_on: bool | None
    is_there: bool
    left: frozenset[str]

    @property
    def sense(self) -> Sense:
        """Return what the sensors tell."""
        return SENSES[self.kind]

    @property
    def used(self) -> frozenset[str]:
        """Return the words of names."""
        return frozenset[str]().union(*self.named.values())

    @property
    def known(self) -> frozenset[str]:
        """Return the words that say what is meant, and what it may be."""
        found = frozenset(
            word for _, said in (*self.nouns, *self.states) for word in said
        )
        return found if self.kind == PERSON else found | SENSORS | THINGS

    @property
    def place(self) -> str | None:
        """Return the place that was said."""
        return self.places[0] if self.places else None

    @property
    def is_vague(self) -> bool:
        """Return whether what was said of it may be said of too many things."""
        return any(said in VAGUE for _, said in self.states)

    @property
    def is_bare(self) -> bool:
        """Return whether a sensor is said to be on or off, whatever it senses."""
        return any(said in BARE_ON | BARE_OFF for _, said in self.states)


def reading(asked: SensingQuestion, kind: str) -> Reading | None:
    """Return a question as one about a class; None where it is asked for on and off.

    Args:
        asked: The question.
        kind: The class.
    """
    sense = SENSES[kind]
    nouns = tuple(
        found
        for found in _found(asked.heard, sense.nouns | sense.signs)
        if not asked.places.issuperset(found[1])
    )
    is_many = _is_many(asked, nouns)
    named = _named(asked, kind, sense, is_many=is_many)
    used = frozenset[str]().union(*named.values())
    places, left = left_of(asked.entities, asked.spoken, used)
    states = tuple(_states(asked, sense, left, used, is_named=bool(named)))
    sides = {said in sense.on | BARE_ON - sense.off for _, said in states}
    if len(sides) > 1:
        return None
    is_there = not states and _is_there(
        asked, kind, sense, nouns, is_close=bool(places or named)
    )
    is_on = is_there or (None if not sides else sides.pop() != asked.is_negated)
    return Reading(
        kind=kind,
        nouns=nouns,
        is_many=is_many,
        named=named,
        places=places,
        states=states,
        is_on=is_on,
        is_there=is_there,
        left=left,
    )


def _found(heard: Sequence[str], known: Iterable[Phrase]) -> Iterator[_Found]:
    """Yield the longest phrases that stand in words, one after the other."""
    at = 0
    while at < len(heard):
        here = (said for said in known if tuple(heard[at : at + len(said)]) == said)
        longest = max(here, key=len, default=())
        if longest:
            yield at, longest
        at += len(longest) or 1


def _is_many(asked: SensingQuestion, nouns: Sequence[_Found]) -> bool:
    """Return whether any number of sensors may be meant: "batteries", "is smoke found"."""
    if asked.of in MANY or asked.wanted in LISTS:
        return True
    words = {*SENSORS, *THINGS, *(said[-1] for _, said in nouns)}
    if any(singular(word) in words - {word} for word in asked.spoken):
        return True
    before = [asked.spoken[at - 1] for at, _ in nouns if at]
    return bool(before) and all(
        word not in _DEFINITE and singular(word) not in asked.places for word in before
    )


def _named(
    asked: SensingQuestion, kind: str, sense: Sense, *, is_many: bool
) -> dict[ExposedEntity, frozenset[str]]:
    """Return what was called by its name, of two of one name what is tracked.

    "Kitchen smoke" is no name in "which smoke sensors are triggered in the kitchen".
    """
    common = asked.places | common_words(sense) if is_many else frozenset()
    named = {
        entity: parts
        for entity in asked.entities
        if sense_of(entity) == kind
        and (parts := asked.named.get(entity.entity_id, frozenset()))
        and not parts <= common
    }
    tracked = {e: parts for e, parts in named.items() if e.domain != "binary_sensor"}
    return tracked if kind == PRESENCE and tracked else named


def common_words(sense: Sense) -> frozenset[str]:
    """Return the words that sensors of a class are called by in general."""
    said = {word for noun in sense.nouns | sense.signs for word in noun}
    return SENSORS | THINGS | said


def _states(
    asked: SensingQuestion,
    sense: Sense,
    left: frozenset[str],
    used: frozenset[str],
    *,
    is_named: bool,
) -> Iterator[_Found]:
    """Yield what sensors may be, as far as it was said.

    A word of a name says it only at the end, as in "is the phone charging" where a
    sensor is called that.
    """
    is_sensor = not SENSORS.isdisjoint(asked.heard)
    bare = (
        BARE_ON | BARE_OFF if is_sensor or (is_named and sense.trips) else frozenset()
    )
    for at, said in _found(asked.heard, sense.on | sense.off | bare):
        is_name = not used.isdisjoint(said)
        is_last = at + len(said) == len(asked.heard)
        if (said == _ON and _ON[0] not in left) or asked.places.issuperset(said):
            continue
        if not is_name or (is_last and _THERE.isdisjoint(asked.spoken)):
            yield at, said


def _is_there(
    asked: SensingQuestion,
    kind: str,
    sense: Sense,
    nouns: Sequence[_Found],
    *,
    is_close: bool,
) -> bool:
    """Return whether it is asked if there is what sensors find, and not if they are."""
    signs = [(at, said) for at, said in nouns if said in sense.signs]
    is_sensor = any(
        not SENSORS.isdisjoint(asked.heard[at + len(said) : at + len(said) + 1])
        for at, said in signs
    )
    if not signs or is_sensor or asked.is_negated:
        return False
    if kind == OCCUPANCY:
        return is_close and asked.of in (Of.ANY, Of.NONE)
    is_any = is_close and _ANY in asked.spoken
    return is_any or not _THERE.isdisjoint(asked.spoken)
