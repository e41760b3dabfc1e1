"""Which file of a model to take."""

from collections.abc import Iterable

from .base import ReasonKey
from .candidate import USUAL, Candidate
from .cost import Cost

type Costed = tuple[Candidate, Cost]


def choose_file(
    files: Iterable[Costed],
) -> tuple[Candidate, Cost, ReasonKey | None] | None:
    """Return the file of a model to take and why; None where none fits.

    A file that was downloaded before is taken where it is fast enough. Else four
    bits are the rule: a larger file is taken where it leaves a whole context window
    in full precision and is still much faster than is wanted, for otherwise it would
    only be slower; a smaller one where memory, room on the disk or speed ask for it,
    and of these the largest.

    Args:
        files: A model's files, from the smallest to the largest.
    """
    fitting = [(candidate, cost) for candidate, cost in files if cost.fits]
    larger, usual, smaller = _sorted(fitting)
    there = [one for one in fitting[::-1] if not one[0].download and one[1].enough]
    if there:
        return *there[0], None
    for candidate, cost in larger:
        if not cost.shortness and cost.precise and cost.enough and cost.to_spare:
            return candidate, cost, ReasonKey.QUANTIZATION_LARGER
    choices = [*usual, *smaller]
    ranked = [*(one for one in choices if one[1].enough), *choices]
    if not ranked:
        return None
    candidate, cost = ranked[0]
    return candidate, cost, _why(candidate, usual)


def _sorted(
    fitting: list[Costed],
) -> tuple[list[Costed], list[Costed], list[Costed]]:
    """Return the larger files, the usual one and the smaller ones, largest first."""
    usual = [one for one in fitting if one[0].quantization == USUAL]
    if not usual:
        # What is there does not reach to the usual size.
        return [], [], fitting[::-1]
    place = fitting.index(usual[0])
    return fitting[:place:-1], usual, fitting[:place][::-1]


def _why(candidate: Candidate, usual: list[Costed]) -> ReasonKey:
    """Return why the usual file was taken, or a smaller one."""
    if candidate.quantization == USUAL:
        return ReasonKey.QUANTIZATION_USUAL
    # Where the usual one would fit, it was too slow.
    return ReasonKey.QUANTIZATION_SPEED if usual else ReasonKey.QUANTIZATION_MEMORY
