"""How fast a network is here, by the protocol of TensorFlow's alexnet_benchmark.py: warm up, then time each batch."""

from __future__ import annotations

import statistics
import time
from collections.abc import Callable, Generator
from dataclasses import dataclass
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_studio.ground.device import Device
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.progress import Progress
from alexnet_studio.networks.build import Network, build
from alexnet_studio.networks.layers import Pool
from alexnet_studio.networks.spec import Spec, classifier
from alexnet_studio.networks.two_devices import TowerNetwork, placed

Objective = Literal["loss", "pool5"]
WARM_UP, TIMED = 10, 100


@dataclass(frozen=True, slots=True)
class Timing:
    """Milliseconds a batch, mean and standard deviation over the timed ones; `latency_ms` is of one image alone.

    `images_per_second` is of training: the batch over the time of a step.
    """

    network: str
    device: str
    batch: int
    forward_ms: float
    forward_sd: float
    step_ms: float
    step_sd: float
    images_per_second: float
    latency_ms: float


def bench(
    spec: Spec,
    device: Device,
    *,
    batch: int = 64,
    objective: Objective | None = None,
    warm_up: int = WARM_UP,
    timed: int = TIMED,
) -> Generator[Progress | Timing]:
    """Time forward passes (without gradients), steps (forward and backward) and single images of noise.

    A step goes back from the cross entropy, or from half the squared norm of the last pooling layer, which is what a
    network without a classifier can do; weights are not changed. The last event is the answer. Raises `BadInput`
    ("bench_batch", "no_pooling", and what building raises) and `Failed` ("bench_memory").
    """
    if min(batch, timed) < 1 or warm_up < 0:
        raise BadInput(
            "bench_batch", "A batch and the number of timed batches must be 1 or more; a warm-up may be 0."
        )
    chosen = objective or ("loss" if classifier(spec) else "pool5")
    network = placed(build(spec), device.each())
    rounds = _Rounds(device, spec.name, warm_up, timed)
    try:
        images = _noise(spec, batch, device)
        network.eval()
        forward = yield from rounds.of(lambda: _forward(network, images, device))
        one = images[:1]
        alone = yield from rounds.of(lambda: _forward(network, one, device))
        network.train()
        step = yield from rounds.of(_step(network, images, device, chosen))
    except torch.OutOfMemoryError:
        raise Failed(
            "bench_memory",
            "The memory of {device} is not enough for batches of {batch} of {network}. Try a batch of {half}.",
            device=device.name,
            batch=batch,
            network=spec.name,
            half=max(1, batch // 2),
        ) from None
    mean = statistics.fmean(step)
    yield Timing(
        spec.name,
        device.choice,
        batch,
        statistics.fmean(forward),
        statistics.pstdev(forward),
        mean,
        statistics.pstdev(step),
        1000 * batch / mean,
        statistics.fmean(alone),
    )


@dataclass(frozen=True, slots=True)
class _Rounds:
    device: Device
    what: str
    warm_up: int
    timed: int

    def of(self, act: Callable[[], object]) -> Generator[Progress, None, list[float]]:
        """Milliseconds of each timed call."""
        taken: list[float] = []
        total = self.warm_up + self.timed
        for number in range(total):
            began = time.perf_counter()
            act()
            self.device.wait()
            taken.append(1000 * (time.perf_counter() - began))
            yield Progress(self.what, number + 1, total)
        return taken[self.warm_up :]


def _noise(spec: Spec, batch: int, device: Device) -> Tensor:
    shape = (batch, spec.channels, spec.image_size, spec.image_size)
    images = torch.randn(shape, generator=torch.Generator().manual_seed(0))
    return images.to(device.torch(), memory_format=torch.channels_last)


def _forward(network: nn.Module, images: Tensor, device: Device) -> None:
    with torch.inference_mode(), device.autocast():
        network(images)


def _step(
    network: Network | TowerNetwork, images: Tensor, device: Device, objective: Objective
) -> Callable[[], None]:
    labels = torch.zeros(len(images), dtype=torch.int64, device=images.device)
    pool = _last_pool(network.spec) if objective == "pool5" else ""

    def act() -> None:
        with device.autocast():
            if pool:
                value = network.activation(images, pool).float().square().sum() / 2
            else:
                value = functional.cross_entropy(network(images).float(), labels)
        _backward(value, network)

    return act


def _backward(value: Tensor, network: nn.Module) -> None:
    for parameter in network.parameters():
        parameter.grad = None
    torch.autograd.backward(value)


def _last_pool(spec: Spec) -> str:
    pools = [layer.name for layer in spec.layers if isinstance(layer, Pool)]
    if pools:
        return pools[-1]
    raise BadInput(
        "no_pooling",
        "The network {network} has no pooling layer whose norm could be differentiated. Time its loss instead.",
        network=spec.name,
    )
