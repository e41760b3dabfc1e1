"""A header says what the file was written with."""

from io import BytesIO
import os
from pathlib import Path

from gguf import (
    GGML_QUANT_SIZES,
    GGMLQuantizationType,
    GGUFReader,
    GGUFWriter,
    LlamaFileType,
)
import numpy as np
import pytest

from custom_components.hearth.models.gguf import (
    NotGguf,
    Truncated,
    Unsupported,
    read_header,
    read_stream,
)
from custom_components.hearth.models.gguf_types import FILE_TYPES, TENSOR_TYPES
from tests.engines.gguf_models import VOCABULARIES, Shape, write_random

from . import gguf_files as made

NANO = Path(__file__).parents[2] / "custom_components/hearth/models/nano.gguf"


def test_small() -> None:
    """Every field of a file made by hand is found."""
    data = made.small()
    header = read_stream(BytesIO(data))
    assert (header.version, header.architecture, header.name) == (3, "llama", "Small")
    assert header.kind is None
    assert header.parameters == 300 * 64 + 64
    assert header.size_label == "19K"
    assert header.quantization == "Q8_0"
    assert header.tensor_bytes == made.EMBEDDING_BYTES + made.NORM_BYTES
    assert header.needed_size == header.file_size == len(data)
    assert header.file_complete
    assert (header.layers, header.context_length) == (2, 4096)
    assert (header.embedding_length, header.feed_forward_length) == (64, 128)
    attention = header.attention
    assert (attention.heads, attention.kv_heads) == (4, 2)
    assert (attention.key_length, attention.value_length) == (16, 16)
    assert (attention.sliding_key_length, attention.sliding_value_length) == (16, 16)
    assert header.memory.cached_heads == (2, 2)
    tokenizer = header.tokenizer
    assert (tokenizer.model, tokenizer.vocabulary) == ("gpt2", 300)
    assert (tokenizer.bos, tokenizer.eos, tokenizer.add_bos) == ("<1>", "<2>", True)
    assert tokenizer.chat_template == "{{ messages[0].content }}"
    assert (header.experts, header.experts_used) == (0, 0)
    assert (header.split_number, header.split_count) == (0, 0)


def test_written_by_gguf(tmp_path: Path) -> None:
    """What the format's own package writes is read, old version and all types."""
    path = tmp_path / "model.gguf"
    writer = GGUFWriter(path, "qwen3moe")
    writer.add_block_count(3)
    writer.add_size_label("1B-A0.1B")
    writer.add_type("model")
    writer.add_head_count([8, 8, 4])
    writer.add_head_count_kv([2, 2, 1])
    writer.add_key_length(128)
    writer.add_value_length(96)
    writer.add_feed_forward_length([256, 512, 256])
    writer.add_expert_feed_forward_length(96)
    writer.add_expert_count(16)
    writer.add_expert_used_count(4)
    writer.add_vocab_size(77)
    writer.add_custom_alignment(64)
    writer.add_float64("some.double", 0.1)
    writer.add_uint64("some.large", 2**63)
    writer.add_array("some.numbers", [1.5, 2.5])
    writer.add_tensor("a", np.ones((5, 256), np.float32))
    writer.add_tensor("b", np.ones((3,), np.float16))
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()
    header = read_header(path)
    assert (header.kind, header.size_label) == ("model", "1B-A0.1B")
    assert header.attention.heads == (8, 8, 4)
    assert header.attention.kv_heads == header.memory.cached_heads == (2, 2, 1)
    assert (header.attention.key_length, header.attention.value_length) == (128, 96)
    assert header.feed_forward_length == 512
    assert (header.experts, header.experts_used) == (16, 4)
    assert header.expert_feed_forward_length == 96
    assert header.tokenizer.vocabulary == 77
    assert header.tokenizer.bos is None
    assert header.tokenizer.add_bos is None
    assert header.tokenizer.chat_template is None
    # Without a label of the file's own, it is the type of most bytes.
    assert header.quantization == "F32"
    assert header.tensor_bytes == 5 * 256 * 4 + 3 * 2
    assert header.needed_size <= header.file_size < header.needed_size + 64


@pytest.mark.parametrize(
    ("name", "architecture", "tokens", "bos", "kv_heads"),
    [
        ("qwen2", "qwen2", 151936, "<|endoftext|>", 32),
        ("llama-bpe", "llama", 128256, "<|begin_of_text|>", 8),
    ],
)
def test_vocabulary(
    name: str, architecture: str, tokens: int, bos: str, kv_heads: int
) -> None:
    """Real vocabularies are passed over, and their tokens found again."""
    header = read_header(VOCABULARIES / f"ggml-vocab-{name}.gguf")
    assert header.architecture == architecture
    assert header.tokenizer.vocabulary == tokens
    assert header.tokenizer.bos == bos
    assert header.attention.kv_heads == kv_heads
    assert header.parameters == header.tensor_bytes == 0
    assert header.quantization is None
    assert header.size_label is None


def test_bundled_model() -> None:
    """The tiny model's header agrees with the format's own package."""
    header = read_header(NANO)
    reader = GGUFReader(NANO)
    tensors = reader.tensors
    assert header.parameters == sum(int(tensor.n_elements) for tensor in tensors)
    assert header.tensor_bytes == sum(int(tensor.n_bytes) for tensor in tensors)
    last = tensors[-1]
    assert header.needed_size == last.data_offset + last.n_bytes
    template = reader.fields["tokenizer.chat_template"].contents()
    assert header.tokenizer.chat_template == template
    assert header.quantization == "Q8_0"
    assert header.file_size == NANO.stat().st_size


def test_random_model(tmp_path: Path) -> None:
    """A model with a real beginning of a vocabulary has the shape it was given."""
    path = tmp_path / "random.gguf"
    write_random(path, Shape(width=128, layers=3, heads=4, heads_kv=1, hidden=192))
    header = read_header(path)
    assert (header.layers, header.embedding_length) == (3, 128)
    assert header.memory.cached_heads == (1, 1, 1)
    assert header.tokenizer.eos == "<|im_end|>"
    assert header.tokenizer.add_bos is False


def test_tables_agree_with_gguf() -> None:
    """Types have the names and sizes of the format's own package."""
    for kind, (block, size) in GGML_QUANT_SIZES.items():
        # The package has an old size of what is never in a file (ggml-common.h).
        if kind is not GGMLQuantizationType.Q8_1:
            assert TENSOR_TYPES[kind] == (kind.name, block, size)
    newer = set(TENSOR_TYPES) - set(map(int, GGMLQuantizationType))
    assert newer <= {42}
    for mix in LlamaFileType:
        label = mix.name.removeprefix("ALL_").removeprefix("MOSTLY_")
        if mix is not LlamaFileType.GUESSED:
            assert FILE_TYPES[mix] == label


@pytest.mark.parametrize("cut", [1, made.NORM_BYTES, made.SMALL_DATA])
def test_tensors_cut_short(tmp_path: Path, cut: int) -> None:
    """A file that lacks tensors is an error that names both sizes."""
    data = made.small()
    path = tmp_path / "cut.gguf"
    path.write_bytes(data[:-cut])
    with pytest.raises(Truncated, match=f"{len(data) - cut} of {len(data)} bytes"):
        read_header(path)
    # Who only wants to know what it will be can.
    assert not read_stream(BytesIO(data[:-cut])).file_complete


def test_every_cut_of_a_header() -> None:
    """A header that ends early anywhere is cut short, and nothing else."""
    data = made.file(made.llama(), [made.EMBEDDING])
    for length in range(4, len(data) - 32):
        with pytest.raises(Truncated):
            read_stream(BytesIO(data[:length]))
    for length in range(4):
        with pytest.raises(NotGguf):
            read_stream(BytesIO(data[:length]))


def test_beginning_of_a_remote_file() -> None:
    """The first bytes are enough where the length of the whole is known."""
    data = made.small()
    begin = data[: len(data) - made.SMALL_DATA]
    header = read_stream(BytesIO(begin), len(data))
    assert header.file_complete
    assert header == read_stream(BytesIO(data))
    with pytest.raises(Truncated):
        read_stream(BytesIO(begin[:500]), len(data))


def test_no_file(tmp_path: Path) -> None:
    """What is no file at all does not block and is an error."""
    with pytest.raises(FileNotFoundError):
        read_header(tmp_path / "missing.gguf")
    with pytest.raises(NotGguf):
        read_header(tmp_path)
    pipe = tmp_path / "pipe.gguf"
    os.mkfifo(pipe)
    with pytest.raises(NotGguf):
        read_header(pipe)


@pytest.mark.parametrize(
    "data", [b"", b"GGU", b"<html>Not found</html>", b"GGML" + bytes(100), bytes(4096)]
)
def test_other_files(tmp_path: Path, data: bytes) -> None:
    """Files of another kind are told apart."""
    path = tmp_path / "other.gguf"
    path.write_bytes(data)
    with pytest.raises(NotGguf):
        read_header(path)


@pytest.mark.parametrize("version", [0, 1, 4, 3 << 24])
def test_other_versions(version: int) -> None:
    """Versions that llama.cpp does not read, and the other order of bytes."""
    with pytest.raises(Unsupported):
        read_stream(BytesIO(made.file(made.llama(), version=version)))


def test_name_is_shown_as_one_line() -> None:
    """A stranger's name has no control characters and an end."""
    keys = [
        string
        for string in made.llama(made.string("general.size_label", "\x1b[2J\n"))
        if b"general.name" not in string
    ]
    keys.append(made.string("general.name", "A\x00 \u202eB\n\tC" + "x" * 3000))
    header = read_stream(BytesIO(made.file(keys)))
    assert header.name is not None
    assert header.name.startswith("A B Cxxx")
    assert len(header.name) == 200
    assert header.size_label == "[2J"


def test_large_label() -> None:
    """Parameters are counted in words that people use."""
    tensors = [made.tensor("a", (2**20, 600), 2, 0)]
    assert read_stream(BytesIO(made.file(made.llama(), tensors))).size_label == "629M"
    tensors = [made.tensor("a", (2**20, 4000), 2, 0)]
    assert read_stream(BytesIO(made.file(made.llama(), tensors))).size_label == "4.2B"


@pytest.mark.parametrize("token", [300, 2**32 - 1])
def test_token_that_is_not_there(token: int) -> None:
    """A token beyond the vocabulary has no text."""
    keys = made.llama(made.number("tokenizer.ggml.bos_token_id", token))
    keys = [key for key in keys if not key.endswith(b"bos_token_id\4\0\0\0\1\0\0\0")]
    assert read_stream(BytesIO(made.file(keys))).tokenizer.bos is None


def test_long_token() -> None:
    """A token that is longer than any real one has no text either."""
    keys = [
        made.string("general.architecture", "llama"),
        made.strings("tokenizer.ggml.tokens", ["x" * 70_000, "b", "c" * 70_000, "d"]),
        made.number("tokenizer.ggml.bos_token_id", 2),
        made.number("tokenizer.ggml.eos_token_id", 3),
    ]
    tokenizer = read_stream(BytesIO(made.file(keys))).tokenizer
    assert tokenizer.bos is None
    assert tokenizer.eos == "d"


def test_latent_attention_keeps_no_values() -> None:
    """Where values are made from keys, there are none to keep."""
    more = [
        made.number("llama.attention.key_length_mla", 192),
        made.number("llama.attention.value_length_mla", 128),
    ]
    header = read_stream(BytesIO(made.file(made.llama(*more))))
    assert header.attention.value_length == 0
