"""Processes that work on one step together, a core each.

On the few cores of a small machine this is twice as fast as one process whose
every matrix product is divided among the cores.
"""

from collections.abc import Iterator
from dataclasses import dataclass
from itertools import count
import os
from pathlib import Path
from random import Random

import torch
from torch import Tensor, multiprocessing

from . import data, tokenizer as vocabulary
from .model import Batch, Decoder
from .precision import is_short_faster

# Seconds for data to be written, and for the other workers: who trains may let all
# of them stand still for an hour, to measure something else.
_DATA = 300.0
_PATIENCE = 3600.0


@dataclass
class Work:
    """What a step's homes taught: mean gradients and loss of the answers."""

    gradients: list[Tensor]
    loss: float
    tokens: int
    shard: int


@dataclass
class _Desk:
    """What the processes share, all of it in shared memory.

    ``orders`` are the tokens for each worker and the weight of what is told;
    ``report`` has a row for each worker: answers, loss, tokens, shard.
    """

    model: Decoder
    gradients: list[list[Tensor]]
    orders: Tensor
    report: Tensor


class Crew:
    """All workers; the first one is the calling process itself."""

    def __init__(self, model: Decoder, folder: Path, shard: int, longest: int) -> None:
        """Start the other workers."""
        self.size = os.cpu_count() or 1
        torch.set_num_threads(1)
        model.share_memory()
        gradients = [
            [torch.zeros_like(p).share_memory_() for p in model.parameters()]
            for _ in range(self.size)
        ]
        self.desk = _Desk(
            model,
            gradients,
            torch.zeros(2).share_memory_(),
            torch.zeros(self.size, 4).share_memory_(),
        )
        self._barrier = multiprocessing.get_context("spawn").Barrier(
            self.size, timeout=_PATIENCE
        )
        self._source = _batches(folder, shard, longest, 0, self.size)
        self._others = (
            multiprocessing.spawn(
                _assist,
                args=(self.desk, self._barrier, folder, shard, longest, self.size),
                nprocs=self.size - 1,
                join=False,
                daemon=True,
            )
            if self.size > 1
            else None
        )

    def work(self, tokens: int, told: float) -> Work:
        """Work on homes of so many tokens each and put the results together.

        Tokens, not homes, so that nobody waits long for who got a large home.
        """
        desk = self.desk
        desk.orders[0], desk.orders[1] = tokens, told
        self._barrier.wait()
        _do(desk, 0, self._source)
        self._barrier.wait()
        answers, loss, worked, _ = desk.report.sum(0).tolist()
        gradients = [
            sum(parts[1:], parts[0]) / answers
            for parts in zip(*desk.gradients, strict=True)
        ]
        return Work(
            gradients, loss / answers, int(worked), int(desk.report[:, 3].min())
        )

    def dismiss(self) -> None:
        """Send the other workers home."""
        if self._others is not None:
            for process in self._others.processes:
                process.terminate()


def _batches(
    folder: Path, shard: int, longest: int, worker: int, workers: int
) -> Iterator[tuple[int, Batch]]:
    """Yield every so-manieth home, as tensors."""
    words = vocabulary.load(folder / "tokenizer.json")
    rng = Random(f"{shard}/{worker}")
    for number, (at, sample) in zip(
        count(), data.samples(folder / "data", shard, _DATA), strict=False
    ):
        if number % workers == worker:
            batch = data.batch(words, sample, longest, rng)
            if batch is not None:
                yield at, batch


def _assist(
    index: int,
    desk: _Desk,
    barrier: object,
    folder: Path,
    shard: int,
    longest: int,
    workers: int,
) -> None:
    """Work along until sent home."""
    torch.set_num_threads(1)
    source = _batches(folder, shard, longest, index + 1, workers)
    while True:
        barrier.wait()
        _do(desk, index + 1, source)
        barrier.wait()


def _do(desk: _Desk, worker: int, source: Iterator[tuple[int, Batch]]) -> None:
    """Work on the homes that were ordered."""
    desk.model.zero_grad(set_to_none=True)
    answers = loss = tokens = shard = 0.0
    while tokens < float(desk.orders[0]):
        shard, batch = next(source)
        with torch.autocast("cpu", dtype=torch.bfloat16, enabled=is_short_faster()):
            to_learn, answered = desk.model(batch, float(desk.orders[1]))
        (to_learn * batch.answers).backward()
        answers += batch.answers
        loss += float(answered.detach()) * batch.answers
        tokens += batch.filled
    for shared, parameter in zip(
        desk.gradients[worker], desk.model.parameters(), strict=True
    ):
        shared.copy_(parameter.grad)
    desk.report[worker] = torch.tensor([answers, loss, tokens, shard])
