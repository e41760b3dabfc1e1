"""Turns that follow a question: do something about it, ask about another."""

from . import speech
from .commands import actions
from .dice import Dice
from .goals import Asked, Goal, by_name, state_of
from .homes import Home, Thing
from .mentions import inside, mention, the
from .questions import YES, Question, told_value, yes_answer
from .turns import Turn

# What a state may make somebody ask for.
_THEN = {
    "on": "off",
    "off": "on",
    "open": "close",
    "closed": "open",
    "locked": "unlock",
    "unlocked": "lock",
}

type Next = Asked | Question | tuple[str, str, str] | None


def asked(dice: Dice, home: Home, said: str, goal: Goal, phenomenon: str) -> Asked:
    """Return an order in a later turn, for what is named or was named before."""
    said = speech.finish(dice, said)
    return Asked(said, (goal,), by_name(home, goal), "free", phenomenon)


def fresh(home: Home, thing: Thing) -> Thing:
    """Return a thing as it is now."""
    mine = thing.entity.entity_id
    return next(t for t in home.things if t.entity.entity_id == mine)


def then(dice: Dice, home: Home, before: Turn) -> Next:
    """Do something about what was asked."""
    thing = fresh(home, before.question.about[0]) if before.question else None
    action = _THEN.get(thing.told.split(" ")[0]) if thing else None
    if thing is None or action not in actions(thing) or thing.domain == "scene":
        return None
    said = dice.say(f"followups/then {action}")
    return asked(dice, home, said, Goal(action, (thing,)), "followup_then")


def ask_also(dice: Dice, home: Home, before: Turn) -> Next:
    """Ask the same about another device of the kind."""
    if before.question is None:
        return None
    first = before.question.about[0]
    answer = before.question.answer
    word = next(
        (
            w
            for w in YES[first.kind]
            if answer == yes_answer(first, w) and w in before.said
        ),
        None,
    )
    others = [t for t in home.things if t.kind == first.kind and t.name != first.name]
    if word is None or not others:
        return None
    thing = dice.of(others)
    n = mention(dice, home, thing, home.things, before.here)
    if n is None:
        return None
    said = speech.finish(dice, dice.say("followups/ask_also").replace("{n}", n), "?")
    lookup = (state_of(home, thing),)
    return Question(said, (thing,), yes_answer(thing, word), lookup, "followup_ask")


def ask_area(dice: Dice, home: Home, before: Turn) -> Next:
    """Ask for the temperature of another area."""
    if before.question is None:
        return None
    first = before.question.about[0]
    others = [
        t
        for t in home.things
        if t.kind == "temperature"
        and t.area not in (None, first.area)
        and not any(
            o is not t
            and o.area == t.area
            and (o.kind == "temperature" or o.domain == "climate")
            for o in home.things
        )
    ]
    if not others:
        return None
    thing = dice.of(others)
    said = dice.say("followups/ask_area")
    said = said.replace("{in}", inside(dice, home, thing.area))
    said = speech.finish(
        dice, said.replace("{p}", the(dice, home, thing.area or "")), "?"
    )
    lookup = (state_of(home, thing),)
    return Question(said, (thing,), told_value(thing), lookup, "followup_ask")


def answer_which(dice: Dice, home: Home, before: Turn) -> Next:
    """Say which light was meant."""
    words = before.said.lower().replace(".", "").split()
    action = "off" if "off" in words else "on" if "on" in words else None
    lights = home.of("light")
    if action is None or "light" not in before.first or not lights:
        return None
    thing = dice.of(lights)
    said = mention(dice, home, thing, lights, before.here)
    if said is None:
        return None
    said = dice.say("followups/which_meant").replace("{n}", said)
    return asked(dice, home, said, Goal(action, (thing,)), "followup_which")
