"""Turns that refer to the turn before: undo, the other one, a bit more."""

from collections.abc import Callable

from . import numbers, relative, speech
from .afterwards import Next, answer_which, ask_also, ask_area, asked, fresh, then
from .commands import CONTROLLABLE, actions
from .dice import Dice
from .goals import Asked, Goal, setting, state_of
from .homes import Home, Thing
from .mentions import inside, mention, the
from .places import reach
from .questions import YES, Question, yes_answer
from .turns import Turn, acting, answering, is_usable, now, refusing

_UNDONE = {
    "on": "off",
    "off": "on",
    "open": "close",
    "close": "open",
    "lock": "unlock",
    "unlock": "lock",
    "start": "dock",
    "dock": "start",
    "play": "pause",
    "pause": "play",
}
_TRIES = 12


def follow(dice: Dice, home: Home, before: Turn) -> Turn | None:
    """Draw what somebody says next; ``None`` where nothing fits."""
    ways = _ways(before)
    for _ in range(_TRIES if ways else 0):
        unseen = dice.unseen
        found = dice.of(ways)(dice, home, before)
        if found is None:
            continue
        at = now(dice)
        if isinstance(found, Asked):
            turn = acting(home, found, at, before.here)
        elif isinstance(found, Question):
            turn = answering(home, found, at, before.here)
        else:
            turn = refusing(home, found, at, before.here)
        if is_usable(home, turn) and (not dice.measuring or dice.unseen > unseen):
            return turn
    return None


def _ways(before: Turn) -> list[Callable[[Dice, Home, Turn], Next]]:
    """Return what can follow a turn."""
    if before.goals:
        goal = before.goals[0]
        if len(before.goals) > 1 or before.calls[0][0] == "state":
            return [_thanks]
        ways: list[Callable[[Dice, Home, Turn], Next]] = [_undo, _undo]
        if len(goal.things) == 1:
            ways += [_also, _also, _other, _meant, _is_it]
            ways += [_value, _value] if goal.action == "set" else []
            ways += [_adjust] * 2 if goal.things[0].domain in _ADJUSTED else []
        if "area" in before.calls[0][1]:
            ways += [_also_area] * 3
        return [*ways, _thanks, _asks_why]
    if before.question and len(before.question.about) == 1:
        kind = before.question.about[0].kind
        if before.phenomenon == "yes_no":
            return [then, then, ask_also, _fine]
        return [ask_area, ask_area, _thanks] if kind == "temperature" else [_thanks]
    return [answer_which] if before.phenomenon == "unclear" else []


def _undo(dice: Dice, home: Home, before: Turn) -> Next:
    goal = before.goals[0]
    action = _UNDONE.get(goal.action)
    if action is None or goal.things[0].domain == "scene":
        return None
    said = dice.say(f"followups/undo {goal.action}")
    if len(goal.things) > 1:
        said = said.replace(" it ", " them ")
    calls = tuple((tool, args | {"action": action}) for tool, args in before.calls)
    goals = (Goal(action, goal.things),)
    return Asked(speech.finish(dice, said), goals, calls, "free", "followup_undo")


def _similar(home: Home, goal: Goal) -> list[Thing]:
    """Return other things that the same can be done with."""
    first = goal.things[0]
    return [
        t
        for t in home.of(*CONTROLLABLE)
        if t.entity.entity_id not in {g.entity.entity_id for g in goal.things}
        and (
            t.domain == first.domain
            or (goal.action in ("on", "off") and goal.action in actions(t))
        )
        and t.domain != "scene"
    ]


def _another(
    dice: Dice, home: Home, before: Turn, section: str, pool: list[Thing]
) -> Next:
    """Do the same to another thing that is named."""
    if not pool:
        return None
    thing = dice.of(pool)
    said = mention(dice, home, thing, home.of(*CONTROLLABLE), before.here)
    if said is None:
        return None
    said = dice.say(f"followups/{section}").replace("{n}", said)
    goal = before.goals[0].on([thing])
    return asked(dice, home, said, goal, f"followup_{section}")


def _also(dice: Dice, home: Home, before: Turn) -> Next:
    return _another(dice, home, before, "also", _similar(home, before.goals[0]))


def _meant(dice: Dice, home: Home, before: Turn) -> Next:
    domain = before.goals[0].things[0].domain
    pool = [t for t in _similar(home, before.goals[0]) if t.domain == domain]
    return _another(dice, home, before, "meant", pool)


def _other(dice: Dice, home: Home, before: Turn) -> Next:
    goal = before.goals[0]
    first = goal.things[0]
    fitting = [
        t
        for t in home.of(first.domain)
        if t.area == first.area and t.entity.entity_id != first.entity.entity_id
    ]
    if len(fitting) != 1 or first.area is None:
        return None
    said = dice.say("followups/other")
    return asked(dice, home, said, goal.on(fitting), "followup_other")


def _also_area(dice: Dice, home: Home, before: Turn) -> Next:
    goal = before.goals[0]
    place = before.calls[0][1]["area"]
    first = goal.things[0]
    others = [
        area
        for area in home.areas
        if area != place and any(t.area == area for t in home.of(first.domain))
    ]
    if not others or ("domain" not in before.calls[0][1] and goal.action != "set"):
        return None
    area = dice.of(others)
    things = [t for t in home.of(first.domain) if t.area == area]
    said = dice.say("followups/also_area")
    said = said.replace("{in}", inside(dice, home, area))
    said = speech.finish(dice, said.replace("{p}", the(dice, home, area)))
    goal = goal.on(things)
    calls = reach(home, goal, area, first.domain, before.here)
    return calls and Asked(said, (goal,), calls, "free", "followup_area")


def _value(dice: Dice, home: Home, before: Turn) -> Next:
    goal = before.goals[0]
    field, _ = goal.values[0]
    if field == "color":
        value, words = (dice.word("values/colors").lstrip("+"),) * 2
    elif field == "kelvin":
        value, words = numbers.white(dice)
    elif field == "temperature":
        value, words = numbers.degrees(dice)
    else:
        value, words = numbers.percent(dice)
    section = "color" if field == "color" else "value"
    said = dice.say(f"followups/{section}").replace("{v}", words)
    goal = setting(goal.things, **{field: value})
    return asked(dice, home, said, goal, "followup_value")


_ADJUSTED = ("light", "climate", "media_player")


def _adjust(dice: Dice, home: Home, before: Turn) -> Next:
    goal = before.goals[0]
    more = dice.often(0.5)
    thing = goal.things[0]
    values = dict(goal.values)
    match thing.domain:
        case "light" if goal.action in ("set", "on"):
            section = "brighter" if more else "dimmer"
            known = values.get("brightness")
            level = relative.next_level(known, more=more)
            goal = setting(goal.things, brightness=level)
        case "climate" if "temperature" in values:
            section = "warmer" if more else "cooler"
            step = relative.STEP if more else -relative.STEP
            goal = setting(
                goal.things, temperature=relative.whole(values["temperature"] + step)
            )
        case "media_player" if goal.action in (
            "play",
            "on",
            "set",
            "louder",
            "quieter",
        ):
            section = "louder" if more else "quieter"
            goal = Goal(section, goal.things)
        case _:
            return None
    said = dice.say(f"followups/{section}")
    return asked(dice, home, said, goal, "followup_adjust")


def _thanks(dice: Dice, home: Home, before: Turn) -> Next:
    if dice.often(0.6):
        return None
    answer = "You're welcome."
    return (
        speech.finish(dice, dice.say(f"world/say {answer}")),
        answer,
        "followup_thanks",
    )


def _asks_why(dice: Dice, home: Home, before: Turn) -> Next:
    """Ask why, or which one it was, or say that it was the wrong one."""
    section = dice.of(["why", "what_done", "what_done", "not_that"])
    names = [thing.name for goal in before.goals for thing in goal.things]
    if section == "what_done" and len(names) > 4:
        return None
    answer = {
        "why": "Because you asked for it.",
        "what_done": f"It was {speech.listed(names)}.",
        "not_that": "Which one do you mean?",
    }[section]
    said = dice.say(f"followups/{section}")
    mark = "." if section == "not_that" else "?"
    return speech.finish(dice, said, mark), answer, f"followup_{section}"


# How a thing is once something was done with it.
NOW = {
    "on": "on",
    "off": "off",
    "open": "open",
    "close": "closed",
    "lock": "locked",
    "unlock": "unlocked",
}


def _is_it(dice: Dice, home: Home, before: Turn) -> Next:
    """Ask whether what was asked for is so now."""
    goal = before.goals[0]
    thing = fresh(home, goal.things[0])
    word = NOW.get(goal.action)
    if word is None or word not in YES.get(thing.kind, ()):
        return None
    said = dice.say("followups/is_it").replace("{a}", word)
    lookup = (state_of(home, thing),)
    return Question(
        speech.finish(dice, said, "?"),
        (thing,),
        yes_answer(thing, word),
        lookup,
        "followup_is_it",
    )


def _fine(dice: Dice, home: Home, before: Turn) -> Next:
    said = speech.finish(dice, dice.say("followups/left_alone"))
    return said, "All right.", "followup_thanks"
