"""A word that is added becomes one token, and nothing that was one is cut."""

from training.merges import Merges


def test_a_word_that_is_added_is_one_token() -> None:
    """Its parts are joined one after the other; what comes about on the way is told."""
    merges = Merges([("l", "a"), ("la", "m"), ("lam", "p")])
    assert merges.pieces("lampoon") == ["lamp", "o", "o", "n"]
    assert merges.add("lampoon") == ["lampo", "lampoo", "lampoon"]
    assert merges.pieces("lampoon") == ["lampoon"]


def test_what_was_there_comes_first() -> None:
    """A word that was one token stays one, whatever is added after it."""
    merges = Merges([("a", "b"), ("ab", "c")])
    merges.add("bc")
    assert merges.pieces("abc") == ["abc"]
    assert merges.pieces("bc") == ["bc"]


def test_a_word_that_is_one_token_needs_nothing() -> None:
    """Nothing is added twice."""
    merges = Merges([("o", "n")])
    assert merges.add("on") == []
    assert len(merges.rank) == 1


def test_the_same_letters_twice_in_a_row() -> None:
    """Each pair is joined once, from the left."""
    merges = Merges([("n", "a")])
    assert merges.pieces("nana") == ["na", "na"]
    assert merges.add("nana") == ["nana"]
    assert merges.pieces("nanana") == ["nana", "na"]
