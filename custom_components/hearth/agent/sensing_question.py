"""Questions about what is sensed, as far as they are alike for all classes. English only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from .asking import asks_for_states
from .heard import heard_by_name, heard_places
from .inquiry import inquiry, without_tail
from .inquiry_table import NOT, QUANTITIES, Of, Wanted
from .named_things import Entities
from .names import singular, words

LISTS = frozenset({Wanted.COUNT, Wanted.WHICH, Wanted.WHERE})
MANY = frozenset({Of.ALL, Of.ANY, Of.NONE})
_ANSWERED = LISTS | {Wanted.YES_NO}
_TELLING = frozenset({"tell", "show"})
# What was is another question, and so is what an assistant has.
_PAST = frozenset("was were did had".split())
_ASKING = frozenset(
    "is are isn aren has have do does any what whats which where how who".split()
)
_POLITE = frozenset({"can", "could"})
# Nobody asks that in more words.
_MOST_SPOKEN = 30
_WHO, _YOU, _NO = "who", "you", "no"


@dataclass(frozen=True, slots=True, kw_only=True)
class SensingQuestion:
    """A question.

    Args:
        entities: What is exposed, or what was looked up.
        spoken: Its words.
        heard: The same without plural endings.
        named: The words of names that were said, by entity ID.
        places: The words of places that were said.
        wanted: The form of the answer.
        of: Of how many it is asked, where that was said.
        is_negated: Whether it is asked what is not so.
    """

    entities: Entities
    spoken: Sequence[str]
    heard: tuple[str, ...]
    named: Mapping[str, frozenset[str]]
    places: frozenset[str]
    wanted: Wanted
    of: Of | None
    is_negated: bool


def sensing_question(entities: Entities, said: str) -> SensingQuestion | None:
    """Return a question about how things are now, None where words are none.

    Args:
        entities: What is exposed, or what was looked up.
        said: The user's words.
    """
    spoken, _ = without_tail(words(said))
    if len(spoken) > _MOST_SPOKEN or not _asks(said, spoken):
        return None
    asked = inquiry(said)
    of = Of.NONE if _NO in spoken else asked.of
    wanted = asked.wanted
    if wanted is Wanted.VALUE:
        is_list = not _TELLING.isdisjoint(spoken[:1])
        wanted = Wanted.WHICH if is_list else Wanted.YES_NO
    is_negated = _is_negated(spoken, wanted, of)
    is_none_listed = of is Of.NONE and wanted in LISTS
    if is_negated is None or wanted not in _ANSWERED or is_none_listed:
        return None
    heard = tuple(map(singular, spoken))
    there = heard_places(entities, frozenset(heard))
    return SensingQuestion(
        entities=entities,
        spoken=spoken,
        heard=heard,
        named=heard_by_name(entities, frozenset(heard)),
        places=frozenset[str]().union(*there.values()),
        wanted=wanted,
        of=of,
        is_negated=is_negated,
    )


def _asks(said: str, spoken: Sequence[str]) -> bool:
    """Return whether it is asked how things are now, of the home and nobody else."""
    first, is_polite = tuple(spoken[:1]), not _POLITE.isdisjoint(spoken[:1])
    # Who is somewhere is a state, unlike who did something.
    asking = ("which", *spoken[1:]) if first == (_WHO,) else tuple(spoken)
    return (
        _PAST.isdisjoint(first)
        and (_YOU not in spoken or is_polite)
        and (not _TELLING.isdisjoint(first) or not _ASKING.isdisjoint(spoken))
        and asks_for_states(said, asking)
    )


def _is_negated(spoken: Sequence[str], wanted: Wanted, of: Of | None) -> bool | None:
    """Return whether it is asked what is not so; None where that is not clear.

    "Isn't the phone charging" asks whether it is.
    """
    places = [place for place, word in enumerate(spoken) if word in NOT]
    if wanted is Wanted.YES_NO and places[:1] == [0]:
        places = places[1:]
    if not places:
        return False
    quantities = [place for place, word in enumerate(spoken) if word in QUANTITIES]
    is_before = any(place > places[0] for place in quantities)
    is_clear = len(places) == 1 and of in (None, Of.ANY) and not is_before
    return True if is_clear else None
