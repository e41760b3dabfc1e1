"""Orders that leave nothing open: every word of them is known. English only.

"Turn off the lights on the ground floor", "set the office heater to nineteen degrees": a
very small model gets even such wrong now and then, so it is not asked about them.
"""

from collections.abc import Iterable, Sequence
from dataclasses import replace

from .hedges import is_put_off
from .named_things import Entities, left_of, means_all, named_in, only_one, split
from .names import stems, words
from .numbered_names import with_numbers, without_numbers
from .order import Order
from .order_calls import of_devices
from .orders import orders
from .plain_call import PlainCall
from .plain_groups import of_everything, of_group, of_kind, of_player
from .plain_scenes import of_scene
from .pronouns import with_names
from .reasons import after_telling, without_reasons
from .targets import GUARDED

# It takes two.
_BOTH, _TWO = "both", 2


def plain_calls(
    entities: Entities, said: str, language: str, here: str | None = None
) -> tuple[PlainCall, ...]:
    """Return the calls that an order means, none where a word is not understood.

    Args:
        entities: What is exposed.
        said: The user's words.
        language: The user's.
        here: The area of the satellite, which is meant where no place is named.
    """
    if not language.startswith("en") or is_put_off(said, language):
        return ()
    if calls := _meant_by(entities, said, here):
        return calls
    for order in (*without_reasons(entities, said), *with_names(entities, said)):
        calls = _meant_by(entities, order, here)
        # What a reason is for may be something else, and nothing opens by guess.
        if calls and not any(call.opens for call in calls):
            return calls
    for order in after_telling(entities, said):
        calls = _meant_by(entities, order, here)
        if calls and not _is_guarded(entities, calls):
            return calls
    for order in (
        *without_reasons(entities, said, naming=True),
        *after_telling(entities, said, naming=True),
    ):
        calls = _meant_by(entities, order, here)
        if calls and _says_all(entities, order, calls):
            return calls
    return ()


def _is_guarded(entities: Entities, calls: Iterable[PlainCall]) -> bool:
    """Return whether a lock, a cover or a valve may move."""
    guarded = {e.name for e in entities if e.domain in GUARDED}
    return any(
        call.arguments.get("name") in guarded
        or call.arguments.get("domain") in GUARDED
        or "position" in call.arguments
        for call in calls
    )


def _says_all(entities: Entities, said: str, calls: Sequence[PlainCall]) -> bool:
    """Return whether words name all that calls are for, and nothing opens or locks."""
    heard = stems(said)
    said_of = {
        entity.name
        for entity in entities
        if any(stems(name) & heard for name in entity.names)
    }
    is_said = all(call.arguments.get("name") in said_of for call in calls)
    return is_said and not _is_guarded(entities, calls)


def _meant_by(entities: Entities, said: str, here: str | None) -> tuple[PlainCall, ...]:
    """Return the calls that words mean which are all understood."""
    if calls := of_scene(entities, said):
        return calls
    for wanted in orders(without_numbers(entities, said)):
        calls = _of_all(wanted, entities, here)
        # Who names a thing twice has named another one, which was not understood.
        if calls and all(calls.count(call) == 1 for call in calls):
            return calls
    return ()


def _of_all(
    wanted: Iterable[Order], entities: Entities, here: str | None
) -> tuple[PlainCall, ...]:
    """Return the calls of some orders, none where one of them is not understood."""
    made: list[PlainCall] = []
    for one in wanted:
        calls = _calls(with_numbers(one), entities, here)
        if not calls:
            return ()
        made += calls
    return tuple(made)


def _calls(
    wanted: Order, entities: Entities, here: str | None
) -> tuple[PlainCall, ...]:
    """Return the calls that one order means, none where a word is not understood."""
    named = named_in(entities, wanted.rest)
    one = next(iter(named)) if len(named) == 1 else None
    if not named or (one and means_all(one, wanted.rest, entities)):
        return (
            of_player(wanted, entities, here)
            or of_kind(wanted, entities, here)
            or of_group(wanted, entities)
            or of_everything(wanted, entities)
            or _of_each(wanted, entities, here)
        )
    if one and _BOTH in wanted.rest:
        return ()
    rest = tuple(word for word in wanted.rest if word != _BOTH)
    parts = [rest] if one else split(rest)
    devices = [only_one(entities, part) for part in parts]
    return of_devices(wanted, devices, entities) or _of_each(wanted, entities, here)


def _of_each(
    wanted: Order, entities: Entities, here: str | None
) -> tuple[PlainCall, ...]:
    """Return the calls for two kinds in the only place: "dining room lights and fan"."""
    parts = list(split(wanted.rest))
    places, _ = left_of(entities, wanted.rest)
    is_set = wanted.value is not None
    if len(parts) != _TWO or len(places) != 1 or wanted.spared or is_set:
        return ()
    there = words(places[0])
    made = [
        _calls(replace(wanted, rest=(*part, *there)), entities, here) for part in parts
    ]
    return (*made[0], *made[1]) if all(made) else ()
