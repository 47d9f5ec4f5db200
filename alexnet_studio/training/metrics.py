"""Training loss and accuracy, added up on the device and read only when somebody wants to know."""

from __future__ import annotations

from dataclasses import asdict, dataclass

import torch
from torch import Tensor

from alexnet_studio.ground.device import Device
from alexnet_studio.insight.scoring import rank
from alexnet_studio.training.world import ALONE, World


@dataclass(frozen=True, slots=True)
class Reading:
    """Means over images: `loss` in nats, `top1` and `topk` as accuracies in 0..1."""

    loss: float
    top1: float
    topk: float


class Meters:
    """Sums over the images of an epoch so far, and those of the last step. Reading waits for the device,
    adding does not.
    """

    def __init__(self, k: int, device: Device, world: World = ALONE) -> None:
        """Of several processes all have the sums of all."""
        self._k = k
        self._world = world
        # MPS has no float64. On the others the sum of a million losses keeps its last digits.
        dtype = torch.float32 if device.kind == "mps" else torch.float64
        self._sums = torch.zeros(3, dtype=dtype, device=device.torch())  # loss, top-1, top-k
        self._last = self._sums.clone()
        self._last_images = 0
        self.images = 0
        self.seconds = 0.0

    def add(self, loss: Tensor, logits: Tensor, labels: Tensor, total: int) -> None:
        """The mean `loss` of this process's share of a batch of `total` images, its `logits` (N, classes) and `labels`
        (N,), all on the device.
        """
        count = len(labels)
        ranks = rank(logits.detach().float(), labels)
        parts = (loss.detach() * count, (ranks < 1).sum(), (ranks < self._k).sum())
        self._last = self._world.add_up(torch.stack([part.to(self._sums.dtype) for part in parts]))
        self._last_images = total
        self._sums += self._last
        self.images += total

    def last(self) -> Reading:
        """The last step alone."""
        return _reading(self._last, self._last_images)

    def epoch(self) -> Reading:
        return _reading(self._sums, self.images)

    def reset(self) -> None:
        self._sums.zero_()
        self.images = 0
        self.seconds = 0.0

    def state(self) -> dict[str, float]:
        """Exact: the sums' digits survive the way through `restore`."""
        loss, top1, topk = map(float, self._sums.cpu())
        return asdict(_State(loss, top1, topk, self.images, self.seconds))

    def restore(self, state: dict[str, float]) -> None:
        held = _State(**state)
        self._sums.copy_(torch.tensor([held.loss, held.top1, held.topk], dtype=self._sums.dtype))
        self.images, self.seconds = int(held.images), held.seconds


@dataclass(frozen=True, slots=True)
class _State:
    loss: float
    top1: float
    topk: float
    images: float
    seconds: float


def _reading(sums: Tensor, images: int) -> Reading:
    loss, top1, topk = map(float, (sums / max(1, images)).cpu())  # one wait for the device
    return Reading(loss, top1, topk)
