"""Which context window a model gets in the memory that there is."""

from collections.abc import Iterable
from dataclasses import dataclass

from .fit import (
    MIB,
    CachePrecision,
    MemoryNeed,
    ModelShape,
    can_quantize,
    largest_context,
    memory_needed,
)

# Tokens. Enough for a home of 200 entities and a long talk; more would only take
# memory away.
WANTED_CONTEXT = 8192
# Tokens. The prompt of a home of 40 entities and a few turns of talk.
LEAST_CONTEXT = 2048
# Bytes that stay free for Home Assistant and the rest of the machine.
RESERVE = 256 * MIB

# From the most precise to the smallest.
_ALL = tuple(CachePrecision)


@dataclass(frozen=True, slots=True, kw_only=True)
class Window:
    """A context window and what it costs.

    Args:
        tokens: Its size.
        cache_type: How the KV cache is kept.
        need: What the model needs in memory with it.
    """

    tokens: int
    cache_type: CachePrecision
    need: MemoryNeed


def best_window(
    shape: ModelShape,
    budget: int,
    overhead: int,
    *,
    wanted: int = WANTED_CONTEXT,
    cache_types: Iterable[CachePrecision] = _ALL,
) -> Window | None:
    """Return the largest window that fits, None where none of use does.

    The window comes before the cache's precision: a cache of 8 bits is hardly
    worse, a prompt that does not fit is useless.

    Args:
        shape: The model.
        budget: Bytes that may be used.
        overhead: Bytes that the program needs with any model.
        wanted: Tokens; more are not taken.
        cache_types: How the cache may be kept, the best first.
    """
    best: Window | None = None
    for cache_type in cache_types:
        if not can_quantize(shape, cache_type):
            continue
        tokens = largest_context(
            shape, budget, cache_type, overhead, wanted=wanted, least=LEAST_CONTEXT
        )
        if tokens is not None and (best is None or tokens > best.tokens):
            need = memory_needed(shape, tokens, cache_type, overhead)
            best = Window(tokens=tokens, cache_type=cache_type, need=need)
    return best


def widest_window(
    shape: ModelShape, overhead: int, *, wanted: int = WANTED_CONTEXT
) -> Window:
    """Return the window that a model gets where memory does not matter."""
    tokens = min(wanted, shape.context_length or wanted)
    precise = CachePrecision.F16
    need = memory_needed(shape, tokens, precise, overhead)
    return Window(tokens=tokens, cache_type=precise, need=need)


def least_window(
    shape: ModelShape,
    overhead: int,
    *,
    cache_types: Iterable[CachePrecision] = _ALL,
) -> Window:
    """Return the smallest window of use, kept in the least memory."""
    tokens = min(LEAST_CONTEXT, shape.context_length or LEAST_CONTEXT)
    windows = (
        Window(
            tokens=tokens,
            cache_type=cache_type,
            need=memory_needed(shape, tokens, cache_type, overhead),
        )
        for cache_type in cache_types
        if can_quantize(shape, cache_type)
    )
    return min(windows, key=lambda window: window.need.total)
