"""Take up a model that is a GGUF already, to teach it more."""

import argparse
from pathlib import Path

import gguf
import torch

from . import tokenizer as vocabulary
from .export import export, gguf_name
from .model import Decoder, Shape


def weights_of(path: Path, model: Decoder) -> dict[str, torch.Tensor]:
    """Return a GGUF's weights by the names that they have in training.

    Raises:
        ValueError: its shape is another one than the model's.
    """
    stored = {tensor.name: tensor for tensor in gguf.GGUFReader(path).tensors}
    weights = {}
    for name, parameter in model.state_dict().items():
        tensor = stored[gguf_name(name)]
        values = torch.from_numpy(
            gguf.quants.dequantize(tensor.data, tensor.tensor_type).copy()
        )
        if values.shape != parameter.shape:
            raise ValueError(
                f"{name} is {tuple(values.shape)} in {path}, not {tuple(parameter.shape)}"
            )
        weights[name] = values
    return weights


def started(path: Path, model: Decoder) -> dict[str, torch.Tensor]:
    """Return the weights to start from, of a GGUF or as ``widen`` writes them."""
    if path.suffix == ".gguf":
        return weights_of(path, model)
    return dict(torch.load(path, weights_only=True)["model"])


def save_tokenizer(path: Path, out: Path) -> None:
    """Write a GGUF's vocabulary as the tokenizer that training uses."""
    fields = gguf.GGUFReader(path).fields
    tokens = fields["tokenizer.ggml.tokens"].contents()
    merges = [
        tuple(merge.split(" ", 1))
        for merge in fields["tokenizer.ggml.merges"].contents()
    ]
    learned = tokens.index(vocabulary.CONTROL[0])
    phrases = tokens[learned + len(vocabulary.CONTROL) :]
    out.parent.mkdir(parents=True, exist_ok=True)
    vocabulary.build(tokens[:learned], merges, phrases).save(str(out))


def main() -> None:
    """Write a GGUF again by the way over training, to see that nothing is lost."""
    parser = argparse.ArgumentParser(description=main.__doc__)
    parser.add_argument("model", type=Path)
    parser.add_argument("--folder", type=Path, required=True)
    args = parser.parse_args()
    save_tokenizer(args.model, args.folder / "tokenizer.json")
    words = vocabulary.load(args.folder / "tokenizer.json")
    shape = Shape(vocab=words.get_vocab_size())
    torch.save(
        {"model": weights_of(args.model, Decoder(shape)), "shape": shape.as_dict()},
        args.folder / "checkpoint.pt",
    )
    export(args.folder / "checkpoint.pt", words, args.folder / "again.gguf")


if __name__ == "__main__":
    main()
