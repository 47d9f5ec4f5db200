"""Local response normalisation (section 3.3), within each tower, fast enough for a CPU.

torch's own module pads, pools in three dimensions and calls `pow`, which on a CPU takes longer than the
convolution before it. Here the sums over neighbouring channels are one matrix product with a band of ones,
and the gradient is written out, so that few passes over memory remain.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import torch
from torch import Tensor, nn


@dataclass(frozen=True, slots=True)
class _Rule:
    size: int
    alpha: float
    beta: float
    k: float
    towers: int


class LocalResponseNorm(nn.Module):
    """b = a / (k + alpha * sum of a^2 over `size` neighbouring channels of the same tower) ** beta.

    `alpha` multiplies the sum as the paper prints it; torch's own module divides it by `size`. Takes
    (N, C, H, W) in any memory format, with C a multiple of `towers`; computes in float32 or better, also
    under autocast, and returns the dtype that came in.
    """

    def __init__(self, size: int, alpha: float, beta: float, k: float, towers: int = 1) -> None:
        super().__init__()
        self._rule = _Rule(size, alpha, beta, k, towers)

    def forward(self, x: Tensor) -> Tensor:
        if torch.is_grad_enabled() and x.requires_grad:
            result: Tensor = _Normalisation.apply(x, self._rule)
            return result
        return _normalised(x, self._rule)[0]

    def extra_repr(self) -> str:
        return ", ".join(f"{name}={getattr(self._rule, name)}" for name in _Rule.__slots__)


class _Normalisation(torch.autograd.Function):
    """With d = k + alpha * sum and s = d^-beta: b = a s, and da = db s - 2 alpha beta a * sum'(db a s / d).

    sum' runs over the windows that a channel is in: the transposed band.
    """

    @staticmethod
    def forward(ctx: Any, x: Tensor, rule: _Rule) -> Tensor:
        y, denominator, scale = _normalised(x, rule)
        ctx.save_for_backward(x, denominator, scale)
        ctx.rule = rule
        return y

    @staticmethod
    def backward(ctx: Any, *grad_outputs: Tensor) -> tuple[Tensor, None]:
        x, denominator, scale = ctx.saved_tensors
        rule: _Rule = ctx.rule
        wide = x.to(scale.dtype)
        through_scale = grad_outputs[0] * scale
        weighted = (through_scale * wide).div_(denominator)
        sums = _window_sums(weighted, _band(rule, x, -2 * rule.alpha * rule.beta, scale.dtype).T)
        return through_scale.addcmul_(wide, sums).to(x.dtype), None


def _normalised(x: Tensor, rule: _Rule) -> tuple[Tensor, Tensor, Tensor]:
    """(the result, the denominator before its power, the scale); all (N, C, H, W)."""
    dtype = torch.promote_types(x.dtype, torch.float32)
    wide = x.to(dtype)
    # Fresh memory costs a CPU more than the arithmetic: what held the squares holds the result in the end.
    memory = wide.square()
    denominator = _window_sums(memory, _band(rule, x, rule.alpha, dtype)).add_(rule.k)
    if rule.beta == 0.75:  # d^-1/2 * d^-1/4: two roots where a general power takes a logarithm
        scale = denominator.rsqrt()
        scale.mul_(torch.sqrt(scale, out=memory))
    else:
        scale = denominator.pow(-rule.beta)
    return torch.mul(wide, scale, out=memory).to(x.dtype), denominator, scale


def _band(rule: _Rule, x: Tensor, value: float, dtype: torch.dtype) -> Tensor:
    """(c, c) for the c channels of a tower: row i holds `value` at the channels whose squares i sums up."""
    before, after = rule.size // 2, (rule.size - 1) // 2
    channel = torch.arange(x.shape[1] // rule.towers, device=x.device)
    offset = channel - channel[:, None]
    # Not triu and tril: torch wakes all threads for them, which costs milliseconds on a busy machine.
    return ((offset >= -before) & (offset <= after)).to(dtype) * value


def _window_sums(x: Tensor, band: Tensor) -> Tensor:
    """Sums of (N, C, H, W) over neighbouring channels. A tower's lie together, so towers become a batch."""
    batch, channels, height, width = x.shape
    # Given `out`, a product is left alone by autocast, which would lower it to 16 bits.
    if x.is_contiguous(memory_format=torch.channels_last):
        rows = x.permute(0, 2, 3, 1).reshape(-1, len(band))
        sums = torch.matmul(rows, band.T, out=torch.empty_like(rows))
        return sums.view(batch, height, width, channels).permute(0, 3, 1, 2)
    columns = x.reshape(-1, len(band), height * width)
    return torch.matmul(band, columns, out=torch.empty_like(columns)).view(x.shape)
