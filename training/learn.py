"""Train the decoder on what the generator writes, with checkpoints."""

import argparse
from collections.abc import Callable
import math
import os
from pathlib import Path
from random import Random
import threading
import time
from queue import Queue

import torch
from tokenizers import Tokenizer

from . import data, tokenizer as vocabulary
from .model import Batch, Decoder, Shape


def optimizers(model: Decoder, rate: float) -> list[torch.optim.Optimizer]:
    """Return Muon for the matrices and AdamW for everything else."""
    matrices = [p for p in model.blocks.parameters() if p.ndim == 2]
    others = [p for p in model.parameters() if not any(p is m for m in matrices)]
    return [
        torch.optim.Muon(matrices, lr=rate, weight_decay=0.05, adjust_lr_fn="match_rms_adamw"),
        torch.optim.AdamW(others, lr=rate, betas=(0.9, 0.97), weight_decay=0.0),
    ]


def schedule(done: float) -> float:
    """Return the share of the learning rate, for the share of time that is over."""
    if done < 0.03:
        return 0.1 + 0.9 * done / 0.03
    return 0.02 + 0.98 * 0.5 * (1 + math.cos(math.pi * min(1.0, (done - 0.03) / 0.97)))


# For this share of the time the model also learns to predict what it is told.
_LOOKING_BACK = 0.4


class Trainer:
    """A model in training, which can be saved and taken up again."""

    def __init__(self, folder: Path, shape: Shape, rate: float) -> None:
        """Start fresh, or from the folder's checkpoint."""
        torch.manual_seed(1)
        self.path = folder / "checkpoint.pt"
        self.model = Decoder(shape)
        self.optimizers = optimizers(self.model, rate)
        self.rate = rate
        self.seconds = 0.0
        self.step = 0
        self.shard = 0
        self.tokens = 0
        if self.path.exists():
            self._load()

    def _load(self) -> None:
        saved = torch.load(self.path, weights_only=True)
        self.model.load_state_dict(saved["model"])
        for optimizer, state in zip(self.optimizers, saved["optimizers"], strict=True):
            optimizer.load_state_dict(state)
        self.seconds, self.step, self.shard, self.tokens = (saved[k] for k in ("seconds", "step", "shard", "tokens"))
        self.shard += 1

    def save(self) -> None:
        """Write the checkpoint beside the old one, then in its place."""
        part = self.path.with_suffix(".part")
        torch.save(
            {
                "model": self.model.state_dict(),
                "shape": self.model.shape.as_dict(),
                "optimizers": [optimizer.state_dict() for optimizer in self.optimizers],
                **{k: getattr(self, k) for k in ("seconds", "step", "shard", "tokens")},
            },
            part,
        )
        part.replace(self.path)

    def learn(self, batches: list[Batch], done: float) -> float:
        """Take one step and return the mean loss."""
        weights = [batch.answers for batch in batches]
        told = max(0.0, 0.3 * (1 - done / _LOOKING_BACK))
        total = 0.0
        for batch, weight in zip(batches, weights, strict=True):
            with torch.autocast("cpu", dtype=torch.bfloat16):
                loss, answers = self.model(batch, told)
            (loss * (weight / sum(weights))).backward()
            total += float(answers.detach()) * weight / sum(weights)
            self.tokens += batch.tokens.numel()
        torch.nn.utils.clip_grad_norm_(self.model.parameters(), 1.0)
        for optimizer in self.optimizers:
            for group in optimizer.param_groups:
                group["lr"] = self.rate * schedule(done)
            optimizer.step()
            optimizer.zero_grad(set_to_none=True)
        self.step += 1
        return total


def ahead(make: Callable[[Queue], None]) -> Queue:
    """Prepare batches in a thread, a few ahead."""
    queue: Queue = Queue(maxsize=32)
    threading.Thread(target=make, args=(queue,), daemon=True).start()
    return queue


def train(folder: Path, words: Tokenizer, minutes: float, shape: Shape, rate: float, longest: int) -> None:
    """Train until the minutes are over, saving now and then."""
    trainer = Trainer(folder, shape, rate)
    print(f"{sum(p.numel() for p in trainer.model.parameters()) / 1e6:.1f} M parameters, {trainer.seconds:.0f} s done", flush=True)

    def make(queue: Queue) -> None:
        rng = Random(trainer.shard)
        for shard, sample in data.samples(folder / "data", trainer.shard, 120):
            ready = data.batch(words, sample, longest, rng)
            if ready is not None:
                queue.put((shard, ready))

    queue = ahead(make)
    shown = saved = began = time.monotonic()
    losses: list[float] = []
    while trainer.seconds < minutes * 60:
        done = trainer.seconds / (minutes * 60)
        batches = []
        for _ in range(2 if done < 0.3 else 4):
            trainer.shard, ready = queue.get(timeout=180)
            batches.append(ready)
        losses.append(trainer.learn(batches, done))
        now = time.monotonic()
        trainer.seconds += now - began
        began = now
        if now - shown > 20:
            shown = now
            speed = trainer.tokens / trainer.seconds
            print(f"{trainer.seconds:6.0f} s  step {trainer.step}  shard {trainer.shard}  {speed:.0f} tokens/s  loss {sum(losses) / len(losses):.4f}", flush=True)
            losses.clear()
        if now - saved > 120:
            saved = now
            trainer.save()
    trainer.save()


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
    parser.add_argument("--longest", type=int, default=1500, help="tokens of a home")
    args = parser.parse_args()
    torch.set_num_threads(os.cpu_count() or 1)
    path = args.folder / "tokenizer.json"
    if not path.exists():
        vocabulary.learn(data.texts(args.folder / "data", 2), args.vocab).save(str(path))
    words = vocabulary.load(path)
    shape = Shape(vocab=words.get_vocab_size(), layers=args.layers, width=args.width, hidden=args.hidden, heads=args.width // 64)
    train(args.folder, words, args.minutes, shape, args.rate, args.longest)


if __name__ == "__main__":
    main()
