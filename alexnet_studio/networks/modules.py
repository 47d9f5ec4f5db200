"""Layers that torch has not, or that it computes otherwise: each keeps the parameter names of torch's own."""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.func import functional_call
from torch.nn import functional

from alexnet_studio.networks.windows import Windows


class PaddedConv(nn.Module):
    """A convolution whose zero padding differs before and after: TensorFlow's SAME, and the 2012 code's last window.

    Weight: (filters, inputs / groups, kernel, kernel).
    """

    def __init__(self, inputs: int, filters: int, windows: Windows, groups: int) -> None:
        super().__init__()
        self._windows = windows
        self._groups = groups
        self.weight = nn.Parameter(torch.empty(filters, inputs // groups, windows.kernel, windows.kernel))
        self.bias = nn.Parameter(torch.empty(filters))

    def forward(self, x: Tensor) -> Tensor:
        padded = functional.pad(x, _padding(self._windows, x))
        return functional.conv2d(padded, self.weight, self.bias, self._windows.stride, groups=self._groups)


class LocalConv(nn.Module):
    """A convolution whose places do not share their biases, nor, where `own_kernels`, their kernels.

    Weight: (filters, inputs / groups, kernel, kernel), with own kernels (..., side, side) for each place of the
    output; bias: (filters, side, side). Takes images of the one size that gives `side`.
    """

    def __init__(
        self, inputs: int, filters: int, windows: Windows, groups: int, side: int, *, own_kernels: bool
    ) -> None:
        super().__init__()
        self._windows = windows
        self._groups = groups
        places = (side, side) if own_kernels else ()
        kernel = (windows.kernel, windows.kernel)
        self.weight = nn.Parameter(torch.empty(filters, inputs // groups, *kernel, *places))
        self.bias = nn.Parameter(torch.empty(filters, side, side))

    def forward(self, x: Tensor) -> Tensor:
        padded = functional.pad(x, _padding(self._windows, x))
        stride = self._windows.stride
        if self.weight.dim() == 4:
            return functional.conv2d(padded, self.weight, stride=stride, groups=self._groups) + self.bias
        groups, area = self._groups, self.weight[0, ..., 0, 0].numel()
        columns = functional.unfold(padded, self._windows.kernel, stride=stride)
        columns = columns.reshape(len(x), groups, area, -1)
        kernels = self.weight.reshape(groups, -1, area, columns.shape[-1])
        sums = torch.einsum("ngip,gfip->ngfp", columns, kernels)
        return sums.reshape(len(x), *self.bias.shape) + self.bias


class Borrowing(nn.Module):
    """`module`'s arithmetic with the weight of `source`, which stays the only owner; the bias is its own."""

    def __init__(self, module: nn.Module, source: nn.Module) -> None:
        super().__init__()
        self.bias = module.get_parameter("bias")
        del module.bias
        del module.weight
        # In tuples: as submodules their parameters would be counted, saved and updated twice.
        self._borrowed = (module, source)

    def forward(self, x: Tensor) -> Tensor:
        module, source = self._borrowed
        given: dict[str, Tensor] = {"weight": source.get_parameter("weight"), "bias": self.bias}
        result: Tensor = functional_call(module, given, (x,))
        return result


class PaddedPool(nn.Module):
    """Pooling in TensorFlow's SAME manner: what lies outside is never the maximum, and no part of an average."""

    def __init__(self, windows: Windows, method: str) -> None:
        super().__init__()
        self._windows = windows
        self._method = method

    def forward(self, x: Tensor) -> Tensor:
        padding = _padding(self._windows, x)
        kernel, stride = self._windows.kernel, self._windows.stride
        if self._method == "max":
            return functional.max_pool2d(functional.pad(x, padding, value=float("-inf")), kernel, stride)
        inside = functional.pad(torch.ones_like(x[:1, :1]), padding)
        share = functional.avg_pool2d(inside, kernel, stride)
        return functional.avg_pool2d(functional.pad(x, padding), kernel, stride) / share


class MapNorm(nn.Module):
    """b = a / (k + alpha / size^2 * sum of a^2 over size x size neighbouring pixels)^beta, in float32 or better.

    Takes (N, C, H, W). The window is centred; pixels outside the map count nothing.
    """

    def __init__(self, size: int, alpha: float, beta: float, k: float) -> None:
        super().__init__()
        self._size, self._alpha, self._beta, self._k = size, alpha, beta, k

    def forward(self, x: Tensor) -> Tensor:
        wide = x.to(torch.promote_types(x.dtype, torch.float32))
        before, after = self._size // 2, (self._size - 1) // 2
        squares = functional.pad(wide.square(), (before, after, before, after))
        mean = functional.avg_pool2d(squares, self._size, 1)
        return (wide * (mean * self._alpha + self._k).pow(-self._beta)).to(x.dtype)


class GroupedLinear(nn.Module):
    """A fully connected layer whose parts see their own part of the inputs only. Weight: (outputs, inputs / groups)."""

    def __init__(self, inputs: int, outputs: int, groups: int) -> None:
        super().__init__()
        self._groups = groups
        self.weight = nn.Parameter(torch.empty(outputs, inputs // groups))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(self, x: Tensor) -> Tensor:
        # A convolution of one pixel does the same arithmetic, and torch groups it.
        kernel = self.weight[:, :, None, None]
        return functional.conv2d(x[:, :, None, None], kernel, self.bias, groups=self._groups).flatten(1)


def _padding(windows: Windows, x: Tensor) -> tuple[int, int, int, int]:
    top, bottom = windows.margins(x.shape[-2])
    left, right = windows.margins(x.shape[-1])
    return left, right, top, bottom
