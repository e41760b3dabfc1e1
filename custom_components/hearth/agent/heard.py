"""Which names of the home were said."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from functools import lru_cache

from .home import ExposedEntity
from .names import stems

# Homes of some agents, as they are and as they were.
_MOST_KEPT = 8
_NONE = frozenset[str]()


@dataclass(frozen=True, slots=True, kw_only=True)
class SpokenNames:
    """The words of a home's names, without plural endings.

    Args:
        names: Those of each name of an entity, by entity ID.
        places: Those of each area and floor, by its name.
        owners: The entity ID, by words that only one entity and no place has.
    """

    names: Mapping[str, tuple[frozenset[str], ...]]
    places: Mapping[str, frozenset[str]]
    owners: Mapping[str, str]


@lru_cache(_MOST_KEPT)
def spoken_names(entities: tuple[ExposedEntity, ...]) -> SpokenNames:
    """Return the words of a home's names; they are the same in each turn."""
    names = {entity.entity_id: tuple(map(stems, entity.names)) for entity in entities}
    places = {
        place: parts
        for entity in entities
        for place in (entity.area, entity.floor)
        if place and (parts := stems(place))
    }
    of_entity = {key: frozenset[str]().union(*own) for key, own in names.items()}
    times = Counter(word for parts in of_entity.values() for word in parts)
    times.update(word for parts in places.values() for word in parts)
    owners = {
        word: entity_id
        for entity_id, parts in of_entity.items()
        for word in parts
        if times[word] == 1
    }
    return SpokenNames(names=names, places=places, owners=owners)


def heard_by_name(
    entities: tuple[ExposedEntity, ...], heard: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Return the words of what was named, by entity ID.

    A part of a longer name that was said is none: in "is the garage door open" the
    door is named, not the garage.
    """
    spoken = {
        entity_id: matched
        for entity_id, names in spoken_names(entities).names.items()
        if (matched := _longest_heard(names, heard))
    }
    return {
        entity_id: mine
        for entity_id, mine in spoken.items()
        if not any(mine < other for other in spoken.values())
    }


def heard_places(
    entities: tuple[ExposedEntity, ...], heard: frozenset[str]
) -> dict[str, frozenset[str]]:
    """Return the words of the areas and floors that were named, by their names."""
    places = spoken_names(entities).places
    return {place: parts for place, parts in places.items() if parts <= heard}


def _longest_heard(
    names: Iterable[frozenset[str]], heard: frozenset[str]
) -> frozenset[str]:
    """Return the words of the longest name of which every word was said."""
    return max((parts for parts in names if parts <= heard), key=len, default=_NONE)
