"""The ways in which a person may call a device or an area."""

from collections.abc import Sequence
from random import Random

from .homes import Home, Thing, word_set

_TOO_GENERAL = frozenset({"light", "lights"})


def refer(
    rng: Random, home: Home, thing: Thing, pool: Sequence[Thing], here: str | None
) -> str:
    """Call a device by a name that means only it among ``pool``."""
    name = thing.name
    choices = (
        [name] * 4
        + [f"the {name}"] * 2
        + [f"the {name.lower()}"] * 5
        + [name.lower()] * 3
    )
    for alias in thing.entity.aliases:
        choices += [alias, f"the {alias}", f"the {alias}"]
    choices += _short(home, thing, pool, here) * 2
    if rng.random() < 0.05:
        choices = [f"{rng.choice(['my', 'our', 'this', 'that'])} {name.lower()}"]
    said = rng.choice(choices)
    if rng.random() < 0.04:
        said = _number_changed(said)
    return said


def _short(
    home: Home, thing: Thing, pool: Sequence[Thing], here: str | None
) -> list[str]:
    """Return names that leave something out and still are clear."""
    found: list[str] = []
    noun = thing.noun.lower()
    if noun in _TOO_GENERAL:
        return found
    same = [other for other in pool if _answers(other, noun)]
    if same == [thing]:
        found += [f"the {noun}"] * 3 + [noun]
    area = thing.area
    if area is None:
        return found
    if [other for other in same if other.area == area] == [thing]:
        place = area.lower()
        found += [f"the {noun} in the {place}"] * 2 + [f"the {place} {noun}"] * 2
        if area.split("'")[0] != area:
            found += [f"{area}'s {noun}", f"the {noun} in {area}"]
        if here == area:
            found += [f"the {noun}"] * 6
    rest = word_set(thing.name) - word_set(area)
    if rest and thing.name.lower().startswith(area.lower() + " "):
        bare = thing.name[len(area) + 1 :].lower()
        if bare not in _TOO_GENERAL and [
            o for o in pool if _answers(o, bare) and o.area == area
        ] == [thing]:
            found += [f"the {bare} in the {area.lower()}"] * 2
    return found


def _answers(thing: Thing, said: str) -> bool:
    """Return whether all words that were said are in one of the names."""
    wanted = word_set(said)
    return any(wanted <= word_set(name) for name in thing.entity.names)


def _number_changed(said: str) -> str:
    """Say one thing for many, or many for one."""
    if said.endswith("s"):
        return said.removesuffix("s")
    return said if said[-1:].isdigit() or said.endswith(")") else f"{said}s"


def place(rng: Random, area: str) -> str:
    """Call an area, as it stands after ``in``."""
    return rng.choice(
        [
            f"the {area.lower()}",
            f"the {area.lower()}",
            f"the {area}",
            area,
            area.lower(),
        ]
    )
