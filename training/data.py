"""Samples from the generator as token arrays, in the order they were made."""

from collections.abc import Iterator
from itertools import count
import json
from pathlib import Path
from random import Random
import time

from tokenizers import Tokenizer
import torch
from torch import Tensor

from .model import Batch

# Turns whose attention is computed together.
_ROWS = 4
# What sizes are rounded up to.
_TOKENS = 128
_EDGE = 32
_COLUMNS = 16
_TARGETS = 64
# Share of what the model is told that is learned too, in the beginning.
_TOLD = 0.4

Piece = tuple[str, bool]


def samples(folder: Path, first: int, wait: float) -> Iterator[tuple[int, dict]]:
    """Yield samples with their shard's number, waiting for shards still to come."""
    for shard in count(first):
        with wait_for(folder, shard, wait).open() as file:
            for line in file:
                yield shard, json.loads(line)


def wait_for(folder: Path, shard: int, wait: float = 300.0) -> Path:
    """Return a shard's path once it is written; after the last comes the first."""
    end = time.monotonic() + wait
    while True:
        whole = folder / "shards"
        number = shard % int(whole.read_text()) if whole.exists() else shard
        path = folder / f"{number:05}.jsonl"
        if path.exists():
            return path
        if time.monotonic() > end:
            raise TimeoutError(f"{path} was not written")
        time.sleep(0.2)


def texts(folder: Path, shards: int) -> Iterator[str]:
    """Yield all text of the first shards, for the tokenizer."""
    for path in sorted(folder.glob("*.jsonl"))[:shards]:
        for line in path.open():
            sample = json.loads(line)
            yield sample["prefix"]
            for talk in sample["talks"]:
                yield "".join(text for text, _ in talk)


def encode(tokenizer: Tokenizer, talk: list[Piece]) -> tuple[list[int], list[bool]]:
    """Return a talk's tokens and which of them are to be learned."""
    tokens: list[int] = []
    learned: list[bool] = []
    for (_, learn), piece in zip(
        talk, tokenizer.encode_batch([text for text, _ in talk]), strict=True
    ):
        tokens += piece.ids
        learned += [learn] * len(piece.ids)
    return tokens, learned


def batch(
    tokenizer: Tokenizer, sample: dict, longest: int, rng: Random
) -> Batch | None:
    """Make tensors of a sample; ``None`` where the home is too long."""
    prefix = tokenizer.encode(sample["prefix"]).ids
    if len(prefix) > longest:
        return None
    turns = sorted(
        (encode(tokenizer, talk) for talk in sample["talks"]),
        key=lambda turn: len(turn[0]),
    )
    tokens, places = list(prefix), list(range(len(prefix)))
    targets: list[int] = []
    told: list[int] = []
    starts = []
    for turn, learned in turns:
        start = len(tokens)
        starts.append(start)
        tokens += turn
        places += range(len(prefix), len(prefix) + len(turn))
        for i, learn in enumerate(learned):
            if learn:
                targets.append(start + i - 1)
            elif i and rng.random() < _TOLD:
                told.append(start + i - 1)
    groups, rows, real = _laid_out(starts, [len(turn) for turn, _ in turns])
    filled = len(tokens)
    padding = -filled % _TOKENS
    everything = torch.tensor(tokens + [0] * padding)
    found = torch.tensor(
        targets + told[: len(told) - (len(targets) + len(told)) % _TARGETS]
    )
    return Batch(
        tokens=everything,
        places=torch.tensor(places + [0] * padding),
        cut=len(prefix),
        edge=min(filled, len(prefix) + -len(prefix) % _EDGE),
        filled=filled,
        groups=groups,
        rows=rows,
        real=real,
        targets=found,
        labels=everything[found + 1],
        answers=len(targets),
    )


def _laid_out(
    starts: list[int], lengths: list[int]
) -> tuple[list[tuple[int, int]], Tensor, Tensor]:
    """Lay turns out in rows; the last one of a group is the longest.

    Returns the groups' sizes, the tokens' places, and which of them are no padding.
    """
    groups, rows, real = [], [], []
    for i in range(0, len(starts), _ROWS):
        some = lengths[i : i + _ROWS]
        columns = torch.arange(some[-1] + -some[-1] % _COLUMNS)
        limits = torch.tensor(some)[:, None]
        first = torch.tensor(starts[i : i + _ROWS])[:, None]
        groups.append((len(some), len(columns)))
        rows.append((first + torch.minimum(columns, limits - 1)).flatten())
        real.append((columns < limits).flatten())
    return groups, torch.cat(rows), torch.cat(real).nonzero()[:, 0]
