"""Write a checkpoint as a GGUF that llama.cpp runs."""

import argparse
from pathlib import Path

import gguf
import numpy as np
from tokenizers import AddedToken, Tokenizer
import torch

from . import tokenizer as vocabulary

TEMPLATE = Path(__file__).with_name("chat_template.jinja")
_NAMES = {
    "attention_norm": "attn_norm",
    "attention.q": "attn_q",
    "attention.k": "attn_k",
    "attention.v": "attn_v",
    "attention.o": "attn_output",
    "ffn_norm": "ffn_norm",
    "gate": "ffn_gate",
    "up": "ffn_up",
    "down": "ffn_down",
}


def describe(writer: gguf.GGUFWriter, shape: dict) -> None:
    """Write what the model is."""
    writer.add_name("Hearth Nano")
    writer.add_description(
        "Controls a home and answers questions about it, in English. Made for the Hearth integration."
    )
    writer.add_license("MIT")
    writer.add_basename("hearth-nano")
    writer.add_context_length(shape["context"])
    writer.add_embedding_length(shape["width"])
    writer.add_block_count(shape["layers"])
    writer.add_feed_forward_length(shape["hidden"])
    writer.add_head_count(shape["heads"])
    writer.add_head_count_kv(shape["heads"])
    writer.add_rope_dimension_count(shape["width"] // shape["heads"])
    writer.add_rope_freq_base(shape["theta"])
    writer.add_layer_norm_rms_eps(1e-5)
    writer.add_vocab_size(shape["vocab"])
    writer.add_file_type(gguf.LlamaFileType.MOSTLY_Q8_0)


def add_tokenizer(writer: gguf.GGUFWriter, words: Tokenizer) -> None:
    """Write the vocabulary and the chat template."""
    tokens, merges = vocabulary.tables(words)
    added = words.get_added_tokens_decoder()
    types = [_type(added.get(number)) for number in range(len(tokens))]
    end = tokens.index("<|end|>")
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre(vocabulary.PRE)
    writer.add_token_list(tokens)
    writer.add_token_types(types)
    writer.add_token_merges(merges)
    writer.add_bos_token_id(end)
    writer.add_eos_token_id(end)
    writer.add_pad_token_id(tokens.index("<|pad|>"))
    writer.add_add_bos_token(False)
    writer.add_add_eos_token(False)
    writer.add_chat_template(TEMPLATE.read_text())


def _type(added: AddedToken | None) -> gguf.TokenType:
    if added is None:
        return gguf.TokenType.NORMAL
    return gguf.TokenType.CONTROL if added.special else gguf.TokenType.USER_DEFINED


def add_weights(writer: gguf.GGUFWriter, weights: dict[str, torch.Tensor]) -> None:
    """Write the tensors, matrices in eight bits."""
    for name, tensor in weights.items():
        values = tensor.float().numpy()
        if values.ndim == 1:
            writer.add_tensor(gguf_name(name), values.astype(np.float32))
        else:
            kind = gguf.GGMLQuantizationType.Q8_0
            writer.add_tensor(
                gguf_name(name), gguf.quants.quantize(values, kind), raw_dtype=kind
            )


def gguf_name(name: str) -> str:
    """Return llama.cpp's name of a tensor."""
    if name == "embedding.weight":
        return "token_embd.weight"
    if name == "norm.weight":
        return "output_norm.weight"
    _, number, rest = name.split(".", 2)
    return f"blk.{number}.{_NAMES[rest.removesuffix('.weight')]}.weight"


def export(checkpoint: Path, words: Tokenizer, out: Path) -> None:
    """Write the GGUF."""
    saved = torch.load(checkpoint, weights_only=True)
    out.parent.mkdir(parents=True, exist_ok=True)
    writer = gguf.GGUFWriter(out, "llama")
    describe(writer, saved["shape"])
    add_tokenizer(writer, words)
    add_weights(writer, saved["model"])
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def main() -> None:
    """Export from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    export(
        args.folder / "checkpoint.pt",
        vocabulary.load(args.folder / "tokenizer.json"),
        args.out,
    )
    print(f"{args.out}: {args.out.stat().st_size / 1e6:.1f} MB")


if __name__ == "__main__":
    main()
