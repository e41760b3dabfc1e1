"""Names that were misheard are put right, and nothing else is."""

import pytest

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.misheard import put_right


def named(*names: str) -> tuple[ExposedEntity, ...]:
    """Return a home of things with these names."""
    return tuple(
        ExposedEntity(entity_id=f"light.n{number}", name=name)
        for number, name in enumerate(names)
    )


HOME = (
    *named(
        "Desk lamp",
        "Bedroom lamp 1",
        "Bedroom lamp A",
        "Bedroom lamp seven",
        "Bedroom east lamp",
        "Living room lamp",
        "Recorder",
        "Sprinkler",
        "Bookshelf lamp",
        "TV",
        "Movie",
        "Halogen spots",
        "Kitchen ceiling",
    ),
    ExposedEntity(
        entity_id="switch.x", name="Plug", aliases=("Donut",), area="Hallway"
    ),
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("turn on the disk lamp", "turn on the Desk lamp"),
        ("Disk lamp: off, please!", "Desk lamp: off, please!"),
        ("dim the book shelf lamp", "dim the Bookshelf lamp"),
        ("the livingroom lamb off", "the Living room lamp off"),
        ("the reecorder, on", "the Recorder, on"),
        ("disk lamp and kitchen sealing", "Desk lamp and Kitchen ceiling"),
        ("disk lamp on in the hallwway", "Desk lamp on in the Hallway"),
        # More than three are too many.
        ("disk lamp " * 5, "disk lamp " * 2 + "Desk lamp " * 3),
    ],
)
def test_put_right(said: str, meant: str) -> None:
    """Words that nobody knows and that sound like a name are that name."""
    assert put_right(HOME, said, "en-GB") == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "?!",
        "lamp",
        "turn on the desk lamp",
        "blurgh",
        # Others of the same kind.
        "bedroom lamp 3",
        "bedroom lamp 2b",
        "bedroom lamp b",
        "bedroom lamp eleven",
        "bedroom west lamp",
        # A word that says more, and a name that was said as it is.
        "living room toy lamp",
        "bedroom east lamp uh",
        # Other words of the language.
        "sprinkle some sugar",
        "record the show",
        "recorded the show",
        "move it",
        "halfway",
        "don't do it",
        "I can't",
        # Too short a name.
        "tw",
    ],
)
def test_left_as_it_is(said: str) -> None:
    """What is known, or may be something else, is not touched."""
    assert put_right(HOME, said, "en") == said


def test_one_letter() -> None:
    """Where two names are as much alike, nobody knows which."""
    home = named("Anna lamp", "Anne lamp")
    assert put_right(home, "the anno lamp", "en") == "the anno lamp"
    assert put_right(home[:1], "the anno lamp", "en") == "the Anna lamp"
    assert put_right(home, "the anne lamp", "en") == "the anne lamp"


def test_other_languages() -> None:
    """Which words are ordinary is known of English only."""
    assert put_right(HOME, "disk lamp an", "de") == "disk lamp an"


def test_much() -> None:
    """A long text is no order, and a large home takes no time."""
    home = named(*(f"Room {number} ceiling" for number in range(300)), "Desk lamp")
    assert put_right(home, "disk lamp", "en") == "Desk lamp"
    assert put_right((), "disk lamp", "en") == "disk lamp"
    long = "disk lamp " * 250
    assert put_right(home, long, "en") == long


SOUNDING = named(
    "Rite of spring",
    "Dyson",
    "Rollladen Küche",
    "Hall ceiling right",
    "Tripod",
    "Office",
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("put the die son on forty percent", "put the Dyson on forty percent"),
        ("pull up the roll lad in kitchen", "pull up the rollladen kitchen"),
        ("the sealing lamp", "the ceiling lamp"),
        ("the haul one on the write", "the hall one on the right"),
        ("the Sealing one", "the ceiling one"),
        # Words that everybody knows are themselves.
        ("a trip to the seaside", "a trip to the seaside"),
        ("a wall of ice", "a wall of ice"),
        # A word alone sounds like too many others.
        ("diesen, please", "diesen, please"),
        # The home has such a word itself.
        ("the rite lamp", "the rite lamp"),
        # "Stares" may be a slip where there are stairs.
        ("he stares at it", "he stares at it"),
    ],
)
def test_sounds_like_a_name(said: str, meant: str) -> None:
    """Several words that sound like one name are that name."""
    assert put_right(SOUNDING, said, "en") == meant
