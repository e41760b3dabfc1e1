"""The Muon optimizer, in whichever precision the processor is fast with.

PyTorch's own always computes in bfloat16; where that is not in the processor it takes
five times as long as all the rest of a step.
"""

from collections.abc import Iterable

import torch
from torch import Tensor
from torch.optim import Optimizer

from .precision import is_short_faster

# The quintic's coefficients and the number of steps: Keller Jordan,
# https://kellerjordan.github.io/posts/muon/ (2024).
_A, _B, _C = 3.4445, -4.7750, 2.0315
_STEPS = 5
_TINY = 1e-7
# Muon's updates times this and the root of the longer side are as large as AdamW's:
# arXiv:2502.16982, section 2.2.
_LIKE_ADAMW = 0.2


class Muon(Optimizer):
    """Steps of momentum, made orthogonal; for matrices only."""

    def __init__(
        self,
        params: Iterable[Tensor],
        lr: float,
        weight_decay: float = 0.0,
        momentum: float = 0.95,
    ) -> None:
        """Take the matrices."""
        super().__init__(
            params, {"lr": lr, "weight_decay": weight_decay, "momentum": momentum}
        )

    @torch.no_grad()
    def step(self, closure: None = None) -> None:
        """Move every matrix once; those of one shape are computed together."""
        for group in self.param_groups:
            alike: dict[torch.Size, list[Tensor]] = {}
            for matrix in group["params"]:
                if matrix.grad is not None:
                    alike.setdefault(matrix.shape, []).append(matrix)
            for shape, matrices in alike.items():
                ahead = [self._ahead(matrix, group["momentum"]) for matrix in matrices]
                updates = orthogonal(torch.stack(ahead))
                rate = group["lr"] * _LIKE_ADAMW * max(shape) ** 0.5
                for matrix, update in zip(matrices, updates, strict=True):
                    matrix.mul_(1 - group["lr"] * group["weight_decay"])
                    matrix.add_(update.to(matrix.dtype), alpha=-rate)

    def _ahead(self, matrix: Tensor, momentum: float) -> Tensor:
        """Return where the gradient and what came before it point (Nesterov)."""
        state = self.state[matrix]
        if "momentum_buffer" not in state:
            state["momentum_buffer"] = torch.zeros_like(matrix.grad)
        past = state["momentum_buffer"].lerp_(matrix.grad, 1 - momentum)
        return matrix.grad.lerp(past, momentum)


def orthogonal(matrices: Tensor) -> Tensor:
    """Bring the singular values of matrices of one shape near one.

    Args:
        matrices: (number, rows, columns).
    """
    x = matrices.to(torch.bfloat16 if is_short_faster() else torch.float32)
    is_tall = x.shape[1] > x.shape[2]
    if is_tall:
        x = x.mT
    x = x / x.norm(dim=(1, 2), keepdim=True).clamp(min=_TINY)
    for _ in range(_STEPS):
        gram = x @ x.mT
        x = _A * x + (_B * gram + _C * gram @ gram) @ x
    return x.mT if is_tall else x
