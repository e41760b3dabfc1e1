"""Which numbers a processor multiplies faster: those of 16 bits, or of 32.

Processors with instructions for bfloat16 are two to three times as fast with it.
Others only pretend, and are eight times slower.
"""

from functools import cache
import time

import torch

_SIZE = 512
_TRIES = 5


@cache
def is_short_faster() -> bool:
    """Return whether matrix products of bfloat16 are faster than those of float32.

    It is found out by trying, in some hundredths of a second.
    """
    return _seconds(torch.bfloat16) < _seconds(torch.float32)


def _seconds(kind: torch.dtype) -> float:
    """Return what the fastest of some products of one kind takes."""
    matrix = torch.ones(_SIZE, _SIZE, dtype=kind)
    taken = []
    for _ in range(_TRIES):
        began = time.perf_counter()
        matrix @ matrix
        taken.append(time.perf_counter() - began)
    return min(taken)
