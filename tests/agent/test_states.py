"""States in words, and which ones an utterance asks for."""

from typing import Any

import pytest

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.states import MOST_STATES, describe, named

HOME = tuple(
    ExposedEntity(entity_id=entity_id, name=name, aliases=aliases, area=area)
    for entity_id, name, aliases, area in (
        ("lock.front", "Front door", (), "Hallway"),
        ("binary_sensor.front", "Front door contact", (), "Hallway"),
        ("sensor.humidity", "Living room humidity", (), "Living Room"),
        ("media_player.tv", "TV", ("telly",), "Living Room"),
        ("light.cafe", "Café-Lampe", (), None),
        *((f"light.{n}", f"Lamp {n}", (), "Hall of lamps") for n in range(20)),
    )
)


def names(said: str) -> list[str]:
    """Return the names that something said names."""
    return [entity.name for entity in named(HOME, said)]


def test_named() -> None:
    """Names, aliases and areas are heard in any order, case and number."""
    assert names("is the FRONT DOOR locked?") == ["Front door"]
    assert names("turn the tellys off") == ["TV"]
    assert names("what's the humidity in the living room?") == ["Living room humidity"]
    assert names("what is on in the living room?") == ["Living room humidity", "TV"]
    assert names("cafe lampe an") == ["Café-Lampe"]
    assert names("who wrote Hamlet") == []
    # A part of a longer name is not named by itself.
    assert names("is the front door contact closed") == ["Front door contact"]


def test_a_word_that_only_one_has() -> None:
    """One word is enough, unless several entities or a place have it."""
    assert names("is the contact closed") == ["Front door contact"]
    assert names("how is the humidity") == ["Living room humidity"]
    assert names("is the door open") == []
    assert names("is it nice in the hall") == []


def test_at_most_a_dozen() -> None:
    """A large area does not fill the prompt; what was named comes first."""
    found = names("is lamp 17 on in the hall of lamps")
    assert found[0] == "Lamp 17"
    assert len(found) == MOST_STATES


@pytest.mark.parametrize(
    ("domain", "device_class", "state", "attributes", "words"),
    [
        ("lock", None, "locked", {}, "locked"),
        ("binary_sensor", "window", "on", {}, "open"),
        ("binary_sensor", "window", "off", {}, "closed"),
        ("binary_sensor", None, "on", {}, "on"),
        ("binary_sensor", "window", "unavailable", {}, "unavailable"),
        ("light", None, "on", {"brightness": 128}, "on 50%"),
        ("light", None, "off", {"brightness": None}, "off"),
        ("cover", None, "open", {"current_position": 40}, "open 40%"),
        ("cover", None, "open", {}, "open"),
        ("cover", None, "closed", {"current_position": 0}, "closed"),
        ("fan", None, "on", {"percentage": 33}, "on 33%"),
        ("fan", None, "off", {"percentage": 0}, "off"),
        ("media_player", None, "playing", {"volume_level": 0.2}, "playing, volume 20%"),
        (
            "media_player",
            None,
            "playing",
            {"volume_level": 0.2, "media_title": "Song"},
            "playing, volume 20%, Song",
        ),
        ("media_player", None, "off", {}, "off"),
        (
            "climate",
            None,
            "heat",
            {"current_temperature": 20.5, "temperature": 21},
            "heat, now 20.5°, set to 21°",
        ),
        ("climate", None, "off", {"temperature": None}, "off"),
        ("sensor", "temperature", "19", {"unit_of_measurement": "°C"}, "19 °C"),
        ("sensor", None, "idle", {}, "idle"),
    ],
)
def test_describe(
    domain: str,
    device_class: str | None,
    state: str,
    attributes: dict[str, Any],
    words: str,
) -> None:
    """A state is said in as few words as a person would use."""
    assert describe(domain, device_class, state, attributes) == words
