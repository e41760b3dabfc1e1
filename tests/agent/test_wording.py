"""What was said, as the home has it."""

import pytest

from custom_components.hearth.agent.home import ExposedEntity
from custom_components.hearth.agent.wording import as_meant

HOME = (
    ExposedEntity(entity_id="light.desk", name="Desk lamp", area="Living room"),
    ExposedEntity(entity_id="media_player.tv", name="TV", area="Living room"),
)


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        ("turn of the TV", "turn off the TV"),
        ("Switch of the TV", "Switch off the TV"),
        ("I turned of the TV", "I turned off the TV"),
        ("he SWITCHED OF the TV", "he SWITCHED off the TV"),
        ("turn on the disk lamp", "turn on the Desk lamp"),
        ("lounge lights on", "Living room lights on"),
        ("clothes the TV", "close the TV"),
        ("the TV at twenty per sent", "the TV at twenty percent"),
        # All at once.
        (
            "turn of the disk lamp in the lounge",
            "turn off the Desk lamp in the Living room",
        ),
    ],
)
def test_as_meant(said: str, meant: str) -> None:
    """What a recognizer misheard is put right, and then into the home's words."""
    assert as_meant(HOME, said, "en-GB") == meant


@pytest.mark.parametrize(
    "said",
    [
        "",
        "turn off the TV",
        "turn the TV off",
        "the light of the desk lamp",
        "return of the king",
        "turn office lights on",
        "turn often",
        "turning of the tide",
    ],
)
def test_what_stays(said: str) -> None:
    """Other words stay as they are."""
    assert as_meant(HOME, said, "en") == said


@pytest.mark.parametrize("language", ["de", "", "nl"])
def test_other_languages(language: str) -> None:
    """Nothing is known of words that are no English ones."""
    said = "turn of the disk lamp in the lounge"
    assert as_meant(HOME, said, language) == said


def test_nothing_at_home() -> None:
    """A verb is put right where nothing is exposed, too."""
    assert as_meant((), "turn of the disk lamp", "en") == "turn off the disk lamp"


@pytest.mark.parametrize(
    ("said", "plainly"),
    [
        ("turn off every one of the lights", "turn off all of the lights"),
        ("is each single one of them on", "is all of them on"),
        ("what number of lights are on", "how many lights are on"),
        ("what is the number of open windows", "how many open windows"),
        ("every one is out", "every one is out"),
    ],
)
def test_plainly(said: str, plainly: str) -> None:
    """Long ways to say all, and how many, are put plainly."""
    assert as_meant((), said, "en") == plainly
