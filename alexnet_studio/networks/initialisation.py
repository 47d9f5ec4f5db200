"""The first weights of a network, as a function of its spec and a seed."""

from __future__ import annotations

from dataclasses import replace

import torch
from torch import Tensor, nn

from alexnet_studio.ground import seeds
from alexnet_studio.networks.first_values import first_bias
from alexnet_studio.networks.layers import Conv, Dense, is_classifier
from alexnet_studio.networks.spec import Initialisation, Spec


def initialise(network: nn.Module, spec: Spec, how: Initialisation, seed: int) -> None:
    """Fill all parameters of `network`, the module of `spec`.

    "paper": normal with deviation 0.01, biases 1 in convolutions two, four and five and in the hidden fully connected
    layers (section 5). "he": He et al. 2015, biases 0. "xavier": uniform, Glorot and Bengio 2010, biases 0. A layer's
    own deviation and bias come before all of them.
    """
    with torch.no_grad():
        for layer in spec.layers:
            module = network.get_submodule(layer.name)
            if isinstance(module, nn.BatchNorm1d | nn.BatchNorm2d):
                module.reset_parameters()
            if not isinstance(layer, Conv | Dense):
                continue
            network.get_parameter(f"{layer.name}.bias").fill_(first_bias(spec, layer, how))
            if not layer.weights_of:
                weight = network.get_parameter(f"{layer.name}.weight")
                _fill(weight, layer, how, _generator(seed, layer.name))


def without_own(spec: Spec) -> Spec:
    """`spec` whose layers leave their first weights and biases to the initialisation that was asked for."""
    return replace(
        spec,
        layers=tuple(
            replace(layer, deviation=None, bias=None) if isinstance(layer, Conv | Dense) else layer
            for layer in spec.layers
        ),
    )


def _fill(weight: Tensor, layer: Conv | Dense, how: Initialisation, generator: torch.Generator) -> None:
    """`weight` is (outputs, inputs, kernel, kernel) for a convolution, with two more sides for own kernels."""
    if weight.dim() > 4:
        for place in weight.flatten(4).unbind(-1):
            _fill(place, layer, how, generator)
        return
    if layer.deviation is not None and layer.truncated:
        # torch's trunc_normal_ takes the limits in units of the value, TensorFlow's in deviations: two.
        limit = 2 * layer.deviation
        nn.init.trunc_normal_(weight, 0.0, layer.deviation, -limit, limit, generator=generator)
    elif layer.deviation is None and how == "xavier":
        nn.init.xavier_uniform_(weight, generator=generator)
    else:
        weight.normal_(0.0, _deviation(layer, how, inputs=weight[0].numel()), generator=generator)


def _deviation(layer: Conv | Dense, how: Initialisation, inputs: int) -> float:
    if layer.deviation is not None:
        return layer.deviation
    return 0.01 if how == "paper" else _he_deviation(layer, inputs)


def _he_deviation(layer: Conv | Dense, inputs: int) -> float:
    """What keeps a signal's size through a ReLU, which takes half of its square."""
    deviation = (2 / inputs) ** 0.5
    # A small classifier begins with nearly equal probabilities: the first loss is ln(classes), not above it.
    return 0.1 * deviation if is_classifier(layer) else deviation


def _generator(seed: int, layer: str) -> torch.Generator:
    """One for each layer, so that changing a layer leaves the first weights of the others as they were."""
    return torch.Generator().manual_seed(int(seeds.generator("weights", seed, layer).integers(2**63)))
