"""A bit more or less: brighter, dimmer, warmer, cooler, from what the states tell."""

from . import speech
from .commands import CONTROLLABLE
from .dice import Dice
from .goals import Asked, Goal, by_name, setting, state_of
from .homes import Home, Thing
from .mentions import mention
from .told import is_told

LEVELS = (20, 40, 60, 80, 100)
# What "brighter" and "dimmer" set where the brightness is not known.
_BRIGHTER, _DIMMER = 80, 30
STEP = 2


def brighter(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Ask for more light or less from a lamp."""
    lights = home.of("light")
    if not lights:
        return None
    thing = dice.of(lights)
    said = mention(dice, home, thing, home.of(*CONTROLLABLE), here)
    if said is None:
        return None
    more = dice.often(0.5)
    form = "values/brighter" if more else "values/dimmer"
    words, tone = speech.order(dice, [form], said)
    said, harder = speech.dressed(dice, words)
    goal = setting([thing], brightness=level(home, thing, said, more=more))
    kind = "free" if harder else speech.kind_of(tone)
    return Asked(said, (goal,), by_name(home, goal), kind, "relative_light")


def level(home: Home, thing: Thing, said: str, *, more: bool) -> int:
    """Return the next level above or below what was told."""
    now = thing.attributes.get("brightness")
    if now is None or thing.state != "on" or not is_told(home, thing, said):
        return _BRIGHTER if more else _DIMMER
    return next_level(round(now / 2.55), more=more)


def next_level(percent: int | None, *, more: bool) -> int:
    """Return the next level above or below a brightness."""
    if percent is None:
        return _BRIGHTER if more else _DIMMER
    if more:
        return next((v for v in LEVELS if v >= percent + 15), 100)
    return next((v for v in reversed(LEVELS) if v <= percent - 15), 10)


def warmer(dice: Dice, home: Home, here: str | None) -> Asked | None:
    """Ask a thermostat for more or less."""
    pool = [t for t in home.of("climate") if turned(home, t, more=True)]
    if not pool:
        return None
    thing = dice.of(pool)
    said = mention(dice, home, thing, home.of(*CONTROLLABLE), here)
    if said is None:
        return None
    more = dice.often(0.5)
    words, tone = speech.order(
        dice, ["values/warmer" if more else "values/cooler"], said
    )
    return adjusted(dice, home, thing, words, more=more, kind=speech.kind_of(tone))


def adjusted(
    dice: Dice,
    home: Home,
    thing: Thing,
    words: str,
    *,
    more: bool,
    kind: str,
    order: bool = True,
) -> Asked | None:
    """Return the order to a thermostat; its state is read first if it was not told."""
    goal = turned(home, thing, more=more)
    if goal is None:
        return None
    said, harder = speech.dressed(dice, words, order=order)
    kind = "free" if harder else kind
    calls = by_name(home, goal)
    known = is_told(home, thing, said)
    lookup = () if known else (state_of(home, thing),)
    return Asked(said, (goal,), calls, kind, "relative_heat", lookup)


def turned(home: Home, thing: Thing, *, more: bool) -> Goal | None:
    """Return what to do with a thermostat so that it gets warmer or cooler."""
    target = thing.attributes.get("temperature")
    if thing.state == "off":
        cools = any(word in thing.noun.text.lower() for word in _COOLING)
        return Goal("on", (thing,)) if more != cools else None
    if target is None:
        return None
    return setting([thing], temperature=whole(target + (STEP if more else -STEP)))


def whole(value: float) -> float:
    """Return a number without a fraction as JSON writes it without one."""
    return int(value) if value == int(value) else value


_COOLING = ("ac", "air con", "cool", "split")
