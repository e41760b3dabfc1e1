"""A model of a real one's shape with random weights: it talks noise, as fast."""

from collections.abc import Iterator
import math
from pathlib import Path

from gguf import GGMLQuantizationType, GGUFReader, GGUFValueType, GGUFWriter
import llama_cpp
import numpy as np
from numpy.typing import NDArray

from demo.errors import DemoError

from .tokenizer import QWEN, QWEN3_TEMPLATE, WORK

# Qwen3 0.6B, as its config.json has it.
_WIDTH = 1024
_LAYERS = 28
_HEADS = 16
_HEADS_KV = 8
_HEAD = 128
_HIDDEN = 3072
_CONTEXT = 40960
_SPREAD = 0.02


def random_model() -> Path:
    """Return the model with 4 bits a weight; it is written if it is not there yet."""
    made = WORK / "qwen3-0.6b-random-q4_0.gguf"
    if made.exists():
        return made
    for needed in (QWEN, QWEN3_TEMPLATE):
        if not needed.exists():
            raise DemoError(f"{needed} is not there; scripts/setup gets it")
    WORK.mkdir(parents=True, exist_ok=True)
    whole, part = made.with_suffix(".f16"), made.with_suffix(".part")
    try:
        _write(whole)
        _quantize(whole, part)
        part.rename(made)
    finally:
        whole.unlink(missing_ok=True)
        part.unlink(missing_ok=True)
    return made


def _quantize(whole: Path, made: Path) -> None:
    """Write the model again with 4 bits a weight."""
    settings = llama_cpp.llama_model_quantize_default_params()
    settings.ftype = llama_cpp.LLAMA_FTYPE_MOSTLY_Q4_0
    if llama_cpp.llama_model_quantize(
        str(whole).encode(), str(made).encode(), settings
    ):
        raise DemoError("the model could not be quantized")


def _write(path: Path) -> None:
    """Write the model with 16 bits a weight."""
    reader = GGUFReader(QWEN)
    words = len(reader.fields["tokenizer.ggml.tokens"].data)
    writer = GGUFWriter(path, "qwen3")
    writer.add_name("Qwen3 0.6B, random")
    writer.add_context_length(_CONTEXT)
    writer.add_embedding_length(_WIDTH)
    writer.add_block_count(_LAYERS)
    writer.add_feed_forward_length(_HIDDEN)
    writer.add_head_count(_HEADS)
    writer.add_head_count_kv(_HEADS_KV)
    writer.add_key_length(_HEAD)
    writer.add_value_length(_HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_file_type(GGMLQuantizationType.F16)
    for name, field in reader.fields.items():
        if name.startswith("tokenizer.") and name != "tokenizer.chat_template":
            kind = field.types[0]
            inner = field.types[-1] if kind is GGUFValueType.ARRAY else None
            writer.add_key_value(name, field.contents(), kind, inner)
    writer.add_chat_template(QWEN3_TEMPLATE.read_text())
    for name, shape in _shapes(words):
        weight = np.dtype("float32" if len(shape) == 1 else "float16")
        writer.add_tensor_info(name, shape, weight, math.prod(shape) * weight.itemsize)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_ti_data_to_file()
    random = np.random.default_rng(6)
    for _, shape in _shapes(words):
        writer.write_tensor_data(_weights(random, shape))
    writer.close()


def _shapes(words: int) -> Iterator[tuple[str, tuple[int, ...]]]:
    """Return the names and shapes of all tensors; the output is the embedding."""
    yield "token_embd.weight", (words, _WIDTH)
    yield "output_norm.weight", (_WIDTH,)
    queries, values = _HEADS * _HEAD, _HEADS_KV * _HEAD
    for layer in range(_LAYERS):
        for name, shape in (
            ("attn_norm", (_WIDTH,)),
            ("attn_q", (queries, _WIDTH)),
            ("attn_k", (values, _WIDTH)),
            ("attn_v", (values, _WIDTH)),
            ("attn_q_norm", (_HEAD,)),
            ("attn_k_norm", (_HEAD,)),
            ("attn_output", (_WIDTH, queries)),
            ("ffn_norm", (_WIDTH,)),
            ("ffn_gate", (_HIDDEN, _WIDTH)),
            ("ffn_up", (_HIDDEN, _WIDTH)),
            ("ffn_down", (_WIDTH, _HIDDEN)),
        ):
            yield f"blk.{layer}.{name}.weight", shape


def _weights(
    random: np.random.Generator, shape: tuple[int, ...]
) -> NDArray[np.float32] | NDArray[np.float16]:
    """Return random weights; norms change nothing but the length."""
    if len(shape) == 1:
        return np.ones(shape, np.float32)
    return (random.standard_normal(shape, np.float32) * _SPREAD).astype(np.float16)
