"""What each layer of a model remembers of a chat: what llama.cpp keeps memory for.

Most layers keep keys and values of every token. Some keep them only for a window
of the last tokens, some share another layer's, and recurrent ones keep a state of
fixed size. Which layers do what is partly in the header and partly in llama.cpp
itself, by architecture (``src/models/*.cpp`` and ``llama-hparams.cpp`` there).
Where an architecture is not known here, every layer counts as one that keeps
everything: that is never too little.
"""

from dataclasses import dataclass

from .gguf_errors import Malformed, TooMuch
from .gguf_metadata import Metadata

# LLAMA_MAX_LAYERS in llama-hparams.h.
_MOST_LAYERS = 512

# One layer in so many sees everything, the others only their window; the header
# may say otherwise. The window, where the header has none.
_SLIDING_PERIODS = {
    "afmoe": 4,
    "cohere2": 4,
    "exaone-moe": 4,
    "gemma2": 2,
    "gemma3": 6,
    "gemma3n": 5,
    "gpt-oss": 2,
    "mellum": 4,
    "muse-glimmer": 4,
    "olmo2": 4,
    "plamo3": 8,
}
# The same, but the first layer of each group is the one that sees everything.
_SLIDING_PERIODS_FULL_FIRST = {"cohere2moe": 4, "laguna": 4, "smallthinker": 4}
_SLIDING_DEFAULT = {"gemma2": 4096}
# The header must say which layers these are.
_SLIDING_LISTED = {
    "gemma4",
    "granite_swa",
    "maple",
    "mimo2",
    "spark2-5",
    "step35",
}

# Every layer is recurrent, and nothing else.
_RECURRENT = {"arwkv7", "mamba", "mamba2", "rwkv6", "rwkv6qwen2", "rwkv7"}
# The layers without keys are the recurrent ones.
_RECURRENT_WITHOUT_HEADS = {
    "granitehybrid",
    "jamba",
    "lfm2",
    "lfm2moe",
    "nemotron_h",
    "nemotron_h_moe",
    "plamo2",
}
# One layer in so many has keys and values, the others are recurrent.
_RECURRENT_PERIODS = {"qwen35": 4, "qwen35moe": 4, "qwen3next": 4}
# Every layer is both.
_RECURRENT_TOO = {"falcon-h1"}

# Layers with a cache of their own; the others use that of an earlier one.
_LAYERS_WITH_CACHE = {"gemma3n": 20}

_STATE_BYTES = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class LayerMemory:
    """What the layers of a model remember.

    Args:
        layers: How many there are.
        cached_heads: Heads with keys and values in each layer's cache, 0 for a
            layer that has none.
        sliding: For each layer, whether its cache holds a window only; empty
            where none does.
        window: Tokens in that window, 0 for none.
        state_bytes: Bytes of all the recurrent layers' states together.
        recurrent: How many layers are recurrent.
    """

    layers: int
    cached_heads: tuple[int, ...]
    sliding: tuple[bool, ...]
    window: int
    state_bytes: int
    recurrent: int


def layer_memory(architecture: str, metadata: Metadata) -> LayerMemory:
    """Return what the layers remember; raises Malformed and TooMuch."""
    prefix = f"{architecture}."
    count = metadata.number(f"{prefix}block_count")
    if count > _MOST_LAYERS:
        raise TooMuch(f"The model has {count} layers")
    # Layers that guess tokens ahead come last, and are not used.
    count = max(count - metadata.number(f"{prefix}nextn_predict_layers"), 0)
    heads = _heads(prefix, metadata, count)
    recurrent = _recurrent(architecture, metadata, heads)
    window = metadata.number(f"{prefix}attention.sliding_window")
    window = window or _SLIDING_DEFAULT.get(architecture, 0)
    sliding = _sliding(architecture, metadata, count) if window else ()
    cached = _layers_with_cache(architecture, metadata, count)
    both = architecture in _RECURRENT_TOO
    return LayerMemory(
        layers=count,
        cached_heads=tuple(
            0 if layer >= cached or (recurrent[layer] and not both) else heads[layer]
            for layer in range(count)
        ),
        sliding=sliding,
        window=window if any(sliding) else 0,
        state_bytes=sum(recurrent) * _state_bytes(prefix, metadata),
        recurrent=sum(recurrent),
    )


def _listed(metadata: Metadata, key: str, count: int) -> tuple[int, ...] | None:
    """Return a number for each layer, None where the header has no list."""
    values = metadata.lists.get(key)
    if values is None:
        return None
    if len(values) < count:
        raise Malformed(f"{key} has {len(values)} values for {count} layers")
    return values[:count]


def _heads(prefix: str, metadata: Metadata, count: int) -> tuple[int, ...]:
    """Return how many heads with keys and values each layer has."""
    for name in ("head_count_kv", "head_count"):
        key = f"{prefix}attention.{name}"
        metadata.numbers_of(key)
        if (values := _listed(metadata, key, count)) is not None:
            return values
        if key in metadata.numbers:
            return (metadata.number(key),) * count
    return (0,) * count


def _recurrent(
    architecture: str, metadata: Metadata, heads: tuple[int, ...]
) -> tuple[bool, ...]:
    """Return which layers are recurrent."""
    count = len(heads)
    if architecture in _RECURRENT | _RECURRENT_TOO:
        return (True,) * count
    if architecture in _RECURRENT_WITHOUT_HEADS:
        widths = f"{architecture}.feed_forward_length"
        # A layer of Nemotron is one thing only: recurrent, attention or neither.
        alone = architecture.startswith("nemotron")
        width = (alone and _listed(metadata, widths, count)) or (0,) * count
        return tuple(heads[layer] == 0 and width[layer] == 0 for layer in range(count))
    if architecture in _RECURRENT_PERIODS:
        key = f"{architecture}.attention.recurrent_layers"
        if (listed := _listed(metadata, key, count)) is not None:
            return tuple(value != 0 for value in listed)
        period = metadata.number(f"{architecture}.full_attention_interval")
        period = period or _RECURRENT_PERIODS[architecture]
        return tuple((layer + 1) % period != 0 for layer in range(count))
    return (False,) * count


def _sliding(architecture: str, metadata: Metadata, count: int) -> tuple[bool, ...]:
    """Return which layers see a window only."""
    first = architecture in _SLIDING_PERIODS_FULL_FIRST
    period = (_SLIDING_PERIODS | _SLIDING_PERIODS_FULL_FIRST).get(architecture)
    if architecture == "lfm2":
        return (True,) * count
    if period is None and architecture not in _SLIDING_LISTED:
        return ()
    key = f"{architecture}.attention.sliding_window_pattern"
    if (listed := _listed(metadata, key, count)) is not None:
        return tuple(value != 0 for value in listed)
    if period is None:
        return ()
    period = metadata.number(key) if key in metadata.numbers else period
    if period == 0:
        return (True,) * count
    full = 0 if first else period - 1
    return tuple(layer % period != full for layer in range(count))


def _layers_with_cache(architecture: str, metadata: Metadata, count: int) -> int:
    """Return how many layers, from the first on, have a cache of their own."""
    if architecture == "gemma4":
        shared = metadata.number("gemma4.attention.shared_kv_layers")
        return max(count - shared, 0)
    return _LAYERS_WITH_CACHE.get(architecture, count)


def _state_bytes(prefix: str, metadata: Metadata) -> int:
    """Return the bytes of one recurrent layer's state.

    llama.cpp keeps two parts in 32-bit numbers: the last tokens of a convolution
    (or of a token shift) and the state itself.
    """
    width = metadata.number(f"{prefix}embedding_length")
    if head_size := metadata.number(f"{prefix}wkv.head_size"):
        return _STATE_BYTES * (2 * width + width * head_size)
    if length := metadata.number(f"{prefix}shortconv.l_cache"):
        return _STATE_BYTES * width * (length - 1)
    kernel = metadata.number(f"{prefix}ssm.conv_kernel")
    inner = metadata.number(f"{prefix}ssm.inner_size")
    state = metadata.number(f"{prefix}ssm.state_size")
    groups = metadata.number(f"{prefix}ssm.group_count")
    convolved = max(kernel - 1, 0) * (inner + 2 * groups * state)
    return _STATE_BYTES * (convolved + state * inner)
