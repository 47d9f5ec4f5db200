"""Which neurons dropout silences, as a function of coordinates instead of a state that would have to be
saved.
"""

from __future__ import annotations

import torch
from torch import nn

from alexnet_studio.ground import seeds
from alexnet_studio.ground.device import DeviceKind


def is_used(network: nn.Module) -> bool:
    return any(isinstance(module, nn.Dropout) and module.p > 0 for module in network.modules())


def seed(kind: DeviceKind, *coordinates: int) -> None:
    """Whoever else draws from torch's generator, and wherever a run is cut, the next forward pass drops the
    same.
    """
    number = int(seeds.generator("dropout", *coordinates).integers(2**63))
    if kind == "cuda":
        torch.cuda.manual_seed(number)
    elif kind == "mps":
        torch.mps.manual_seed(number)
    else:
        torch.default_generator.manual_seed(number)
