"""A model gets the largest window that fits, in the best precision that allows it."""

from dataclasses import replace

from custom_components.hearth.hardware.fit import (
    CachePrecision,
    ModelShape,
    memory_needed,
)
from custom_components.hearth.hardware.window import (
    LEAST_CONTEXT,
    WANTED_CONTEXT,
    best_window,
    least_window,
    widest_window,
)

F16, Q8_0 = CachePrecision.F16, CachePrecision.Q8_0
SHAPE = ModelShape(
    weights=10**9,
    layers=28,
    kv_heads=8,
    key_length=128,
    value_length=128,
    embedding_length=2048,
    feed_forward_length=6144,
    vocabulary=151936,
    heads=16,
    context_length=40960,
)
# Keys of 40 numbers are no whole blocks of 32.
ODD = replace(SHAPE, key_length=40)


def test_plenty() -> None:
    """Where memory does not matter, the window is as wanted and precise."""
    window = best_window(SHAPE, 10**12, 0)
    assert window == widest_window(SHAPE, 0)
    assert window is not None
    assert (window.tokens, window.cache_type) == (WANTED_CONTEXT, F16)
    assert window.need == memory_needed(SHAPE, WANTED_CONTEXT, F16, 0)


def test_window_before_precision() -> None:
    """With less memory the cache becomes coarser before the window smaller."""
    budget = memory_needed(SHAPE, 4096, Q8_0, 0).total
    window = best_window(SHAPE, budget, 0, wanted=4096)
    assert window is not None
    assert (window.tokens, window.cache_type) == (4096, Q8_0)
    precise = best_window(SHAPE, budget, 0, wanted=4096, cache_types=(F16,))
    assert precise is not None
    assert precise.tokens < 4096
    assert precise.need.total <= budget


def test_least() -> None:
    """Below the least window there is none, and it is said what that would need."""
    least = least_window(SHAPE, 0)
    assert (least.tokens, least.cache_type) == (LEAST_CONTEXT, Q8_0)
    found = best_window(SHAPE, least.need.total, 0)
    assert found == least
    assert best_window(SHAPE, least.need.total - 1, 0) is None


def test_heads_that_cannot_be_quantized() -> None:
    """A cache that llama.cpp cannot keep in 8 bits stays precise."""
    assert least_window(ODD, 0).cache_type is F16
    budget = memory_needed(ODD, 3072, F16, 0).total
    window = best_window(ODD, budget, 0)
    assert window is not None
    assert (window.tokens, window.cache_type) == (3072, F16)


def test_short_models() -> None:
    """A model that was trained for less gets no more than that."""
    short = replace(SHAPE, context_length=1024)
    assert widest_window(short, 0).tokens == 1024
    assert least_window(short, 0).tokens == 1024
    window = best_window(short, 10**12, 0)
    assert window is not None
    assert window.tokens == 1024
