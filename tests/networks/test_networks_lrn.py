"""Response normalisation against the paper's formula in a plain loop, and against torch."""

from __future__ import annotations

import time

import numpy as np
import pytest
import torch
from torch import Tensor, nn

from alexnet_studio.networks.lrn import LocalResponseNorm

FORMATS = (torch.contiguous_format, torch.channels_last)


def maps(batch: int, channels: int, side: int, *, scale: float = 3.0, seed: int = 0) -> Tensor:
    return torch.randn(batch, channels, side, side, generator=torch.Generator().manual_seed(seed)) * scale


def looped(x: Tensor, size: int, alpha: float, beta: float, k: float, towers: int) -> Tensor:
    """Section 3.3, one value at a time."""
    values = x.double().numpy()
    inner = x.shape[1] // towers
    out = torch.zeros(x.shape, dtype=torch.float64)
    for n, channel, i, j in np.ndindex(*x.shape):
        first = channel // inner * inner
        low = max(first, channel - size // 2)
        high = min(first + inner - 1, channel + (size - 1) // 2)
        total = sum(float(values[n, c, i, j]) ** 2 for c in range(low, high + 1))
        out[n, channel, i, j] = float(values[n, channel, i, j]) / (k + alpha * total) ** beta
    return out


@pytest.mark.parametrize("memory_format", FORMATS)
@pytest.mark.parametrize(
    ("channels", "size", "alpha", "beta", "k", "towers"),
    [
        (12, 5, 1e-4, 0.75, 2.0, 2),
        (12, 5, 0.5, 0.75, 2.0, 1),
        (12, 5, 0.5, 0.75, 1.0, 3),
        (8, 4, 0.3, 0.5, 1.0, 2),
        (6, 9, 0.3, 1.0, 1.0, 2),
        (3, 1, 0.3, 0.75, 2.0, 3),
        (1, 5, 0.3, 0.75, 2.0, 1),
    ],
)
def test_it_is_the_papers_formula_within_each_tower(
    memory_format: torch.memory_format,
    channels: int,
    size: int,
    alpha: float,
    beta: float,
    k: float,
    towers: int,
) -> None:
    x = maps(2, channels, 4).contiguous(memory_format=memory_format)
    expected = looped(x, size, alpha, beta, k, towers)
    found = LocalResponseNorm(size, alpha, beta, k, towers)(x)
    torch.testing.assert_close(found.double(), expected, rtol=2e-6, atol=1e-6)
    assert found.is_contiguous(memory_format=memory_format)


@pytest.mark.parametrize("memory_format", FORMATS)
def test_values_and_gradients_are_those_of_torch_tower_by_tower(memory_format: torch.memory_format) -> None:
    x = maps(3, 48, 9).contiguous(memory_format=memory_format).requires_grad_()
    weights = maps(3, 48, 9, seed=1)
    theirs = nn.LocalResponseNorm(5, alpha=0.5, beta=0.75, k=2.0)
    expected = torch.cat([theirs(tower) for tower in x.chunk(2, dim=1)], dim=1)
    found = LocalResponseNorm(5, 0.1, 0.75, 2.0, towers=2)(x)
    torch.testing.assert_close(found, expected, rtol=1e-5, atol=1e-6)
    gradients = [torch.autograd.grad(y, x, weights)[0] for y in (found, expected)]
    torch.testing.assert_close(*gradients, rtol=1e-5, atol=1e-6)


@pytest.mark.parametrize(("size", "beta"), [(5, 0.75), (4, 0.6)])
def test_the_gradient_written_out_is_the_gradient(size: int, beta: float) -> None:
    x = maps(2, 8, 3).double().requires_grad_()
    assert torch.autograd.gradcheck(LocalResponseNorm(size, 0.3, beta, 1.5, towers=2), (x,))


def test_nothing_reaches_across_towers() -> None:
    x = maps(1, 8, 2)
    other = x.clone()
    other[:, 4:] *= 100
    norm = LocalResponseNorm(5, 1.0, 0.75, 2.0, towers=2)
    assert torch.equal(norm(x)[:, :4], norm(other)[:, :4])


def test_autocast_does_not_lower_its_precision() -> None:
    x = maps(2, 16, 5, scale=20.0).requires_grad_()
    norm = LocalResponseNorm(5, 0.5, 0.75, 2.0, towers=2)
    expected = norm(x)
    with torch.autocast("cpu", dtype=torch.bfloat16):
        found = norm(x)
        gradient = torch.autograd.grad(found.sum(), x)[0]
    assert torch.equal(found, expected)
    assert torch.equal(gradient, torch.autograd.grad(expected.sum(), x)[0])


@pytest.mark.parametrize("dtype", [torch.bfloat16, torch.float16])
def test_sixteen_bits_in_are_sixteen_bits_out_computed_in_float32(dtype: torch.dtype) -> None:
    # 600 squared is beyond float16.
    x = torch.full((1, 8, 2, 2), 600.0, dtype=dtype).requires_grad_()
    norm = LocalResponseNorm(5, 1e-4, 0.75, 2.0, towers=2)
    y = norm(x)
    y.sum().backward()
    assert y.dtype == dtype
    assert x.grad is not None
    assert x.grad.dtype == dtype
    torch.testing.assert_close(y, norm(x.detach().float()).to(dtype))


def test_it_computes_the_same_with_and_without_gradients() -> None:
    x = maps(2, 8, 3)
    norm = LocalResponseNorm(5, 0.1, 0.75, 2.0, towers=2)
    assert torch.equal(norm(x), norm(x.clone().requires_grad_()))


def test_what_came_in_is_not_changed() -> None:
    x = maps(2, 8, 3)
    before = x.clone()
    LocalResponseNorm(5, 0.1, 0.75, 2.0)(x)
    assert torch.equal(x, before)


def test_images_in_slices_of_memory_are_read_right() -> None:
    x = maps(2, 8, 6)[:, :, ::2, 1::2]
    norm = LocalResponseNorm(5, 0.1, 0.75, 2.0, towers=2)
    torch.testing.assert_close(norm(x), norm(x.contiguous()))


@pytest.mark.slow
@pytest.mark.parametrize("memory_format", FORMATS)
def test_it_takes_less_than_half_the_time_of_torchs(memory_format: torch.memory_format) -> None:
    x = maps(32, 48, 31).contiguous(memory_format=memory_format).requires_grad_()
    ours = LocalResponseNorm(5, 1e-4, 0.75, 2.0, towers=2)
    theirs = nn.LocalResponseNorm(5, 5e-4, 0.75, 2.0)
    assert fastest(ours, x) < 0.5 * fastest(theirs, x)


def fastest(norm: nn.Module, x: Tensor) -> float:
    """Seconds of forward and backward, the best of several: what others do on the machine does not count."""
    times: list[float] = []
    for _ in range(8):
        start = time.perf_counter()
        norm(x).sum().backward()
        times.append(time.perf_counter() - start)
    return min(times)
