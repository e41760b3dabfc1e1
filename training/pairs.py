"""Orders for two things of a kind that are named together: "both bedside lamps"."""

from collections import defaultdict

from . import speech
from .commands import CONTROLLABLE, actions, asked_for, built
from .dice import Dice
from .goals import Asked
from .homes import Home, Thing
from .mentions import could_be, inside, shows, the


def both(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Ask the same of the only two things that are called so, at home or in an area."""
    pool = [t for t in home.of(*CONTROLLABLE) if t.kind != "scene" and shows(t)]
    alike: dict[tuple[str, str], list[Thing]] = defaultdict(list)
    for thing in pool:
        alike[thing.domain, thing.noun.text].append(thing)
    found = [some for some in alike.values() if len(some) > 1]
    if not found:
        return None
    some = dice.of(found)
    first = dice.of(some)
    noun = dice.of([first.noun.text, first.noun.text, *first.noun.synonyms]).lower()
    everywhere = [t for t in home.of(*CONTROLLABLE) if could_be(t, noun)]
    pair = [t for t in everywhere if t.area == first.area]
    if len(everywhere) == 2:
        pair, where = everywhere, ""
    elif len(pair) == 2 and first.area:
        where = "here" if first.area == here else first.area
    else:
        return None
    if any(t not in some or home.has_namesake(t) for t in pair):
        return None
    words = _called(dice, home, noun, where)
    forms, goal, marks, _ = asked_for(dice, first, dice.of(actions(first)))
    said, tone = speech.order(dice, forms, words, **marks)
    asked = built(dice, home, said, (goal.on(pair),), tone)
    return Asked(asked.said, asked.goals, asked.calls, "free", "both")


def _called(dice: Dice, home: Home, noun: str, where: str) -> str:
    """Say that two are meant, and where they are."""
    many = noun if noun.endswith("s") else f"{noun}s"
    if where == "here":
        many = dice.of([many, f"{many} in here", f"{many} here"])
    elif where and dice.often(0.5):
        many = f"{the(dice, home, where).removeprefix('the ')} {many}"
    elif where:
        many = f"{many} {inside(dice, home, where)}"
    before = dice.of(["both", "both", "both the", "both of the", "the two", "the", ""])
    return f"{before} {many}".strip()
