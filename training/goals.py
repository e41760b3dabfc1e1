"""What somebody wants done, apart from how it is said and from how it is called."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any

from .homes import Home, Thing
from .render import Call

# What values stand for: the domain, and the order in which calls have them.
VALUES = {
    "brightness": "light",
    "color": "light",
    "kelvin": "light",
    "temperature": "climate",
    "position": "cover",
    "volume": "media_player",
    "speed": "fan",
}


@dataclass(frozen=True, slots=True)
class Goal:
    """An action, or values to set, and the things it is meant for."""

    action: str
    things: tuple[Thing, ...]
    values: tuple[tuple[str, Any], ...] = ()

    def on(self, things: Iterable[Thing]) -> Goal:
        """Return the same for other things."""
        return Goal(self.action, tuple(things), self.values)


@dataclass(frozen=True, slots=True)
class Asked:
    """An utterance with what it asks for and the calls that do it.

    ``lookup`` is a call that has to come first because the states that the answer
    depends on were not told.
    """

    said: str
    goals: tuple[Goal, ...]
    calls: tuple[Call, ...]
    kind: str = "plain"
    phenomenon: str = "direct"
    lookup: tuple[Call, ...] = field(default=())


def setting(things: Sequence[Thing], **values: Any) -> Goal:
    """Return the goal to set values."""
    return Goal("set", tuple(things), tuple(values.items()))


def by_name(home: Home, *goals: Goal) -> tuple[Call, ...]:
    """Return a call for each thing of each goal."""
    return tuple(
        _call(goal, {"name": thing.name} | _where(home, thing))
        for goal in goals
        for thing in goal.things
    )


def by_place(
    goal: Goal, place: str | None, domain: str | None, spared: str | None = None
) -> tuple[Call, ...]:
    """Return one call for a kind of thing in an area, on a floor or at home.

    ``spared`` is the name of a thing or of an area that is left out.
    """
    target = {"area": place or "home"}
    if goal.action != "set" and domain:
        target["domain"] = domain
    if spared:
        target["except"] = spared
    return (_call(goal, target),)


def _where(home: Home, thing: Thing) -> dict[str, str]:
    """Return the area where the name alone does not say which thing is meant."""
    if home.has_namesake(thing) and thing.area:
        return {"area": thing.area}
    return {}


def _call(goal: Goal, target: dict[str, Any]) -> Call:
    if goal.action == "set":
        return "set", target | dict(goal.values)
    return "control", {"action": goal.action} | target


def state_of(home: Home, thing: Thing) -> Call:
    """Return the call that reads a thing's state."""
    return "state", {"name": thing.name} | _where(home, thing)
