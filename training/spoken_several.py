"""What people really say to several things at once: whole sentences.

See ``text/spoken_several.txt``. A mark says what is done with its thing
(``{lock:n}``), or of what kind it is (``{climate:n}``) where two things are set.
"""

from collections.abc import Mapping
import re

from .commands import CONTROLLABLE
from .dice import Dice
from .goals import Asked, Goal, by_name
from .homes import Home, Thing
from .mentions import inside, mention
from .phrases import raw
from .places import reach, scope
from .spoken import FIELDS, MARK, asked, kind_of, valued, worded

# What is done with several things, and the kinds of them.
_KINDS: Mapping[str, tuple[str, ...]] = {
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
_VALUES = frozenset("vw")
_OF_VOLUME = re.compile(r"\b(?:volume|sound|louder|quieter|loud|music|playing at)\b")
_OF_POSITION = re.compile(r"\b(?:open|closed|blinds?|draw|raise|raised)\b")
# What is done with the lights of a place, by the mark that stands for it.
_PLACES: Mapping[str, str] = {"dark": "off", "lit": "on"}
# One thing of a kind, and what it was called, or None where there is no other one.
type _Found = tuple[Thing, str] | None


def several(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Want the same of two or three things, or two different things at once."""
    sort = dice.choices(["same", "acts", "sets", "place acts"], [12, 12, 6, 5])[0]
    if sort == "acts":
        return _acts(dice, home, here)
    if sort == "sets":
        return _sets(dice, home, here)
    if sort == "place acts":
        return _place_acts(dice, home, here)
    return _same(dice, home, here)


def _find(
    dice: Dice, home: Home, kind: str, others: Mapping[str, str], here: str | None
) -> _Found:
    """Draw a thing of a kind that is called otherwise than those before."""
    pool = [t for t in home.things if kind_of(t) == kind]
    if not pool:
        return None
    thing = dice.of(pool)
    said = mention(dice, home, thing, home.of(*CONTROLLABLE), here)
    taken = {other.lower() for other in others.values()}
    return None if said is None or said.lower() in taken else (thing, said)


def _same(dice: Dice, home: Home, here: str | None) -> Asked | None:
    names = [n for n in raw("spoken_several") if n.startswith(("two ", "three "))]
    section = dice.of(names)
    words = dice.say(f"spoken_several/{section}")
    action = section.rpartition(" ")[2]
    kind = dice.of(_KINDS.get(action, ("light",)))
    marks: dict[str, str] = {}
    things = []
    for mark in MARK.finditer(words):
        if mark[2] in _VALUES or mark[2] in marks:
            continue
        found = _find(dice, home, kind, marks, here)
        if found is None or found[0] in things:
            return None
        things.append(found[0])
        marks[mark[2]] = found[1]
    if action in FIELDS.values():
        goal, values = valued(dice, things[0], action)
        marks |= values
    else:
        goal = Goal(action, ())
    goals = tuple(goal.on((thing,)) for thing in things)
    return asked(dice, home, marks, words, goals)


def _acts(dice: Dice, home: Home, here: str | None) -> Asked | None:
    words = dice.say("spoken_several/acts")
    marks: dict[str, str] = {}
    goals: list[Goal] = []
    for mark in MARK.finditer(words):
        act, name = mark.groups()
        if name in _VALUES:
            continue
        kind = _set_in(words) if act == "set" else dice.of(_KINDS[act])
        found = _find(dice, home, kind, marks, here)
        if found is None or any(found[0] in goal.things for goal in goals):
            return None
        marks[f"{act}:{name}"] = found[1]
        if act == "set":
            goal, values = valued(dice, found[0], FIELDS[kind])
            marks |= values
            goals.append(goal)
        else:
            goals.append(Goal(act, (found[0],)))
    return asked(dice, home, marks, words, tuple(goals))


def _set_in(words: str) -> str:
    """Return what kind of thing is set in a sentence of two acts."""
    if _OF_VOLUME.search(words):
        return "media"
    around = words[max(0, words.index("{set:") - 12) :]
    return "blind" if _OF_POSITION.search(around.replace("{open:", "")) else "light"


def _sets(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Set two things, each to a value of its own."""
    words = dice.say("spoken_several/sets")
    marks: dict[str, str] = {}
    goals: list[Goal] = []
    for mark in MARK.finditer(words):
        kind, name = mark.groups()
        if name in _VALUES:
            continue
        found = _find(dice, home, kind, marks, here)
        if found is None or any(found[0] in goal.things for goal in goals):
            return None
        marks[f"{kind}:{name}"] = found[1]
        goal, values = valued(dice, found[0], FIELDS[kind])
        marks["v" if name == "n" else "w"] = values["v"]
        goals.append(goal)
    return asked(dice, home, marks, words, tuple(goals))


def _place_acts(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Want something of the lights of a place, and something else of a thing."""
    words = dice.say("spoken_several/place acts")
    where = scope(dice, home, "light", here)
    if where is None or home.is_a_name("light"):
        return None
    at = inside(dice, home, where.place, here)
    if not at and where.place != here:
        return None
    marks: dict[str, str] = {}
    goals: list[Goal] = []
    calls = []
    for mark in MARK.finditer(words):
        act, name = mark.groups()
        if act in _PLACES:
            marks[f"{act}:{name}"] = at
            goal = Goal(_PLACES[act], where.members)
            found = reach(home, goal, where.place, "light", here)
            if found is None:
                return None
            calls += found
        else:
            one = _find(dice, home, dice.of(_KINDS[act]), marks, here)
            if one is None or one[0] in where.members:
                return None
            marks[f"{act}:{name}"] = one[1]
            goal = Goal(act, (one[0],))
            calls += by_name(home, goal)
        goals.append(goal)
    said, _, harder = worded(dice, marks, words)
    return Asked(said, tuple(goals), tuple(calls), "free", harder or "two_acts")


def corrected(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Say something wrong first, and then what is meant."""
    names = [n for n in raw("spoken_several") if n.startswith("corrected ")]
    section = dice.of(names)
    what = section.removeprefix("corrected ")
    words = dice.say(f"spoken_several/{section}")
    if what in FIELDS.values():
        kind = next(kind for kind, field in FIELDS.items() if field == what)
        found = _find(dice, home, kind, {}, here)
        if found is None:
            return None
        goal, values = valued(dice, found[0], what)
        if values["v"] == values["w"]:
            return None
        marks = {"n": found[1]} | values
    else:
        action = {"thing": "on", "thing off": "off"}.get(what, what)
        kind = "light" if what.startswith("thing") else _KINDS[action][0]
        found = _find(dice, home, kind, {}, here)
        wrong = found and _find(dice, home, kind, {"n": found[1]}, here)
        if not found or not wrong or wrong[0] is found[0]:
            return None
        marks = {"n": found[1], "w": wrong[1]}
        goal = Goal(action, (found[0],))
    made = asked(dice, home, marks, words, (goal,))
    return made and Asked(made.said, made.goals, made.calls, "free", "correction")
