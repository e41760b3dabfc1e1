"""The decoder: Llama's architecture, small, with many turns behind one prefix."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from shutil import which

import torch
from torch import Tensor, nn
from torch.nn import functional


@dataclass(frozen=True)
class Shape:
    """The sizes of a model."""

    vocab: int = 4096
    layers: int = 6
    width: int = 256
    heads: int = 4
    hidden: int = 704
    context: int = 4096
    theta: float = 10000.0

    def as_dict(self) -> dict:
        """Return the sizes as plain data."""
        return asdict(self)


@dataclass
class Batch:
    """A home: its prefix (``cut`` tokens) followed by all turns.

    Sizes are rounded up, because a matrix product of a size not seen before
    costs much to prepare: ``filled`` tokens are real, and turns look back at
    ``edge`` tokens, of which those after ``cut`` are masked.

    Turns of like length are laid out in rows of one length, one group after the
    other: ``groups`` are (turns, length) of each, ``rows`` the tokens' places for
    all of them (padding repeats a place), and ``real`` the places in these rows
    that are no padding, in order.

    ``targets`` are the places whose next token is to be learned, ``labels``
    those tokens. The first ``answers`` of them are the model's own words, the
    others a sample of what it is told, which teaches it early to look back.
    """

    tokens: Tensor
    places: Tensor
    cut: int
    edge: int
    filled: int
    groups: list[tuple[int, int]]
    rows: Tensor
    real: Tensor
    targets: Tensor
    labels: Tensor
    answers: int


def fused(function: Callable[..., Tensor]) -> Callable[..., Tensor]:
    """Make one loop of what a function does to each element, with a C++ compiler.

    Without one it stays as it is: a tenth slower.
    """
    return torch.compile(function, dynamic=True) if which("g++") else function


class Attention(nn.Module):
    """Attention of a prefix to itself, and of each turn to prefix and itself."""

    def __init__(self, shape: Shape) -> None:
        """Make the four matrices."""
        super().__init__()
        self.heads = shape.heads
        self.scale = (shape.width // shape.heads) ** -0.5
        self.q = nn.Linear(shape.width, shape.width, bias=False)
        self.k = nn.Linear(shape.width, shape.width, bias=False)
        self.v = nn.Linear(shape.width, shape.width, bias=False)
        self.o = nn.Linear(shape.width, shape.width, bias=False)

    def forward(
        self, x: Tensor, batch: Batch, masks: list[Tensor], rope: Tensor
    ) -> Tensor:
        """Attend; ``x`` is the prefix followed by all turns."""
        cut, edge = batch.cut, batch.edge
        q, k, v = (self._split(matrix(x)) for matrix in (self.q, self.k, self.v))
        q, k = rotate(q, rope), rotate(k, rope)
        first = functional.scaled_dot_product_attention(
            q[None, :, :edge], k[None, :, :edge], v[None, :, :edge], is_causal=True
        )[0]
        past_keys, past_values = k[:, :edge].transpose(1, 2) * self.scale, v[:, :edge]
        sizes = [turns * length for turns, length in batch.groups]
        laid = [part.index_select(1, batch.rows).split(sizes, 1) for part in (q, k, v)]
        seen = [
            self._turns(*parts, past_keys, past_values, size, mask)
            for *parts, size, mask in zip(*laid, batch.groups, masks, strict=True)
        ]
        parts = [
            first[:, :cut].transpose(0, 1).reshape(cut, x.shape[-1]),
            torch.cat(seen, 1).transpose(0, 1).reshape(-1, x.shape[-1])[batch.real],
            x.new_zeros(x.shape[0] - batch.filled, x.shape[-1]),
        ]
        return self.o(torch.cat(parts))

    def _turns(
        self,
        q: Tensor,
        k: Tensor,
        v: Tensor,
        past_keys: Tensor,
        past_values: Tensor,
        size: tuple[int, int],
        mask: Tensor,
    ) -> Tensor:
        """Attend from a group's turns, each to the prefix and to itself."""
        query, key, value = (part.unflatten(1, size) for part in (q, k, v))
        own = query @ (key.transpose(2, 3) * self.scale)
        past = (q @ past_keys).view(*own.shape[:3], -1)
        of_past, of_own = attended(past, own, mask).split(
            [past.shape[-1], own.shape[-1]], -1
        )
        return of_past.flatten(1, 2) @ past_values + (of_own @ value).flatten(1, 2)

    def _split(self, x: Tensor) -> Tensor:
        return x.view(x.shape[0], self.heads, -1).transpose(0, 1)


@fused
def attended(past: Tensor, own: Tensor, mask: Tensor) -> Tensor:
    """Return how much of each token is looked at."""
    return (torch.cat([past, own], -1) + mask).softmax(-1)


class Norm(nn.Module):
    """Root mean square normalization, computed in full precision."""

    def __init__(self, width: int) -> None:
        """Start with a weight of one."""
        super().__init__()
        self.weight = nn.Parameter(torch.ones(width))

    def forward(self, x: Tensor) -> Tensor:
        """Normalize."""
        return normalized(x, self.weight)


@fused
def normalized(x: Tensor, weight: Tensor) -> Tensor:
    """Return vectors of mean square one, times a weight."""
    return functional.rms_norm(x.float(), x.shape[-1:], weight, 1e-5).to(x.dtype)


@fused
def gated(gate: Tensor, x: Tensor) -> Tensor:
    """Let through what the gate is open for."""
    return functional.silu(gate) * x


class Block(nn.Module):
    """Attention, then a gated feed-forward network."""

    def __init__(self, shape: Shape) -> None:
        """Make the parts."""
        super().__init__()
        self.attention_norm = Norm(shape.width)
        self.attention = Attention(shape)
        self.ffn_norm = Norm(shape.width)
        self.gate = nn.Linear(shape.width, shape.hidden, bias=False)
        self.up = nn.Linear(shape.width, shape.hidden, bias=False)
        self.down = nn.Linear(shape.hidden, shape.width, bias=False)

    def forward(
        self, x: Tensor, batch: Batch, masks: list[Tensor], rope: Tensor
    ) -> Tensor:
        """Add what both parts say."""
        x = x + self.attention(self.attention_norm(x), batch, masks, rope)
        y = self.ffn_norm(x)
        return x + self.down(gated(self.gate(y), self.up(y)))


class Decoder(nn.Module):
    """The whole model; input and output share the embedding."""

    def __init__(self, shape: Shape) -> None:
        """Make the layers with small random weights."""
        super().__init__()
        self.shape = shape
        self.embedding = nn.Embedding(shape.vocab, shape.width)
        self.blocks = nn.ModuleList(Block(shape) for _ in range(shape.layers))
        self.norm = Norm(shape.width)
        for name, weight in self.named_parameters():
            if weight.ndim == 2:
                scale = 0.02 if "embedding" in name else weight.shape[1] ** -0.5
                nn.init.normal_(weight, std=scale)
            if name.endswith(("o.weight", "down.weight")):
                nn.init.zeros_(weight)

    def forward(self, batch: Batch, told: float = 0.0) -> tuple[Tensor, Tensor]:
        """Return the loss to learn from and the mean loss of the answers.

        ``told`` is the weight of what the model is told.
        """
        count = None if told else batch.answers
        hidden = self.hidden(batch)[batch.targets[:count]]
        logits = functional.linear(self.norm(hidden), self.embedding.weight).float()
        losses = functional.cross_entropy(
            logits, batch.labels[:count], reduction="none"
        )
        answers = losses[: batch.answers].mean()
        if not told:
            return answers, answers
        return answers + told * losses[batch.answers :].mean(), answers

    def hidden(self, batch: Batch) -> Tensor:
        """Return the last layer's output, the prefix first."""
        rope = frequencies(self.shape, batch.places)
        x = self.embedding(batch.tokens)
        if torch.is_autocast_enabled("cpu"):
            x = x.bfloat16()
            rope = rope.bfloat16()
        masks = []
        for _, length in batch.groups:
            mask = torch.full((length, batch.edge + length), -torch.inf, dtype=x.dtype)
            mask[:, : batch.cut] = 0
            mask[:, batch.edge :].triu_(1)
            masks.append(mask)
        for block in self.blocks:
            x = block(x, batch, masks, rope)
        return x


def frequencies(shape: Shape, places: Tensor) -> Tensor:
    """Return cosines and sines of the positions, for pairs of neighbours."""
    half = shape.width // shape.heads // 2
    angles = places[:, None].float() * shape.theta ** (
        -torch.arange(half).float() / half
    )
    return torch.stack([angles.cos(), angles.sin()])


@fused
def rotate(x: Tensor, rope: Tensor) -> Tensor:
    """Turn neighbouring pairs by their position, as llama.cpp does for Llama."""
    cos, sin = rope
    a, b = x[..., 0::2], x[..., 1::2]
    return torch.stack([a * cos - b * sin, a * sin + b * cos], -1).flatten(-2)
