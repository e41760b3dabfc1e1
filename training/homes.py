"""Homes drawn at random: areas, floors, devices with names of many styles."""

from collections.abc import Callable
from dataclasses import dataclass, field
from random import Random
from typing import Any

from . import kinds, words as w
from .contract import ExposedEntity, describe, key, order, singular, words


@dataclass(frozen=True, slots=True)
class Thing:
    """A device of a home with its present state."""

    entity: ExposedEntity
    kind: str
    noun: str
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
    def told(self) -> str:
        """Return the state as the prompt tells it."""
        return describe(
            self.domain, self.entity.device_class, self.state, self.attributes
        )


@dataclass(frozen=True, slots=True)
class Home:
    """A home: its things in the order of the overview."""

    things: tuple[Thing, ...]

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
        return list(
            dict.fromkeys(t.entity.floor for t in self.things if t.entity.floor)
        )

    def of(self, *domains: str) -> list[Thing]:
        """Return the things of some domains."""
        return [thing for thing in self.things if thing.domain in domains]

    def holding(self, said: str) -> list[Thing]:
        """Return the things with all of these words in one of their names."""
        wanted = word_set(said)
        return [
            thing
            for thing in self.things
            if any(wanted <= word_set(name) for name in thing.entity.names)
        ]


def word_set(text: str) -> set[str]:
    """Return a text's words without case, accents and plural endings."""
    return {singular(word) for word in words(text)}


def draw_home(rng: Random, size: int | None = None) -> Home:
    """Draw a home of about ``size`` devices."""
    if size is None:
        size = rng.choices(
            [rng.randint(4, 14), rng.randint(15, 35), rng.randint(36, 60)], [4, 8, 2]
        )[0]
    builder = _Builder(rng)
    areas = builder.areas(max(1, min(12, round(size / rng.uniform(2.5, 7)))))
    while len(builder.things) < size:
        place = rng.choice(areas) if rng.random() < 0.96 else (None, None)
        builder.add(place)
    return Home(tuple(sorted(builder.things, key=lambda t: order(t.entity))))


class _Builder:
    """The home while it is being drawn; holds its naming habits."""

    def __init__(self, rng: Random) -> None:
        self.rng = rng
        self.things: list[Thing] = []
        self._keys: set[str] = set()
        self._prefixing = rng.choice([0.15, 0.4, 0.4, 0.7])
        self._odd = rng.choice([0.05, 0.15, 0.5])
        self._case = rng.choices(
            [_sentence, _title, str.lower, lambda text: text], [12, 5, 2, 2]
        )[0]
        # Many homes have areas in title case and devices that are not.
        self._area_case = (
            self._case
            if self._case is str.lower
            else rng.choices([_title, lambda text: text, str.lower], [9, 9, 1])[0]
        )
        self._lower_inside = rng.random() < 0.6
        self._aliases = rng.choice([0, 0, 0.08, 0.2])
        kind_names = list(kinds.KINDS)
        self._weights = [
            kinds.KINDS[name].weight * rng.uniform(0.4, 1.6) for name in kind_names
        ]
        self._kind_names = kind_names

    def areas(self, count: int) -> list[tuple[str | None, str | None]]:
        """Draw areas, on floors in every second home."""
        rng = self.rng
        names: dict[str, str] = {}
        while len(names) < count:
            name = rng.choice(w.AREAS)
            match rng.random():
                case r if r < 0.10:
                    name = f"{rng.choice(w.PERSONS)}'s {rng.choice(['room', 'office', 'bedroom', 'studio'])}"
                case r if r < 0.16:
                    name = f"{w.invented(rng)} {rng.choice(['room', 'hall', 'corner'])}"
                case r if r < 0.20:
                    name = f"{name} {rng.randint(1, 3)}"
            name = self._area_case(name)
            names.setdefault(key(name), name)
        floors: list[str | None] = [None]
        if rng.random() < 0.55:
            floors = list(rng.sample(w.FLOORS, rng.randint(1, 3)))
            if rng.random() < 0.2:
                floors.append(None)
        return [(name, rng.choice(floors)) for name in names.values()]

    def add(self, place: tuple[str | None, str | None]) -> None:
        """Draw one device, unless its name is taken."""
        rng = self.rng
        kind_name = rng.choices(self._kind_names, self._weights)[0]
        kind = kinds.KINDS[kind_name]
        noun = rng.choice(kind.nouns)
        area, floor = place
        name = self._name(kind_name, noun, area)
        taken = {key(name)}
        aliases = []
        if rng.random() < self._aliases:
            alias = rng.choice(
                [
                    rng.choice(kind.nouns),
                    w.invented(rng).lower(),
                    f"{rng.choice(w.ADJECTIVES)} {noun}",
                ]
            )
            if key(alias) not in taken:
                aliases.append(alias)
                taken.add(key(alias))
        if not key(name) or taken & self._keys:
            return
        self._keys |= taken
        state, attributes = kind.state(rng)
        entity = ExposedEntity(
            entity_id=f"{kind.domain}.{key(name)}",
            name=name,
            aliases=tuple(aliases),
            area=area,
            floor=floor,
            device_class=kind.device_class,
        )
        self.things.append(Thing(entity, kind_name, noun, state, attributes))

    def _name(self, kind: str, noun: str, area: str | None) -> str:
        rng = self.rng
        plain = area if area and rng.random() < 0.85 else rng.choice(w.AREAS)
        if self._lower_inside and plain.lower() in _KNOWN_AREAS:
            plain = plain.lower()
        if kind in kinds.MEASURES:
            owner = rng.choices(
                [
                    plain,
                    rng.choice(w.SWITCHES),
                    w.invented(rng),
                    rng.choice(w.PERSONS),
                    "outdoor",
                    "indoor",
                    "",
                ],
                [10, 2, 2, 1, 1, 0.5, 2 if kind != "battery" else 0],
            )[0]
            return self._case(f"{owner} {noun}".strip())
        if rng.random() < self._odd:
            name = rng.choice(_ODD)(rng, noun)
        elif kind == "light" and area and rng.random() < 0.06:
            name = area
        elif rng.random() < self._prefixing:
            name = f"{plain} {noun}"
        else:
            name = rng.choices(
                [
                    noun,
                    f"{rng.choice(w.PERSONS)}'s {noun}",
                    f"{rng.choice(w.ADJECTIVES)} {noun}",
                    f"{noun} {rng.choice(['left', 'right', 'front', 'back', '1', '2', '3', 'A', 'B'])}",
                ],
                [10, 2, 3, 3],
            )[0]
            if rng.random() < 0.1:
                name = f"{plain} {name}"
        return self._case(name)


_KNOWN_AREAS = frozenset(area.lower() for area in w.AREAS if area.isascii())
_ODD: list[Callable[[Random, str], str]] = [
    lambda rng, noun: f"{w.invented(rng)} {noun}",
    lambda rng, noun: f"{noun} {w.invented(rng)}",
    lambda rng, noun: w.invented(rng),
    lambda rng, noun: f"{w.invented(rng)} {w.invented(rng)}",
    lambda rng, noun: f"{rng.choice(w.BRANDS)} {noun}",
    lambda rng, noun: f"{rng.choice(w.BRANDS)} {w.code(rng)}",
    lambda rng, noun: f"{rng.choice(w.BRANDS)} {noun} {rng.randint(1, 9)}",
    lambda rng, noun: f"{rng.choice(w.AREAS)} {rng.choice(w.ADJECTIVES)} {noun}",
    lambda rng, noun: f"{rng.choice(w.ADJECTIVES)} {w.invented(rng)} {noun}",
    lambda rng, noun: (
        f"{noun} ({rng.choice(w.ADJECTIVES)})"
        if rng.random() < 0.2
        else f"{noun} {rng.choice(w.ADJECTIVES)}"
    ),
]


def _sentence(text: str) -> str:
    """Start with a capital letter and leave the rest, but lower common words."""
    return text[:1].upper() + text[1:]


def _title(text: str) -> str:
    """Start every word with a capital letter."""
    return " ".join(word[:1].upper() + word[1:] for word in text.split(" "))
