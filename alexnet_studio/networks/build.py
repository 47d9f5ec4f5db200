"""A spec as a torch module whose layers keep their names."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import Literal

import torch
from torch import Tensor, nn
from torch.nn import functional

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.freed_memory import keep_freed_memory
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.initialisation import initialise, without_own
from alexnet_studio.networks.layers import (
    Activation,
    AnyLayer,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    GlobalPool,
    MapNorm,
    Pool,
    ResponseNorm,
    activation_of,
)
from alexnet_studio.networks.lrn import LocalResponseNorm
from alexnet_studio.networks.modules import Borrowing, GroupedLinear, LocalConv, PaddedConv, PaddedPool
from alexnet_studio.networks.modules import MapNorm as MapNormModule
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import Initialisation, Spec, classifier, hidden_layer, named_layer
from alexnet_studio.networks.windows import Windows


class Network(nn.Module):
    """The module of a spec: one submodule a layer under the layer's name, so that keys read "conv1.weight".

    `forward` takes (N, channels, image_size, image_size) and gives logits (N, classes), or the features of a network
    without a classifier as its last layer gives them.
    """

    def __init__(self, spec: Spec, dropout: float | None = None) -> None:
        """`dropout` replaces the rate of every dropout layer. Raises what `arithmetic.report` raises."""
        super().__init__()
        keep_freed_memory()  # from here on activations are made and freed with every batch
        self.spec = spec
        for layer, row in zip(spec.layers, report(spec).rows, strict=True):
            if hasattr(self, layer.name):
                raise BadInput(
                    "layer_name_taken",
                    "No layer of the network {network} can be called {layer}, which torch needs. Rename it.",
                    network=spec.name,
                    layer=layer.name,
                )
            module = module_of(layer, row, spec.towers, dropout)
            if isinstance(layer, Conv | Dense) and layer.weights_of:
                module = Borrowing(module, self.get_submodule(layer.weights_of))
            self.add_module(layer.name, module)

    def forward(self, x: Tensor) -> Tensor:
        out = self.activation(x, self.spec.layers[-1].name)
        return out.flatten(1) if classifier(self.spec) else out

    def hidden(self, x: Tensor) -> Tensor:
        """(N, D): the features, which are the last hidden layer's outputs after its activation."""
        return self.activation(x, hidden_layer(self.spec)).flatten(1)

    def activation(self, x: Tensor, name: str) -> Tensor:
        """What the layer `name` hands on for the images `x`, after its activation function.

        Raises `BadInput` ("wrong_input", "unknown_layer").
        """
        wanted = next(layer for layer in self.spec.layers if layer.name == named_layer(self.spec, name))
        return activated(self.before_activation(x, name), activation_of(wanted))

    def before_activation(self, x: Tensor, name: str) -> Tensor:
        """What the activation function of the layer `name` is given. Raises as `activation` does."""
        self._check_input(x)
        wanted = named_layer(self.spec, name)
        for layer in self.spec.layers:
            if isinstance(layer, Dense):
                x = x.flatten(1)
            x = self.get_submodule(layer.name)(x)
            if layer.name == wanted:
                break
            x = activated(x, activation_of(layer))
        return x

    def outputs(
        self, x: Tensor, activate: Callable[[Tensor, Activation], Tensor] | None = None
    ) -> Iterator[tuple[str, Tensor]]:
        """Each layer's name and what it hands on, in the network's order; `activate` stands in for `activated`.

        Raises `BadInput` ("wrong_input").
        """
        self._check_input(x)
        through = activate or activated
        for layer in self.spec.layers:
            if isinstance(layer, Dense):
                x = x.flatten(1)
            x = through(self.get_submodule(layer.name)(x), activation_of(layer))
            yield layer.name, x

    def map_of(self, x: Tensor) -> Tensor:
        """(N, classes, rows, columns): the logits at each place of images (N, channels, H, W) of any size that the
        convolutions fit into, without global pooling. For a network without fully connected layers.
        """
        for layer in self.spec.layers:
            if not isinstance(layer, GlobalPool):
                x = activated(self.get_submodule(layer.name)(x), activation_of(layer))
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
    initialisation: Initialisation | Literal["network"] = "network",
    seed: int = 0,
) -> Network:
    """The network on the CPU, in float32, in training mode, with weights that depend on `seed` alone.

    The global random state is neither read nor moved. Raises what `arithmetic.report` raises.
    """
    # Without memory first: torch would draw sixty million numbers of its own, only to be overwritten.
    with torch.device("meta"):
        network = Network(spec, dropout)
    network.to_empty(device="cpu")
    if initialisation == "network":
        initialise(network, spec, spec.initialisation, seed)
    else:
        initialise(network, without_own(spec), initialisation, seed)
    return network


def activated(x: Tensor, activation: Activation) -> Tensor:
    """`x` after the activation function; a leaky ReLU lets a hundredth of what is negative through."""
    match activation:
        case "relu":
            return functional.relu(x)
        case "tanh":
            return torch.tanh(x)
        case "sigmoid":
            return torch.sigmoid(x)
        case "leaky_relu":
            return functional.leaky_relu(x, 0.01)
        case "none":
            return x


def module_of(layer: AnyLayer, row: LayerReport, towers: int, dropout: float | None) -> nn.Module:
    """The layer's own arithmetic, without its activation, for the shapes in `row`. Weights are torch's own."""
    match layer:
        case Conv():
            return _conv(layer, row)
        case Pool():
            return _pool(layer)
        case GlobalPool():
            return nn.AdaptiveAvgPool2d(1)
        case ResponseNorm():
            alpha = layer.alpha / layer.size if layer.divide_by_size else layer.alpha
            seen = 1 if layer.across_towers else towers
            return LocalResponseNorm(layer.size, alpha, layer.beta, layer.k, seen)
        case MapNorm():
            return MapNormModule(layer.size, layer.alpha, layer.beta, layer.k)
        case BatchNorm():
            channels = row.input[0]
            return nn.BatchNorm2d(channels) if len(row.input) == 3 else nn.BatchNorm1d(channels)
        case Dropout():
            return nn.Dropout(layer.rate if dropout is None else dropout)
        case Dense():
            inputs, outputs = row.input[0], row.output[0]
            if layer.groups > 1:
                return GroupedLinear(inputs, outputs, layer.groups)
            return nn.Linear(inputs, outputs)


def _conv(layer: Conv, row: LayerReport) -> nn.Module:
    inputs, filters, side = row.input[0], *row.output[:2]
    if layer.shared != "all":
        own_kernels = layer.shared == "nothing"
        return LocalConv(inputs, filters, Windows.of(layer), layer.groups, side, own_kernels=own_kernels)
    if layer.sizing == "floor":
        return nn.Conv2d(inputs, filters, layer.kernel, layer.stride, layer.padding, groups=layer.groups)
    return PaddedConv(inputs, filters, Windows.of(layer), layer.groups)


def _pool(layer: Pool) -> nn.Module:
    if layer.sizing == "same":
        return PaddedPool(Windows.of(layer), layer.method)
    ceil = layer.sizing == "ceil"
    if layer.method == "max":
        return nn.MaxPool2d(layer.kernel, layer.stride, ceil_mode=ceil)
    return nn.AvgPool2d(layer.kernel, layer.stride, ceil_mode=ceil, count_include_pad=False)
