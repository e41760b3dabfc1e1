"""The client's own clock, for what no engine can know."""

from time import monotonic


class Stopwatch:
    """Measures one pass from the sending of its request."""

    def __init__(self) -> None:
        """Start."""
        self._start = monotonic()
        self.first: float | None = None

    def heard(self) -> None:
        """Note that something of the answer has come."""
        if self.first is None:
            self.first = self.total

    @property
    def total(self) -> float:
        """Return the seconds since the start."""
        return monotonic() - self._start
