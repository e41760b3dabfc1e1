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
        # What comes before the only order may be its reason.
        ("it's nippy, turn the desk lamp up", (DESK,)),
    ],
)
def test_whole_names(said: str, meant: tuple[ExposedEntity, ...]) -> None:
    """A name of several words in a simple sentence leaves nothing open."""
    assert surely_meant(HOME, said, "en-GB").devices == meant


@pytest.mark.parametrize(
    "said",
    [
        "it is dark at my desk",
        "turn on the desk lamp and what is at the bed",
        "all lights but the desk lamp off",
        "the desk lamp, no, the other one",
        # One word is too little, beside two as well.
        "the desk lamp and light",
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
        # It is not in the hall, and what is there is no lamp.
        ("the desk lamp in the hall", ("Hall",), (DESK,)),
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
        ("lights off everywhere, the office too", (), (DESK, LIGHT, COUNTER)),
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


@pytest.mark.parametrize(
    ("said", "devices"),
    [
        ("turn on the light", (DESK, LIGHT, COUNTER)),
        ("desk lamp light", (DESK, LIGHT, COUNTER)),
        ("lamps and blinds", ()),
        # What was spoken of may be called a light, too.
        ("the stove light on", (DESK, LIGHT, COUNTER, STOVE)),
        ("lights on in the office", (DESK, LIGHT)),
        ("close the shutter, open the lock", (GARAGE, DOOR)),
        # There is none.
        ("more heating", ()),
        # Who asks may want to know what a sensor tells.
        ("is there any light", ()),
        ("what light is there", ()),
        ("any light", ()),
        ("a light?", ()),
        # Not simple.
        ("the light and whatever else", ()),
        ("all lights", ()),
    ],
)
def test_kinds(said: str, devices: tuple[ExposedEntity, ...]) -> None:
    """Where a kind is ordered, what is meant is of it, or it was spoken of."""
    meant = surely_meant(ROOMS, said, "en")
    assert meant.devices == devices
    assert not meant.named


@pytest.mark.parametrize(
    ("said", "named"),
    [
        ("turn on the desk lamp", True),
        ("turn on the stove", True),
        ("turn on the light", False),
        ("is it dark in the office", False),
        ("all lights but the desk lamp off", False),
        ("", False),
    ],
)
def test_named(said: str, named: bool) -> None:
    """Only a name tells what can be done; a kind or a place does not."""
    assert surely_meant(ROOMS, said, "en").named is named


HEATER = ExposedEntity(entity_id="climate.office", name="Office heater", area="Office")


@pytest.mark.parametrize(
    ("said", "attributes", "numbers"),
    [
        ("office heater two degrees warmer", {"temperature": 19.5}, (21.5,)),
        ("lower the office heater by 2 degrees", {"temperature": 20}, (18,)),
        ("desk lamp 10 percent brighter", {"brightness": 102}, (50,)),
        ("desk lamp 50 percent dimmer", {"brightness": 102}, (0,)),
        # Nobody knows what it is set to, or what of it is meant.
        ("office heater two degrees warmer", {}, ()),
        ("office heater two degrees warmer", {"temperature": None}, ()),
        ("office heater 10 percent warmer", {"temperature": 20}, ()),
        ("desk lamp two degrees warmer", {"brightness": 102}, ()),
        # Of several things, or of none that was named.
        ("desk lamp, garage door 10 percent less", {"brightness": 102}, ()),
        ("10 percent brighter", {"brightness": 102}, ()),
        # It is said what it is to be.
        ("desk lamp to 40 percent", {"brightness": 102}, (40,)),
        ("desk lamp up to 40 percent", {"brightness": 102}, (40,)),
        ("desk lamp on", {"brightness": 102}, ()),
    ],
)
def test_changes(
    said: str, attributes: dict[str, Any], numbers: tuple[float, ...]
) -> None:
    """What a value is to change by is counted on to what it is now."""
    home = (*HOME, HEATER)
    asked: list[str] = []

    def attributes_of(entity_id: str) -> dict[str, Any]:
        asked.append(entity_id)
        return attributes

    assert surely_meant(home, said, "en", attributes_of).numbers == numbers
    assert set(asked) <= {"climate.office", "light.desk"}


def test_changes_of_what_is_not_known() -> None:
    """Without what is set now a difference is no value."""
    said = "office heater 7 degrees warmer"
    assert surely_meant((*HOME, HEATER), said, "en").numbers == ()


def test_screens() -> None:
    """A single ordinary word is a name only where it is that of a screen."""
    screen = ExposedEntity(entity_id="media_player.tv", name="TV", area="Office")
    right = ExposedEntity(entity_id="switch.right", name="Right", area="Office")
    home = (screen, right, DOOR)
    assert surely_meant(home, "turn on the tv", "en").devices == (screen,)
    assert surely_meant(home, "that is right", "en").devices == ()


@pytest.mark.parametrize(
    ("said", "spares"),
    [
        ("all lights but the desk lamp", True),
        ("everything off, just not the stove", True),
        ("Lights off EXCEPT in the hall", True),
        ("leave the desk lamp on", True),
        ("turn off the desk lamp", False),
        ("turn off the button", False),
        ("", False),
    ],
)
def test_spares(said: str, spares: bool) -> None:
    """Nothing is left out where no word says so."""
    assert surely_meant(HOME, said, "en").spares is spares


@pytest.mark.parametrize(
    ("said", "actions"),
    [("turn on the desk lamp", {"off"}), ("is it on", set()), ("", set())],
)
def test_contrary(said: str, actions: set[str]) -> None:
    """What words speak against is not meant."""
    assert surely_meant(HOME, said, "en").contrary == actions


def test_a_place_without_words() -> None:
    """A place that cannot be said is not what every sentence is about."""
    odd = ExposedEntity(entity_id="light.odd", name="Glow", area="🚿", floor="!")
    assert surely_meant((odd, DOOR), "it is dark", "en") == Meant(spares=False)
    assert surely_meant((odd, DOOR), "lights in the hall", "en").devices == (DOOR,)


def test_an_empty_home() -> None:
    """Nothing can be meant where there is nothing."""
    assert surely_meant((), "desk lamp in the office to 40", "en") == Meant(
        numbers=(40,), spares=False
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
    for words, is_narrow in (("turn on the desk lamp", True), ("make it nice", False)):
        engine.script(says("Fine."))
        await say(words)
        (state,) = (t for t in engine.requests[-1].tools if t.name == "state")
        (names,) = _names(dict(state.strict or {}))
        assert "Desk lamp" in names
        assert ("Front door" in names) is not is_narrow
