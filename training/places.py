"""Orders for all of a kind in an area, on a floor, at home; with exceptions."""

from dataclasses import dataclass

from . import numbers, speech
from .commands import asked_for
from .dice import Dice
from .effects import WrongCall, effects, intended, same
from .goals import Asked, Goal, by_name, by_place, setting
from .homes import Home, Thing, word_set
from .mentions import called, inside, mention, the
from .render import Call

# Kinds of things with a word for all of them, and what is asked of all of them.
_GROUPS: dict[str, tuple[str, ...]] = {
    "light": ("on", "off") * 4
    + ("brightness", "brightness", "color", "kelvin")
    + ("full", "low", "least"),
    "cover": ("open", "close") * 3 + ("position", "half", "stop"),
    "fan": ("on", "off", "speed"),
    "media_player": ("off", "off", "pause", "mute", "quieter", "louder", "volume"),
    "lock": ("lock", "lock", "unlock"),
    "switch": ("on", "off"),
    "climate": ("off", "on", "temperature", "temperature"),
    "vacuum": ("start", "dock"),
}
_WEIGHTS = (16, 7, 1, 2, 2, 1, 3, 0.5)
# More calls than this for one sentence are not worth their tokens.
_MOST_CALLS = 6


@dataclass(frozen=True, slots=True)
class Scope:
    """What is meant: things of a domain in a place; ``None`` is the whole home."""

    place: str | None
    members: tuple[Thing, ...]
    name: str


def reach(
    home: Home,
    goal: Goal,
    place: str | None,
    domain: str,
    here: str | None,
    spared: str | None = None,
) -> tuple[Call, ...] | None:
    """Return one call for the place if it does just that, else one for each name."""
    calls = by_place(goal, place, domain, spared)
    try:
        if same(effects(home, calls, here), intended([goal])):
            return calls
    except WrongCall:
        pass
    if 0 < len(goal.things) <= _MOST_CALLS:
        return by_name(home, goal)
    return None


def here_alone(home: Home, domain: str, here: str | None) -> Thing | None:
    """Return the only thing of a domain in this room, else in the home."""
    found = home.of(domain)
    if here:
        found = [t for t in found if t.area == here] or found
    return found[0] if len(found) == 1 else None


def scope(dice: Dice, home: Home, domain: str, here: str | None) -> Scope | None:
    """Choose where, among the places that have such things."""
    found = [t for t in home.of(domain) if t.kind not in ("gate", "shade")]
    if not found:
        return None
    r = dice.random()
    thing = dice.of(found)
    if r < 0.16:
        return Scope(None, tuple(found), "home")
    if r < 0.42 and thing.floor:
        place: str | None = thing.floor
        name = "floor"
    elif here and dice.often(0.35):
        place, name = here, "here"
    else:
        place, name = thing.area, "area"
    members = tuple(t for t in found if place in (t.area, t.floor))
    if place is None or not members:
        return None
    return Scope(place, members, name)


def group(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Ask something of everything of a kind in a place."""
    domain = dice.choices(list(_GROUPS), _WEIGHTS)[0]
    where = scope(dice, home, domain, here)
    if where is None:
        return None
    word = dice.word(f"words/groups {domain}").lstrip("+")
    if _unclear(home, where, word):
        return None
    action = dice.of(_GROUPS[domain])
    forms, goal, marks, _ = asked_for(dice, where.members[0], action)
    if domain == "climate" and action == "temperature":
        return None
    goal = goal.on(where.members)
    said, where_said = _group_words(dice, home, where, word, here), where.name
    if dice.often(0.22) and len(where.members) > 1:
        return _except(dice, home, where, goal, (said, forms, marks), here)
    calls = reach(home, goal, where.place, domain, here)
    if calls is None:
        return None
    if domain == "light" and where.name == "area" and dice.often(0.12):
        said = the(dice, home, where.place or "")
        if home.is_a_name(said) or marks.get("v", "").replace(" ", "").isdigit():
            return None
        forms = [form for form in forms if "light_" not in form]
    words, tone = speech.order(dice, forms, said, **marks)
    return _asked(dice, words, tone, (goal,), calls, where_said)


def _group_words(
    dice: Dice, home: Home, where: Scope, word: str, here: str | None
) -> str:
    """Say all of a kind, and where."""
    lights = where.members[0].domain == "light" and where.place is not None
    if lights and where.name != "floor" and dice.often(0.25):
        word = "light"
    if word == "light" and where.name == "here":
        return dice.of(["the light", "the light in here", "the light here", "light"])
    if word == "light" and where.name == "area":
        at = inside(dice, home, where.place)
        bare = called(dice, home, where.place or "")
        return dice.of([f"the light {at}", f"the {bare} light", f"{bare} light"])
    if where.name == "here" and dice.often(0.4):
        return dice.of([f"the {word}", f"all the {word}", word, f"the {word} here"])
    if where.name == "area" and where.place and dice.often(0.4):
        bare = the(dice, home, where.place).removeprefix("the ")
        frame = dice.say("words/group prefixed", 0.2)
        return frame.replace("{p}", bare).replace("{g}", word)
    if where.place is None and dice.often(0.3):
        return dice.of([f"all {word}", f"all the {word}", f"every one of the {word}"])
    at = inside(dice, home, where.place, here if where.name == "here" else None)
    frame = dice.say("words/group mention", 0.2)
    return frame.replace("{in}", at).replace("{g}", word)


def _asked(
    dice: Dice,
    words: str,
    tone: str,
    goals: tuple[Goal, ...],
    calls: tuple[Call, ...],
    phenomenon: str,
) -> Asked:
    said, harder = speech.dressed(dice, words)
    kind = "free" if harder else speech.kind_of(tone)
    return Asked(said, goals, calls, kind, harder or phenomenon)


def _unclear(home: Home, where: Scope, word: str) -> bool:
    """Return whether a device, or only some of the things, are called so."""
    if home.is_a_name(word) or any(
        home.is_a_name(f"{place} {word}")
        for place in (where.place, *home.called.get(where.place or "", ()))
    ):
        return True
    wanted = word_set(word)
    so_called = [t for t in where.members if wanted <= word_set(t.name)]
    return 0 < len(so_called) < len(where.members) and wanted != {"light"}


def _except(
    dice: Dice,
    home: Home,
    where: Scope,
    goal: Goal,
    spoken: tuple[str, list[str], dict[str, str]],
    here: str | None,
) -> Asked | None:
    """Leave one of them out, or all that are in one area."""
    domain = where.members[0].domain
    areas = list(dict.fromkeys(t.area for t in where.members if t.area))
    if len(areas) > 1 and dice.often(0.4):
        spared = dice.of(areas)
        at = the(dice, home, spared)
        said = at if dice.often(0.6) else inside(dice, home, spared)
        if home.is_a_name(at):
            return None
        rest = [t for t in where.members if t.area != spared]
    else:
        left_out = dice.of(where.members)
        spared = left_out.name
        named = mention(dice, home, left_out, where.members, here)
        if named is None:
            return None
        said, rest = named, [t for t in where.members if t is not left_out]
    group_said, forms, marks = spoken
    goal = goal.on(rest)
    calls = reach(home, goal, where.place, domain, here, spared)
    if calls is None:
        return None
    but = dice.say("words/except", 0.4).replace("{n}", said)
    words, tone = speech.order(dice, forms, f"{group_said} {but}", **marks)
    asked = _asked(dice, words, tone, (goal,), calls, "except")
    return Asked(asked.said, asked.goals, asked.calls, "free", "except")


def two_places(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Ask the same of two areas."""
    domain = dice.choices(["light", "cover", "fan"], [8, 2, 1])[0]
    areas = list(dict.fromkeys(t.area for t in home.of(domain) if t.area))
    if len(areas) < 2:
        return None
    pair = dice.sample(areas, 2)
    word = dice.word(f"words/groups {domain}").lstrip("+")
    if any(home.is_a_name(text) for a in pair for text in (a, f"{a} {word}", word)):
        return None
    scopes = [tuple(t for t in home.of(domain) if t.area == area) for area in pair]
    forms, goal, marks, _ = asked_for(dice, scopes[0][0], dice.of(_GROUPS[domain]))
    goals = tuple(goal.on(things) for things in scopes)
    calls: list[Call] = []
    for area, one in zip(pair, goals, strict=True):
        found = reach(home, one, area, domain, here)
        if found is None:
            return None
        calls += found
    first, second = (the(dice, home, area) for area in pair)
    said = dice.of(
        [
            f"the {word} in {first} and {second}",
            f"the {word} in {first} and in {second}",
            f"{word} in {first} and {second}",
            f"{first} and {second} {word}",
            f"all {word} in {first} and in {second}",
        ]
    )
    if domain == "light" and dice.often(0.35):
        said = f"{first} and {second}"
        if marks.get("v", "").replace(" ", "").isdigit():
            return None
    words, tone = speech.order(dice, forms, said, **marks)
    return _asked(dice, words, tone, goals, tuple(calls), "two_places")


def temperature(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Set the temperature of an area, a floor or the home."""
    value, words = numbers.degrees(dice)
    alone = here_alone(home, "climate", here)
    if alone and any(c.isalpha() for c in words) and dice.often(0.3):
        goal = setting([alone], temperature=value)
        text, tone = speech.order(dice, ["values/temperature_here"], "", v=words)
        return _asked(dice, text, tone, (goal,), by_name(home, goal), "nameless")
    where = scope(dice, home, "climate", here)
    if where is None:
        return None
    goal = setting(where.members, temperature=value)
    calls = reach(home, goal, where.place, "climate", here)
    if calls is None:
        return None
    if where.place is None:
        said = dice.of(["the house", "the whole house", "the home", "every room"])
    elif where.name == "here" and dice.often(0.7):
        said = dice.of(["this room", "it", "the room", "the temperature here"])
    else:
        said = the(dice, home, where.place)
        if home.is_a_name(said):
            return None
    text, tone = speech.order(dice, ["values/temperature_area"], said, v=words, p=said)
    return _asked(dice, text, tone, (goal,), calls, "area_temperature")
