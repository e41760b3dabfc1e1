"""Small GGUF models for tests: random ones, and ones that say what a test wants.

All have llama's architecture, the beginning of Qwen's vocabulary (its tokens are
in the order of its merges, so that a beginning is a vocabulary of its own) and
Qwen's chat template, with tools and thinking.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path

from gguf import GGMLQuantizationType, GGUFWriter, TokenType
import numpy as np
from numpy.typing import NDArray

VOCABULARIES = Path(__file__).parents[2] / ".cache" / "vocabularies"
TEMPLATE = VOCABULARIES / "templates" / "Qwen-Qwen3-0.6B.jinja"
# It names the tools, and shows no schema.
BY_HEART = Path(__file__).parent / "fixtures" / "by_heart.jinja"

# Tokens of Qwen's vocabulary that the models keep.
ORDINARY = 8192
BYTES = 256
CONTROL = ("<|endoftext|>", "<|im_start|>", "<|im_end|>")
MARKUP = ("<think>", "</think>", "<tool_call>", "</tool_call>")
COMMON = ORDINARY + len(CONTROL) + len(MARKUP)
END_OF_TURN = ORDINARY + CONTROL.index("<|im_end|>")

# What the template's prompts end with: a line break after "assistant", and two
# after the empty thoughts that keep a model from thinking.
THINKS = ("Ċ",)
THINKS_NOT = ("ĊĊ",)


@dataclass(frozen=True, slots=True)
class Vocabulary:
    """A byte-level BPE vocabulary as GGUF has it."""

    tokens: list[str]
    merges: list[str]


@dataclass(frozen=True, slots=True, kw_only=True)
class Shape:
    """The size of a model."""

    width: int = 64
    layers: int = 2
    heads: int = 4
    heads_kv: int = 2
    hidden: int = 128
    context: int = 32768


class _Reader:
    """Reads a GGUF file's keys; the gguf package takes seconds for a vocabulary."""

    SIZES = {0: 1, 1: 1, 2: 2, 3: 2, 4: 4, 5: 4, 6: 4, 7: 1, 10: 8, 11: 8, 12: 8}
    STRING, ARRAY = 8, 9

    def __init__(self, path: Path) -> None:
        """Open a file; its head is a magic number, a version and two counts."""
        self._data = path.read_bytes()
        self._at = 16

    def _number(self, size: int) -> int:
        """Read a number."""
        self._at += size
        return int.from_bytes(self._data[self._at - size : self._at], "little")

    def _string(self) -> bytes:
        """Read a text."""
        size = self._number(8)
        self._at += size
        return self._data[self._at - size : self._at]

    def lists_of_texts(self) -> dict[str, list[bytes]]:
        """Return the keys that hold lists of texts."""
        found = {}
        for _ in range(self._number(8)):
            key, kind = self._string().decode(), self._number(4)
            count = 1
            if kind == self.ARRAY:
                kind, count = self._number(4), self._number(8)
            if kind == self.STRING:
                found[key] = [self._string() for _ in range(count)]
            else:
                self._at += self.SIZES[kind] * count
        return found


@cache
def qwen() -> Vocabulary:
    """Read the beginning of Qwen's vocabulary."""
    lists = _Reader(VOCABULARIES / "ggml-vocab-qwen2.gguf").lists_of_texts()
    tokens = lists["tokenizer.ggml.tokens"][:ORDINARY]
    merges = lists["tokenizer.ggml.merges"][: ORDINARY - BYTES]
    return Vocabulary(
        [token.decode() for token in tokens], [merge.decode() for merge in merges]
    )


def spelled(text: str | bytes) -> str:
    """Return a text, or bytes that are none, as byte-level vocabularies spell it."""
    plain = [*range(ord("!"), ord("~") + 1), *range(0xA1, 0xAD), *range(0xAE, 0x100)]
    rest = [byte for byte in range(BYTES) if byte not in plain]
    letters = {byte: chr(byte) for byte in plain} | {
        byte: chr(BYTES + place) for place, byte in enumerate(rest)
    }
    raw = text.encode() if isinstance(text, str) else text
    return "".join(letters[byte] for byte in raw)


def _write(
    path: Path,
    name: str,
    shape: Shape,
    extra: Iterable[str],
    tensors: dict[str, NDArray[np.float32]],
    template: Path = TEMPLATE,
) -> None:
    """Write a model with the vocabulary that all have."""
    vocabulary = qwen()
    extra = list(extra)
    # llama.cpp aborts when a token is there twice.
    for place, piece in enumerate(extra):
        if piece in (*vocabulary.tokens, *MARKUP, *extra[:place]):
            raise ValueError(f"{piece!r} is a token already")
    writer = GGUFWriter(path, "llama")
    writer.add_name(name)
    writer.add_context_length(shape.context)
    writer.add_embedding_length(shape.width)
    writer.add_block_count(shape.layers)
    writer.add_feed_forward_length(shape.hidden)
    writer.add_head_count(shape.heads)
    writer.add_head_count_kv(shape.heads_kv)
    writer.add_layer_norm_rms_eps(1e-6)
    writer.add_rope_freq_base(1_000_000.0)
    writer.add_file_type(GGMLQuantizationType.F16)
    writer.add_tokenizer_model("gpt2")
    writer.add_tokenizer_pre("qwen2")
    writer.add_token_list([*vocabulary.tokens, *CONTROL, *MARKUP, *extra])
    writer.add_token_types(
        [TokenType.NORMAL] * ORDINARY
        + [TokenType.CONTROL] * len(CONTROL)
        + [TokenType.USER_DEFINED] * len(MARKUP)
        + [TokenType.NORMAL] * len(extra)
    )
    writer.add_token_merges(vocabulary.merges)
    writer.add_eos_token_id(END_OF_TURN)
    writer.add_add_bos_token(False)
    writer.add_chat_template(template.read_text())
    for key, values in tensors.items():
        one_dimension = values.ndim == 1
        writer.add_tensor(
            key, values.astype(np.float32 if one_dimension else np.float16)
        )
    writer.write_header_to_file()
    writer.write_kv_data_to_file()
    writer.write_tensors_to_file()
    writer.close()


def _matrices(shape: Shape) -> dict[str, tuple[int, int]]:
    """Return the shapes of one layer's matrices."""
    width_kv = shape.width * shape.heads_kv // shape.heads
    return {
        "attn_q": (shape.width, shape.width),
        "attn_k": (width_kv, shape.width),
        "attn_v": (width_kv, shape.width),
        "attn_output": (shape.width, shape.width),
        "ffn_gate": (shape.hidden, shape.width),
        "ffn_up": (shape.hidden, shape.width),
        "ffn_down": (shape.width, shape.hidden),
    }


def _norms(shape: Shape) -> dict[str, NDArray[np.float32]]:
    """Return norms that change nothing but the length."""
    ones = np.ones(shape.width, np.float32)
    return {"output_norm.weight": ones} | {
        f"blk.{layer}.{norm}.weight": ones
        for layer in range(shape.layers)
        for norm in ("attn_norm", "ffn_norm")
    }


def write_random(path: Path, shape: Shape | None = None, seed: int = 1) -> None:
    """Write a model that talks noise, as fast as a real one of its shape."""
    shape = shape or Shape()
    random = np.random.default_rng(seed)

    def noise(*size: int) -> NDArray[np.float32]:
        return random.standard_normal(size, np.float32) * 0.2

    tensors = _norms(shape) | {
        "token_embd.weight": noise(COMMON, shape.width),
        "output.weight": noise(COMMON, shape.width),
    }
    for layer in range(shape.layers):
        for name, size in _matrices(shape).items():
            tensors[f"blk.{layer}.{name}.weight"] = noise(*size)
    _write(path, path.stem, shape, (), tensors)


def write_table(
    path: Path,
    *scripts: tuple[tuple[str, ...], Sequence[str | bytes]],
    loop: bool = False,
    template: Path = TEMPLATE,
) -> None:
    """Write a model that says fixed texts.

    With nothing in its layers a model is a table from one token to the next: the
    embedding says which state a token is, the output which token a state is
    followed by. Every piece of a text becomes a token of its own.

    Args:
        path: Where the model goes.
        scripts: Tokens a prompt may end with, and the pieces said after these.
        loop: Begin again after the last piece instead of ending the turn.
        template: The chat template.
    """
    tokens = qwen().tokens
    pieces = [piece for _, said in scripts for piece in said]
    entries = COMMON + len(pieces)
    # State 0 is every other token: the turn ends.
    states = 1 + len(scripts) + len(pieces)
    shape = Shape(width=-(-states // 64) * 64, layers=1)
    state_of = np.zeros(entries, np.int64)
    follows = np.full(states, END_OF_TURN)
    state, piece = 1, COMMON
    for starts, said in scripts:
        state_of[[tokens.index(start) for start in starts]] = state
        begin = piece
        for _ in said:
            follows[state] = piece
            state += 1
            state_of[piece] = state
            piece += 1
        if loop:
            follows[state] = begin
        state += 1
    embedding = np.zeros((entries, shape.width), np.float32)
    embedding[np.arange(entries), state_of] = 1
    output = np.zeros((entries, shape.width), np.float32)
    output[follows, np.arange(states)] = 100
    tensors = _norms(shape) | {"token_embd.weight": embedding, "output.weight": output}
    for name, size in _matrices(shape).items():
        tensors[f"blk.0.{name}.weight"] = np.zeros(size, np.float32)
    _write(path, path.stem, shape, map(spelled, pieces), tensors, template)
