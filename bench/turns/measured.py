"""What a turn cost."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
import statistics


@dataclass(frozen=True, slots=True, kw_only=True)
class Measured:
    """What one turn cost, or each of several on average.

    ``read`` and ``cached`` are tokens of the prompts, None where the server does
    not tell.
    """

    first_delta: float
    first_word: float
    turn: float
    passes: float
    read: float | None
    cached: float | None

    def after(self, seconds: float) -> Measured:
        """Return what it cost somebody who had to wait before."""
        return replace(
            self,
            first_delta=self.first_delta + seconds,
            first_word=self.first_word + seconds,
            turn=self.turn + seconds,
        )


def mean_of(turns: Sequence[Measured]) -> Measured:
    """Return what a turn cost on average."""

    def mean(values: list[float | None]) -> float | None:
        known = [value for value in values if value is not None]
        return statistics.fmean(known) if len(known) == len(values) else None

    return Measured(
        first_delta=statistics.fmean(turn.first_delta for turn in turns),
        first_word=statistics.fmean(turn.first_word for turn in turns),
        turn=statistics.fmean(turn.turn for turn in turns),
        passes=statistics.fmean(turn.passes for turn in turns),
        read=mean([turn.read for turn in turns]),
        cached=mean([turn.cached for turn in turns]),
    )
