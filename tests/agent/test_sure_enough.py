"""How sure a model must be, by what was said."""

import pytest

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.question import Deed
from custom_components.hearth.agent.sure_enough import (
    SURE,
    SURE_IN_DOUBT,
    SURE_TO_MOVE,
    least_sure,
)

DESK = ExposedEntity(
    entity_id="light.desk", name="Desk lamp", area="Office", floor="Upstairs"
)
HALL = ExposedEntity(
    entity_id="light.hall", name="Hall lamp", area="Hall", floor="Downstairs"
)
BLIND = ExposedEntity(
    entity_id="cover.blind", name="Blind", area="Office", floor="Upstairs"
)
DOOR = ExposedEntity(
    entity_id="lock.door", name="Hall door", area="Hall", floor="Downstairs"
)
PORCH = ExposedEntity(entity_id="light.porch", name="Lantern")
HOME = (DESK, HALL, BLIND, DOOR, PORCH)
ASKED = 2.0


def deed(*entities: ExposedEntity, action: str = "on") -> Deed:
    """Return something that is done to devices."""
    return Deed(action, {}, entities)


def least(said: str, first: Deed, *others: Deed, language: str = "en") -> float:
    """Return how sure a model must be of the first of some deeds."""
    return least_sure(first, (first, *others), HOME, said, language)


@pytest.mark.parametrize(
    ("said", "entities", "needed"),
    [
        ("the desk lamp, please", (DESK,), 0.0),
        ("the lamp, please", (DESK,), SURE),
        ("lanterns on", (PORCH,), 0.0),
        ("desk", (DESK,), 0.0),
        ("the desk lamp and the hall lamp", (DESK, HALL), 0.0),
        ("the desk lamp", (DESK, HALL), SURE),
        # Words that may be no order are no reason to be unsure of nothing.
        ("I told her to turn on the desk lamp", (DESK,), SURE_IN_DOUBT),
        ("the desk lamp, no, I mean what is beside it", (DESK,), SURE_IN_DOUBT),
        ("anything", (), 0.0),
    ],
)
def test_what_was_named(
    said: str, entities: tuple[ExposedEntity, ...], needed: float
) -> None:
    """Who calls all of it by its name means it."""
    assert least(said, deed(*entities)) == needed


@pytest.mark.parametrize(
    ("said", "needed"),
    [
        ("open the blind", SURE_TO_MOVE),
        ("open the office blind", SURE_TO_MOVE),
        ("open the blind upstairs", SURE_TO_MOVE),
        ("open the blind in the hall", ASKED),
        ("open the blind downstairs", ASKED),
        ("she opened the blind", ASKED),
        # A blind has no degrees and no speed, and no use is no wish.
        ("set the blind to sixteen degrees", ASKED),
        ("the blind at fifty percent speed", ASKED),
        ("opening the blind is pointless", ASKED),
        ("the email reads: open the blind", ASKED),
        # The hall is a part of the door's name here.
        ("open the blind, not the hall door", ASKED),
        # A blind that is only called so may be another one.
        ("open the blind in the room of Jake", SURE_TO_MOVE),
        ("open the blind by the hall door", SURE_TO_MOVE),
    ],
)
def test_what_moves(said: str, needed: float) -> None:
    """A name is not enough, and another place is a reason to ask."""
    assert least(said, deed(BLIND, action="open")) == needed


@pytest.mark.parametrize(
    "said",
    ["the lamp off, but not yet", "lamp on, not now", "lamp on but not right away"],
)
def test_not_now(said: str) -> None:
    """What is put off is asked about, whatever it is."""
    assert least(said, deed(DESK)) == ASKED


def test_what_is_harmless() -> None:
    """To stop something that moves is never wrong enough to ask in any case."""
    stop = deed(BLIND, action="stop")
    assert least("stop it in the hall", stop) == SURE_TO_MOVE


def test_several_places() -> None:
    """A place is none of the blind's where something else changes there."""
    opens, light = deed(BLIND, action="open"), deed(HALL)
    said = "open the blind in the office and turn on the light in the hall"
    assert least(said, opens, light) == SURE_TO_MOVE
    assert least(said, opens) == ASKED
    assert least(said, light, opens) == SURE


def test_other_languages() -> None:
    """Names are names in all of them."""
    opens = deed(BLIND, action="open")
    assert least("öffne blind hall", opens, language="de") == ASKED
    assert least("she opened the blind", opens, language="de") == SURE_TO_MOVE


@pytest.mark.parametrize(
    ("said", "needed"),
    [
        ("start the washing machine", ASKED),
        ("turn on the radios", ASKED),
        # Who names what changes may name something else beside it.
        ("the desk lamp by the stove", 0.0),
        ("turn on the desk stove", ASKED),
        # The porch has a lantern, and a lamp is no thing that a home may lack.
        ("turn on the lamp", SURE),
        ("start the machine", SURE),
    ],
)
def test_what_is_absent(said: str, needed: float) -> None:
    """Who names a thing that is not there means nothing else."""
    assert least(said, deed(DESK)) == needed


@pytest.mark.parametrize(
    "thing",
    [
        ExposedEntity(entity_id="switch.x", name="Washing machine"),
        ExposedEntity(entity_id="switch.x", name="Bosch", aliases=("Washing",)),
        ExposedEntity(entity_id="switch.x", name="Bosch", area="Washing room"),
        # Nobody calls the vacuum by its name.
        ExposedEntity(entity_id="vacuum.x", name="Robbie"),
    ],
)
def test_what_is_there(thing: ExposedEntity) -> None:
    """A thing is there where a name, an area or a kind has the word."""
    said = "start the washing" if thing.domain == "switch" else "start the vacuum"
    changed = deed(DESK)
    assert least_sure(changed, (changed,), (*HOME, thing), said, "en") == SURE
    assert least_sure(changed, (changed,), HOME, said, "en") == ASKED


VALVE = ExposedEntity(entity_id="valve.main", name="Shut-off valve")
GARAGE = ExposedEntity(
    entity_id="cover.garage", name="Garage door", device_class="garage"
)


@pytest.mark.parametrize(
    ("said", "moved", "needed"),
    [
        ("the sun is in my eyes", BLIND, SURE_TO_MOVE),
        ("check the shut-off valve", VALVE, ASKED),
        ("close the shut-off valve", VALVE, SURE),
        ("the car is outside", GARAGE, ASKED),
        ("let the car out", GARAGE, SURE_TO_MOVE),
        ("garage door to 40", GARAGE, SURE_TO_MOVE),
        ("the hall door looks nice", DOOR, ASKED),
        ("unlock the hall door", DOOR, SURE_TO_MOVE),
        ("unlock the door on the terrace", DOOR, ASKED),
        ("quick check, it's hall door locked up", DOOR, ASKED),
        ("and then I opened the garage door", GARAGE, ASKED),
        ("turn off the lights and shut the garage door", GARAGE, SURE),
        # It is opened, not closed.
        ("lift the garage door", GARAGE, SURE_TO_MOVE),
        # What counts of a correction was not understood.
        ("shut the garage door hold on it's the other one", GARAGE, ASKED),
        ("shut the garage", GARAGE, SURE_TO_MOVE),
    ],
)
def test_no_door_moves_for_a_hint(
    said: str, moved: ExposedEntity, needed: float
) -> None:
    """A blind may close for the sun, but what people pass takes a word for it."""
    home = (*HOME, VALVE, GARAGE)
    wanted = deed(moved, action="close")
    assert least_sure(wanted, (wanted,), home, said, "en") == needed
    assert least_sure(wanted, (wanted,), home, "die Tür", "de") == SURE_TO_MOVE


def test_here() -> None:
    """What was said of this room moves nothing in another one without asking."""
    said = "close the blind in here"
    closes = deed(BLIND, action="close")
    assert least_sure(closes, [closes], HOME, said, "en", "Hall") > 1
    assert least_sure(closes, [closes], HOME, said, "en", "Office") < 1
    assert least_sure(closes, [closes], HOME, said, "en") < 1


@pytest.mark.parametrize("said", ["the blind's up", "the blind's at 30 percent"])
def test_how_it_is(said: str) -> None:
    """Who tells how something is wants nothing moved."""
    opens = deed(BLIND, action="open")
    assert least_sure(opens, [opens], HOME, said, "en") > 1
    assert least_sure(opens, [opens], HOME, "open the blind", "en") < 1


@pytest.mark.parametrize(
    "said",
    [
        "turn off the desk lamp, never mind, it's fine",
        "turn off the desk lamp, cancel that",
        "turn off the desk lamp, I changed my mind",
        "turn off the desk lamp, just kidding",
    ],
)
def test_taken_back(said: str) -> None:
    """An order that was taken back is asked about, however sure it was."""
    wanted = deed(DESK)
    assert least_sure(wanted, [wanted], HOME, said, "en") > 1
