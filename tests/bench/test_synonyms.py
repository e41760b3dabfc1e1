"""Words replaced by others that mean the same."""

import pytest

from bench.synonyms import SYNONYMS, replaced


@pytest.mark.parametrize(
    ("sentence", "others"),
    [
        ("turn on Aunt May", {f"{w} Aunt May" for w in SYNONYMS["turn on"]}),
        ("Close it", {f"{w} it" for w in SYNONYMS["close"]}),
        ("relight 50%", {"relight 50 percent"}),
        ("Hallway", {None}),
    ],
)
def test_one_word_is_replaced(sentence: str, others: set[str | None]) -> None:
    """A whole word, or a phrase as one, and nothing else."""
    made = {replaced(sentence, [], seed=str(number)) for number in range(60)}
    assert made == others


def test_names_stay() -> None:
    """What a home calls its things is no word to be replaced."""
    names = ["Ceiling Fan", "Living Room", "Light"]
    made = {
        replaced("dim ceiling fan light in the living room please", names, str(number))
        for number in range(40)
    }
    assert made == {
        f"dim ceiling fan light in the living room {word}"
        for word in SYNONYMS["please"]
    }


def test_the_same_each_time() -> None:
    """The choice depends on the sentence and the seed alone."""
    sentence = "turn on all the lights and open the curtains"
    assert replaced(sentence, []) == replaced(sentence, [])
    assert len({replaced(sentence, [], str(number)) for number in range(40)}) > 4
