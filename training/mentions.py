"""The ways in which a person may call a device or a place."""

from collections.abc import Sequence
from functools import lru_cache

from .dice import Dice
from .homes import Home, Thing, word_set
from .words import Word, foreign

_TOO_GENERAL = frozenset(
    {"light", "lights", "lamps", "spots", "music", "heat", "fire", "the box"}
)
_ARTICLES = ("the ", "the ", "the ", "", "", "my ", "our ", "that ", "this ")
_ON = frozenset(
    "terrace patio balcony roof deck porch veranda driveway landing stairs playground"
    " campsite courtyard lawn".split()
)


def mention(
    dice: Dice,
    home: Home,
    thing: Thing,
    pool: Sequence[Thing],
    here: str | None,
) -> str | None:
    """Call a device by words that mean only it among ``pool``.

    ``None`` where it has a namesake and no words were found that tell them apart.
    """
    choices = _by_name(dice, home, thing)
    r = dice.random()
    if r < 0.45 or not choices:
        short = _by_noun(dice, home, thing, pool, here)
        if short and (not choices or dice.often(0.75)):
            choices = short
    if not choices:
        return None
    said = dice.of(choices)
    return _number_changed(said) if dice.often(0.03) else said


def _by_name(dice: Dice, home: Home, thing: Thing) -> list[str]:
    """Return ways to say one of the names in full."""
    if home.has_namesake(thing):
        return []
    name = thing.name
    lower = name.lower()
    if thing.domain == "person":
        return [name, name, lower]
    own = "'s " in name or lower.startswith(("the ", "der ", "la ", "le "))
    article = "" if own else dice.of(_ARTICLES)
    the_one = "" if own else "the "
    choices = [
        name,
        f"{article}{lower}",
        f"{article}{lower}",
        f"{the_one}{lower}",
        lower,
    ]
    choices += [f"{the_one}{name}"]
    for alias in thing.entity.aliases:
        choices += [alias, f"the {alias}"]
    if thing.area and thing.area.lower() not in lower and dice.often(0.1):
        choices += [f"{the_one}{lower} {inside(dice, home, thing.area)}"]
    return choices


def _by_noun(
    dice: Dice, home: Home, thing: Thing, pool: Sequence[Thing], here: str | None
) -> list[str]:
    """Return ways to say what it is, and where, without its name."""
    words = [thing.noun.text, thing.noun.text]
    words += thing.noun.synonyms
    noun = dice.of(words).lower()
    own = _own_word(dice, thing, pool)
    found = [f"the {own}", own] if own else []
    if (
        noun in _TOO_GENERAL
        or thing.kind in ("scene", "helper", "person")
        or not shows(thing)
    ):
        return found
    rivals = [t for t in pool if t is not thing and could_be(t, noun)]
    if not rivals:
        found += [f"{dice.of(_ARTICLES)}{noun}", f"the {noun}", noun]
    area = thing.area
    if area is None or any(t.area == area for t in rivals):
        return found
    if any(area_of_name(home, t, area) for t in rivals):
        return found
    if here == area:
        found += [f"the {noun}"] * 3 + [
            f"the {noun} {dice.of(('here', 'in here'))}",
            noun,
        ]
    where, bare = inside(dice, home, area), called(dice, home, area)
    found += [f"the {noun} {where}", f"the {bare} {noun}", f"{bare} {noun}"]
    if "'s " in area:
        found += [f"{area.split(' ')[0]} {noun}"]
    return found


@lru_cache(maxsize=16384)
def _shown(noun: Word) -> tuple[frozenset[str], ...]:
    """Return the words for a thing, in every language."""
    return tuple(
        word_set(text)
        for text in (noun.text, *noun.synonyms, *foreign("devices").get(noun.text, ()))
    )


def shows(thing: Thing) -> bool:
    """Return whether its names, or its domain, tell what a thing is."""
    if thing.domain in ("vacuum", "lawn_mower"):
        return True
    words = frozenset[str]().union(*map(word_set, thing.entity.names))
    return any(shown <= words for shown in _shown(thing.noun))


def could_be(thing: Thing, said: str) -> bool:
    """Return whether somebody could mean a thing with these words."""
    wanted = word_set(said)
    if thing.is_a(said):
        return True
    mine = word_set(thing.area or "")
    return any(
        wanted <= word_set(text) | mine or word_set(text) == wanted
        for text in (*thing.entity.names, thing.noun.text, *thing.noun.synonyms)
    )


def area_of_name(home: Home, thing: Thing, area: str) -> bool:
    """Return whether a thing that is elsewhere has this area in its name."""
    return any(
        word_set(text) <= word_set(thing.name)
        for text in (area, *home.called.get(area, ()))
    )


def _own_word(dice: Dice, thing: Thing, pool: Sequence[Thing]) -> str | None:
    """Return a word of the name that no other thing of the home has."""
    if dice.often(0.6):
        return None
    parts = [p for p in thing.name.lower().split(" ") if len(p) > 3 and p.isalpha()]
    if len(parts) < 2:
        return None
    word = dice.of(parts)
    wanted = word_set(word)
    generic = word_set(thing.area or "") | word_set(thing.noun.text)
    if wanted & generic or any(
        wanted & (word_set(n) | word_set(t.area or "") | word_set(t.floor or ""))
        for t in pool
        if t is not thing
        for n in t.entity.names
    ):
        return None
    return word


def _number_changed(said: str) -> str:
    """Say one thing for many, or many for one."""
    if said.endswith("s"):
        return said.removesuffix("s")
    return said if not said[-1:].isalpha() or len(said) < 4 else f"{said}s"


def called(dice: Dice, home: Home, place: str) -> str:
    """Call an area or a floor."""
    others = home.called.get(place, ())
    if others and dice.often(0.25):
        return dice.of(others)
    return place if dice.often(0.3) else place.lower()


def the(dice: Dice, home: Home, place: str) -> str:
    """Call an area as the object of a sentence: ``the kitchen``."""
    said = called(dice, home, place)
    bare = "'" in said or said.lower() in (
        "upstairs",
        "downstairs",
        "outside",
        "outdoors",
    )
    return said if bare or dice.often(0.2) else f"the {said}"


def inside(dice: Dice, home: Home, place: str | None, here: str | None = None) -> str:
    """Say where: ``in the kitchen``, ``in here``, ``upstairs``, ``at home``."""
    if place is None:
        return dice.of(
            [
                "in the house",
                "at home",
                "everywhere",
                "anywhere",
                "in the whole house",
                "in the entire home",
                "in the home",
                "all over the house",
                "in every room",
            ]
        )
    if place == here and dice.often(0.7):
        return dice.of(["in here", "here", "in here", "in this room", "here", ""])
    said = called(dice, home, place)
    low = said.lower()
    if low in ("upstairs", "downstairs", "outside", "outdoors", "underground"):
        return said if dice.often(0.3) else low
    floor = place in home.floors
    word = low.rsplit(" ", maxsplit=1)[-1]
    at = "on" if floor or word in _ON else "in"
    return f"{at} {'' if chr(39) in said or dice.often(0.12) else 'the '}{said}"
