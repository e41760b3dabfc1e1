"""Names that were said a little differently."""

import pytest

from custom_components.hearth.agent.names import best_match, key, singular, words


@pytest.mark.parametrize(
    ("said", "exposed"),
    [
        ("kitchen ceiling", "Kitchen ceiling"),
        ("the Kitchen Ceiling", "Kitchen ceiling"),
        ("kitchen-ceiling", "Kitchen ceiling"),
        ("KitchenCeiling", "Kitchen ceiling"),
        ("kitchen ceilings", "Kitchen ceiling"),
        ("cafetiere", "Cafetière"),
        ("die Stehlampe", "Stehlampe"),
        ("Wohnzimmer Lampe", "Wohnzimmer-Lampe"),
        ("boxes", "Box"),
        ("la lampe", "Lampe"),
    ],
)
def test_the_same_name(said: str, exposed: str) -> None:
    """Case, accents, spacing, articles and plurals make no other name."""
    assert best_match(said, [exposed, "Something else"]) == exposed


def test_no_name() -> None:
    """What was not said alike matches nothing."""
    assert best_match("sauna", ["Kitchen ceiling"]) is None
    assert best_match("", ["Kitchen ceiling"]) is None
    assert best_match("…", ["Kitchen ceiling"]) is None


def test_ambiguous_name() -> None:
    """Two names with the same key are not guessed between."""
    assert best_match("lamp", ["Lamp", "The lamps"]) is None


def test_an_article_alone_stays() -> None:
    """A device that is called like an article can still be named."""
    assert key("A") == "a"
    assert best_match("a", ["A", "B"]) == "A"


def test_words() -> None:
    """Words have no accents, no case and no punctuation."""
    assert words("Où est l'été?") == ("ou", "est", "l", "ete")


@pytest.mark.parametrize(
    ("plural", "one"),
    [("lights", "light"), ("glass", "glass"), ("switches", "switch"), ("tvs", "tvs")],
)
def test_singular(plural: str, one: str) -> None:
    """Plural endings go, other endings stay."""
    assert singular(plural) == one
