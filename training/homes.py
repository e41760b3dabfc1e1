"""Homes drawn at random: areas, floors, devices with names of many styles."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import lru_cache
from typing import Any

from . import kinds, naming
from .contract import (
    INSTRUCTIONS,
    ExposedEntity,
    describe,
    key,
    order,
    prefix,
    singular,
    words,
)
from .dice import Dice
from .naming import Place, Style
from .words import Word

# What is not called after another thing of its kind.
_NAMED_ALONE = kinds.MEASURES | {"person"}
# Characters of a home's overview: what the model can read in training.
_LONGEST = 5200


@dataclass(frozen=True, slots=True)
class Thing:
    """A device of a home with its present state; ``noun`` is what it is."""

    entity: ExposedEntity
    kind: str
    noun: Word
    state: str
    attributes: dict[str, Any] = field(default_factory=dict)

    @property
    def name(self) -> str:
        """Return the name that calls must use."""
        return self.entity.name

    @property
    def domain(self) -> str:
        """Return the entity's domain."""
        return self.entity.domain

    @property
    def area(self) -> str | None:
        """Return the area's name."""
        return self.entity.area

    @property
    def floor(self) -> str | None:
        """Return the floor's name."""
        return self.entity.floor

    @property
    def told(self) -> str:
        """Return the state as the prompt tells it."""
        return describe(
            self.domain, self.entity.device_class, self.state, self.attributes
        )

    def is_a(self, noun: str) -> bool:
        """Return whether a noun is what it is, or is called too."""
        mine = self.noun
        return mine.text.casefold() == noun or noun in map(str.casefold, mine.synonyms)


@dataclass(frozen=True, slots=True)
class Home:
    """A home: its things in the order of the overview.

    ``called`` has what people say for areas and floors, besides their names.
    """

    things: tuple[Thing, ...]
    called: Mapping[str, tuple[str, ...]] = field(default_factory=dict)

    @property
    def entities(self) -> tuple[ExposedEntity, ...]:
        """Return what the overview lists."""
        return tuple(thing.entity for thing in self.things)

    @property
    def areas(self) -> list[str]:
        """Return the areas that have devices."""
        return list(dict.fromkeys(t.area for t in self.things if t.area))

    @property
    def floors(self) -> list[str]:
        """Return the floors that have devices."""
        return list(dict.fromkeys(t.floor for t in self.things if t.floor))

    def of(self, *domains: str) -> list[Thing]:
        """Return the things of some domains."""
        return [thing for thing in self.things if thing.domain in domains]

    def at(self, place: str | None) -> list[Thing]:
        """Return the things in an area or on a floor; all where none is given."""
        return [t for t in self.things if place in (None, t.area, t.floor)]

    def is_a_name(self, said: str) -> bool:
        """Return whether a device is called just this."""
        wanted = word_set(said)
        return any(word_set(n) == wanted for e in self.entities for n in e.names)

    def has_namesake(self, thing: Thing) -> bool:
        """Return whether another thing has the same name."""
        mine = key(thing.name)
        return any(
            key(name) == mine
            for other in self.things
            if other.entity.entity_id != thing.entity.entity_id
            for name in other.entity.names
        )


@lru_cache(maxsize=65536)
def word_set(text: str) -> frozenset[str]:
    """Return a text's words without case, accents and plural endings."""
    return frozenset(singular(word) for word in words(text))


def draw_size(dice: Dice) -> int:
    """Draw how many devices a home has: mostly 10 to 60, seldom up to 200."""
    low, high = dice.choices(
        [(3, 9), (10, 25), (26, 60), (61, 110), (111, 200)], [12, 42, 36, 7, 3]
    )[0]
    return dice.randint(low, high)


def draw_home(dice: Dice, size: int | None = None) -> Home:
    """Draw a home of about ``size`` devices, fewer where its text gets too long."""
    size = size or draw_size(dice)
    builder = _Builder(dice, size)
    tries = 0
    while len(builder.things) < size and tries < 8 * size + 50:
        builder.add(dice.of(builder.places) if dice.often(0.97) else None)
        tries += 1
    things = sorted(builder.things, key=lambda t: order(t.entity))
    while len(prefix(INSTRUCTIONS, tuple(t.entity for t in things))) > _LONGEST:
        del things[dice.randrange(len(things)) :: 12]
    return Home(tuple(things), naming.spoken_places(builder.places))


class _Builder:
    """The home while it is being drawn."""

    def __init__(self, dice: Dice, size: int) -> None:
        self.dice = dice
        self.things: list[Thing] = []
        self.style = Style.draw(dice)
        count = max(1, min(24, round(size / dice.uniform(2.5, 7.5))))
        self.places = naming.draw_places(dice, self.style, count)
        self._keys: dict[str, Thing] = {}
        self._kinds = list(kinds.KINDS)
        self._weights = [
            kinds.KINDS[name].weight * dice.uniform(0.4, 1.6) for name in self._kinds
        ]

    def add(self, place: Place | None) -> None:
        """Draw one device, unless its name is taken."""
        dice = self.dice
        kind_name = dice.choices(self._kinds, self._weights)[0]
        kind = kinds.KINDS[kind_name]
        if kind_name == "person":
            place = None
        noun = naming.noun(dice, kind, place)
        name = naming.name(dice, self.style, kind_name, noun, place)
        alike = [t for t in self.things if t.kind == kind_name]
        if kind_name not in _NAMED_ALONE and alike and dice.often(0.12):
            other = dice.of(alike)
            name, noun = naming.longer(dice, other.name), other.noun
        elif self.style.namesakes and alike and dice.often(0.25):
            other = dice.of(alike)
            if not any(word_set(p.name) <= word_set(other.name) for p in self.places):
                name, noun = other.name, other.noun
        aliases = naming.aliases(dice, self.style, noun, name)
        taken = {key(text) for text in (name, *aliases)}
        if not all(taken) or any(not self._free(k, kind_name, place) for k in taken):
            return
        state, attributes = kind.state(dice)
        entity = ExposedEntity(
            entity_id=f"{kind.domain}.{key(name)}_{len(self.things)}",
            name=name,
            aliases=aliases,
            area=place.name if place else None,
            floor=place.floor if place else None,
            device_class=kind.device_class,
        )
        thing = Thing(entity, kind_name, noun, state, attributes)
        self.things.append(thing)
        self._keys |= dict.fromkeys(taken, thing)

    def _free(self, wanted: str, kind: str, place: Place | None) -> bool:
        """Return whether a name may be given (again, in homes that do that)."""
        other = self._keys.get(wanted)
        if other is None:
            return True
        return (
            self.style.namesakes
            and other.kind == kind
            and place is not None
            and place.name not in {t.area for t in self.things if key(t.name) == wanted}
            and other.area is not None
        )
