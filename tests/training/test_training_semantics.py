"""The table of deviations: everything is in order here, and a planted mistake is found."""

from __future__ import annotations

import pytest
import torch
from torch import Tensor, nn

from alexnet_studio.networks import build, modules
from alexnet_studio.training.semantics import deviations


def test_every_operation_is_what_it_means() -> None:
    rows = deviations()
    assert len(rows) == 11
    assert all(row.ok for row in rows), rows
    # A check that compares something with itself would be exact everywhere.
    assert sum(row.deviation > 0 for row in rows) >= 7


def test_the_global_random_state_stays() -> None:
    before = torch.get_rng_state()
    deviations()
    assert torch.equal(torch.get_rng_state(), before)


class _Undivided(nn.Module):
    """torch's own module where the paper's alpha is meant: it divides by the size."""

    def __init__(self, size: int, alpha: float, beta: float, k: float, towers: int) -> None:
        super().__init__()
        self._norm = nn.LocalResponseNorm(size, alpha, beta, k)
        self._towers = towers

    def forward(self, x: Tensor) -> Tensor:
        return torch.cat([self._norm(part) for part in x.chunk(self._towers, dim=1)], dim=1)


def test_a_response_norm_that_divides_its_alpha_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(build, "LocalResponseNorm", _Undivided)
    wrong = [row.check for row in deviations() if not row.ok]
    assert wrong == ["response norm, alpha as printed", "response norm, alpha / n"]


def test_padding_on_the_wrong_side_is_reported(monkeypatch: pytest.MonkeyPatch) -> None:
    def before_only(_windows: object, _x: Tensor) -> tuple[int, int, int, int]:
        return (2, 0, 2, 0)

    monkeypatch.setattr(modules, "_padding", before_only)
    assert "convolution in two groups, last window kept" in [row.check for row in deviations() if not row.ok]
