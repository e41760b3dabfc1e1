"""Train the decoder on what the generator writes, with checkpoints."""

import argparse
from dataclasses import dataclass
import os
from pathlib import Path
import signal
import sys
import time

from tokenizers import Tokenizer
import torch
from torch import Tensor, multiprocessing

from . import data, tokenizer as vocabulary
from .crew import Crew
from .foresee import said
from .meaning import Meanings
from .model import Decoder, Shape
from .muon import Muon
from .take_up import save_tokenizer, started
from .widen import WORDS, widened

# For this share of the time the model also learns to predict what it is told.
_LOOKING_BACK = 0.4
_TOLD = 0.3
_WARM_UP = 0.03
# From this share of the time on the learning rate falls.
_FALLS = 0.4
_LEAST = 0.02
# Tokens of a step for each worker: for a share of the time few, then more. A home has
# some 2,400 with its talks.
_FEW, _MANY = 2400, 5000
_SMALL_STEPS = 0.4
# Seconds between two lines, and between two checkpoints.
_SHOWN = 20
_SAVED = 90
# Seconds. A step takes less on any machine.
_LONGEST_STEP = 30


def optimizers(model: Decoder, rate: float) -> list[torch.optim.Optimizer]:
    """Return Muon for the matrices and AdamW for everything else."""
    matrices = [p for p in model.blocks.parameters() if p.ndim == 2]
    others = [p for p in model.parameters() if not any(p is m for m in matrices)]
    return [
        Muon(matrices, lr=rate, weight_decay=0.05),
        torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.97), weight_decay=0.0),
    ]


def schedule(done: float) -> float:
    """Return the share of the learning rate, for the share of time that is over."""
    if done < _WARM_UP:
        return 0.1 + 0.9 * done / _WARM_UP
    falling = max(0.0, min(1.0, (done - _FALLS) / (1 - _FALLS)))
    return 1 - (1 - _LEAST) * falling


@dataclass
class Progress:
    """How far the training is."""

    seconds: float = 0.0
    step: int = 0
    shard: int = 0
    tokens: int = 0


class Trainer:
    """A model in training, which can be saved and taken up again."""

    def __init__(
        self, folder: Path, shape: Shape, rate: float, start: Path | None = None
    ) -> None:
        """Start fresh, from a model that is there, or from the folder's checkpoint."""
        torch.manual_seed(1)
        self.path = folder / "checkpoint.pt"
        self.model = Decoder(shape)
        self.optimizers = optimizers(self.model, rate)
        self.rate = rate
        self.progress = Progress()
        if self.path.exists():
            self._load()
        elif start is not None:
            self.model.load_state_dict(started(start, self.model))

    def _load(self) -> None:
        saved = torch.load(self.path, weights_only=True)
        self.model.load_state_dict(saved["model"])
        for optimizer, state in zip(self.optimizers, saved["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self.progress = Progress(**{k: saved[k] for k in Progress.__annotations__})
        self.progress.shard += 1

    def save(self) -> None:
        """Write the checkpoint beside the old one, then in its place."""
        part = self.path.with_suffix(".part")
        torch.save(
            {
                "model": self.model.state_dict(),
                "shape": self.model.shape.as_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
                **vars(self.progress),
            },
            part,
        )
        part.replace(self.path)

    def learn(self, gradients: list[Tensor], done: float) -> None:
        """Take one step, with all cores: the other workers wait for it."""
        torch.set_num_threads(os.cpu_count() or 1)
        for parameter, gradient in zip(self.model.parameters(), gradients, strict=True):
            parameter.grad = gradient
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self.rate * schedule(done)
            optimizer.step()
        torch.set_num_threads(1)


def train(
    folder: Path,
    words: Tokenizer,
    minutes: float,
    shape: Shape,
    rate: float,
    longest: int,
    start: Path | None = None,
) -> None:
    """Train until the minutes are over, saving now and then."""
    trainer = Trainer(folder, shape, rate, start)
    progress = trainer.progress
    print(
        f"{sum(p.numel() for p in trainer.model.parameters()) / 1e6:.1f} M parameters, {progress.seconds:.0f} s done",
        flush=True,
    )
    crew = Crew(trainer.model, folder, progress.shard, longest)
    shown = saved = began = time.monotonic()
    losses: list[float] = []
    told_words = progress.tokens
    try:
        while progress.seconds < minutes * 60:
            done = progress.seconds / (minutes * 60)
            told = 0.0 if start else max(0.0, _TOLD * (1 - done / _LOOKING_BACK))
            small = done < _SMALL_STEPS and not start
            work = crew.work(tokens=_FEW if small else _MANY, told=told)
            trainer.learn(work.gradients, done)
            losses.append(work.loss)
            progress.step += 1
            progress.tokens += work.tokens
            progress.shard = work.shard
            now = time.monotonic()
            # What stood still meanwhile was not spent.
            progress.seconds += min(now - began, _LONGEST_STEP)
            began = now
            if now - shown > _SHOWN:
                speed = (progress.tokens - told_words) / (now - shown)
                print(
                    f"{progress.seconds:6.0f} s  step {progress.step}  shard {progress.shard}  {speed:.0f} tokens/s  loss {sum(losses) / len(losses):.4f}",
                    flush=True,
                )
                shown, told_words = now, progress.tokens
                losses.clear()
            if now - saved > _SAVED:
                saved = now
                trainer.save()
    finally:
        crew.dismiss()
    trainer.save()


def new_tokenizer(folder: Path, size: int, more: int) -> Tokenizer:
    """Learn a vocabulary from the first data, and add English words to it."""
    data.wait_for(folder, 1)
    learned = vocabulary.learn(data.texts(folder, 2), size)
    if not more:
        return learned
    return widened(learned, Meanings(), said(learned, folder, 2), more)


def main() -> None:
    """Train from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--folder", type=Path, required=True)
    parser.add_argument("--minutes", type=float, required=True)
    parser.add_argument("--rate", type=float, default=3e-3)
    parser.add_argument("--layers", type=int, default=Shape.layers)
    parser.add_argument("--width", type=int, default=Shape.width)
    parser.add_argument("--hidden", type=int, default=Shape.hidden)
    parser.add_argument("--vocab", type=int, default=Shape.vocab)
    parser.add_argument(
        "--words", type=int, default=WORDS, help="English words in the vocabulary"
    )
    parser.add_argument("--longest", type=int, default=1500, help="tokens of a home")
    parser.add_argument(
        "--start", type=Path, help="a model to be taught more: a GGUF, or a .pt"
    )
    args = parser.parse_args()
    multiprocessing.set_start_method("spawn")
    # Leave through the front door when told to stop, so that the workers go too.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(1))
    path = args.folder / "tokenizer.json"
    if not path.exists() and args.start and args.start.suffix == ".gguf":
        save_tokenizer(args.start, path)
    if not path.exists():
        new_tokenizer(args.folder / "data", args.vocab, args.words).save(str(path))
    words = vocabulary.load(path)
    shape = Shape(
        vocab=words.get_vocab_size(),
        layers=args.layers,
        width=args.width,
        hidden=args.hidden,
        heads=args.width // 64,
    )
    train(args.folder, words, args.minutes, shape, args.rate, args.longest, args.start)


if __name__ == "__main__":
    main()
