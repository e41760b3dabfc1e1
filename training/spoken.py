"""What people really say: whole sentences for a named thing, or for several.

Unlike orders that are put together from a verb, a frame and a reason, each of these was
written as one, with a reason that goes with it. See ``text/spoken.txt``.
"""

from collections.abc import Mapping
from functools import cache
import re

from . import numbers, speech
from .commands import CONTROLLABLE
from .contract import PASSAGES
from .dice import Dice
from .goals import Asked, Goal, by_name, setting
from .homes import Home, Thing
from .mentions import mention
from .phrases import raw
from .relative import level

# Of a phrase with no more words besides its marks an order is plain, if it is like one.
_FEW_WORDS = 4
_MARK = re.compile(r"\{(?:(\w+):)?(\w+)\}")
# The value a thing is set to, and how it is said, by the kind of thing.
_FIELDS = {
    "light": "brightness",
    "blind": "position",
    "media": "volume",
    "fan": "speed",
    "climate": "temperature",
}
# What is done with several things, and the kinds of them.
_TWO: Mapping[str, tuple[str, ...]] = {
    "on": ("light", "light", "switch", "fan"),
    "off": ("light", "light", "switch", "fan", "media"),
    "open": ("blind",),
    "close": ("blind",),
    "lock": ("lock",),
    "unlock": ("lock",),
    "play": ("media",),
    "pause": ("media",),
    "mute": ("media",),
    "start": ("vacuum",),
    "dock": ("vacuum",),
}
_OF_VOLUME = re.compile(r"\b(?:volume|sound|louder|quieter|loud|music|playing at)\b")
_OF_POSITION = re.compile(r"\b(?:open|closed|blinds?|draw|raise|raised)\b")


def _kind(thing: Thing) -> str:
    """Return what sort of sentences a thing has."""
    match thing.domain:
        case "cover":
            return "gate" if thing.entity.device_class in PASSAGES else "blind"
        case "media_player":
            return "media"
    return thing.domain


@cache
def _forms() -> dict[str, tuple[str, ...]]:
    """Return what can be asked of one thing of a kind."""
    found: dict[str, list[str]] = {}
    for heading in raw("spoken"):
        kind, _, form = heading.partition(" ")
        found.setdefault(kind, []).append(form)
    return {kind: tuple(forms) for kind, forms in found.items()}


def one(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Want something of one thing."""
    pool = [t for t in home.things if _kind(t) in _forms() and t.kind != "shade"]
    if not pool:
        return None
    thing = dice.of(pool)
    kind = _kind(thing)
    if kind in ("blind", "gate") and dice.often(0.1):
        kind, form = "cover", "stop"
    else:
        form = dice.of(_forms()[kind])
    said = mention(dice, home, thing, home.of(*CONTROLLABLE), here)
    if said is None:
        return None
    words = dice.say(f"spoken/{kind} {form}")
    made = _wanted(dice, home, thing, form, words)
    return made and _asked(dice, home, {"n": said} | made[1], words, (made[0],))


def _wanted(
    dice: Dice, home: Home, thing: Thing, form: str, words: str
) -> tuple[Goal, dict[str, str]] | None:
    """Return what a sentence wants of a thing, and what its marks stand for."""
    if form in ("brighter", "dimmer"):
        value = level(home, thing, words, more=form == "brighter")
        return setting([thing], brightness=value), {}
    if form == "color":
        color = dice.word("values/colors").lstrip("+")
        return setting([thing], color=color), {"v": color}
    if form in _FIELDS.values():
        return _valued(dice, thing, form)
    return Goal(form, (thing,)), {}


def _valued(dice: Dice, thing: Thing, field: str) -> tuple[Goal, dict[str, str]]:
    draw = numbers.degrees if field == "temperature" else numbers.percent
    (value, words), (_, other) = draw(dice), draw(dice)
    return setting([thing], **{field: value}), {"v": words, "w": other}


def several(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Want the same of two or three things, or two different things at once."""
    section = dice.choices(
        ["two", "two brightness", "three off", "acts"], [10, 2, 2, 10]
    )[0]
    if section == "two":
        section = dice.of([name for name in raw("spoken_several") if _is_two(name)])
    words = dice.say(f"spoken_several/{section}")
    marks: dict[str, str] = {}
    goals: list[Goal] = []
    kinds = _TWO.get(section.rpartition(" ")[2], ("light",))
    same = dice.of(kinds)
    value = _valued(dice, home.things[0], "brightness")
    for mark in _MARK.finditer(words):
        act, name = mark.groups()
        if name in ("v", "w"):
            continue
        kind = _kind_of_act(dice, act, words) if act else same
        taken = [thing for goal in goals for thing in goal.things]
        pool = [t for t in home.things if _kind(t) == kind and t not in taken]
        if not pool:
            return None
        thing = dice.of(pool)
        said = mention(dice, home, thing, home.of(*CONTROLLABLE), here)
        if said is None or said in marks.values():
            return None
        marks[f"{act}:{name}" if act else name] = said
        form = act or section.rpartition(" ")[2]
        if form in ("set", "brightness"):
            field = _FIELDS[kind]
            goals.append(setting([thing], **{field: value[0].values[0][1]}))
            marks["v"] = value[1]["v"]
        else:
            goals.append(Goal(form, (thing,)))
    return _asked(dice, home, marks, words, tuple(goals))


def _is_two(name: str) -> bool:
    return name.startswith("two ") and name != "two brightness"


def _kind_of_act(dice: Dice, act: str, words: str) -> str:
    """Return what kind of thing is meant in one of two acts."""
    if act != "set":
        return dice.of(_TWO[act])
    if _OF_VOLUME.search(words):
        return "media"
    around = words[max(0, words.index("{set:n}") - 12) :]
    return "blind" if _OF_POSITION.search(around.replace("{open:n}", "")) else "light"


def corrected(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Say something wrong first, and then what is meant."""
    section = dice.of([n for n in raw("spoken_several") if n.startswith("corrected")])
    what = section.removeprefix("corrected ")
    kind = "climate" if what == "temperature" else "light"
    pool = home.of(kind)
    if (len(pool) < 2 and what.startswith("thing")) or not pool:
        return None
    thing = dice.of(pool)
    said = mention(dice, home, thing, home.of(*CONTROLLABLE), here)
    if said is None:
        return None
    words = dice.say(f"spoken_several/{section}")
    marks = {"n": said}
    if what.startswith("thing"):
        other = dice.of([t for t in pool if t is not thing])
        wrong = mention(dice, home, other, home.of(*CONTROLLABLE), here)
        if wrong is None or wrong.lower() == said.lower():
            return None
        marks["w"] = wrong
        goal = Goal("off" if what.endswith("off") else "on", (thing,))
    else:
        goal, values = _valued(dice, thing, what)
        if values["v"] == values["w"]:
            return None
        marks |= values
    asked = _asked(dice, home, marks, words, (goal,))
    return asked and Asked(asked.said, asked.goals, asked.calls, "free", "correction")


def _asked(
    dice: Dice,
    home: Home,
    marks: Mapping[str, str],
    words: str,
    goals: tuple[Goal, ...],
) -> Asked | None:
    """Put what things are called into a sentence; its names come before its values."""
    said, kind, harder = worded(dice, marks, words)
    if kind == "plain" and len(goals) > 1:
        kind = "free"
    calls = by_name(home, *goals)
    return Asked(said, goals, calls, kind, harder or "spoken")


def worded(
    dice: Dice, marks: Mapping[str, str], words: str
) -> tuple[str, str, str | None]:
    """Return a sentence with its marks replaced, its kind, and what made it harder."""
    is_short = len(_MARK.sub("", words).split()) <= _FEW_WORDS
    said = _MARK.sub(lambda mark: marks[mark[0].strip("{}")], words)
    said, harder = speech.dressed(dice, said, order=False)
    return said, "plain" if is_short and harder is None else "free", harder
