"""Of which things an order is, by what else there is at home."""

import pytest

from .plain_home import HOME, calls, change, control, thing


def test_blinds() -> None:
    """All blinds are those that are called so, and no garage doors."""
    home = tuple(e for e in HOME if e.device_class != "curtain")
    opened = [control("open", area="home", domain="cover")]
    assert calls("open all blinds", home) == opened
    assert calls("open all shutters", home) == opened


@pytest.mark.parametrize(
    ("name", "called"),
    [("Garage gate", False), ("Garage blind", True), ("Gate blind", True)],
)
def test_gates(name: str, called: bool) -> None:
    """A gate is no blind, also where only its name tells what it is."""
    opened = [control("open", area="Garage", domain="cover")]
    home = (thing("cover.x", name, "Garage"), thing("cover.y", "Left drape", "Office"))
    assert calls("open the blinds in the garage", home) == (opened if called else [])


def test_heating() -> None:
    """To turn off the heating turns off no air conditioner."""
    home = (thing("climate.a", "Radiator", "Hall"), thing("climate.b", "AC", "Hall"))
    said = "turn off the heating in the hall"
    assert calls(said, home) == []
    assert calls(said, home[:1]) == [control("off", area="Hall", domain="climate")]


def test_the_light_behind_the_tv() -> None:
    """Who wants to watch TV wants no light behind it."""
    light = thing("light.tv", "TV backlight", "Hall")
    assert calls("turn on the tv", (light,)) == []
    assert calls("turn on the backlight", (light,)) == [
        control("on", name="TV backlight")
    ]
    tv = thing("media_player.tv", "Old TV", "Hall")
    assert calls("turn on the tv", (tv,)) == [control("on", name="Old TV")]


def test_only_a_kind() -> None:
    """What is called "Light" has no name where there are other lights."""
    light = thing("light.x", "Light", "Office")
    home = (light, thing("light.y", "Shelf", "Hall"))
    off = control("off", area="home", domain="light")
    assert calls("turn off the light", home) == []
    assert calls("turn off all lights", home) == [off]
    in_office = control("off", area="Office", domain="light")
    assert calls("turn off the light in the office", home) == [in_office]
    assert calls("turn off the light", (light,)) == [control("off", name="Light")]


def test_namesakes() -> None:
    """All the desk lamps are more than the one that is called so."""
    home = tuple(thing(f"light.{n}", n, "Office") for n in ("Desk lamp", "Desk lamp 2"))
    one = [control("on", name="Desk lamp")]
    both = [*one, control("on", name="Desk lamp 2")]
    assert calls("turn on the desk lamp", home) == one
    assert calls("turn on the desk lamps", home) == both
    assert calls("turn on all the desk lamps", home) == both
    assert calls("turn on the desk lamps but not the hall lamp", home) == []
    assert calls("turn on the desk lamps", home[:1]) == one


def test_of_two_names() -> None:
    """What is called like another thing may be either."""
    other = thing("light.x", "Window light", "Hall", alias="Desk lamp")
    home = (*HOME, other)
    assert calls("turn on the desk lamp", home) == []
    assert calls("turn on the work light", home) == []
    assert calls("turn on the window light", home) == [
        control("on", name="Window light")
    ]


def test_a_large_home() -> None:
    """Of 300 devices with names that hardly differ the one that was named is meant."""
    home = tuple(
        thing(f"light.n{n}", f"Lamp {n}", f"Room {n % 40}") for n in range(300)
    )
    assert calls("turn on lamp 123", home) == [control("on", name="Lamp 123")]
    assert calls("turn on lamp 300", home) == []
    assert calls("turn off the lights in room 7", home) == [
        control("off", area="Room 7", domain="light")
    ]
    assert calls("turn off the lights " * 125, home) == []


def test_a_general_name() -> None:
    """A name that only says kind and place is that of one, or of all."""
    named = control("on", name="Kitchen light")
    assert calls("turn on the kitchen light") == [named]
    assert calls("turn on the light in the kitchen") == [named]
    group = (thing("light.g", "Kitchen lights", "Kitchen"), *HOME[1:3])
    assert calls("turn on the kitchen lights", group) == [
        control("on", name="Kitchen lights")
    ]


BEDSIDES = tuple(
    thing(f"light.bedside_{n}", f"Bedside lamp {n}", "Bedroom") for n in range(1, 7)
)


def test_groups() -> None:
    """Those are meant that have a part of their names in common, and are of a kind."""
    home = (
        *BEDSIDES[:2],
        thing("switch.bedside", "Bedside plug", "Bedroom"),
        thing("light.ceiling", "Ceiling lamp", "Bedroom"),
    )
    names = ("Bedside lamp 1", "Bedside lamp 2")
    on = [control("on", name=name) for name in names]
    assert calls("turn on the bedside lamps", home) == on
    assert calls("turn on both bedside lamps", home) == on
    assert calls("set the bedside lamps to 30", home) == [
        change(name=name, brightness=30) for name in names
    ]
    plug = control("on", name="Bedside plug")
    assert calls("turn on the bedside lamps and the bedside plug", home) == [*on, plug]


@pytest.mark.parametrize(
    "said",
    [
        "turn on the bedside lamp",
        "turn on the bedside fans",
        "turn on the bedside lights",
        "turn on the bedside lamps and fans",
        "turn on the bedside lamps in the hall",
        "turn on the lamps",
        "turn on the bedside ones",
        "open the bedside lamps",
        "turn on the bedside lamps but not the first one",
    ],
)
def test_no_groups(said: str) -> None:
    """One of several, another kind, or more words than names have is no group."""
    assert calls(said, BEDSIDES[:2]) == []


def test_large_groups() -> None:
    """More than six are no group."""
    assert len(calls("turn on the bedside lamps", BEDSIDES)) == 6
    seven = (*BEDSIDES, thing("light.bedside_7", "Bedside lamp 7", "Bedroom"))
    assert calls("turn on the bedside lamps", seven) == []


def test_namesakes_in_a_group() -> None:
    """Names of a group that others have, too, may be those of the others."""
    home = (*BEDSIDES[:2], thing("switch.x", "Bedside lamp 2", "Hall"))
    assert calls("turn on the bedside lamps", home) == []


def test_awnings() -> None:
    """What is lowered over a terrace opens: only "open" and "close" are clear."""
    home = (thing("cover.awning", "Awning", "Terrace", "awning"),)
    for said in ("lower the awning", "raise the awning", "roll down the awning"):
        assert calls(said, home) == []
    assert calls("close the awning", home) == [control("close", name="Awning")]
    assert calls("set the awning to 30", home) == [change(name="Awning", position=30)]


def test_where_it_is() -> None:
    """Of a place within another one's name only the longer one was named."""
    home = (
        thing("light.a", "Shelf", "Kitchen"),
        thing("light.b", "Table", "Dining kitchen"),
        thing("light.c", "Sink", "Dining kitchen"),
    )
    assert calls("turn off the lights in the dining kitchen", home) == [
        control("off", area="Dining kitchen", domain="light")
    ]
    assert calls("turn off the lights in the kitchen", home) == [
        control("off", area="Kitchen", domain="light")
    ]
    assert calls("turn off the table in the kitchen", home) == []


def test_what_opens() -> None:
    """One word of its name is not enough for what opens."""
    door = thing("lock.front", "Front door", "Hall")
    fan = thing("fan.front", "Breeze fan", "Hall")
    assert calls("unlock front", (door, fan)) == []
    assert calls("turn on the breeze", (door, fan)) == [
        control("on", name="Breeze fan")
    ]
    assert calls("turn on front breeze", (door, fan)) == []


def test_of_two_kinds() -> None:
    """A light and a fan can both be turned on, but have no value in common."""
    home = (thing("fan.x", "Desk fan", "Office"), thing("light.x", "Lamp", "Office"))
    assert calls("turn on the desk fan and the lamp", home) == [
        control("on", name="Desk fan"),
        control("on", name="Lamp"),
    ]
    assert calls("set the desk fan and the lamp to 50", home) == []
