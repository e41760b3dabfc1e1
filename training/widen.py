"""Give a vocabulary more English words: tokens of their own."""

import argparse
from collections import Counter
from collections.abc import Iterable, Sequence
import json
from pathlib import Path

from tokenizers import Tokenizer
import torch
from torch import Tensor

from . import tokenizer as vocabulary
from .foresee import OFTEN, WORD, Foresight, said
from .meaning import Meanings
from .merges import Merges

# How many English words have tokens of their own, besides those of names.
WORDS = 3000
_NAMES = Path(__file__).with_name("text") / "english.txt"
_SHARDS = 2


def wider(words: Tokenizer, more: Iterable[str]) -> Tokenizer:
    """Return the tokenizer with words that are tokens of their own."""
    old = json.loads(words.to_str())
    merges = Merges(tuple(merge) for merge in old["model"]["merges"])
    vocab = sorted(old["model"]["vocab"], key=old["model"]["vocab"].get)
    known = set(vocab)
    for word in more:
        for token in merges.add(word):
            if token not in known:
                known.add(token)
                vocab.append(token)
    phrases = [t["content"] for t in old["added_tokens"] if not t["special"]]
    return vocabulary.build(vocab, list(merges.rank), phrases)


def chosen(meanings: Meanings, known: Sequence[str], count: int) -> list[str]:
    """Choose words: half the commonest, half those nearest to what is known."""
    words = [word for word in meanings.words if WORD.fullmatch(word)]
    common, rest = words[: count // 2], words[count // 2 :]
    near = (meanings.of(rest) @ meanings.of(known).T).topk(3).values.mean(1)
    best = near.argsort(descending=True)[: count - len(common)]
    return common + [rest[i] for i in best]


def moved(old: Tokenizer, new: Tokenizer, weights: Tensor) -> Tensor:
    """Return embeddings for the wider vocabulary; what is new is the mean of its parts."""
    numbers = old.get_vocab(with_added_tokens=True)
    tokens, _ = vocabulary.tables(new)
    rows = [
        [numbers[token]] if token in numbers else old.encode(token).ids
        for token in tokens
    ]
    return torch.stack([weights[row].mean(0) for row in rows])


def widened(
    words: Tokenizer, meanings: Meanings, seen: Counter[str], count: int
) -> Tokenizer:
    """Return the tokenizer with more words, in small and in capital letters.

    As many as that are chosen, and at most as many are added that are names.
    """
    known = [w for w in meanings.words if WORD.fullmatch(w) and seen[w] >= OFTEN]
    more = dict.fromkeys([*of_names()[:count], *chosen(meanings, known, count)])
    return wider(words, [form for word in more for form in (word, word.capitalize())])


def of_names() -> list[str]:
    """Return the ordinary words that devices of the generated homes are called by."""
    lines = _NAMES.read_text().splitlines()
    return [
        word.strip()
        for line in lines
        if line and line[0] not in "#["
        for word in line.split(";")
        if WORD.fullmatch(word.strip())
    ]


def widen(folder: Path, out: Path, count: int) -> None:
    """Write the tokenizer and the weights of a wider model than the folder's."""
    old = vocabulary.load(folder / "tokenizer.json")
    seen = said(old, folder / "data", _SHARDS)
    meanings = Meanings()
    new = widened(old, meanings, seen, count)
    saved = torch.load(folder / "checkpoint.pt", weights_only=True)
    weights = moved(old, new, saved["model"]["embedding.weight"])
    tokens, _ = vocabulary.tables(new)
    Foresight(meanings, seen).fill(tokens, weights)
    saved["model"]["embedding.weight"] = weights
    saved["shape"]["vocab"] = len(tokens)
    out.mkdir(parents=True, exist_ok=True)
    new.save(str(out / "tokenizer.json"))
    torch.save({"model": saved["model"], "shape": saved["shape"]}, out / "start.pt")
    print(f"{old.get_vocab_size()} tokens are {len(tokens)} now")


def main() -> None:
    """Widen a model from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True, help="what was trained")
    parser.add_argument("--out", type=Path, required=True)
    parser.add_argument("--words", type=int, default=WORDS)
    args = parser.parse_args()
    widen(args.folder, args.out, args.words)


if __name__ == "__main__":
    main()
