"""What people really ask: whole sentences about a thing, or about the lights of a place."""

from collections.abc import Mapping

from .dice import Dice
from .goals import state_of
from .homes import Home, Thing
from .mentions import inside, mention
from .questions import Question, marked
from .render import Call
from .told import answered

# Of which kinds of things it is asked whether they are on, open, locked.
_ONE: Mapping[str, tuple[str, ...]] = {
    "switched": ("light", "switch", "fan", "media"),
    "opened": ("cover", "gate", "window", "door"),
    "locked": ("lock",),
}
# What a place is asked about: kinds of things, and the domain that is looked up.
_PLACES: Mapping[str, tuple[tuple[str, ...], str]] = {
    "which lights": (("light",), "light"),
    "any lights": (("light",), "light"),
    "count lights": (("light",), "light"),
    "any open": (("window", "door"), "sensor"),
    "which open": (("window",), "sensor"),
    "motion": (("motion",), "sensor"),
}
_MOST_LOOKED_UP = 40


def asked(dice: Dice, home: Home, here: str | None) -> Question | None:
    """Ask about one thing, or about a place."""
    section = dice.of([*_ONE, *_ONE, *_PLACES])
    found = _of_one if section in _ONE else _of_place
    return found(dice, home, section, here)


def _of_one(dice: Dice, home: Home, section: str, here: str | None) -> Question | None:
    things = [thing for thing in home.things if thing.kind in _ONE[section]]
    if not things:
        return None
    thing = dice.of(things)
    said = mention(dice, home, thing, home.things, here)
    if said is None:
        return None
    words = dice.say(f"questions/{section}").replace("{n}", said)
    return _question(dice, home, words, (thing,), ("state", state_of(home, thing)[1]))


def _of_place(
    dice: Dice, home: Home, section: str, here: str | None
) -> Question | None:
    kinds, domain = _PLACES[section]
    things = [thing for thing in home.things if thing.kind in kinds]
    if not things:
        return None
    place = dice.of(things).area
    about = tuple(t for t in things if t.area == place)
    looked_at = [t for t in home.at(place) if t.entity.kind == domain]
    at = inside(dice, home, place, here)
    if place is None or (not at and place != here) or len(looked_at) > _MOST_LOOKED_UP:
        return None
    words = dice.say(f"questions/{section}").replace("{in}", at)
    lookup = ("state", {"area": place, "domain": domain})
    return _question(dice, home, words, about, lookup)


def _question(
    dice: Dice, home: Home, words: str, about: tuple[Thing, ...], lookup: Call
) -> Question | None:
    """Return a question that Hearth answers itself from what is looked up."""
    said = marked(dice, words, words)
    answer = answered(home, (lookup,), said)
    if answer is None:
        return None
    return Question(said, about, answer, (lookup,), "spoken_question")
