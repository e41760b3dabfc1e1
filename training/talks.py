"""Talks: a turn alone, or with turns that refer to the one before."""

from dataclasses import replace
from typing import Any

from . import render
from .dice import Dice
from .followups import NOW, follow
from .goals import Goal
from .homes import Home, Thing
from .speech import listed
from .turns import Turn, draw_turn

# How often the model itself speaks after a successful action: only for people who
# have switched Home Assistant's quick confirmations off.
_SPEAKS = 0.05
_FAILED = 0.3
_FOLLOWED = 0.25
# How often what is said next has nothing to do with what was said before.
_ELSEWHERE = 0.45
_ERRORS = (
    "The device did not answer.",
    "Timeout",
    "No device of that name.",
    "Failed to call service",
    "Device unavailable",
    "not supported",
    "Unexpected error during intent handling",
    "Connection lost",
    "MatchFailedError",
    "That did not work.",
)
_DONE = {
    "on": "Turned on",
    "off": "Turned off",
    "open": "Opened",
    "close": "Closed",
    "lock": "Locked",
    "unlock": "Unlocked",
    "stop": "Stopped",
    "start": "Started",
    "dock": "Sent home",
    "play": "Playing",
    "pause": "Paused",
    "next": "Skipped on",
    "previous": "Went back on",
    "mute": "Muted",
    "unmute": "Unmuted",
    "louder": "Turned up",
    "quieter": "Turned down",
}
_UNITS = {
    "brightness": " %",
    "volume": " %",
    "position": " %",
    "speed": " %",
    "kelvin": " K",
    "temperature": " °C",
    "color": "",
}
_STATES = {
    **NOW,
    "play": "playing",
    "pause": "paused",
    "dock": "returning",
}
# What is learned first.
_EASY = ("one", "one", "one", "yes_or_no", "absent", "talk")
# What talks begin with that are followed up.
_BEGINNINGS = (
    ("one",) * 6
    + ("group",) * 4
    + (
        *("situation", "yes_or_no") * 3,
        *("value", "area_temperature", "which"),
    )
)


def draw_talk(dice: Dice, home: Home) -> list[render.Piece]:
    """Draw a talk of one to three exchanges."""
    return [piece for turn in draw_turns(dice, home) for piece in turn.pieces]


def draw_easy_talk(dice: Dice, home: Home) -> list[render.Piece]:
    """Draw one of the commonest exchanges, to begin with."""
    try:
        return draw_turn(dice, home, dice.of(_EASY)).pieces
    except LookupError:
        return draw_turn(dice, home).pieces


def draw_turns(dice: Dice, home: Home) -> list[Turn]:
    """Draw the exchanges of a talk."""
    if not dice.often(_FOLLOWED):
        return [_ended(dice, draw_turn(dice, home))]
    try:
        turn = draw_turn(dice, home, dice.of(_BEGINNINGS))
    except LookupError:
        turn = draw_turn(dice, home)
    turns = [_confirmed(dice, turn)]
    for _ in range(dice.choices([1, 2], [4, 1])[0]):
        home = after(home, turn.goals)
        turn = _next(dice, home, turn)
        turns.append(_confirmed(dice, turn))
    return turns


def _next(dice: Dice, home: Home, before: Turn) -> Turn:
    """Draw what somebody says next: about the same, or about something else."""
    if dice.often(_ELSEWHERE):
        return draw_turn(dice, home)
    return follow(dice, home, before) or draw_turn(dice, home)


def _ended(dice: Dice, turn: Turn) -> Turn:
    """Let the model speak after an action, seldom."""
    if not turn.goals or not dice.often(_SPEAKS):
        return turn
    results, said = _result(dice, turn.goals, failing=True)
    return replace(turn, rest=(*turn.rest, (results, False), (said, True)))


def _confirmed(dice: Dice, turn: Turn) -> Turn:
    """Let Home Assistant confirm an action, as it stands in the talk afterwards."""
    if not turn.goals:
        return turn
    results, said = _result(dice, turn.goals, failing=False)
    return replace(turn, rest=(*turn.rest, (results + said, False)))


def _result(dice: Dice, goals: tuple[Goal, ...], *, failing: bool) -> tuple[str, str]:
    """Return the tools' results, and what is said then."""
    failed = failing and dice.often(_FAILED)
    results, sentences = [], []
    for goal in goals:
        names = [t.name for t in goal.things]
        data: dict[str, Any] = {"done": names[:12]}
        if failed:
            data = {"error": dice.of(_ERRORS)}
        results.append(render.result(data))
        sentences.append(_confirm(dice, goal, names, quick=not failing))
    said = "Sorry, that did not work." if failed else " ".join(sentences)
    return "".join(results) + "<|assistant|>", render.sentence(said)


def _confirm(dice: Dice, goal: Goal, names: list[str], *, quick: bool) -> str:
    """Confirm in one short sentence; Home Assistant's own words vary."""
    if quick and dice.often(0.3):
        return dice.of(["Done", "Okay", "Done."])
    what = listed(names) if len(names) <= 3 else f"{len(names)} devices"
    if goal.action == "set":
        field, value = goal.values[0]
        return f"Set {what} to {value}{_UNITS[field]}."
    return f"{_DONE[goal.action]} {what}."


def after(home: Home, goals: tuple[Goal, ...]) -> Home:
    """Return the home as it is once something was done."""
    changed: dict[str, Thing] = {}
    for goal in goals:
        for thing in goal.things:
            changed[thing.entity.entity_id] = _changed(thing, goal)
    things = tuple(changed.get(t.entity.entity_id, t) for t in home.things)
    return Home(things, home.called)


def _changed(thing: Thing, goal: Goal) -> Thing:
    attributes = dict(thing.attributes)
    values = dict(goal.values)
    state = _STATES.get(goal.action, thing.state)
    if thing.domain == "climate" and goal.action == "on":
        state = "heat"
    if thing.domain == "lawn_mower" and goal.action == "dock":
        state = "docked"
    if thing.domain == "light":
        attributes = {}
        if "brightness" in values:
            attributes = {"brightness": round(values["brightness"] * 2.55)}
        state = "on" if goal.action == "set" else state
    if "temperature" in values:
        attributes["temperature"] = values["temperature"]
    if thing.domain == "cover":
        position = values.get("position", 100 if state == "open" else 0)
        attributes["current_position"] = position
        state = "open" if position else "closed"
    if "volume" in values:
        attributes["volume_level"] = values["volume"] / 100
    if "speed" in values:
        state, attributes["percentage"] = "on", values["speed"]
    return replace(thing, state=state, attributes=attributes)
