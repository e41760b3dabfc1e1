"""What is meant beyond doubt, and that a model can then write no other."""

from typing import Any

import pytest

from custom_components.hearth.agent.compact import CONTROL, SET, STATE
from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.strict import strict
from custom_components.hearth.agent.surely import Meant, surely_meant

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
OPENER = ExposedEntity(entity_id="switch.opener", name="Garage opener", area="Yard")
COUNTER = ExposedEntity(
    entity_id="light.counter", name="Counter", area="Dining kitchen"
)
STOVE = ExposedEntity(entity_id="switch.stove", name="Stove", area="Kitchen")
ROOMS = (*HOME, OPENER, COUNTER, STOVE)


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
    assert surely_meant(HOME, said, "en-GB").devices == meant


@pytest.mark.parametrize(
    "said",
    [
        "turn on the light",
        "it is dark at my desk",
        "turn on the desk lamp and what is at the bed",
        "all lights but the desk lamp off",
        "the desk lamp, no, the other one",
        # One word is too little, beside two as well.
        "the desk lamp and light",
        "desk lamp light",
        "",
    ],
)
def test_what_may_be_another(said: str) -> None:
    """Otherwise everything can still be chosen."""
    assert surely_meant(HOME, said, "en").devices == ()


def test_other_languages() -> None:
    """The words that make a sentence less simple are English ones."""
    assert surely_meant(HOME, "desk lamp und das andere", "de") == Meant()


@pytest.mark.parametrize(
    ("said", "places", "devices"),
    [
        ("is it dark in the office", ("Office",), (DESK, LIGHT)),
        ("everything upstairs off", ("Upstairs",), (DESK,)),
        # There is no such lamp in the hall: another one may be meant.
        ("the desk lamp in the hall", ("Hall",), (DESK, DOOR)),
        # Of what is elsewhere only what has the place in its name is meant, too.
        ("what is in the garage", ("Garage",), (GARAGE, OPENER)),
        ("the hall and the office", ("Office", "Hall"), (DESK, LIGHT, DOOR)),
        # The kitchen is no dining kitchen.
        ("is it dark in the dining kitchen", ("Dining kitchen",), (COUNTER,)),
        # A single word that only one thing has may be its name.
        ("what is behind the opener in the hall", ("Hall",), (DOOR, OPENER)),
        ("desk lamp in the office", ("Office",), (DESK,)),
        # Of the whole home, or without what is named.
        ("everything off but the office", (), ()),
        ("lights off everywhere, the office too", (), ()),
        ("it is dark", (), ()),
        ("", (), ()),
    ],
)
def test_places(
    said: str, places: tuple[str, ...], devices: tuple[ExposedEntity, ...]
) -> None:
    """Where a place is named, what is meant is there, or it was named itself."""
    meant = surely_meant(ROOMS, said, "en")
    assert meant.places == places
    assert meant.devices == devices


@pytest.mark.parametrize(
    ("said", "numbers"),
    [
        ("desk lamp to 40 percent", (40,)),
        ("heating to nineteen and a half degrees", (19.5,)),
        ("20.5 here, 18 there, 20.5 again there", ()),
        ("20.5 here, 18 there, and 20.5 there", (20.5, 18)),
        ("turn it up to seventy five", (75,)),
        ("blinds half down", ()),
        ("blinds to half", (50,)),
        # How much more or less is not where it ends.
        ("10 percent brighter", ()),
        ("lower it by 20", ()),
        # Small numbers count things.
        ("turn on the 2 lamps", ()),
        ("three lights to 60", (60,)),
        ("turn it on", ()),
        ("", ()),
        ("99999999999999999999 degrees", ()),
    ],
)
def test_numbers(said: str, numbers: tuple[float, ...]) -> None:
    """A value is a number that was said, unless that may be a difference."""
    assert surely_meant(HOME, said, "en").numbers == numbers


def test_a_place_without_words() -> None:
    """A place that cannot be said is not what every sentence is about."""
    odd = ExposedEntity(entity_id="light.odd", name="Glow", area="🚿", floor="!")
    assert surely_meant((odd, DOOR), "it is dark", "en") == Meant()
    assert surely_meant((odd, DOOR), "lights in the hall", "en").devices == (DOOR,)


def test_an_empty_home() -> None:
    """Nothing can be meant where there is nothing."""
    assert surely_meant((), "desk lamp in the office to 40", "en") == Meant(
        numbers=(40,)
    )


def _names(tool: dict[str, Any]) -> list[list[str]]:
    """Return the names that each branch of a schema allows."""
    branches = tool.get("anyOf", [tool])
    return [branch["properties"]["name"]["enum"] for branch in branches]


def test_no_other_to_choose_from() -> None:
    """Names are those of what was named; what it cannot do is left as it was."""
    told = strict((CONTROL, STATE), HOME, Meant((GARAGE,)))
    state, control = (dict(told[name].strict or {}) for name in ("state", "control"))
    assert _names(state) == [["Garage door", "Big gate"]]
    allowed = _names(control)
    assert ["Garage door", "Big gate"] in allowed
    assert ["Door"] in allowed
    assert control["anyOf"][0]["properties"]["area"]["enum"][-1] == "home"


def test_no_other_place_to_choose_from() -> None:
    """Places are those that were named, and then the whole home is none."""
    meant = Meant(devices=(DOOR,), places=("Hall",))
    for tool in strict((CONTROL, STATE, SET), HOME, meant).values():
        schema = dict(tool.strict or {})
        for branch in schema.get("anyOf", [schema]):
            assert branch["properties"]["area"] == {"enum": ["Hall"]}


async def test_in_a_turn(say: Say, engine: FakeEngine) -> None:
    """What was said decides on what can be called."""
    for words, is_narrow in (("turn on the desk lamp", True), ("more light", False)):
        engine.script(says("Fine."))
        await say(words)
        (state,) = (t for t in engine.requests[-1].tools if t.name == "state")
        (names,) = _names(dict(state.strict or {}))
        assert "Desk lamp" in names
        assert ("Front door" in names) is not is_narrow
