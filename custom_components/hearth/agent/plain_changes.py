"""Orders for a bit more or less, in numbers: "take the heating down two degrees".

What it comes to is computed from what is set now, so no model counts. English only.
"""

import re

from .changes import change, changed
from .hedges import may_be_no_order
from .home import ExposedEntity
from .named_things import KINDS, Entities, left_of, named_in
from .order import Order, without_courtesies
from .order_calls import field_of, of_devices
from .plain_call import PlainCall
from .reasons import after_telling, without_reasons
from .spoken_numbers import numbers_in
from .surely import AttributesOf
from .targets import GUARDED

# What is said around it.
_AROUND = frozenset(
    "dim brighten turn take bring put knock bump nudge raise lower drop crank set make push ease get"
    " increase decrease reduce boost notch shift up down by off on degree degrees percent"
    " warmer cooler colder hotter higher brighter dimmer louder quieter more less another"
    " extra the a an it bit could do with being is to be and temperature volume brightness"
    " speed there few".split()
)
_CLIMATE = "climate"
# "It is two degrees warmer" tells, and "20 percent off the TV" is for a shop.
_TELLS = re.compile(
    r"\bis\b(?! (?:to be|too)\b)|'s (?=\w+ (?:degrees?|percent))|\bwith the\b"
    r"|^(?!.*\b(?:take|knock|get|turn|bring)\b).*\boff\b",
    re.IGNORECASE,
)


def plain_changes(
    entities: Entities,
    said: str,
    language: str,
    here: str | None,
    attributes_of: AttributesOf,
) -> tuple[PlainCall, ...]:
    """Return the call for a change in numbers, nothing where a word says something else.

    Args:
        entities: What is exposed.
        said: The user's words.
        language: The user's.
        here: The area of the satellite.
        attributes_of: Returns the attributes that something has now, by its entity ID.
    """
    if not language.startswith("en") or "?" in said:
        return ()
    for order in (
        said,
        *without_reasons(entities, said, naming=True),
        *after_telling(entities, said, naming=True),
    ):
        is_told = _TELLS.search(order) or may_be_no_order(order, language)
        wanted = None if is_told else change(order)
        thing = _meant(entities, order, here) if wanted else None
        if wanted is None or thing is None:
            continue
        value = changed(thing.domain, attributes_of(thing.entity_id), wanted)
        if value is not None:
            field = frozenset({field_of(thing)})
            return of_devices(
                Order(value=value, fields=field, rest=()), [thing], entities
            )
    return ()


def _meant(entities: Entities, said: str, here: str | None) -> ExposedEntity | None:
    """Return the only thing that is named, or the only heating of a place."""
    _, spoken = numbers_in(without_courtesies(said))
    rest = [word for word in spoken if word not in _AROUND]
    named = named_in(entities, rest)
    if len(named) == 1:
        ((thing, used),) = named.items()
        places, left = left_of(entities, rest, used)
        is_there = {thing.area, thing.floor}.issuperset(places)
        return thing if is_there and not left and thing.domain not in GUARDED else None
    places, left = left_of(entities, rest)
    if (
        named
        or len(places) > 1
        or not left
        or any(KINDS.get(w) != _CLIMATE for w in left)
    ):
        return None
    heating = [entity for entity in entities if entity.domain == _CLIMATE]
    for place in places or ([here] if here else []):
        heating = [e for e in heating if place in (e.area, e.floor)] or (
            [] if places else heating
        )
    return heating[0] if len(heating) == 1 else None
