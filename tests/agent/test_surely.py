"""Which devices are meant beyond doubt, and that a model can then write no other."""

from typing import Any

import pytest

from custom_components.hearth.agent.compact import CONTROL, STATE
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.strict import strict
from custom_components.hearth.agent.surely import surely_named

from ..fake_engine import FakeEngine, says
from .conftest import Say

DESK = ExposedEntity(
    entity_id="light.desk", name="Desk lamp", area="Office", floor="Upstairs"
)
LIGHT = ExposedEntity(entity_id="light.x", name="Light", area="Office")
GARAGE = ExposedEntity(
    entity_id="cover.garage", name="Garage door", aliases=("Big gate",), area="Garage"
)
DOOR = ExposedEntity(entity_id="lock.door", name="Door", area="Hall")
HOME = (DESK, LIGHT, GARAGE, DOOR)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("turn on the desk lamp", (DESK,)),
        ("Would the desk lamps in the office be on?", (DESK,)),
        ("close the big gate", (GARAGE,)),
        # The door is a part of the garage door here.
        ("is the garage door open", (GARAGE,)),
        ("desk lamp, garage door", (DESK, GARAGE)),
    ],
)
def test_whole_names(said: str, meant: tuple[ExposedEntity, ...]) -> None:
    """A name of several words in a simple sentence leaves nothing open."""
    assert surely_named(HOME, said, "en-GB") == meant


@pytest.mark.parametrize(
    "said",
    [
        "turn on the light",
        "it is dark at my desk",
        "turn on the desk lamp and what is at the bed",
        "all lights but the desk lamp off",
        "the desk lamp, no, the other one",
        # There is no such lamp in the hall: another one may be meant.
        "the desk lamp in the hall",
        # One word is too little, beside two as well.
        "the desk lamp and light",
        "desk lamp light",
        "",
    ],
)
def test_what_may_be_another(said: str) -> None:
    """Otherwise everything can still be chosen."""
    assert surely_named(HOME, said, "en") == ()


def test_other_languages() -> None:
    """The words that make a sentence less simple are English ones."""
    assert surely_named(HOME, "desk lamp und das andere", "de") == ()


def _names(tool: dict[str, Any]) -> list[list[str]]:
    """Return the names that each branch of a schema allows."""
    branches = tool.get("anyOf", [tool])
    return [branch["properties"]["name"]["enum"] for branch in branches]


def test_no_other_to_choose_from() -> None:
    """Names are those of what was named; what it cannot do is left as it was."""
    told = strict((CONTROL, STATE), HOME, (GARAGE,))
    state, control = (dict(told[name].strict or {}) for name in ("state", "control"))
    assert _names(state) == [["Garage door", "Big gate"]]
    allowed = _names(control)
    assert ["Garage door", "Big gate"] in allowed
    assert ["Door"] in allowed
    assert control["anyOf"][0]["properties"]["area"]["enum"][-1] == "home"


async def test_in_a_turn(say: Say, engine: FakeEngine) -> None:
    """What was said decides on what can be called."""
    for words, is_narrow in (("turn on the desk lamp", True), ("more light", False)):
        engine.script(says("Fine."))
        await say(words)
        (state,) = (t for t in engine.requests[-1].tools if t.name == "state")
        (names,) = _names(dict(state.strict or {}))
        assert "Desk lamp" in names
        assert ("Front door" in names) is not is_narrow
