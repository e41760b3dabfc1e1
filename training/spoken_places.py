"""What people really say about a whole place: its lights, blinds, music, warmth."""

from collections.abc import Mapping

from . import numbers
from .contract import EVERYTHING
from .dice import Dice
from .goals import Asked, Goal, by_place, setting
from .homes import Home, Thing
from .mentions import inside, mention
from .phrases import raw
from .places import Scope, reach, scope
from .situations import LEVELS, heat
from .spoken import worded

_DOMAINS: Mapping[str, str] = {
    "lights": "light",
    "blinds": "cover",
    "fans": "fan",
    "media": "media_player",
    "temperature": "climate",
    "warmer": "climate",
    "cooler": "climate",
}
_LEVEL_OF = {"dimmer": "dim", "brighter": "brighten", "full": "full"}


def place(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Want something of all the lights, blinds, fans or players of a place."""
    section = dice.of(list(raw("spoken_places")))
    what, *form = section.split(" ")
    words = dice.say(f"spoken_places/{section}")
    if what == "everything":
        return _everything(dice, home, words, form, here)
    where = scope(dice, home, _DOMAINS[what], here)
    if where is None or (what == "lights" and home.is_a_name("light")):
        return None
    marks = {"in": inside(dice, home, where.place, here)}
    if not marks["in"] and where.place != here:
        return None
    if what in ("warmer", "cooler"):
        words = words.replace("{in}", marks["in"])
        members = list(where.members)
        more = what == "warmer"
        return heat(dice, home, members, words, more=more) if where.place else None
    if form[-1:] == ["two"]:
        return _of_two(dice, home, where, words, form[0], here)
    goal, values = _wanted(dice, where.members, form[0] if form else what)
    spared = None
    if form[-1:] == ["but"]:
        left_out = dice.of(where.members)
        spared = left_out.name
        said = mention(dice, home, left_out, where.members, here)
        rest = [thing for thing in where.members if thing is not left_out]
        if said is None or not rest:
            return None
        goal, values = goal.on(rest), {"n": said}
    calls = reach(home, goal, where.place, _DOMAINS[what], here, spared)
    said, kind, harder = worded(dice, marks | values, words)
    phenomenon = "except" if spared else "spoken_place"
    return calls and Asked(said, (goal,), calls, kind, harder or phenomenon)


def _wanted(
    dice: Dice, things: tuple[Thing, ...], form: str
) -> tuple[Goal, dict[str, str]]:
    """Return what is wanted of all things, and what the marks stand for."""
    if form in _LEVEL_OF:
        return LEVELS[_LEVEL_OF[form]](things), {}
    if form == "temperature":
        value, words = numbers.degrees(dice)
        return setting(things, temperature=value), {"v": words}
    if form in ("brightness", "position"):
        share, words = numbers.percent(dice)
        return setting(things, **{form: share}), {"v": words}
    if form == "color":
        color = dice.word("values/colors").lstrip("+")
        return setting(things, color=color), {"v": color}
    return Goal(form, things), {}


def _everything(
    dice: Dice, home: Home, words: str, form: list[str], here: str | None
) -> Asked | None:
    """Switch off all that hums and shines in a place, but for one thing."""
    area = dice.of([*home.areas, None, here])
    things = [t for t in home.at(area) if t.domain in EVERYTHING]
    marks = {"in": inside(dice, home, area, here)}
    if len(things) < len(form) or (not marks["in"] and area != here):
        return None
    spared = None
    if form[-1:] == ["but"]:
        spared = dice.of(things)
        said = mention(dice, home, spared, things, here)
        if said is None:
            return None
        marks["n"] = said
    goal = Goal("off", tuple(thing for thing in things if thing is not spared))
    calls = by_place(goal, area, None, spared.name if spared else None)
    said, kind, harder = worded(dice, marks, words)
    phenomenon = "except" if spared else "everything_area"
    return Asked(said, (goal,), calls, kind, harder or phenomenon)


def _of_two(
    dice: Dice, home: Home, first: Scope, words: str, form: str, here: str | None
) -> Asked | None:
    """Want the same of the lights of two areas."""
    others = {t.area: t for t in home.of("light") if t.area != first.place}
    if first.place not in home.areas or not others:
        return None
    area = dice.of(list(others))
    members = tuple(t for t in home.of("light") if t.area == area)
    goals = Goal(form, first.members), Goal(form, members)
    marks = {"in": inside(dice, home, first.place), "at": inside(dice, home, area)}
    calls = []
    for one, where in zip(goals, (first.place, area), strict=True):
        found = reach(home, one, where, "light", here)
        if found is None or area is None:
            return None
        calls += found
    said, kind, harder = worded(dice, marks, words)
    return Asked(said, goals, tuple(calls), kind, harder or "two_places")
