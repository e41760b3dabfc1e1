"""Small models of several architectures, without any sense in them."""

from pathlib import Path

from gguf import GGMLQuantizationType, GGUFWriter
import numpy as np

from tests.engines.gguf_models import qwen

LAYERS = 6
WIDTH = 256
HIDDEN = 1024
HEADS = 4
HEADS_KV = 2
HEAD = 64

# LFM2's layers with attention; the others are short convolutions.
ATTENTION = {2, 5}


def write(path: Path, architecture: str) -> None:
    """Write a model: ``llama``, ``gemma3`` or ``lfm2``."""
    writer = GGUFWriter(path, architecture)
    writer.add_context_length(32768)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_file_type(GGMLQuantizationType.F16)
    if architecture == "lfm2":
        writer.add_head_count_kv(
            [HEADS_KV if layer in ATTENTION else 0 for layer in range(LAYERS)]
        )
        writer.add_shortconv_l_cache(3)
    else:
        writer.add_head_count_kv(HEADS_KV)
    if architecture == "gemma3":
        writer.add_sliding_window(512)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list(qwen().tokens)
    writer.add_token_merges(qwen().merges)
    writer.add_eos_token_id(0)
    _add_tensors(writer, architecture)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _add_tensors(writer: GGUFWriter, architecture: str) -> None:
    """Add the tensors that the architecture has."""

    def norm(name: str, size: int = WIDTH) -> None:
        writer.add_tensor(f"{name}.weight", np.ones(size, np.float32))

    def matrix(name: str, rows: int, columns: int) -> None:
        writer.add_tensor(f"{name}.weight", np.zeros((rows, columns), np.float16))

    matrix("token_embd", len(qwen().tokens), WIDTH)
    norm("token_embd_norm" if architecture == "lfm2" else "output_norm")
    for layer in range(LAYERS):
        block = f"blk.{layer}"
        norm(f"{block}.attn_norm")
        norm(f"{block}.ffn_norm")
        matrix(f"{block}.ffn_gate", HIDDEN, WIDTH)
        matrix(f"{block}.ffn_up", HIDDEN, WIDTH)
        matrix(f"{block}.ffn_down", WIDTH, HIDDEN)
        if architecture == "gemma3":
            norm(f"{block}.post_attention_norm")
            norm(f"{block}.post_ffw_norm")
        if architecture == "lfm2" and layer not in ATTENTION:
            writer.add_tensor(
                f"{block}.shortconv.conv.weight", np.zeros((WIDTH, 3), np.float32)
            )
            matrix(f"{block}.shortconv.in_proj", 3 * WIDTH, WIDTH)
            matrix(f"{block}.shortconv.out_proj", WIDTH, WIDTH)
            continue
        if architecture != "llama":
            norm(f"{block}.attn_q_norm", HEAD)
            norm(f"{block}.attn_k_norm", HEAD)
        matrix(f"{block}.attn_q", HEADS * HEAD, WIDTH)
        matrix(f"{block}.attn_k", HEADS_KV * HEAD, WIDTH)
        matrix(f"{block}.attn_v", HEADS_KV * HEAD, WIDTH)
        matrix(f"{block}.attn_output", WIDTH, HEADS * HEAD)
