"""Orders for single devices and for several by name."""

from collections.abc import Sequence
from typing import Any

from . import numbers, speech
from .dice import Dice
from .goals import Asked, Goal, by_name, setting
from .homes import Home, Thing
from .mentions import mention

CONTROLLABLE = (
    "light",
    "switch",
    "cover",
    "lock",
    "climate",
    "fan",
    "media_player",
    "vacuum",
    "lawn_mower",
    "valve",
    "humidifier",
    "scene",
    "input_boolean",
)
_SWITCH = ("on", "off")
# What can be asked of a kind of device, the common things more often.
_ACTIONS: dict[str, tuple[str, ...]] = {
    "light": _SWITCH * 5
    + ("brightness",) * 4
    + ("color", "color", "color", "kelvin", "kelvin")
    + ("full", "low", "least", "two_values"),
    "cover": ("open", "close") * 3 + ("position",) * 3 + ("half", "stop"),
    "lock": ("lock", "unlock"),
    "climate": ("temperature",) * 5 + _SWITCH,
    "fan": _SWITCH * 2 + ("speed",) * 2,
    "media_player": (
        *_SWITCH,
        *("play", "pause", "volume") * 2,
        *("next", "previous", "mute", "unmute", "louder", "quieter", "volume"),
    ),
    "vacuum": ("start", "dock"),
    "lawn_mower": ("start", "dock"),
    "valve": ("open", "close"),
    "scene": ("on",),
}
_VALUED = frozenset({"brightness", "position", "volume", "speed", "temperature"})
# Words for an action that only some devices have, besides those for all.
_EXTRA = {
    ("light", "on"): "light_on",
    ("light", "off"): "light_off",
    ("cover", "open"): "cover_open",
    ("cover", "close"): "cover_close",
}


# Actions that are a value of their own.
_FIXED: dict[str, tuple[str, dict[str, int], str]] = {
    "full": ("values/full", {"brightness": 100}, "extreme"),
    "low": ("values/low", {"brightness": 10}, "extreme"),
    "least": ("values/least", {"brightness": 1}, "extreme"),
    "half": ("values/position_half", {"position": 50}, "fraction"),
}


def actions(thing: Thing) -> tuple[str, ...]:
    """Return what can be asked of a device."""
    return _ACTIONS.get(thing.domain, _SWITCH)


def one(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Ask something of one device."""
    pool = home.of(*CONTROLLABLE)
    if not pool:
        return None
    thing = _weighted(dice, pool)
    said = mention(dice, home, thing, pool, here)
    if said is None:
        return None
    phenomenon = "duplicate" if home.has_namesake(thing) else None
    if phenomenon is None and is_in_another(home, thing):
        phenomenon = "name_in_name"
    if dice.often(0.05):
        corrected = _corrected(dice, home, thing, said, here)
        if corrected:
            said, phenomenon = corrected, "correction"
    words, goal, tone, special = command(dice, thing, dice.of(actions(thing)), said)
    return built(dice, home, words, (goal,), tone, phenomenon or special)


def _weighted(dice: Dice, pool: Sequence[Thing]) -> Thing:
    """Choose a device; locks and covers a little more often than others."""
    for _ in range(2):
        thing = dice.of(pool)
        if thing.domain in ("lock", "cover", "climate") or dice.often(0.6):
            break
    return thing


def is_in_another(home: Home, thing: Thing) -> bool:
    """Return whether the whole name is a part of another device's name."""
    mine = f" {thing.name.lower()} "
    return any(mine in f" {t.name.lower()} " for t in home.things if t is not thing)


def _corrected(
    dice: Dice, home: Home, thing: Thing, said: str, here: str | None
) -> str | None:
    """Name another device of the kind first, and then the right one."""
    others = [t for t in home.of(thing.domain) if t is not thing]
    if not others:
        return None
    wrong = mention(dice, home, dice.of(others), home.of(thing.domain), here)
    if wrong is None or wrong.lower() == said.lower():
        return None
    frame = dice.say("talk/correction", 0.3)
    return frame.replace("{a}", wrong).replace("{b}", said)


def built(
    dice: Dice,
    home: Home,
    words: str,
    goals: tuple[Goal, ...],
    tone: str,
    phenomenon: str | None = None,
) -> Asked:
    """Dress an order for devices that are named."""
    said, harder = speech.dressed(dice, words)
    kind = "free" if harder else speech.kind_of(tone)
    if phenomenon in ("correction", "value_correction"):
        kind = "free"
    return Asked(said, goals, by_name(home, *goals), kind, harder or phenomenon or tone)


def command(
    dice: Dice, thing: Thing, action: str, said: str
) -> tuple[str, Goal, str, str | None]:
    """Return the words, the goal, the tone and the phenomenon of an order."""
    forms, goal, marks, special = asked_for(dice, thing, action)
    words, tone = speech.order(dice, forms, said, **marks)
    return words, goal, tone, special


def asked_for(
    dice: Dice, thing: Thing, action: str
) -> tuple[list[str], Goal, dict[str, str], str | None]:
    """Return phrases, goal, marks and phenomenon for an action on a device."""
    if action in _VALUED:
        return _valued(dice, thing, action)
    if action in _FIXED:
        form, values, phenomenon = _FIXED[action]
        return [form], setting([thing], **values), {}, phenomenon
    match action:
        case "color":
            value = dice.word("values/colors").lstrip("+")
            return (
                ["values/color"],
                setting([thing], color=value),
                {"v": value},
                "color",
            )
        case "kelvin":
            kelvin, words = numbers.white(dice)
            goal = setting([thing], kelvin=kelvin)
            return ["values/kelvin"], goal, {"v": words}, "white"
        case "two_values":
            return _two_values(dice, thing)
    return _control_forms(thing, action), Goal(action, (thing,)), {}, None


def _control_forms(thing: Thing, action: str) -> list[str]:
    """Return the phrases for an action without a value."""
    if thing.domain == "scene":
        return ["control/scene"]
    if thing.domain == "valve":
        return [f"control/valve_{action}"]
    extra = _EXTRA.get((thing.domain, action))
    if extra and thing.kind in ("light", "cover"):
        return [f"control/{action}", f"control/{extra}"]
    return [f"control/{action}"]


def _valued(
    dice: Dice, thing: Thing, action: str
) -> tuple[list[str], Goal, dict[str, str], str | None]:
    """Return the same for a value."""
    value: Any
    if action == "temperature":
        value, words = numbers.degrees(dice)
    else:
        value, words = numbers.percent(dice)
    special = None
    if not any(c.isdigit() for c in words):
        special = "number_words"
    if (
        words.replace(" ", "").isalpha()
        and "percent" not in words
        and action != "temperature"
    ):
        special = "fraction" if value in numbers.SHARES else special
    if dice.often(0.03):
        other, wrong = (
            numbers.degrees(dice) if action == "temperature" else numbers.percent(dice)
        )
        if other != value:
            frame = dice.say("talk/correction", 0.3)
            if not frame.startswith("not"):
                words = frame.replace("{a}", wrong).replace("{b}", words)
                special = "value_correction"
    return (
        [f"values/{action}"],
        setting([thing], **{action: value}),
        {"v": words},
        special,
    )


def _two_values(
    dice: Dice, thing: Thing
) -> tuple[list[str], Goal, dict[str, str], str | None]:
    """Ask for brightness and color at once."""
    value, words = numbers.percent(dice)
    color = dice.word("values/colors").lstrip("+")
    goal = setting([thing], brightness=value, color=color)
    both = dice.of([f"{words} {color}", f"{color} and {words}", f"{words} and {color}"])
    return ["values/brightness"], goal, {"v": both}, "two_values"


def several(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Ask the same of two or three devices."""
    pool = home.of(*CONTROLLABLE)
    if len(pool) < 4:
        return None
    first = dice.of(pool)
    action = dice.of(actions(first))
    if action in ("two_values", "full", "low", "least"):
        return None
    fitting = [t for t in pool if t is not first and fits(t, first, action)]
    if not fitting:
        return None
    count = min(len(fitting), dice.choices([1, 2, 3], [6, 3, 1])[0])
    things = [first, *dice.sample(fitting, count)]
    names = [mention(dice, home, thing, pool, here) for thing in things]
    if None in names or len({str(n).lower() for n in names}) < len(names):
        return None
    joint = dice.of([" and ", " and ", " and ", " plus ", ", and ", " as well as "])
    said = speech.listed([str(n) for n in names], joint)
    words, goal, tone, _ = command(dice, first, action, said)
    return built(dice, home, words, (goal.on(things),), tone, "several")


def fits(thing: Thing, first: Thing, action: str) -> bool:
    """Return whether an action means the same for another device."""
    if first.domain == "scene" or thing.domain == "scene":
        return False
    if action in ("on", "off"):
        return action in actions(thing)
    return thing.domain == first.domain or (
        action in ("start", "dock") and action in actions(thing)
    )


def two_acts(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Ask two different things in one breath."""
    pool = home.of(*CONTROLLABLE)
    if len(pool) < 4:
        return None
    goals, parts = [], []
    for thing in dice.sample(pool, 2):
        said = mention(dice, home, thing, pool, here)
        if said is None:
            return None
        forms, goal, marks, _ = asked_for(dice, thing, dice.of(actions(thing)))
        form = dice.of(["plain", "plain", "short"])
        found = speech.sections(forms, form) or speech.sections(forms, "plain")
        words = dice.say(dice.of(found), 0.6)
        for mark, text in marks.items():
            words = words.replace(f"{{{mark}}}", text)
        parts.append(words.replace("{n}", said))
        goals.append(goal)
    joint = dice.say("talk/joined", 0.2)
    joint = joint if joint.startswith((",", ".")) else f" {joint}"
    words = f"{parts[0]}{joint} {parts[1]}"
    if dice.often(0.25):
        words = dice.say("talk/before.order", 0.2).replace("{c}", words)
    return built(dice, home, words, tuple(goals), "indirect", "two_acts")
