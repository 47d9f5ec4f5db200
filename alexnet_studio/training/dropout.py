"""Which neurons dropout silences, as a function of coordinates instead of a state that would have to be
saved.
"""

from __future__ import annotations

from collections.abc import Iterable

import torch
from torch import nn

from alexnet_studio.ground import seeds


def is_used(network: nn.Module) -> bool:
    return any(isinstance(module, nn.Dropout) and module.p > 0 for module in network.modules())


def seed(places: Iterable[torch.device], *coordinates: int) -> None:
    """Whoever else draws from torch's generators, and wherever a run is cut, the next forward pass drops the
    same. Two devices never drop the same neurons of their towers.
    """
    for position, place in enumerate(places):
        number = _number(*coordinates, position) if position else _number(*coordinates)
        if place.type == "cuda":
            with torch.cuda.device(place):
                torch.cuda.manual_seed(number)
        elif place.type == "mps":
            torch.mps.manual_seed(number)
        else:
            torch.default_generator.manual_seed(number)


def _number(*coordinates: int) -> int:
    return int(seeds.generator("dropout", *coordinates).integers(2**63))
