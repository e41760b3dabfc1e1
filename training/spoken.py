"""What people really say to a thing that they name: whole sentences.

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
MARK = re.compile(r"\{(?:(\w+):)?(\w+)\}")
# The value a thing is set to, and how it is said, by the kind of thing.
FIELDS = {
    "light": "brightness",
    "blind": "position",
    "media": "volume",
    "fan": "speed",
    "climate": "temperature",
}


def kind_of(thing: Thing) -> str:
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
    pool = [t for t in home.things if kind_of(t) in _forms() and t.kind != "shade"]
    if not pool:
        return None
    thing = dice.of(pool)
    kind = kind_of(thing)
    if kind in ("blind", "gate") and dice.often(0.1):
        kind, form = "cover", "stop"
    else:
        form = dice.of(_forms()[kind])
    said = mention(dice, home, thing, home.of(*CONTROLLABLE), here)
    if said is None:
        return None
    words = dice.say(f"spoken/{kind} {form}")
    made = _wanted(dice, home, thing, form, words)
    return made and asked(dice, home, {"n": said} | made[1], words, (made[0],))


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
    if form in FIELDS.values():
        return valued(dice, thing, form)
    return Goal(form, (thing,)), {}


def valued(dice: Dice, thing: Thing, field: str) -> tuple[Goal, dict[str, str]]:
    """Draw a value to set, and another one that may be said before it."""
    draw = numbers.degrees if field == "temperature" else numbers.percent
    (value, words), (_, other) = draw(dice), draw(dice)
    return setting([thing], **{field: value}), {"v": words, "w": other}


def asked(
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
    is_short = len(MARK.sub("", words).split()) <= _FEW_WORDS
    said = MARK.sub(lambda mark: marks[mark[0].strip("{}")], words)
    said, harder = speech.dressed(dice, said, order=False)
    return said, "plain" if is_short and harder is None else "free", harder
