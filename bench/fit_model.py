"""A model of a real one's shape whose weights are random bytes, 4 bits each."""

from collections.abc import Iterator
from pathlib import Path

from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter
import numpy as np
from numpy.typing import NDArray

from custom_components.hearth.models.catalog import CatalogModel, CatalogShape
from demo.errors import DemoError

from .tokenizer import QWEN, QWEN3_TEMPLATE, WORK

# Numbers in a block, its bytes, where its scale is, and one that makes weights of
# the usual size (ggml-common.h of llama.cpp).
_Q4_0 = (32, 18, 0, 4e-3)
_Q6_K = (256, 210, 208, 1.5e-5)


def written_model(model: CatalogModel) -> Path:
    """Return a file of Qwen3's architecture; it is written if it is not there."""
    made = WORK / f"{model.key}-shape-q4_0.gguf"
    if made.exists():
        return made
    for needed in (QWEN, QWEN3_TEMPLATE):
        if not needed.exists():
            raise DemoError(f"{needed} is not there; scripts/setup gets it")
    WORK.mkdir(parents=True, exist_ok=True)
    part = made.with_suffix(".part")
    try:
        _write(part, model)
        part.rename(made)
    finally:
        part.unlink(missing_ok=True)
    return made


def _write(path: Path, model: CatalogModel) -> None:
    """Write the model, one tensor after the other."""
    writer = GGUFWriter(path, "qwen3")
    _describe(writer, model)
    tensors = list(_tensors(model.shape))
    for name, shape, kind in tensors:
        if kind is None:
            size = 4 * shape[0]
            writer.add_tensor_info(name, shape, np.dtype(np.float32), size)
            continue
        rows = _row_bytes(shape, kind)
        quantization = GGMLQuantizationType[kind]
        writer.add_tensor_info(
            name, rows, np.dtype(np.uint8), rows[0] * rows[1], quantization
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    random = np.random.default_rng(6)
    for _, shape, kind in tensors:
        if kind is None:
            writer.write_tensor_data(np.ones(shape, np.float32))
        else:
            writer.write_tensor_data(_blocks(random, _row_bytes(shape, kind), kind))
    writer.close()


def _describe(writer: GGUFWriter, model: CatalogModel) -> None:
    """Write what the model is, and the vocabulary."""
    shape = model.shape
    writer.add_name(f"{model.name}, random")
    writer.add_context_length(shape.context_length)
    writer.add_embedding_length(shape.embedding_length)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.feed_forward_length)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(_kv_heads(shape))
    writer.add_key_length(shape.key_length)
    writer.add_value_length(shape.value_length)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    for name, field in GGUFReader(QWEN).fields.items():
        if name.startswith("tokenizer.") and name != "tokenizer.chat_template":
            kind = field.types[0]
            inner = field.types[-1] if kind is GGUFValueType.ARRAY else None
            writer.add_key_value(name, field.contents(), kind, inner)
    writer.add_chat_template(QWEN3_TEMPLATE.read_text())


def _kv_heads(shape: CatalogShape) -> int:
    """Return the heads with keys and values, which all layers have alike."""
    if not isinstance(shape.kv_heads, int):
        raise DemoError("only models whose layers are alike can be written")
    return shape.kv_heads


def _tensors(
    shape: CatalogShape,
) -> Iterator[tuple[str, tuple[int, ...], str | None]]:
    """Return names, shapes and quantizations; norms have none."""
    width, key = shape.embedding_length, shape.key_length
    queries, values = shape.heads * key, _kv_heads(shape) * key
    # llama.cpp's quantizer keeps the output, which is the embedding here, at 6 bits.
    yield "token_embd.weight", (shape.vocabulary, width), "Q6_K"
    yield "output_norm.weight", (width,), None
    for layer in range(shape.layers):
        for name, size in (
            ("attn_norm", (width,)),
            ("attn_q", (queries, width)),
            ("attn_k", (values, width)),
            ("attn_v", (values, width)),
            ("attn_q_norm", (key,)),
            ("attn_k_norm", (key,)),
            ("attn_output", (width, queries)),
            ("ffn_norm", (width,)),
            ("ffn_gate", (shape.feed_forward_length, width)),
            ("ffn_up", (shape.feed_forward_length, width)),
            ("ffn_down", (width, shape.feed_forward_length)),
        ):
            kind = "Q4_0" if len(size) == 2 else None
            yield f"blk.{layer}.{name}.weight", size, kind


def _row_bytes(shape: tuple[int, ...], kind: str) -> tuple[int, int]:
    """Return how many rows a tensor has, and the bytes of one."""
    numbers, size, _, _ = _Q6_K if kind == "Q6_K" else _Q4_0
    return shape[0], shape[1] // numbers * size


def _blocks(
    random: np.random.Generator, rows: tuple[int, int], kind: str
) -> NDArray[np.uint8]:
    """Return random blocks with scales that keep the weights small."""
    _, size, at, scale = _Q6_K if kind == "Q6_K" else _Q4_0
    blocks = random.integers(0, 256, (rows[0] * rows[1] // size, size), np.uint8)
    blocks[:, at : at + 2] = np.array([scale], np.float16).view(np.uint8)
    return blocks.reshape(rows)
