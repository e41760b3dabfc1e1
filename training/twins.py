"""Orders that look like talk for another time or for nothing, and are meant now."""

from . import speech
from .commands import actions, asked_for
from .dice import Dice
from .goals import Asked, by_name
from .homes import Home
from .situations import near_thing
from .smalltalk import when


def twin(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Order something now, in words that elsewhere say that nothing is to be done."""
    near = near_thing(dice, home, here)
    if near is None:
        return None
    thing, n = near
    forms, goal, marks, _ = asked_for(dice, thing, dice.of(actions(thing)))
    order = dice.say(dice.of(speech.sections(forms, "plain")), 0.4)
    said = dice.say("lookalikes/twin").replace("{o}", order)
    for mark, text in marks.items():
        said = said.replace(f"{{{mark}}}", text)
    said, _ = speech.dressed(dice, when(dice, said).replace("{n}", n), order=False)
    return Asked(said, (goal,), by_name(home, goal), "free", "look_alike_order")
