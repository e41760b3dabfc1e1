"""The arithmetic of memory agrees with what llama.cpp was seen to take."""

from dataclasses import replace

import pytest

from custom_components.hearth.hardware.fit import (
    PYTHON_OVERHEAD,
    SERVER_OVERHEAD,
    CachePrecision,
    MemoryNeed,
    ModelShape,
    can_quantize,
    checkpoint_bytes,
    kv_cache_bytes,
    largest_context,
    memory_needed,
)

MIB = 2**20
F16, Q8_0 = CachePrecision.F16, CachePrecision.Q8_0

# Q8_0 files of these shapes with random weights.
QWEN3 = ModelShape(
    weights=633_497_600,
    layers=28,
    kv_heads=8,
    key_length=128,
    value_length=128,
    embedding_length=1024,
    feed_forward_length=3072,
    vocabulary=151936,
    heads=16,
    context_length=40960,
)
LLAMA = ModelShape(
    weights=1_313_247_000,
    layers=16,
    kv_heads=8,
    key_length=64,
    value_length=64,
    embedding_length=2048,
    feed_forward_length=8192,
    vocabulary=128256,
    heads=32,
    context_length=131072,
)
GEMMA3 = ModelShape(
    weights=1_062_773_000,
    layers=26,
    kv_heads=1,
    key_length=256,
    value_length=256,
    embedding_length=1152,
    feed_forward_length=6912,
    vocabulary=262144,
    heads=4,
    context_length=32768,
    sliding_window=512,
    sliding_layers=tuple(layer % 6 != 5 for layer in range(26)),
)


@pytest.mark.parametrize(
    ("shape", "window", "cache", "kv_cache", "compute", "total"),
    [
        (QWEN3, 4096, F16, 448.0, 32.02, 1134.6),
        (QWEN3, 4096, Q8_0, 238.0, 32.10, 925.2),
        (QWEN3, 8192, F16, 896.0, 36.02, 1582.9),
        (QWEN3, 8192, Q8_0, 476.0, 36.10, 1163.5),
        (LLAMA, 4096, F16, 128.0, 72.02, 1494.7),
        (LLAMA, 8192, F16, 256.0, 76.02, 1622.7),
        (LLAMA, 8192, Q8_0, 136.0, 76.05, 1504.3),
        (GEMMA3, 4096, F16, 38.0, 56.78, 1180.7),
        (GEMMA3, 8192, F16, 54.0, 60.78, 1196.2),
        (GEMMA3, 8192, Q8_0, 28.69, 61.31, 1169.3),
    ],
)
def test_measured(
    shape: ModelShape,
    window: int,
    cache: CachePrecision,
    kv_cache: float,
    compute: float,
    total: float,
) -> None:
    """What llama-server (build 11669) said and had, in MiB, after 900 tokens."""
    need = memory_needed(shape, window, cache)
    assert need.kv_cache == pytest.approx(kv_cache * MIB, abs=0.01 * MIB)
    assert need.compute == pytest.approx(compute * MIB, rel=0.02)
    assert total * MIB <= need.total <= 1.10 * total * MIB


@pytest.mark.parametrize(
    ("width", "heads", "kv_heads", "key", "inside", "experts", "said"),
    [
        (256, 4, 2, 64, 256, 0, 7.02),
        (256, 16, 2, 128, 256, 0, 14.52),
        (256, 16, 16, 128, 256, 0, 22.52),
        (512, 32, 8, 128, 512, 0, 25.02),
        (512, 4, 2, 64, 4096, 0, 33.02),
        (1024, 4, 2, 64, 256, 0, 14.02),
        (512, 8, 2, 64, 2 * 128, 2, 11.02),
        (512, 8, 2, 64, 8 * 128, 8, 23.02),
        (512, 8, 2, 64, 4 * 512, 4, 21.02),
        (1024, 4, 2, 64, 8 * 128, 8, 30.02),
    ],
)
def test_measured_buffers(
    width: int,
    heads: int,
    kv_heads: int,
    key: int,
    inside: int,
    experts: int,
    said: float,
) -> None:
    """What llama-server said it computes in, in MiB, for odd shapes (4096 tokens)."""
    shape = ModelShape(
        weights=0,
        layers=2,
        kv_heads=kv_heads,
        key_length=key,
        value_length=key,
        embedding_length=width,
        feed_forward_length=inside,
        vocabulary=8192,
        heads=heads,
        experts_used=experts,
    )
    compute = memory_needed(shape, 4096).compute
    assert 0.999 * said * MIB <= compute <= 1.35 * said * MIB
    same = memory_needed(replace(shape, kv_heads=(0, kv_heads)), 4096)
    assert same.compute == compute
    nothing_kept = memory_needed(replace(shape, kv_heads=()), 4096)
    assert nothing_kept.compute <= compute


def test_total_is_the_sum() -> None:
    """The total is the sum, and the overhead the program's and the vocabulary's."""
    need = memory_needed(QWEN3, 4096, overhead=0)
    assert need.weights == QWEN3.weights
    assert need.total == need.weights + need.kv_cache + need.compute + need.overhead
    more = memory_needed(QWEN3, 4096, overhead=PYTHON_OVERHEAD)
    assert more.total - need.total == PYTHON_OVERHEAD
    usual = memory_needed(QWEN3, 4096)
    assert usual.total - need.total == SERVER_OVERHEAD
    assert isinstance(usual, MemoryNeed)


def test_window_is_rounded_up() -> None:
    """llama.cpp makes windows of whole 256 tokens."""
    assert kv_cache_bytes(QWEN3, 1, F16) == kv_cache_bytes(QWEN3, 256, F16)
    assert kv_cache_bytes(QWEN3, 257, F16) == 2 * kv_cache_bytes(QWEN3, 256, F16)


def test_each_layer_has_its_heads() -> None:
    """Layers without heads need nothing, states the same in any window."""
    shape = replace(QWEN3, layers=4, kv_heads=(0, 2, 0, 1), state_bytes=12345)
    # 3 heads with a key and a value of 128 numbers of 2 bytes.
    assert kv_cache_bytes(shape, 512, F16) == 512 * 3 * 2 * 128 * 2 + 12345
    assert kv_cache_bytes(shape, 512, Q8_0) == 512 * 3 * 2 * 136 + 12345


def test_sliding_layers() -> None:
    """A sliding layer keeps its window and a batch, and may have other keys."""
    shape = replace(
        QWEN3,
        layers=2,
        kv_heads=1,
        sliding_window=1000,
        sliding_layers=(True, False),
        sliding_key_length=32,
    )
    # 1000 and 512 tokens, rounded up to 1536.
    expected = 1536 * (32 + 128) * 2 + 8192 * (128 + 128) * 2
    assert kv_cache_bytes(shape, 8192, F16) == expected
    # A shorter window is all that it keeps.
    expected = 1024 * (32 + 128) * 2 + 1024 * (128 + 128) * 2
    assert kv_cache_bytes(shape, 1024, F16) == expected


def test_checkpoints() -> None:
    """A checkpoint holds what cannot be cut: windows and states."""
    assert checkpoint_bytes(QWEN3, 8192, F16) == 0
    assert checkpoint_bytes(GEMMA3, 8192, F16) == 22 * MIB
    hybrid = replace(QWEN3, state_bytes=777)
    assert checkpoint_bytes(hybrid, 8192, F16) == 777


def test_what_can_be_quantized() -> None:
    """Blocks of 32 numbers must not cross from one head to the next."""
    odd = replace(QWEN3, value_length=80)
    odd_sliding = replace(QWEN3, sliding_key_length=48)
    for shape in (odd, odd_sliding):
        assert can_quantize(shape, F16)
        assert not can_quantize(shape, Q8_0)
    assert can_quantize(QWEN3, Q8_0)


def test_row_that_is_no_whole_block() -> None:
    """Even what llama.cpp would refuse is not counted too small."""
    odd = replace(QWEN3, layers=1, kv_heads=1, key_length=33, value_length=0)
    assert kv_cache_bytes(odd, 256, Q8_0) == 256 * 2 * 34


@pytest.mark.parametrize("cache", [F16, Q8_0])
@pytest.mark.parametrize("budget", range(800, 4000, 171))
def test_largest_context(cache: CachePrecision, budget: int) -> None:
    """It fits, and 256 tokens more do not."""
    window = largest_context(QWEN3, budget * MIB, cache, wanted=16384)
    if window is None:
        assert memory_needed(QWEN3, 2048, cache).total > budget * MIB
        return
    assert window % 256 == 0
    assert 2048 <= window <= 16384
    assert memory_needed(QWEN3, window, cache).total <= budget * MIB
    if window < 16384:
        assert memory_needed(QWEN3, window + 256, cache).total > budget * MIB


@pytest.mark.parametrize(
    ("wanted", "trained", "least", "expected"),
    [
        (8192, 40960, 2048, 8192),
        (8191, 40960, 2048, 7936),
        (8192, 4096, 2048, 4096),
        (8192, 0, 2048, 8192),
        # The model itself has less than is of use: then that much.
        (8192, 1024, 2048, 1024),
        (1024, 40960, 2048, 1024),
        (8192, 255, 2048, None),
        (100, 40960, 2048, None),
    ],
)
def test_bounds_of_the_context(
    wanted: int, trained: int, least: int, expected: int | None
) -> None:
    """Neither more than wanted nor than the model was trained for."""
    shape = replace(QWEN3, context_length=trained)
    found = largest_context(shape, 2**40, wanted=wanted, least=least)
    assert found == expected


def test_exactly_enough() -> None:
    """A budget of exactly what is needed is enough, a byte less is not."""
    need = memory_needed(LLAMA, 2048).total
    assert largest_context(LLAMA, need, wanted=8192) == 2048
    assert largest_context(LLAMA, need - 1, wanted=8192) is None
    assert largest_context(LLAMA, need, overhead=PYTHON_OVERHEAD, wanted=8192) is None
