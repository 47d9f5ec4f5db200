"""How large each layer's weights, updates and gradients are: what the 2012 program printed after each test."""

from __future__ import annotations

import torch
from torch import Tensor, nn

from alexnet_studio.networks.two_devices import whole_name


class LayerSizes:
    """Means of absolute values over a layer's weights (not its biases), around one update of `network`.

    The difference of an update needs a copy of the weights, which is why not every update is watched.
    """

    def __init__(self, network: nn.Module) -> None:
        self._weights = [
            (whole_name(name).split(".")[0], parameter)
            for name, parameter in network.named_parameters()
            if parameter.ndim > 1 and name.endswith(".weight")
        ]
        self._before = [parameter.detach().clone() for _, parameter in self._weights]
        self._gradients: list[Tensor | None] = [None] * len(self._weights)

    def take_gradients(self, scale: float) -> None:
        """After the backward pass, before anything is clipped; `scale` is what the loss was multiplied with."""
        self._gradients = [
            None if parameter.grad is None else parameter.grad.detach().abs().sum() / scale
            for _, parameter in self._weights
        ]

    def read(self) -> dict[str, dict[str, float]]:
        """After the update: {layer: {"weight", "update", "gradient"}}; a frozen layer's gradient is 0."""
        sums: dict[str, list[Tensor | float]] = {}
        counts: dict[str, int] = {}
        for (layer, parameter), before, gradient in zip(
            self._weights, self._before, self._gradients, strict=True
        ):
            now = parameter.detach()
            parts = (
                before.abs().sum(),
                (now - before).abs().sum(),
                torch.zeros(()) if gradient is None else gradient,
            )
            held = sums.setdefault(layer, [0.0, 0.0, 0.0])
            for index, part in enumerate(parts):
                held[index] = held[index] + part.cpu().double()
            counts[layer] = counts.get(layer, 0) + parameter.numel()
        return {
            layer: dict(
                zip(
                    ("weight", "update", "gradient"),
                    (float(one) / counts[layer] for one in held),
                    strict=True,
                )
            )
            for layer, held in sums.items()
        }
