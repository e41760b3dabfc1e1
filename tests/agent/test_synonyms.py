"""Rooms and things that have another name at home."""

import pytest

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.synonyms import in_own_words


def thing(
    entity_id: str,
    name: str,
    area: str | None = None,
    floor: str | None = None,
    alias: str | None = None,
) -> ExposedEntity:
    """Return something exposed."""
    return ExposedEntity(
        entity_id=entity_id,
        name=name,
        aliases=(alias,) if alias else (),
        area=area,
        floor=floor,
    )


HOME = (
    thing("light.sofa", "Sofa lamp", "Living room", "Ground floor"),
    thing("media_player.tv", "TV", "Living room", "Ground floor"),
    thing("light.hall", "Hallway light", "Hallway", "Ground floor"),
    thing("light.desk", "Desk lamp", "Office", "Upper floor"),
    thing("cover.bedroom", "Bedroom blinds", "Bedroom", "Upper floor"),
    thing("vacuum.robbie", "Robbie", "Hallway", "Ground floor", alias="Our vacuum"),
    thing("climate.bath", "Heater", "Bathroom", "Upper floor"),
    thing("switch.pump", "Pump", "Garden"),
)


def own(said: str, home: tuple[ExposedEntity, ...] = HOME) -> str:
    """Return English words in a home's own."""
    return in_own_words(home, said, "en")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("turn on the light in the lounge", "turn on the light in the Living room"),
        ("lights off in the sitting  room", "lights off in the Living room"),
        ("LOUNGE lights", "Living room lights"),
        ("study lights on", "Office lights on"),
        ("home office lights on", "Office lights on"),
        ("the study's lights", "the Office's lights"),
        ("main bedroom", "Bedroom"),
        ("the backyard, the hall", "the Garden, the Hallway"),
        ("lights in the entrance hall", "lights in the Hallway"),
        # What is somewhere is so on that floor.
        ("lights off downstairs", "lights off on the Ground floor"),
        ("lights off upstairs", "lights off on the Upper floor"),
        ("the downstairs lights", "the Ground floor lights"),
        # Things, and several of them.
        ("turn on the telly", "turn on the tv"),
        ("couch lamp on", "sofa lamp on"),
        ("close the shade", "close the blind"),
        ("close the shades", "close the blinds"),
        ("roller shutters down", "blinds down"),
        ("start the hoover", "start the vacuum"),
        ("hoover the lounge", "vacuum the Living room"),
        ("start the robot vacuum", "start the vacuum"),
        ("radiator and radiators", "heater and heaters"),
    ],
)
def test_in_own_words(said: str, meant: str) -> None:
    """What nothing at home is called is put as the home has it."""
    assert own(said) == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?!",
        "turn on the light in the living room",
        "hallway lights on",
        "TV on",
        # A verb.
        "I want to study",
        "remember to hoover",
        "I have to lounge",
        # There is nothing like that, neither by this nor by another name.
        "cellar lights on",
        "start the mower",
        "turn up the stereo",
        "clear the deck",
        # Upstairs in one country, in another not.
        "lights on the first floor off",
        "second floor lights",
    ],
)
def test_what_stays(said: str) -> None:
    """What the home has no other word for stays as it was said."""
    assert own(said) == said


@pytest.mark.parametrize(
    "said", ["understudy", "study2", "2study", "halls", "tellytime"]
)
def test_whole_words(said: str) -> None:
    """A part of a word is no room and no thing."""
    assert own(said) == said


@pytest.mark.parametrize(
    ("areas", "said", "meant"),
    [
        # Either may be meant.
        (("Living room", "Family room"), "lounge lights", "lounge lights"),
        (("Living room", "Lounge"), "lounge lights", "lounge lights"),
        (("Terrace", "Deck"), "the patio", "the patio"),
        (("Terrace",), "the patio", "the Terrace"),
        # Called by it is something else.
        (("Office", "Study corner"), "the study", "the study"),
        (("Office",), "the study", "the Office"),
        (("Loft",), "attic lights", "Loft lights"),
        (("Offices",), "the study", "the Offices"),
        (("Outside",), "the outdoor lights", "the Outside lights"),
        (("🚿",), "the bathroom", "the bathroom"),
        ((), "lounge lights", "lounge lights"),
    ],
)
def test_places(areas: tuple[str, ...], said: str, meant: str) -> None:
    """A place stands for the only one that it can be."""
    home = tuple(thing(f"light.{n}", "Glow", area) for n, area in enumerate(areas))
    assert own(said, home) == meant


@pytest.mark.parametrize(
    ("floor", "said", "meant"),
    [
        ("First floor", "lights upstairs", "lights on the First floor"),
        ("Upstairs", "lights on the first floor", "lights on the first floor"),
        ("Upstairs", "the upper floor", "the Upstairs"),
        ("Downstairs", "ground floor lights", "Downstairs lights"),
    ],
)
def test_floors(floor: str, said: str, meant: str) -> None:
    """The first floor is upstairs, but what else it is nobody knows."""
    assert own(said, (thing("light.x", "Glow", floor=floor),)) == meant


@pytest.mark.parametrize(
    ("names", "said", "meant"),
    [
        (("Washing machine",), "start the washer", "start the washing machine"),
        (("Wallbox",), "start the car charger", "start the wallbox"),
        (("Window shades",), "close the blinds", "close the shades"),
        (("TV", "Old telly"), "television on", "television on"),
        (("Fridge",), "the REFRIGERATOR", "the fridge"),
        (("Ceiling fan",), "ventilators on", "fans on"),
        # A room's word is no thing of the home.
        (("Lounge lamp",), "living room lamp on", "living room lamp on"),
    ],
)
def test_things(names: tuple[str, ...], said: str, meant: str) -> None:
    """A part of a name stands for the thing, in the singular and in the plural."""
    home = tuple(thing(f"switch.{n}", name) for n, name in enumerate(names))
    assert own(said, home) == meant


def test_a_name_has_the_word() -> None:
    """What anything is called here is not put otherwise."""
    lamp = thing("light.x", "Lounge lamp", "Hallway")
    assert own("lounge lamp on", (*HOME, lamp)) == "lounge lamp on"
    alias = thing("light.x", "Glow", "Hallway", alias="Lounge lamp")
    assert own("lounge lamp on", (*HOME, alias)) == "lounge lamp on"


@pytest.mark.parametrize("language", ["de", "", "fr"])
def test_other_languages(language: str) -> None:
    """The words are English ones."""
    assert in_own_words(HOME, "lounge", language) == "lounge"
    assert in_own_words(HOME, "lounge", "en-GB") == "Living room"


def test_nothing_at_home() -> None:
    """Where nothing is exposed, words stay."""
    assert own("lounge lights", ()) == "lounge lights"


def test_long_words() -> None:
    """Each place is put right, however many there are."""
    assert own("lounge " * 2000) == "Living room " * 2000
