"""A spec as a torch module whose layers keep their names."""

from __future__ import annotations

from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_studio.ground import seeds
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.arithmetic import LayerReport, report
from alexnet_studio.networks.lrn import LocalResponseNorm
from alexnet_studio.networks.spec import (
    Conv,
    Dense,
    Dropout,
    Initialisation,
    Layer,
    MaxPool,
    ResponseNorm,
    Spec,
    hidden_layer,
    named_layer,
)


class Network(nn.Module):
    """The module of a spec: one submodule a layer under the layer's name, so that keys read "conv1.weight".

    `forward` takes (N, channels, image_size, image_size) and gives logits (N, classes).
    """

    def __init__(self, spec: Spec, dropout: float | None = None) -> None:
        """`dropout` replaces the rate of every dropout layer. Raises what `arithmetic.report` raises."""
        super().__init__()
        self.spec = spec
        for layer, row in zip(spec.layers, report(spec).rows, strict=True):
            if hasattr(self, layer.name):
                raise BadInput(
                    "layer_name_taken",
                    "No layer of the network {network} can be called {layer}, which torch needs. Rename it.",
                    network=spec.name,
                    layer=layer.name,
                )
            self.add_module(layer.name, _module(layer, row, spec.towers, dropout))

    def forward(self, x: Tensor) -> Tensor:
        return self.activation(x, self.spec.layers[-1].name)

    def hidden(self, x: Tensor) -> Tensor:
        """(N, D): the features, which are the last hidden layer's outputs after its ReLU."""
        return self.activation(x, hidden_layer(self.spec))

    def activation(self, x: Tensor, name: str) -> Tensor:
        """What the layer `name` hands on for the images `x`, after its activation function.

        Raises `BadInput` ("wrong_input", "unknown_layer").
        """
        self._check_input(x)
        wanted = named_layer(self.spec, name)
        for layer in self.spec.layers:
            if isinstance(layer, Dense):
                x = x.flatten(1)
            x = self.get_submodule(layer.name)(x)
            if isinstance(layer, Conv | Dense) and layer.activation == "relu":
                x = functional.relu(x)
            if layer.name == wanted:
                break
        return x

    def _check_input(self, x: Tensor) -> None:
        wanted = (self.spec.channels, self.spec.image_size, self.spec.image_size)
        if x.dim() != 4 or x.shape[1:] != wanted:
            raise BadInput(
                "wrong_input",
                "The network {network} takes images of {wanted} (channels, height, width), not {given}. "
                "Bring the images to that size first.",
                network=self.spec.name,
                wanted=" x ".join(map(str, wanted)),
                given=" x ".join(map(str, x.shape[1:])),
            )


def build(
    spec: Spec,
    *,
    dropout: float | None = None,
    initialisation: Literal["network", "he", "paper"] = "network",
    seed: int = 0,
) -> Network:
    """The network on the CPU, in float32, in training mode, with weights that depend on `seed` alone.

    The global random state is neither read nor moved. Raises what `arithmetic.report` raises.
    """
    # Without memory first: torch would draw sixty million numbers of its own, only to be overwritten.
    with torch.device("meta"):
        network = Network(spec, dropout)
    network.to_empty(device="cpu")
    initialise(network, spec.initialisation if initialisation == "network" else initialisation, seed)
    return network


def initialise(network: Network, how: Initialisation, seed: int) -> None:
    """Fill all weights and biases: "he" (He et al. 2015, biases 0) or "paper" (section 5)."""
    ones = _biases_of_one(network.spec) if how == "paper" else frozenset[str]()
    with torch.no_grad():
        for layer in network.spec.layers:
            if not isinstance(layer, Conv | Dense):
                continue
            module = network.get_submodule(layer.name)
            assert isinstance(module, nn.Conv2d | nn.Linear)
            weight = module.weight
            deviation = _deviation(layer, how, inputs=weight[0].numel())
            weight.normal_(0.0, deviation, generator=_generator(seed, layer.name))
            if module.bias is not None:
                module.bias.fill_(1.0 if layer.name in ones else 0.0)


def _deviation(layer: Conv | Dense, how: Initialisation, inputs: int) -> float:
    if isinstance(layer, Conv) and layer.deviation is not None:
        return layer.deviation
    return 0.01 if how == "paper" else _he_deviation(layer, inputs)


def _he_deviation(layer: Conv | Dense, inputs: int) -> float:
    """What keeps a signal's size through a ReLU, which takes half of its square."""
    deviation = (2 / inputs) ** 0.5
    classifier = isinstance(layer, Dense) and layer.neurons is None
    # A small classifier begins with nearly equal probabilities: the first loss is ln(classes), not above it.
    return 0.1 * deviation if classifier else deviation


def _biases_of_one(spec: Spec) -> frozenset[str]:
    """Section 5: biases 1 in convolutions two, four and five and in the hidden fully connected layers."""
    convolutions = [layer.name for layer in spec.layers if isinstance(layer, Conv)]
    hidden = [layer.name for layer in spec.layers if isinstance(layer, Dense) and layer.neurons is not None]
    return frozenset((*convolutions[1:2], *convolutions[3:5], *hidden))


def _generator(seed: int, layer: str) -> torch.Generator:
    """One for each layer, so that changing a layer leaves the first weights of the others as they were."""
    return torch.Generator().manual_seed(int(seeds.generator("weights", seed, layer).integers(2**63)))


def _module(layer: Layer, row: LayerReport, towers: int, dropout: float | None) -> nn.Module:
    if isinstance(layer, Conv):
        return nn.Conv2d(
            row.input[0], layer.filters, layer.kernel, layer.stride, layer.padding, groups=layer.groups
        )
    if isinstance(layer, ResponseNorm):
        alpha = layer.alpha / layer.size if layer.divide_by_size else layer.alpha
        return LocalResponseNorm(layer.size, alpha, layer.beta, layer.k, towers)
    if isinstance(layer, MaxPool):
        return nn.MaxPool2d(layer.kernel, layer.stride)
    if isinstance(layer, Dropout):
        return nn.Dropout(layer.rate if dropout is None else dropout)
    return nn.Linear(row.input[0], row.output[0])
