"""The vocabulary: byte-level BPE in which a word is the same everywhere.

No merge joins a space, a digit or a mark with a letter, so a name has the same
tokens at the start of a JSON string and in the middle of a sentence. What the
model copies it can copy token by token. Pieces of the tool calls' JSON that
never vary are tokens of their own.
"""

from collections.abc import Iterable
import json
from pathlib import Path

from tokenizers import (
    AddedToken,
    Regex,
    Tokenizer,
    decoders,
    models,
    pre_tokenizers,
    trainers,
)

# llama.cpp's name for a pre-tokenizer that separates nothing but digits.
PRE = "superbpe"
CONTROL = ("<|pad|>", "<|system|>", "<|user|>", "<|assistant|>", "<|tool|>", "<|end|>")
PHRASES = (
    "<tool_call>",
    "</tool_call>",
    '{"name": "control", "arguments": {"action": "',
    '{"name": "set", "arguments": {"',
    '{"name": "state", "arguments": {"',
    *(f'", "{field}": "' for field in ("name", "area", "domain", "color")),
    *(f'{field}": "' for field in ("name", "area", "domain")),
    *(
        f'", "{field}": '
        for field in (
            "brightness",
            "kelvin",
            "temperature",
            "position",
            "volume",
            "speed",
        )
    ),
    '"}}\n',
    "}}\n",
    '{"done": ["',
    '{"error": "',
    '{"states": "',
    '", "',
    '"]}',
    '"}',
)
_DIGITS = [Regex(r"\p{N}+"), Regex(r"(?=(\d{3})+(?!\d))")]
_MARKS = (
    (",", "Ġ"),
    (":", "Ġ"),
    (";", "Ġ"),
    (".", "Ġ"),
    (".", "Ċ"),
    ("Ġ", "="),
    ("Ġ=", "Ġ"),
)


def learn(texts: Iterable[str], size: int) -> Tokenizer:
    """Learn the merges inside words, then add those of marks and digits."""
    words = Tokenizer(models.BPE())
    words.pre_tokenizer = pre_tokenizers.Sequence(
        [
            pre_tokenizers.Split(Regex(r"\p{L}+|[^\p{L}]"), "isolated"),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    numbers = [(a, b) for a in "0123456789" for b in "0123456789"]
    fixed = len(CONTROL) + len(PHRASES) + len(numbers) + len(_MARKS)
    trainer = trainers.BpeTrainer(
        vocab_size=size - fixed,
        initial_alphabet=pre_tokenizers.ByteLevel.alphabet(),
        show_progress=False,
    )
    words.train_from_iterator(texts, trainer)
    model = json.loads(words.to_str())["model"]
    merges = [tuple(merge) for merge in model["merges"]] + list(_MARKS) + numbers
    vocab = sorted(model["vocab"], key=model["vocab"].get)
    vocab += [a + b for a, b in (*_MARKS, *numbers)]
    return build(vocab, merges)


def build(
    vocab: list[str], merges: list[tuple[str, str]], phrases: Iterable[str] = PHRASES
) -> Tokenizer:
    """Put the tokenizer together as llama.cpp will run it."""
    tokenizer = Tokenizer(
        models.BPE(vocab={token: i for i, token in enumerate(vocab)}, merges=merges)
    )
    tokenizer.pre_tokenizer = pre_tokenizers.Sequence(
        [
            *(pre_tokenizers.Split(split, "isolated") for split in _DIGITS),
            pre_tokenizers.ByteLevel(add_prefix_space=False, use_regex=False),
        ]
    )
    tokenizer.decoder = decoders.ByteLevel()
    tokenizer.add_special_tokens(
        [AddedToken(token, normalized=False, special=True) for token in CONTROL]
    )
    tokenizer.add_tokens([AddedToken(token, normalized=False) for token in phrases])
    return tokenizer


def load(path: Path) -> Tokenizer:
    """Read a tokenizer that was saved."""
    return Tokenizer.from_file(str(path))


def tables(tokenizer: Tokenizer) -> tuple[list[str], list[str]]:
    """Return all tokens by number, and the merges, as a GGUF has them."""
    model = json.loads(tokenizer.to_str())["model"]
    by_id = {
        i: token for token, i in tokenizer.get_vocab(with_added_tokens=True).items()
    }
    merges = [" ".join(merge) for merge in model["merges"]]
    return [by_id[i] for i in range(len(by_id))], merges
