"""What people really say of a thing without wanting anything of it now.

Each sentence was written as a whole. See ``text/unwanted.txt``.
"""

from . import speech
from .dice import Dice
from .homes import Home
from .phrases import raw
from .refusals import Refusal
from .situations import near_thing
from .smalltalk import AS_IT_IS, CANNOT, NOTHING, NOW_ONLY

_ANSWERS = {"not": AS_IT_IS, "later": NOW_ONLY, "world": CANNOT}


def unwanted(dice: Dice, home: Home, here: str | None) -> Refusal | None:
    """Say something that asks for nothing, most of it about a thing of the home."""
    section = dice.of(list(raw("unwanted")))
    said = dice.say(f"unwanted/{section}")
    if "{n}" in said:
        found = near_thing(dice, home, here)
        if found is None:
            return None
        said = said.replace("{n}", found[1])
    if dice.often(0.1):
        said = f"{dice.say('talk/opening', 0.1)}{dice.of([', ', ' '])}{said}"
    elif dice.often(0.06):
        said = speech.slip(dice, said)
    answer = _ANSWERS.get(section, NOTHING)
    return speech.finish(dice, said), answer, f"unwanted_{section}"
