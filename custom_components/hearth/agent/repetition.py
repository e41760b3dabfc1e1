"""Noticing that a model repeats itself for ever."""

# A loop is a piece of at most PERIOD characters, said so often that it fills
# WINDOW characters. Lists and songs repeat less.
PERIOD = 120
WINDOW = 480


class RepetitionGuard:
    """Watches the end of an answer for a piece that is said again and again."""

    def __init__(self) -> None:
        """Start with nothing said."""
        self._tail = ""
        self._unchecked = 0

    def is_loop(self, text: str) -> bool:
        """Take a piece of the answer; return whether it has become a loop."""
        self._tail = (self._tail + text)[-WINDOW:]
        self._unchecked += len(text)
        if len(self._tail) < WINDOW or self._unchecked < PERIOD:
            return False
        self._unchecked = 0
        # A text of period p equals itself shifted by p.
        return any(
            self._tail[period:] == self._tail[:-period]
            for period in range(1, PERIOD + 1)
        )
