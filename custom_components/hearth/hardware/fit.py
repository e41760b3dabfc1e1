"""Whether a model fits into memory, by arithmetic alone.

The numbers are those of llama.cpp's processor backend with flash attention, one
slot and a batch of 512 tokens. They were compared with what llama-server (build
11669) really had in memory after a long prompt, for models of the shapes of
Qwen3 0.6B, Llama 3.2 1B and Gemma 3 1B, windows of 4096 and 8192 tokens and both
kinds of cache: the arithmetic was never below the truth, and at most 10 % above.
"""

from dataclasses import dataclass
from enum import StrEnum

MIB = 2**20

# What a llama-server has in memory that depends on nothing: its program and
# libraries, 17 MiB, and 6 MiB of its own (measured with the smallest of models).
SERVER_OVERHEAD = 24 * MIB
# The same for llama.cpp inside a Python of its own: 48 MiB measured with
# llama-cpp-python and numpy, and room for what serves requests.
PYTHON_OVERHEAD = 72 * MIB

# llama.cpp rounds context windows up to this many tokens (llama-context.cpp).
STEP = 256
# Tokens that are computed at once; llama.cpp's default.
BATCH = 512

# Bytes for each entry of the vocabulary, in tables of texts and merges: 305 were
# measured with Qwen's, 465 with Llama 3's, 200 without merges.
_BYTES_PER_TOKEN = 480
_FLOAT = 4
# The attention mask has a number of 16 bits for each token and each one before.
_MASK = 2


class CachePrecision(StrEnum):
    """How the numbers of the KV cache are kept; the value is llama.cpp's name."""

    F16 = "f16"
    Q8_0 = "q8_0"


# Numbers in a block, and bytes that it takes.
_BLOCKS = {CachePrecision.F16: (1, 2), CachePrecision.Q8_0: (32, 34)}


@dataclass(frozen=True, slots=True, kw_only=True)
class ModelShape:
    """The numbers of a model that decide what memory it needs.

    Args:
        weights: Bytes of its tensors.
        layers: How many layers it has.
        kv_heads: Heads with keys and values in the cache, of all layers or of
            each; 0 for a layer that keeps none.
        key_length: Numbers in a key.
        value_length: Numbers in a value.
        embedding_length: Width of the model.
        feed_forward_length: Width inside its layers; in a mixture that of all
            experts which one token uses.
        vocabulary: Tokens it knows.
        heads: Attention heads; 0 where unknown.
        experts_used: Experts that one token uses; 0 for a model that is no mixture.
        context_length: Tokens of context it was trained for; 0 where unknown.
        sliding_window: Tokens that sliding layers keep.
        sliding_layers: Which layers are sliding; empty where none is.
        sliding_key_length: Numbers in a key there; 0 for the same as elsewhere.
        sliding_value_length: Numbers in a value there, likewise.
        state_bytes: Bytes of all recurrent layers' states together.
    """

    weights: int
    layers: int
    kv_heads: int | tuple[int, ...]
    key_length: int
    value_length: int
    embedding_length: int
    feed_forward_length: int
    vocabulary: int
    heads: int = 0
    experts_used: int = 0
    context_length: int = 0
    sliding_window: int = 0
    sliding_layers: tuple[bool, ...] = ()
    sliding_key_length: int = 0
    sliding_value_length: int = 0
    state_bytes: int = 0


@dataclass(frozen=True, slots=True, kw_only=True)
class MemoryNeed:
    """What a model needs in memory, in bytes.

    Args:
        weights: The model itself. Where llama.cpp rearranges it for the processor,
            a process may show up to twice as much: the pages of the file that it
            was read from count too, until something else needs their room.
        kv_cache: Keys, values and states of the whole context window.
        compute: Numbers on their way through the layers.
        overhead: The program, and its tables for the vocabulary.
    """

    weights: int
    kv_cache: int
    compute: int
    overhead: int

    @property
    def total(self) -> int:
        """Return all of it."""
        return self.weights + self.kv_cache + self.compute + self.overhead


def memory_needed(
    shape: ModelShape,
    context_window: int,
    cache_type: CachePrecision = CachePrecision.F16,
    overhead: int = SERVER_OVERHEAD,
) -> MemoryNeed:
    """Return what a model needs with a window of so many tokens.

    Args:
        shape: The model.
        context_window: Tokens of context.
        cache_type: How the cache is kept.
        overhead: Bytes that the program needs with any model.
    """
    return MemoryNeed(
        weights=shape.weights,
        kv_cache=kv_cache_bytes(shape, context_window, cache_type),
        compute=_compute_bytes(shape, context_window),
        overhead=overhead + shape.vocabulary * _BYTES_PER_TOKEN,
    )


def kv_cache_bytes(
    shape: ModelShape, context_window: int, cache_type: CachePrecision
) -> int:
    """Return the bytes that a context window takes, recurrent states included."""
    full, sliding = _cache_bytes(shape, context_window, cache_type)
    return full + sliding + shape.state_bytes


def checkpoint_bytes(
    shape: ModelShape, context_window: int, cache_type: CachePrecision
) -> int:
    """Return the most bytes of one context checkpoint.

    It holds what cannot be cut back to an earlier token: windows and states. 0 for
    a model that has neither, and so no checkpoints.
    """
    _, sliding = _cache_bytes(shape, context_window, cache_type)
    return sliding + shape.state_bytes


def can_quantize(shape: ModelShape, cache_type: CachePrecision) -> bool:
    """Return whether llama.cpp can keep the cache this way: heads in whole blocks."""
    block, _ = _BLOCKS[cache_type]
    lengths = (*_lengths(shape, sliding=False), *_lengths(shape, sliding=True))
    return all(length % block == 0 for length in lengths)


def largest_context(
    shape: ModelShape,
    budget: int,
    cache_type: CachePrecision = CachePrecision.F16,
    overhead: int = SERVER_OVERHEAD,
    *,
    wanted: int,
    least: int = 2048,
) -> int | None:
    """Return the largest window that fits, a multiple of 256; None for none.

    Args:
        shape: The model.
        budget: Bytes that may be used.
        cache_type: How the cache is kept.
        overhead: Bytes that the program needs with any model.
        wanted: The window that would be best; a model that was trained for less
            gets no more than that.
        least: The smallest window that is of use; a model may have less itself.
    """
    most = min(wanted, shape.context_length or wanted) // STEP
    low = min(-(-least // STEP), most)

    def fits(steps: int) -> bool:
        need = memory_needed(shape, steps * STEP, cache_type, overhead)
        return need.total <= budget

    if low < 1 or not fits(low):
        return None
    while low < most:
        middle = (low + most + 1) // 2
        if fits(middle):
            low = middle
        else:
            most = middle - 1
    return low * STEP


def _lengths(shape: ModelShape, *, sliding: bool) -> tuple[int, int]:
    """Return how many numbers a key and a value have."""
    if not sliding:
        return shape.key_length, shape.value_length
    return (
        shape.sliding_key_length or shape.key_length,
        shape.sliding_value_length or shape.value_length,
    )


def _cells(shape: ModelShape, context_window: int) -> tuple[int, int]:
    """Return how many tokens layers keep: those that see all, and sliding ones.

    A sliding layer keeps its window and the batch that is being computed
    (``llama-kv-cache-iswa.cpp``).
    """
    full = _rounded(context_window)
    return full, min(full, _rounded(shape.sliding_window + BATCH))


def _rounded(tokens: int) -> int:
    """Return a number of tokens as llama.cpp rounds it up."""
    return -(-tokens // STEP) * STEP


def _cache_bytes(
    shape: ModelShape, context_window: int, cache_type: CachePrecision
) -> tuple[int, int]:
    """Return the bytes of the layers that keep everything, and of sliding ones."""
    heads = shape.kv_heads
    if isinstance(heads, int):
        heads = (heads,) * shape.layers
    cells = _cells(shape, context_window)
    sizes = [0, 0]
    for layer, count in enumerate(heads):
        sliding = layer < len(shape.sliding_layers) and shape.sliding_layers[layer]
        rows = (
            _row_bytes(count * length, cache_type)
            for length in _lengths(shape, sliding=sliding)
        )
        sizes[sliding] += cells[sliding] * sum(rows)
    return sizes[False], sizes[True]


def _row_bytes(numbers: int, cache_type: CachePrecision) -> int:
    """Return the bytes of one token's keys or values in one layer."""
    block, size = _BLOCKS[cache_type]
    return -(-numbers // block) * size


def _compute_bytes(shape: ModelShape, context_window: int) -> int:
    """Return the size of the buffers that a batch is computed in.

    At its widest, a layer has five numbers for each of its width, and three for each
    inside its feed-forward part, or two for each of all heads' queries, keys and
    values. In a mixture, each expert's result is one more width. Measured with four
    models and ten other shapes, small and wide ones, of many heads and of mixtures:
    right to 2 % where the feed-forward part is the widest, as in most models, else
    up to 35 % too much. Beside these are the masks that say which token sees which.
    """
    full, sliding = _cells(shape, context_window)
    batch = min(BATCH, full)
    queries = shape.heads * shape.key_length
    keys = _most_heads(shape) * (shape.key_length + shape.value_length)
    inside = 3 * shape.feed_forward_length
    inside += shape.experts_used * shape.embedding_length
    widest = 5 * shape.embedding_length + max(inside, 2 * queries + keys)
    masks = full + (sliding if any(shape.sliding_layers) else 0)
    logits = shape.vocabulary * _FLOAT
    return batch * (widest * _FLOAT + masks * _MASK) + logits


def _most_heads(shape: ModelShape) -> int:
    """Return the heads with keys and values of the layer that has most."""
    if isinstance(shape.kv_heads, int):
        return shape.kv_heads
    return max(shape.kv_heads, default=0)
