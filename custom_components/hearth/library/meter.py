"""How much of a download is there, in percent that never run backwards."""

from ..engines.base import PullProgress

# Bytes. A few small parts, which may come first, say nothing of the whole.
_TELLING = 1 << 20
# What is shown until it is finished: what was downloaded is checked at the end.
_MOST = 99.9
_WHOLE = 100.0


class Meter:
    """Turns reports of a download into percent."""

    def __init__(self, size: int | None) -> None:
        """Begin; ``size`` are the bytes of the whole, where they are known."""
        self._size = size
        self.percentage: float | None = None
        self.completed = 0
        self.total = size

    def note(self, step: PullProgress) -> None:
        """Note another report.

        A part that was not known before makes the whole larger; then the percentage
        waits until it is right again.
        """
        total = max(self._size or 0, step.total)
        if not total or (self._size is None and total < _TELLING):
            return
        self.total = total
        self.completed = max(self.completed, min(step.completed, total))
        percent = min(100 * step.completed / total, _MOST)
        self.percentage = max(self.percentage or 0.0, round(percent, 1))

    def finish(self) -> None:
        """Note that all is there."""
        self.percentage = _WHOLE
        self.completed = self.total or self.completed
