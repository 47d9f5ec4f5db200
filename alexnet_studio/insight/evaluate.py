"""What a network answers on labelled images: validation while training, and a run on a folder."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterable
from contextlib import contextmanager
from typing import Protocol

import torch
from torch import Tensor, nn

from alexnet_studio.ground.device import Device
from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.scoring import Evaluation, Scores

__all__ = ["Evaluation", "LabelledBatch", "eval_mode", "evaluate"]


class LabelledBatch(Protocol):
    """What is read of a batch: `images` (N, C, S, S) normalised, `labels` (N,) int64."""

    @property
    def images(self) -> Tensor: ...

    @property
    def labels(self) -> Tensor: ...


def evaluate(
    network: nn.Module,
    batches: Iterable[LabelledBatch],
    k: int,
    device: Device,
    *,
    total: int | None = None,
    also: Callable[[Tensor, Tensor], None] | None = None,
) -> Generator[Progress | Evaluation]:
    """Run `network` (images -> logits) over `batches`; the last event is the `Evaluation`.

    `total` is the number of images when the caller knows it; `also` is given each batch's log probabilities
    (N, classes) and labels (N,), on the CPU. The network is in eval mode meanwhile; each of its modules gets its own
    mode back, also when this is closed early.
    """
    scores = Scores(k)
    with eval_mode(network):
        for batch in batches:
            answers, labels = log_probabilities(network, batch.images, device), batch.labels.cpu()
            scores.add(answers, labels)
            if also is not None:
                also(answers, labels)
            yield Progress("evaluate", scores.images, total)
    yield scores.result()


def log_probabilities(network: nn.Module, images: Tensor, device: Device) -> Tensor:
    """(N, classes) float64 on the CPU. The forward pass is in the device's precision, the softmax is not."""
    # Both modes belong to the thread: they must not be open while a generator is suspended.
    with torch.inference_mode(), device.autocast():
        logits = network(images.to(device.torch(), non_blocking=True))
    # By way of float32: MPS has no float64.
    return torch.log_softmax(logits.float().cpu().double(), dim=1)


@contextmanager
def eval_mode(network: nn.Module) -> Generator[None]:
    """Inside of this block nothing is dropped or learned; afterwards each module has its own mode again."""
    modes = [(module, module.training) for module in network.modules()]
    network.eval()
    try:
        yield
    finally:
        for module, training in modes:
            module.training = training
