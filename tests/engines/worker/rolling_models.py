"""Small models that cannot forget their last tokens alone, with random weights.

One looks back through a window in most layers, as Gemma 3 does; the other has layers
with a state instead of a past, as LFM2 does.
"""

from pathlib import Path

from gguf import GGMLQuantizationType, GGUFWriter, TokenType
import numpy as np

from ..gguf_models import CONTROL, END_OF_TURN, MARKUP, ORDINARY, TEMPLATE, qwen

WIDTH = 64
HEAD = 16
HEADS = 4
HIDDEN = 128
LAYERS = 4
WINDOW = 64
_WORDS = ORDINARY + len(CONTROL) + len(MARKUP)


def _begin(path: Path, architecture: str, *, marked: bool = False) -> GGUFWriter:
    """Begin to write a model with what both have."""
    writer = GGUFWriter(path, architecture)
    writer.add_context_length(8192)
    writer.add_embedding_length(WIDTH)
    writer.add_block_count(LAYERS)
    writer.add_feed_forward_length(HIDDEN)
    writer.add_head_count(HEADS)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_file_type(GGMLQuantizationType.F32)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([*qwen().tokens, *CONTROL, *MARKUP])
    writer.add_token_types(
        [TokenType.NORMAL] * ORDINARY
        + [TokenType.CONTROL] * len(CONTROL)
        + [TokenType.USER_DEFINED] * len(MARKUP)
    )
    writer.add_token_merges(qwen().merges)
    writer.add_eos_token_id(END_OF_TURN)
    writer.add_add_bos_token(marked)
    writer.add_chat_template(TEMPLATE.read_text())
    return writer


def _finish(writer: GGUFWriter, shapes: dict[str, tuple[int, ...]]) -> None:
    """Write the weights: norms are ones, all else is random."""
    random = np.random.default_rng(5)
    for name, shape in shapes.items():
        values = np.ones(shape, np.float32)
        if name.endswith(("attn_q_norm", "attn_k_norm")):
            # A model that looks at few tokens, not a little at all of them.
            values *= 3
        if len(shape) > 1:
            # Much of what attention finds, little of all else.
            part = 3 if name.endswith(("attn_v", "attn_output")) else 0.2
            values = random.standard_normal(shape, np.float32) * part
        writer.add_tensor(f"{name}.weight", values)
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _feed_forward(layer: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes that all layers of both have."""
    return {
        f"blk.{layer}.attn_norm": (WIDTH,),
        f"blk.{layer}.ffn_norm": (WIDTH,),
        f"blk.{layer}.ffn_gate": (HIDDEN, WIDTH),
        f"blk.{layer}.ffn_up": (HIDDEN, WIDTH),
        f"blk.{layer}.ffn_down": (WIDTH, HIDDEN),
    }


def _attention(layer: int) -> dict[str, tuple[int, ...]]:
    """Return the shapes of a layer that looks back."""
    return {
        f"blk.{layer}.attn_q": (WIDTH, WIDTH),
        f"blk.{layer}.attn_k": (HEAD, WIDTH),
        f"blk.{layer}.attn_v": (HEAD, WIDTH),
        f"blk.{layer}.attn_output": (WIDTH, WIDTH),
        f"blk.{layer}.attn_q_norm": (HEAD,),
        f"blk.{layer}.attn_k_norm": (HEAD,),
    }


def write_windowed(path: Path, *, marked: bool = False) -> None:
    """Write a model like Gemma 3; its prompts may begin with a mark."""
    writer = _begin(path, "gemma3", marked=marked)
    writer.add_head_count_kv(1)
    writer.add_key_length(HEAD)
    writer.add_value_length(HEAD)
    writer.add_sliding_window(WINDOW)
    if marked:
        writer.add_bos_token_id(ORDINARY)
    writer.add_sliding_window_pattern([True, True, True, False])
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd": (_WORDS, WIDTH),
        "output_norm": (WIDTH,),
    }
    for layer in range(LAYERS):
        shapes |= _feed_forward(layer) | _attention(layer)
        shapes[f"blk.{layer}.post_attention_norm"] = (WIDTH,)
        shapes[f"blk.{layer}.post_ffw_norm"] = (WIDTH,)
    _finish(writer, shapes)


def write_hybrid(path: Path) -> None:
    """Write a model like LFM2."""
    writer = _begin(path, "lfm2")
    attentive = [False, True, False, True]
    writer.add_head_count_kv([int(looks) for looks in attentive])
    writer.add_vocab_size(_WORDS)
    writer.add_shortconv_l_cache(3)
    shapes: dict[str, tuple[int, ...]] = {
        "token_embd": (_WORDS, WIDTH),
        "token_embd_norm": (WIDTH,),
    }
    for layer, looks in enumerate(attentive):
        shapes |= _feed_forward(layer)
        if looks:
            shapes |= _attention(layer)
        else:
            shapes[f"blk.{layer}.shortconv.conv"] = (WIDTH, 3)
            shapes[f"blk.{layer}.shortconv.in_proj"] = (3 * WIDTH, WIDTH)
            shapes[f"blk.{layer}.shortconv.out_proj"] = (WIDTH, WIDTH)
    _finish(writer, shapes)
