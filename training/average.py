"""Put a model between two others, one of which learned more from where the other ended.

What was learned last is noisy: the mean that was tried made fewer mistakes than either
(``README.md``, "How good it is"). Measure it before it is shipped.
"""

import argparse
from pathlib import Path

import torch

from . import tokenizer as vocabulary
from .export import export
from .model import Decoder, Shape
from .take_up import save_tokenizer, weights_of


def average(before: Path, after: Path, share: float, folder: Path, out: Path) -> None:
    """Write a GGUF whose weights are that share of ``after``'s, the rest ``before``'s.

    Both have the same vocabulary.
    """
    save_tokenizer(after, folder / "tokenizer.json")
    words = vocabulary.load(folder / "tokenizer.json")
    shape = Shape(vocab=words.get_vocab_size())
    old, new = (weights_of(path, Decoder(shape)) for path in (before, after))
    mean = {name: old[name].lerp(new[name], share) for name in new}
    torch.save({"model": mean, "shape": shape.as_dict()}, folder / "mean.pt")
    export(folder / "mean.pt", words, out)


def main() -> None:
    """Average from the command line."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("before", type=Path)
    parser.add_argument("after", type=Path)
    parser.add_argument("--share", type=float, default=0.6, help="how much of AFTER")
    parser.add_argument(
        "--folder", type=Path, required=True, help="for what is between"
    )
    parser.add_argument("--out", type=Path, required=True)
    args = parser.parse_args()
    average(args.before, args.after, args.share, args.folder, args.out)


if __name__ == "__main__":
    main()
