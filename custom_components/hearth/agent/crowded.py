"""A home that is too big to be told whole: what matters, and where the rest is."""

from collections.abc import Callable
from dataclasses import dataclass

from .home import ExposedEntity, overview
from .targets import ONLY_TELL


@dataclass(frozen=True, slots=True, kw_only=True)
class Priority:
    """What comes first, the same from turn to turn.

    Args:
        used: Ids of entities that people use.
        area: Where the words are heard.
    """

    used: frozenset[str] = frozenset()
    area: str | None = None

    def ranked(self, entities: tuple[ExposedEntity, ...]) -> list[ExposedEntity]:
        """Return the entities, those that matter first.

        What is used comes before all else, then the floor on which the words are
        heard, then areas where something is used, and last what only tells.
        """
        floors = {e.floor for e in entities if e.floor and e.area == self.area}
        areas = {e.area for e in entities if e.area and e.entity_id in self.used}

        def rank(entity: ExposedEntity) -> tuple[bool, bool, bool, bool, bool]:
            here = entity.area is not None and entity.area == self.area
            return (
                entity.entity_id not in self.used,
                not (here or entity.floor in floors),
                not here,
                entity.area not in areas,
                entity.domain in ONLY_TELL,
            )

        return sorted(entities, key=rank)


def fitted(
    entities: tuple[ExposedEntity, ...],
    priority: Priority,
    write: Callable[[tuple[ExposedEntity, ...], tuple[ExposedEntity, ...]], str],
    room: int,
) -> tuple[str, int]:
    """Return what is told of a home in so much room, and how many are left out.

    Args:
        entities: What is exposed, in the overview's order.
        priority: What comes first.
        write: Writes down what is told whole, and what is left out.
        room: Characters that the text may have. Areas are told in any case.
    """
    ranked = priority.ranked(entities)

    def told(most: int) -> str:
        whole = {entity.entity_id for entity in ranked[:most]}
        return write(
            tuple(e for e in entities if e.entity_id in whole),
            tuple(e for e in entities if e.entity_id not in whole),
        )

    fits, too_many = 0, len(ranked)
    while too_many - fits > 1:
        middle = (fits + too_many) // 2
        if len(told(middle)) <= room:
            fits = middle
        else:
            too_many = middle
    return told(fits), len(ranked) - fits


def partial_overview(
    whole: tuple[ExposedEntity, ...], rest: tuple[ExposedEntity, ...], tool: str
) -> str:
    """Write down a part of a home, and how to find the rest.

    Args:
        whole: What is told by name.
        rest: What is told by area only; without an area, by domain.
        tool: The model's name of the tool that tells what is in an area.
    """
    areas = dict.fromkeys(entity.area for entity in rest if entity.area)
    domains = dict.fromkeys(entity.kind for entity in rest if not entity.area)
    where = f"by area: {', '.join(areas)}" if areas else ""
    loose = f"without area, by domain: {', '.join(domains)}" if domains else ""
    hint = (
        f"There is more than is listed here. Before you use it, or say that it is "
        f"missing, look it up with {tool}, {'; '.join(filter(None, (where, loose)))}."
    )
    return f"{overview(whole)}\n{hint}" if whole else hint
