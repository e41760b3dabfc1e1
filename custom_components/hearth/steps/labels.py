"""What a model costs, in short pieces for a list to choose from."""

from collections.abc import Iterable, Iterator, Mapping

from ..hardware.speed import Basis
from ..managed.figures import size
from ..recommending.base import Pick
from .texts import filled

BETWEEN = " · "
# Keeps the words of a piece on one line, so that lines end between pieces.
_NO_BREAK = "\N{NO-BREAK SPACE}"


def joined(name: str, pieces: Iterable[str]) -> str:
    """Return a label of pieces, which should be kept on one line each."""
    return BETWEEN.join([name, *(piece.replace(" ", _NO_BREAK) for piece in pieces)])


def costs(pick: Pick, texts: Mapping[str, str]) -> Iterator[str]:
    """Yield what a model needs, and how fast it is."""
    if pick.memory_needed:
        name = "needs" if pick.memory_free is None else "needs_of_free"
        values = {
            "needed": size(pick.memory_needed),
            "free": size(pick.memory_free or 0),
        }
        yield filled(texts[name], values)
    if pick.generating is not None:
        measured = pick.generating.basis is Basis.MEASURED
        name = "speed_measured" if measured else "speed_about"
        yield filled(texts[name], {"tokens": rate(pick.generating.value)})


def rate(value: float) -> str:
    """Return tokens a second, with a decimal where there are few of them."""
    return f"{value:.{0 if value >= 10 else 1}f}"
