"""Whether a model thinks before it answers, and how long it may."""

from dataclasses import dataclass
from enum import StrEnum

# Seconds that thoughts may cost where Hearth is to decide about them.
_PATIENCE = 10.0
# Characters of a thought that came in one piece, for each token of it.
_CHARACTERS_PER_TOKEN = 4


class ThinkMode(StrEnum):
    """What a person chose."""

    OFF = "off"
    ON = "on"
    AUTOMATIC = "automatic"


class TooMuchThought(Exception):
    """The model has thought for as long as it may."""


def thinks(
    mode: ThinkMode, *, budget: int, can: bool | None, speed: float | None
) -> bool:
    """Return whether a model is to think.

    Args:
        mode: What was chosen.
        budget: Tokens that thoughts may take.
        can: Whether the model can; None where nobody knows.
        speed: Tokens a second that it generated last; None before the first turn.
    """
    if mode is ThinkMode.OFF or can is False:
        return False
    if mode is ThinkMode.ON:
        return True
    return bool(can and speed and budget / speed <= _PATIENCE)


@dataclass(slots=True)
class ThoughtCounter:
    """Counts the tokens of thoughts as they come."""

    budget: int
    _tokens: int = 0

    def add(self, thought: str) -> None:
        """Count a piece; raises :class:`TooMuchThought` above the budget.

        Engines send thoughts token by token, and some servers in larger pieces.
        """
        if thought:
            self._tokens += max(1, len(thought) // _CHARACTERS_PER_TOKEN)
        if self._tokens > self.budget:
            raise TooMuchThought
