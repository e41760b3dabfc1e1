"""Foresee the embeddings of words that were never trained on, from their meaning.

A model trained from nothing knows no word that it never saw. Of English words that
have a token of their own (``widen.py``), those that did not come up get the embedding
that a linear map from meanings (``meaning.py``) to learned embeddings gives them.
"""

import argparse
from collections import Counter
from collections.abc import Sequence
from pathlib import Path
import re

from tokenizers import Tokenizer
import torch
from torch import Tensor

from . import data, tokenizer as vocabulary
from .meaning import Meanings

WORD = re.compile(r"[a-z]{3,13}")
# A word that came up so often in the data that is read counts as learned.
OFTEN = 8
# One that came up less often than this was not.
_SELDOM = 2
# Strength of the ridge: it foresaw embeddings that were left out best, of 0.01 to 10.
_RIDGE = 3.0
# How far a foreseen embedding is from the mean, beside learned ones.
_LENGTH = 0.8


def said(words: Tokenizer, folder: Path, shards: int) -> Counter[str]:
    """Count the tokens of what is told and said in the first shards."""
    found: Counter[str] = Counter()
    for text in data.texts(folder, shards):
        found.update(words.encode(text).tokens)
    return found


class Map:
    """The linear map from a word's meaning to its embedding."""

    def __init__(
        self, meanings: Meanings, words: Sequence[str], learned: Tensor
    ) -> None:
        """Fit it to words that were learned: (words, width)."""
        self.meanings = meanings
        self.mean = learned.mean(0)
        x = self._told(words)
        square = x.T @ x + _RIDGE * torch.eye(x.shape[1])
        self.matrix = torch.linalg.solve(square, x.T @ (learned - self.mean))
        self.length = (learned - self.mean).norm(dim=1).mean() * _LENGTH

    def foreseen(self, words: Sequence[str]) -> Tensor:
        """Return embeddings for words: (words, width)."""
        moved = self._told(words) @ self.matrix
        return self.mean + moved * self.length / moved.norm(dim=1, keepdim=True)

    def _told(self, words: Sequence[str]) -> Tensor:
        """Return meanings, with a column for capital letters and one of ones."""
        capital = torch.tensor([[float(word[0].isupper()), 1.0] for word in words])
        return torch.cat([self.meanings.of([w.lower() for w in words]), capital], 1)


class Foresight:
    """What is known of a vocabulary: meanings, and how often a token came up."""

    def __init__(self, meanings: Meanings, seen: Counter[str]) -> None:
        """Keep both."""
        self.seen = seen
        self.meanings = meanings
        self._real = {word for word in meanings.words if WORD.fullmatch(word)}

    def is_learned(self, token: str) -> bool:
        """Return whether a token is a word that came up often."""
        return token.lower() in self._real and self.seen[token] >= OFTEN

    def is_new(self, token: str) -> bool:
        """Return whether a token is a word that did not come up."""
        return token.lower() in self._real and self.seen[token] < _SELDOM

    def fill(self, tokens: Sequence[str], weights: Tensor) -> int:
        """Give words that did not come up an embedding, in place; return how many."""
        learned = [i for i, token in enumerate(tokens) if self.is_learned(token)]
        new = [i for i, token in enumerate(tokens) if self.is_new(token)]
        if learned and new:
            words = [tokens[i] for i in learned]
            mapping = Map(self.meanings, words, weights[learned])
            weights[new] = mapping.foreseen([tokens[i] for i in new])
        return len(new)


def main() -> None:
    """Fill in the embeddings of a checkpoint, in place."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--shards", type=int, default=20, help="how many are read")
    args = parser.parse_args()
    words = vocabulary.load(args.folder / "tokenizer.json")
    tokens, _ = vocabulary.tables(words)
    path = args.folder / "checkpoint.pt"
    saved = torch.load(path, weights_only=True)
    seen = said(words, args.folder / "data", args.shards)
    count = Foresight(Meanings(), seen).fill(tokens, saved["model"]["embedding.weight"])
    torch.save(saved, path.with_suffix(".part"))
    path.with_suffix(".part").replace(path)
    print(f"{count} of {len(tokens)} tokens are words that did not come up")


if __name__ == "__main__":
    main()
