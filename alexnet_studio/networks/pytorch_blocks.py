"""The few modules that torch lacks, as text: each stands in a written network only where a layer needs it."""

from __future__ import annotations

_TOWER_NORM = '''
class TowerNorm(nn.Module):
    """Local response normalisation within each tower, as each GPU of 2012 had its own channels."""

    def __init__(self, towers: int, size: int, alpha: float, beta: float, k: float) -> None:
        super().__init__()
        self.towers = towers
        self.norm = nn.LocalResponseNorm(size, alpha=alpha, beta=beta, k=k)

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self.norm(tower) for tower in x.chunk(self.towers, dim=1)], dim=1)
'''

_MAP_NORM = '''
class MapNorm(nn.Module):
    """x / (k + alpha * mean of x^2 over size x size neighbouring pixels) ** beta, in each map."""

    def __init__(self, size: int, alpha: float, beta: float, k: float) -> None:
        super().__init__()
        self.size, self.alpha, self.beta, self.k = size, alpha, beta, k

    def forward(self, x: Tensor) -> Tensor:
        before, after = self.size // 2, (self.size - 1) // 2
        squares = F.pad(x.square(), (before, after, before, after))
        mean = F.avg_pool2d(squares, self.size, stride=1)
        return x * (self.k + self.alpha * mean).pow(-self.beta)
'''

_GROUPED_LINEAR = '''
class GroupedLinear(nn.Module):
    """A fully connected layer for each group: towers without a link between them."""

    def __init__(self, inputs: int, outputs: int, groups: int) -> None:
        super().__init__()
        self.groups = groups
        self.weight = nn.Parameter(torch.empty(outputs, inputs // groups))
        self.bias = nn.Parameter(torch.empty(outputs))

    def forward(self, x: Tensor) -> Tensor:
        parts = zip(x.chunk(self.groups, 1), self.weight.chunk(self.groups), strict=True)
        return torch.cat([F.linear(part, weight) for part, weight in parts], dim=1) + self.bias
'''

_LOCAL_CONV = '''
class LocalConv(nn.Module):
    """A convolution whose places have biases, and with own_kernels also kernels, of their own."""

    def __init__(
        self,
        inputs: int,
        outputs: int,
        kernel_size: int,
        side: int,
        own_kernels: bool,
        stride: int = 1,
        padding: int = 0,
        groups: int = 1,
    ) -> None:
        super().__init__()
        self.kernel, self.stride, self.padding, self.groups = kernel_size, stride, padding, groups
        places = (side, side) if own_kernels else ()
        self.weight = nn.Parameter(
            torch.empty(outputs, inputs // groups, kernel_size, kernel_size, *places)
        )
        self.bias = nn.Parameter(torch.empty(outputs, side, side))

    def forward(self, x: Tensor) -> Tensor:
        if self.weight.dim() == 4:
            x = F.conv2d(x, self.weight, None, self.stride, self.padding, groups=self.groups)
            return x + self.bias
        patches = F.unfold(x, self.kernel, padding=self.padding, stride=self.stride)
        patches = patches.unflatten(1, (self.groups, -1))
        kernels = self.weight.flatten(4).flatten(1, 3).unflatten(0, (self.groups, -1))
        sums = torch.einsum("ngip,gfip->ngfp", patches, kernels)
        return sums.reshape(len(x), *self.bias.shape) + self.bias
'''

_SAME_AVERAGE_POOL = '''
class SameAveragePool(nn.Module):
    """Averages over the pixels of a window that are there, padded as TensorFlow's SAME."""

    def __init__(self, kernel: int, stride: int, before: int, after: int) -> None:
        super().__init__()
        self.kernel, self.stride = kernel, stride
        self.padding = (before, after, before, after)

    def forward(self, x: Tensor) -> Tensor:
        inside = F.pad(torch.ones_like(x[:1, :1]), self.padding)
        share = F.avg_pool2d(inside, self.kernel, self.stride)
        return F.avg_pool2d(F.pad(x, self.padding), self.kernel, self.stride) / share
'''

BLOCKS = {
    "TowerNorm": _TOWER_NORM,
    "MapNorm": _MAP_NORM,
    "GroupedLinear": _GROUPED_LINEAR,
    "LocalConv": _LOCAL_CONV,
    "SameAveragePool": _SAME_AVERAGE_POOL,
}
