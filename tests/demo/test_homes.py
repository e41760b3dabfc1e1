"""Home files."""

from pathlib import Path

import pytest

from demo.homes import HomeFileError, load_home

from ..homes import FAMILY, VILLA

LAMP = "{entity_id: light.a, name: A, state: 'on'"


def test_reference_homes() -> None:
    """The reference homes have the sizes that costs are quoted for."""
    family, villa = load_home(FAMILY), load_home(VILLA)
    assert (len(family.entities), len(family.areas)) == (40, 8)
    assert (len(villa.entities), len(villa.areas)) == (200, 27)
    assert family.areas["Kitchen"] == "Ground floor"
    assert family.domains[:2] == ("binary_sensor", "climate")
    coffee = next(e for e in family.entities if e.entity_id == "switch.coffee_machine")
    assert (coffee.domain, coffee.object_id) == ("switch", "coffee_machine")
    assert coffee.aliases == ("espresso machine",)


def test_areas_without_floors(tmp_path: Path) -> None:
    """An area that no floor has is an area all the same."""
    file = tmp_path / "home.yaml"
    file.write_text(
        f"floors: {{Up: }}\nentities: [{LAMP}, area: Attic}}, "
        "{entity_id: lock.b, name: B, state: locked}]"
    )
    home = load_home(file)
    assert home.floors == {"Up": ()}
    assert home.areas == {"Attic": None}
    assert home.entities[1].area is None


@pytest.mark.parametrize(
    ("text", "complaint"),
    [
        ("entities: [", "no YAML"),
        ("- light.a", "no list of entities"),
        ("entities: {}", "no list of entities"),
        ("entities: [light.a]", "'light.a' is no entity"),
        ("entities: [{entity_id: light.a, state: 'on'}]", "'name'"),
        (f"entities: [{LAMP}, aliases: 3}}]", "garbles"),
        (f"entities: [{LAMP}}}, {LAMP}}}]", "light.a twice"),
        ("entities: [{entity_id: siren.a, name: A, state: 'on'}]", "siren.a"),
        ("entities: [{entity_id: light, name: A, state: 'on'}]", "light"),
    ],
)
def test_wrong_files(tmp_path: Path, text: str, complaint: str) -> None:
    """A wrong file is refused with a word about what is wrong."""
    file = tmp_path / "home.yaml"
    file.write_text(text)
    with pytest.raises(HomeFileError, match=complaint):
        load_home(file)


def test_no_file(tmp_path: Path) -> None:
    """A file that is not there is named."""
    with pytest.raises(HomeFileError, match=r"nowhere.yaml cannot be read"):
        load_home(tmp_path / "nowhere.yaml")
