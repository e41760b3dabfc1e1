"""How likely a model found the tokens that it wrote."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

# JSON has no infinity.
_NEVER = -1e9


@dataclass(frozen=True, slots=True)
class Weight:
    """A token's text, and the logarithm of its probability."""

    token: str
    log: float


def weight_of(scores: NDArray[np.float32], token: int, piece: bytes) -> Weight:
    """Return the weight of a token among all, before any sampling and any grammar.

    Args:
        scores: The scores of all tokens.
        token: The token that was chosen.
        piece: Its text, not always of whole characters.
    """
    above = scores - scores.max()
    log = float(above[token] - np.log(np.exp(above).sum()))
    return Weight(piece.decode(errors="replace"), max(log, _NEVER))
