"""Words that sound alike have the same sound, and others have not."""

import pytest

from custom_components.hearth.agent.sounds import sound


@pytest.mark.parametrize(
    ("heard", "meant"),
    [
        ("festune", "festoon"),
        ("eyekia", "ikea"),
        ("eyeland", "island"),
        ("dieson", "dyson"),
        ("staylamper", "stehlampe"),
        ("badheightsong", "badheizung"),
        ("merricks", "mareks"),
        ("write", "right"),
        ("sealing", "ceiling"),
        ("nite", "knight"),
        ("fone", "phone"),
        ("rap", "wrap"),
        ("brij", "bridge"),
        ("lam", "lamb"),
    ],
)
def test_same_sound(heard: str, meant: str) -> None:
    """Spelling is no matter, nor are vowels and what is formed at the same place."""
    assert sound(heard) == sound(meant)


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("kitchen", "kitten"),
        ("bedroom", "storeroom"),
        ("lamp", "clamp"),
        ("office", "coffees"),
        ("sofa", "sauna"),
    ],
)
def test_other_sound(one: str, other: str) -> None:
    """Other consonants, or a vowel before them, are another sound."""
    assert sound(one) != sound(other)
