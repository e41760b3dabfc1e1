"""The last lines that a program wrote."""

from collections import deque

from .values import shown

LINES = 200
LONGEST_LINE = 500


class LogTail:
    """Keeps the last lines of what arrives in pieces; never more than 100 KB."""

    def __init__(self) -> None:
        """Start with nothing written."""
        self._lines: deque[str] = deque(maxlen=LINES)
        self._begun = bytearray()

    def feed(self, piece: bytes) -> None:
        """Take in a piece of output, whatever it ends in."""
        first, *more = piece.split(b"\n")
        self._add(first)
        for part in more:
            self.finish()
            self._add(part)

    def finish(self) -> None:
        """End the line that has begun."""
        if line := shown(bytes(self._begun), LONGEST_LINE):
            self._lines.append(line)
        self._begun.clear()

    def lines(self) -> tuple[str, ...]:
        """Return the lines that are kept, oldest first."""
        return tuple(self._lines)

    def _add(self, part: bytes) -> None:
        """Add to the line that has begun, as far as it is kept."""
        self._begun += part[: LONGEST_LINE - len(self._begun)]
