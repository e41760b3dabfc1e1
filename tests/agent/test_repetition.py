"""Loops of a model that does not find its end."""

from custom_components.hearth.agent.repetition import RepetitionGuard


def said_until_loop(piece: str, most: int = 1000) -> int | None:
    """Return after how many pieces a loop is noticed."""
    guard = RepetitionGuard()
    return next((n for n in range(most) if guard.is_loop(piece)), None)


def test_loops_are_noticed() -> None:
    """A word, a sentence and a letter said for ever are loops."""
    for piece in ("x", "Hello ", "I turned on the light and then I turned on "):
        assert said_until_loop(piece) is not None


def test_lists_are_not_loops() -> None:
    """An answer that goes on with other words is none."""
    guard = RepetitionGuard()
    assert not any(guard.is_loop(f"The lamp number {n} is on. ") for n in range(500))


def test_short_repetitions_are_not_loops() -> None:
    """Ha ha ha is an answer."""
    guard = RepetitionGuard()
    assert not any(guard.is_loop("ha ") for _ in range(50))
