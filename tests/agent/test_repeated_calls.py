"""Two calls for one thing, where two are meant."""

from dataclasses import replace
from typing import Any

import pytest

from custom_components.hearth.agent.calling import held_to_words
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.repeated_calls import without_repeats
from custom_components.hearth.engines.chat import ToolCall

from ..fake_engine import FakeEngine, calls
from .conftest import Effects, Say


def thing(
    entity_id: str, name: str, area: str | None = None, **more: Any
) -> ExposedEntity:
    """Return something exposed."""
    return ExposedEntity(entity_id=entity_id, name=name, area=area, **more)


HOME = (
    thing("light.left", "Bedside lamp left", "Bedroom"),
    thing("light.right", "Bedside lamp right", "Bedroom"),
    thing("light.desk", "Desk lamp", "Office"),
    thing("switch.coffee", "Coffee machine", "Kitchen", aliases=("espresso machine",)),
    thing("switch.printer", "Printer", "Office"),
    thing("sensor.kitchen", "Thermo 1", "Kitchen", device_class="temperature"),
    thing("sensor.bedroom", "Thermo 2", "Bedroom", device_class="temperature"),
    thing("sensor.humidity", "Bedroom humidity", "Bedroom", device_class="humidity"),
)


@pytest.mark.parametrize(
    ("said", "name", "names"),
    [
        ("both bedside lamps on", "Bedside lamp left", ["Bedside lamp right"]),
        ("espresso machine and printer off", "Printer", ["Coffee machine"]),
        ("warmer in the kitchen or the bedroom?", "Thermo 1", ["Thermo 2"]),
        # Nothing else was said, or too much.
        ("the printer, the printer", "Printer", []),
        ("all lamps", "Desk lamp", []),
        ("sauna on", "Sauna", []),
    ],
)
def test_the_other_is_meant(said: str, name: str, names: list[str]) -> None:
    """What is called twice stands for the other thing that was said."""
    call = ("control", {"action": "on", "name": name})
    made = without_repeats([call, call], HOME, said)
    assert made[0] == call
    assert [known["name"] for _, known in made[1:]] == names


def test_different_calls_stay() -> None:
    """What is not the same stays, and the same for a place is made once."""
    on = ("control", {"action": "on", "name": "Printer"})
    area = ("control", {"action": "off", "area": "Office"})
    assert without_repeats([on, area, area], HOME, "printer") == [on, area]
    assert without_repeats([], HOME, "") == []


def test_unreadable_arguments_stay() -> None:
    """Where a call is still text, nothing is left out."""
    text = ToolCall("1", "control", "{")
    assert held_to_words((text, text), HOME, "printer") == (text, text)


async def test_in_a_turn(say: Say, engine: FakeEngine, effects: Effects) -> None:
    """What a small model calls twice is done once."""
    engine.by_heart = True
    call = ToolCall("1", "control", {"action": "on", "name": "Desk lamp"}, 1.0)
    engine.script(calls(call, replace(call, id="2")))
    await say("some light at the desk would be lovely")
    assert effects() == [("light.turn_on", "light.desk_lamp", {})]
