"""What an order leaves out."""

from typing import Any

import pytest

from custom_components.hearth.agent.exceptions import without_spared
from custom_components.hearth.agent.spared_things import spared_of

from .plain_home import HOME, calls, change, control, thing


def off(spared: str, area: str = "home") -> tuple[str, dict[str, Any]]:
    """Return a call that turns off all lights but some."""
    arguments = {"area": area, "domain": "light", "except": spared}
    return control("off", **arguments)


@pytest.mark.parametrize(
    ("said", "call"),
    [
        ("all lights but the desk lamp off", off("Desk lamp")),
        ("turn off all lights except the work light", off("Desk lamp")),
        ("turn off all lights but not the hall lamp", off("Hall lamp")),
        ("turn off all lights, only leave the hall lamp burning", off("Hall lamp")),
        ("turn off all lights and keep the hall lamp on", off("Hall lamp")),
        ("turn off all lights, save for the hall lamp", off("Hall lamp")),
        ("turn off every light but the hall lamp", off("Hall lamp")),
        (
            "turn off all lights except the hall lamp because she's reading",
            off("Hall lamp"),
        ),
        ("turn off all lights except the hall lamp so I can see", off("Hall lamp")),
        ("turn off all lights minus the kitchen light please", off("Kitchen light")),
        ("turn off the office lights except the red one", off("Red lamp", "Office")),
        ("turn off all lights except red", off("Red lamp")),
        ("turn off all lights in the hall except the spot", off("Spot", "Hall")),
        (
            "turn off all lights except the hall lamp, the small one gets scared",
            off("Hall lamp"),
        ),
        ("turn off all lights, only the hall lamp stays on", off("Hall lamp")),
        ("turn off all lights but let the hall lamp be", off("Hall lamp")),
        ("turn off all lights, just don't touch the hall lamp", off("Hall lamp")),
        # All in a place.
        ("turn off all the lights except the ones in the kitchen", off("Kitchen")),
        ("turn off all lights apart from the kitchen", off("Kitchen")),
        ("turn off all lights but the hall ones", off("Hall")),
        ("turn off all lights except the kitchen lamps", off("Kitchen")),
        ("turn off the lights everywhere but in the kitchen", off("Kitchen")),
        # Of other actions and values.
        (
            "all lights on except the desk lamp",
            control("on", area="home", domain="light", **{"except": "Desk lamp"}),
        ),
        (
            "lock all locks except the front door",
            control("lock", area="home", domain="lock", **{"except": "Front door"}),
        ),
        (
            "set all lights to 30 percent except the desk lamp",
            change(area="home", brightness=30, **{"except": "Desk lamp"}),
        ),
        # One thing, and what is said of another one changes nothing.
        (
            "turn off the desk lamp but not the hall lamp",
            control("off", name="Desk lamp"),
        ),
    ],
)
def test_spared(said: str, call: tuple[str, dict[str, Any]]) -> None:
    """A call says what is left out."""
    assert calls(said) == [call]


@pytest.mark.parametrize(
    "said",
    [
        # What is spared is not known, or more than one thing.
        "turn off all lights except",
        "turn off all lights except the sofa",
        "turn off all lights except the spot",
        "turn off all lights except upstairs",
        "turn off all lights except the hall lamp and the sofa",
        "turn off all lights but the garage door",
        # So nothing or all of it would be left.
        "turn off all lights except the lights",
        "turn off all lights except everything",
        "turn off all lights except the ground floor and the bedroom",
        "turn off the lights in the office except the desk lamp and the red lamp",
        # It is what the order is of.
        "turn off the desk lamp but not the desk lamp",
        "turn off the desk lamp but not the lights",
        "turn off the desk lamp and the hall lamp but not the hall lamp",
        # No order, or one of what is not understood.
        "except the desk lamp",
        "don't turn off all lights but the desk lamp",
        "do not open the garage door",
        "can you not turn on the desk lamp",
        "you should not unlock the front door",
        "turn on not the desk lamp",
        "desk lamp off, not on",
        "turn the desk lamp not off",
        "turn off everything except the desk lamp",
        "turn off the lights but the desk lamp",
        "unlock all locks except the front door",
        "turn off all lights but also the radio",
        "turn off all lights but the desk lamp and lock the front door",
        "turn off all lights except the desk lamp and open the garage door",
        "open all blinds except the left drape",
    ],
)
def test_not_clear(said: str) -> None:
    """An exception that is not understood leaves the whole order to the model."""
    assert calls(said) == []


LAMPS = (
    thing("light.hall", "Hall lamp", "Hall"),
    thing("light.desk", "Desk", "Office"),
    thing("light.shelf", "Shelf", "Bedroom"),
    thing("light.sofa", "Sofa lamp", "Bedroom"),
)


def test_several_exceptions() -> None:
    """A call has one exception: with more, all the others are named."""
    said = "turn off all lights except the hall lamp and the desk"
    assert calls(said, LAMPS) == [
        control("off", name="Shelf"),
        control("off", name="Sofa lamp"),
    ]
    said = "set all lights to 20 percent except the hall and the sofa lamp"
    assert calls(said, LAMPS) == [
        change(name="Desk", brightness=20),
        change(name="Shelf", brightness=20),
    ]
    said = "turn off all lights except the hall, the desk and the bedroom"
    assert calls(said, LAMPS) == []


def test_namesakes_are_not_named() -> None:
    """Who is called like another one cannot be named instead."""
    home = (*LAMPS, thing("light.other", "Shelf", "Hall"))
    said = "turn off all lights except the desk and the sofa lamp"
    assert calls(said, LAMPS) == [
        control("off", name="Hall lamp"),
        control("off", name="Shelf"),
    ]
    assert calls(said, home) == []


def test_a_spared_namesake() -> None:
    """A name that two have says not which is spared: the others are named."""
    home = (
        thing("light.a", "Spot", "Hall"),
        thing("light.b", "Wall", "Office", alias="Spot"),
        thing("light.c", "Shelf", "Bedroom"),
    )
    off_shelf = control("off", name="Shelf")
    said = "turn off all lights except the hall spot"
    assert spared_of(home, ("hall", "spot")) is not None
    assert calls(said, home) == [control("off", name="Wall"), off_shelf]


@pytest.mark.parametrize(
    ("spoken", "name", "count"),
    [
        ("the hall lamp", "Hall lamp", 1),
        ("the desk lamp in the office", "Desk lamp", 1),
        ("ones in the attic", None, 0),
        ("the kitchen", "Kitchen", 3),
        ("ground floor", "Ground Floor", 8),
        ("the hall lamp and the kitchen", None, 4),
        ("the hall lamp or and nor", "Hall lamp", 1),
        ("lamp", None, 0),
        ("and", None, 0),
        ("", None, 0),
    ],
)
def test_what_is_spared(spoken: str, name: str | None, count: int) -> None:
    """A device, all in a place, or several of them."""
    lights = [entity for entity in HOME if entity.domain == "light"]
    there = [*lights, thing("light.lantern", "Lantern", "Garden")]
    found = spared_of(there, spoken.split())
    assert (found.name if found else None) == name
    assert len(found.devices if found else ()) == count


@pytest.mark.parametrize(
    ("said", "rest", "spared"),
    [
        ("all off but the lamp", "all off", "the lamp"),
        ("all lights but the hall lamp off", "all lights off", "the hall lamp"),
        ("all off, apart from the lamp, please!", "all off", "the lamp"),
        ("all off but leave the lamp alone", "all off", "the lamp"),
        ("all off except the lamp as it is", "all off", "the lamp"),
        ("all off except the lamp, it burns", "all off", "the lamp it burns"),
        ("all lights off", "all lights off", ""),
        ("the lights but the lamp off", "the lights but the lamp off", ""),
        ("", "", ""),
    ],
)
def test_words_of_exceptions(said: str, rest: str, spared: str) -> None:
    """An order is read without its exception, and a particle after it is the order's."""
    found, words = without_spared(said)
    assert (" ".join(found.split()), " ".join(words or ())) == (rest, spared)
