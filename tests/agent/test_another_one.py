"""A side gate is no yard gate."""

import pytest

from custom_components.hearth.agent.another_one import speaks_of_another
from custom_components.hearth.agent.home import ExposedEntity

GATE = ExposedEntity(
    entity_id="cover.gate",
    name="Jürgen's yard gate",
    aliases=("Big gate",),
    area="Yard",
)
LAMP = ExposedEntity(entity_id="light.x", name="Lamp", area="Hall", floor="Upstairs")
HOME = (GATE, LAMP)


@pytest.mark.parametrize(
    "said",
    [
        "shut the side gate again",
        "close the front gate",
        "lock up the pet door",
        "give skylight blind a lift",
        "lock björn's gate",
    ],
)
def test_another(said: str) -> None:
    """A word before it that it is not called is of another one."""
    assert speaks_of_another(said, (GATE,), HOME)


@pytest.mark.parametrize(
    "said",
    [
        "",
        "gate",
        "shut the yard gate",
        "shut jürgen's gate",
        "open the big gates",
        "open up that gate",
        "close gate 2, it's 3 doors down",
        # A place is no name.
        "close the gate by the hall door",
        "close the upstairs gate",
        "the garage door's gate",
        "it's doors again",
    ],
)
def test_none(said: str) -> None:
    """Names, places and what is said of anything say nothing of another one."""
    assert not speaks_of_another(said, (GATE,), (*HOME, _garage()))


def _garage() -> ExposedEntity:
    return ExposedEntity(entity_id="cover.y", name="Y", area="Garage")
