"""Orders about this room, its player, all of a kind, and those that are called so."""

from typing import Any

import pytest

from custom_components.hearth.agent.plain_orders import plain_calls

from .plain_home import HOME, calls, change, control, thing

_KITCHEN = control("on", area="Kitchen", domain="light")


def _said_in(here: str | None, said: str) -> list[Any]:
    """Return the calls of words that are said in an area."""
    return [(call.tool, call.arguments) for call in plain_calls(HOME, said, "en", here)]


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("turn on the lights", _KITCHEN),
        ("turn the lights on in here, please", _KITCHEN),
        ("lights on in this room", _KITCHEN),
        ("turn on every light in this space", _KITCHEN),
        ("turn on the light", _KITCHEN),
        # What is said of all is said of the home.
        ("turn on all the lights", control("on", area="home", domain="light")),
        (
            "turn the lights on in all the rooms",
            control("on", area="home", domain="light"),
        ),
        (
            "turn on the lights in every room",
            control("on", area="home", domain="light"),
        ),
        # A place that is named counts.
        (
            "turn on the lights in the office",
            control("on", area="Office", domain="light"),
        ),
        ("set the brightness to 40%", change(area="Kitchen", brightness=40)),
        # There is no heating here, but there is one at home.
        ("turn the heating off", control("off", area="home", domain="climate")),
        ("set the temperature to 20 degrees", change(area="home", temperature=20)),
        ("next song", control("next", name="Kitchen telly")),
        ("pause the music", control("pause", name="Kitchen telly")),
        ("mute", control("mute", name="Kitchen telly")),
        ("volume up", control("louder", name="Kitchen telly")),
        ("lower the volume", control("quieter", name="Kitchen telly")),
        ("sound on again", control("unmute", name="Kitchen telly")),
        ("turn the sound off", control("mute", name="Kitchen telly")),
        ("set the volume to 30 percent", change(name="Kitchen telly", volume=30)),
    ],
)
def test_here(said: str, call: Any) -> None:
    """Where no place is named, it is the room where it was said."""
    assert _said_in("Kitchen", said) == [call]


@pytest.mark.parametrize(
    "said",
    [
        # Nothing of the kind is here.
        "turn off the fan",
        "close the blinds",
        # One of three lamps.
        "turn off the lamp",
        "unlock all the locks",
        "turn off the lights in here in the office",
        "turn on the lights in this cupboard",
        "turn on the kitchen telly and the music",
        # No order at all.
        "check there's no light on",
        "see if there is a light on",
        "ravi's stereo - resume",
        "turn off both kitchen pendants",
    ],
)
def test_not_here(said: str) -> None:
    """What is not here, or is unclear, is left to the model."""
    assert _said_in("Kitchen", said) == []


@pytest.mark.parametrize(
    "said", ["turn on the lights", "lights off in here", "next song", "mute"]
)
def test_nowhere(said: str) -> None:
    """Who speaks from nowhere has to say where, if there are several."""
    assert _said_in(None, said) == []


def test_called_so_elsewhere() -> None:
    """Something elsewhere that has no other name may be what is meant."""
    shutter = thing("cover.x", "Shutter", "Kitchen", "shutter")
    home = (shutter, thing("cover.y", "Left shutter", "Office", "shutter"))
    said, place = "close the shutters", control("close", area="Office", domain="cover")
    assert plain_calls(home, said, "en", "Office") == ()
    assert calls(f"{said} in the office", home) == [place]


def test_only_player() -> None:
    """The only player of the home needs no name and no room."""
    home = (thing("media_player.tv", "Big TV", "Bedroom", "tv"),)
    assert calls("skip to the next track", home) == [control("next", name="Big TV")]
    assert calls("pause the media player in the bedroom", home) == [
        control("pause", name="Big TV")
    ]
    assert calls("pause the music in here", home) == []
    assert calls("next song except the radio", home) == []


@pytest.mark.parametrize(
    ("said", "names"),
    [
        ("open the curtains in the office", ["Left drape"]),
        ("close the drapes in the office", ["Left drape"]),
        ("open all blinds", ["Bedroom blinds", "Sun blind"]),
        ("mute all speakers", ["Radio"]),
        ("close all curtains except the left drape", []),
    ],
)
def test_called_so(said: str, names: list[str]) -> None:
    """Of blinds and curtains those are meant that are called so."""
    assert [arguments["name"] for _, arguments in calls(said)] == names


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("set the kitchen to red", change(area="Kitchen", color="red")),
        ("set the kitchen color to red", change(area="Kitchen", color="red")),
        ("set the office to 21 degrees", change(area="Office", temperature=21)),
        ("set temp of the office to 21", change(area="Office", temperature=21)),
        (
            "set the ground floor brightness to 50%",
            change(area="Ground Floor", brightness=50),
        ),
        (
            "ground floor lighting off",
            control("off", area="Ground Floor", domain="light"),
        ),
        ("put the kitchen to red", change(area="Kitchen", color="red")),
        ("cut the kitchen lights", control("off", area="Kitchen", domain="light")),
        ("kitchen lamps out", control("off", area="Kitchen", domain="light")),
        # A scene is for a place, and in none.
        ("activate the morning in the kitchen", control("on", name="Morning")),
    ],
)
def test_kind_of_value(said: str, call: Any) -> None:
    """A value tells what kind of thing is meant in a place."""
    assert calls(said) == [call]


@pytest.mark.parametrize(
    ("said", "place"),
    [
        ("lock the doors", "home"),
        ("lock all doors", "home"),
        ("lock every door in the house", "home"),
        ("lock the door in the hall", "Hall"),
        # There are two locks, and nothing is unlocked by its kind.
        ("lock the door", None),
        ("unlock the doors", None),
        ("close the door", None),
    ],
)
def test_doors(said: str, place: str | None) -> None:
    """Doors that are to be locked are those that can be, wherever that is said."""
    wanted = [control("lock", area=place, domain="lock")] if place else []
    assert _said_in("Kitchen", said) == wanted


def test_unlocked() -> None:
    """Nothing is unlocked only because it is in the room where that was said."""
    for said in ("unlock the lock", "unlock the locks", "unlock the lock in here"):
        assert _said_in("Hall", said) == []
    assert _said_in("Hall", "lock the lock") == [
        control("lock", area="Hall", domain="lock")
    ]
    assert _said_in("Kitchen", "unlock the lock in the hall") == [
        control("unlock", area="Hall", domain="lock")
    ]


def test_only_door() -> None:
    """Where one door can be locked, it is the door."""
    home = tuple(one for one in HOME if one.entity_id != "lock.side")
    assert calls("bolt the door love, i'm off to bed", home) == [
        control("lock", area="home", domain="lock")
    ]
    assert calls("unlock the door", home) == []


@pytest.mark.parametrize(
    ("said", "wanted"),
    [
        (
            "front door locked, bedroom blinds shut, and that's us for the night",
            [
                control("lock", name="Front door"),
                control("close", name="Bedroom blinds"),
            ],
        ),
        (
            "all lights out, front door locked",
            [
                control("off", area="home", domain="light"),
                control("lock", name="Front door"),
            ],
        ),
        # That may be told or asked, and nothing is opened by it.
        ("front door locked", []),
        ("is the front door locked and the desk lamp off", []),
        ("front door unlocked and desk lamp on", []),
        ("desk lamp on, please and thank you out", []),
        ("red the hall lamp and to red", []),
    ],
)
def test_results(said: str, wanted: list[Any]) -> None:
    """Among orders it is one to say how something is to be."""
    assert calls(said) == wanted


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("draw the bedroom blinds", control("close", name="Bedroom blinds")),
        ("draw back the bedroom blinds", control("open", name="Bedroom blinds")),
        ("draw the garage door", control("close", name="Garage door")),
    ],
)
def test_drawn(said: str, call: Any) -> None:
    """What is drawn is closed, what is drawn back is open."""
    assert calls(said) == [call]


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("change the status of the desk lamp to on", control("on", name="Desk lamp")),
        ("set the power of the pump to off", control("off", name="Pump")),
        ("make the desk lamp stop shining", control("off", name="Desk lamp")),
        ("make the bedroom blinds stop", control("stop", name="Bedroom blinds")),
        ("set the pump going", control("on", name="Pump")),
        ("decrease the volume of the radio", control("quieter", name="Radio")),
        ("raise the volume on the radio", control("louder", name="Radio")),
        ("lock up the front door, ta", control("lock", name="Front door")),
        ("make the hall lamp navy", change(name="Hall lamp", color="navy")),
        ("secure the front door behind me", control("lock", name="Front door")),
        ("wait, wait, hold the garage door", control("stop", name="Garage door")),
        ("hold the hall lamp", None),
        (
            "turn off the red lamp, the neighbours are staring",
            control("off", name="Red lamp"),
        ),
        (
            "turn on the red lamp sorry i mean the desk's",
            control("on", name="Desk lamp"),
        ),
        (
            "turn off the lights all over the house",
            control("off", area="home", domain="light"),
        ),
        ("lower the volume of the radio by 10", None),
        ("set the desk lamp going", None),
        ("set the hall lamp to 90 percent, i tell a lie, full strength", None),
    ],
)
def test_roundabout(said: str, call: Any) -> None:
    """What is said in a roundabout way is an order like any other."""
    assert calls(said) == ([] if call is None else [call])


def test_it_in_a_place() -> None:
    """What is set to so many degrees in a place is its temperature."""
    said = "make it twenty and a half degrees in the office"
    assert calls(said) == [change(area="Office", temperature=20.5)]
    assert calls("make it twenty degrees") == []


def test_two_kinds_in_a_place() -> None:
    """What is wanted of two kinds is wanted of both where they are."""
    assert calls("dinner's over, so bedroom blinds and fan off") == []
    assert calls("turn off the hall lights and radio") == [
        control("off", area="Hall", domain="light"),
        control("off", name="Radio"),
    ]
    assert calls("turn off the hall and kitchen radio and fan") == []
