"""What layers remember is what llama.cpp keeps memory for."""

from io import BytesIO

import pytest

from custom_components.hearth.models.gguf import (
    GgufHeader,
    Malformed,
    TooMuch,
    read_stream,
)

from . import gguf_files as made


def _header(architecture: str, *keys: bytes, layers: int = 6) -> GgufHeader:
    """Return the header of a model with 2 heads and a width of 64."""
    common = [
        made.string("general.architecture", architecture),
        made.number(f"{architecture}.block_count", layers),
        made.number(f"{architecture}.embedding_length", 64),
        made.number(f"{architecture}.attention.head_count", 2),
    ]
    return read_stream(BytesIO(made.file([*common, *keys])))


def _sliding(header: GgufHeader) -> str:
    """Return which layers are sliding, as a row of letters."""
    return "".join("s" if sliding else "F" for sliding in header.memory.sliding)


@pytest.mark.parametrize(
    ("architecture", "pattern"),
    [
        ("gemma2", "sFsFsF"),
        ("gemma3", "sssssF"),
        ("gemma3n", "ssssFs"),
        ("gpt-oss", "sFsFsF"),
        ("cohere2", "sssFss"),
        ("smallthinker", "FsssFs"),
        ("lfm2", "ssssss"),
        # These are not known to slide, or have it switched off.
        ("llama", ""),
        ("phi3", ""),
        ("qwen2", ""),
        ("new", ""),
        # This one has to list its layers.
        ("gemma4", ""),
    ],
)
def test_sliding(architecture: str, pattern: str) -> None:
    """Layers slide as the architecture has them."""
    window = made.number(f"{architecture}.attention.sliding_window", 512)
    header = _header(architecture, window)
    assert _sliding(header) == pattern
    assert header.memory.window == (512 if pattern else 0)


def test_sliding_by_default() -> None:
    """Gemma 2 slides without saying so, Gemma 3 only where it says so."""
    assert _header("gemma2").memory.window == 4096
    assert _header("gemma3").memory.sliding == ()


@pytest.mark.parametrize(
    ("pattern", "expected"), [(0, "ssssss"), (1, "FFFFFF"), (3, "ssFssF")]
)
def test_sliding_period_in_the_header(pattern: int, expected: str) -> None:
    """The header may say which period it is."""
    keys = (
        made.number("gemma3.attention.sliding_window", 512),
        made.number("gemma3.attention.sliding_window_pattern", pattern),
    )
    assert _sliding(_header("gemma3", *keys)) == expected


def test_sliding_list_and_shared_layers() -> None:
    """Gemma 4 lists its layers, has shorter keys there, and shares the last ones."""
    header = _header(
        "gemma4",
        made.number("gemma4.attention.sliding_window", 512),
        made.numbers(
            "gemma4.attention.sliding_window_pattern", [1, 1, 0, 1, 1, 0], made.BOOL
        ),
        made.number("gemma4.attention.shared_kv_layers", 2),
        made.number("gemma4.attention.key_length", 512),
        made.number("gemma4.attention.key_length_swa", 256),
    )
    assert _sliding(header) == "ssFssF"
    assert header.memory.cached_heads == (2, 2, 2, 2, 0, 0)
    assert header.attention.key_length == 512
    assert header.attention.sliding_key_length == 256
    assert header.attention.sliding_value_length == header.attention.value_length


def test_layers_with_a_cache_of_their_own() -> None:
    """Gemma 3n's layers from the 21st on use those before."""
    header = _header("gemma3n", layers=30)
    assert header.memory.cached_heads == (2,) * 20 + (0,) * 10


def test_heads_without_their_own_number() -> None:
    """Without a number of key heads, each head has its keys."""
    assert _header("llama").memory.cached_heads == (2,) * 6
    keys = [
        made.string("general.architecture", "llama"),
        made.number("llama.block_count", 2),
    ]
    header = read_stream(BytesIO(made.file(keys)))
    assert header.memory.cached_heads == (0, 0)


def test_short_list() -> None:
    """A list with fewer values than layers is an error."""
    heads = made.numbers("llama.attention.head_count_kv", [1, 1])
    with pytest.raises(Malformed):
        _header("llama", heads)


def test_short_convolutions() -> None:
    """LFM2's layers without heads keep the last tokens of a convolution."""
    header = _header(
        "lfm2",
        made.numbers("lfm2.attention.head_count_kv", [0, 0, 2, 0, 2, 0]),
        made.number("lfm2.shortconv.l_cache", 3),
    )
    assert header.memory.recurrent == 4
    assert header.memory.cached_heads == (0, 0, 2, 0, 2, 0)
    assert header.memory.state_bytes == 4 * (64 * 2 * 4)


_STATE = (
    ("ssm.conv_kernel", 4),
    ("ssm.inner_size", 128),
    ("ssm.state_size", 16),
    ("ssm.group_count", 2),
)
# (4 - 1) * (128 + 2 * 2 * 16) + 16 * 128 numbers of 4 bytes.
_STATE_BYTES = 4 * (576 + 2048)


def _state(architecture: str) -> list[bytes]:
    """Return the keys of a recurrent state."""
    return [made.number(f"{architecture}.{name}", value) for name, value in _STATE]


@pytest.mark.parametrize(
    ("architecture", "recurrent", "cached"),
    [
        ("qwen35", 5, (0, 0, 0, 2, 0, 0)),
        ("mamba2", 6, (0,) * 6),
        ("falcon-h1", 6, (2,) * 6),
        ("granitehybrid", 0, (2,) * 6),
        ("llama", 0, (2,) * 6),
    ],
)
def test_states(architecture: str, recurrent: int, cached: tuple[int, ...]) -> None:
    """Each recurrent layer has a state, and a cache only where it is both."""
    header = _header(architecture, *_state(architecture))
    assert header.memory.recurrent == recurrent
    assert header.memory.cached_heads == cached
    assert header.memory.state_bytes == recurrent * _STATE_BYTES


def test_recurrent_layers_in_the_header() -> None:
    """The header may say which layers are recurrent, or each which are not."""
    listed = made.numbers("qwen35.attention.recurrent_layers", [1, 0, 0, 1, 1, 1])
    assert _header("qwen35", listed).memory.cached_heads == (0, 2, 2, 0, 0, 0)
    period = made.number("qwen35.full_attention_interval", 2)
    assert _header("qwen35", period).memory.cached_heads == (0, 2, 0, 2, 0, 2)


def test_layers_that_guess_ahead() -> None:
    """Layers for guessing tokens ahead keep nothing."""
    header = _header("qwen35", made.number("qwen35.nextn_predict_layers", 2))
    assert header.layers == 4
    header = _header("qwen35", made.number("qwen35.nextn_predict_layers", 9))
    assert header.layers == 0


def test_layers_that_are_one_thing() -> None:
    """Nemotron's layers that only compute are not recurrent."""
    header = _header(
        "nemotron_h",
        made.numbers("nemotron_h.attention.head_count_kv", [0, 2, 0, 0, 2, 0]),
        made.numbers("nemotron_h.feed_forward_length", [0, 0, 99, 0, 0, 99]),
        *_state("nemotron_h"),
    )
    assert header.memory.recurrent == 2
    assert header.memory.cached_heads == (0, 2, 0, 0, 2, 0)
    assert header.feed_forward_length == 99


def test_token_shift() -> None:
    """RWKV keeps two tokens and a square for each head."""
    header = _header("rwkv7", made.number("rwkv7.wkv.head_size", 16))
    assert header.memory.state_bytes == 6 * 4 * (2 * 64 + 64 * 16)


def test_too_many_layers() -> None:
    """llama.cpp has room for 512 layers."""
    assert _header("llama", layers=512).layers == 512
    with pytest.raises(TooMuch):
        _header("llama", layers=513)
