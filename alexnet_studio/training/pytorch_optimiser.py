"""The part of a written training script that makes the optimiser: parameters in groups, by what rules them."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace

from alexnet_studio.networks.layers import BatchNorm, Conv, Dense
from alexnet_studio.networks.spec import Spec, first_conv
from alexnet_studio.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Rule:
    """Factors on rate and decay. `bias` and `first`, of the first convolution, count where a schedule asks for them.

    The numbers of a batch normalisation are ruled as biases are.
    """

    rate: float
    decay: float
    bias: bool = False
    first: bool = False


def groups(spec: Spec, recipe: Recipe) -> dict[Rule, list[str]]:
    """The script's names for the parameters under each rule, in the order of the optimiser's groups.

    Raises `BadInput` ("no_convolution") where the schedule is about the first one.
    """
    found: dict[Rule, list[str]] = {}
    first = first_conv(spec).name if recipe.schedule == "2012" else ""
    for layer, kind, rule in _parameters(spec):
        told = replace(rule, first=layer == first) if first else Rule(rule.rate, rule.decay)
        found.setdefault(told, []).append(f"network.{layer}.{kind}")
    return found


def _parameters(spec: Spec) -> Iterator[tuple[str, str, Rule]]:
    """Each parameter's layer, its name there, and its rule."""
    for layer in spec.layers:
        if isinstance(layer, Conv | Dense):
            if not layer.weights_of:
                yield layer.name, "weight", Rule(layer.rate, layer.decay)
            yield layer.name, "bias", Rule(layer.bias_rate, 0.0, bias=True)
        elif isinstance(layer, BatchNorm):
            yield layer.name, "weight", Rule(1.0, 0.0, bias=True)
            yield layer.name, "bias", Rule(1.0, 0.0, bias=True)


def optimiser_code(spec: Spec, recipe: Recipe) -> str:
    """The function `optimiser`."""
    lines = [
        "def optimiser(network: Network) -> torch.optim.Optimizer:",
        '    """Weights decay, biases do not; a layer may learn at a rate of its own."""',
        "    groups = [",
    ]
    for rule, names in groups(spec, recipe).items():
        lines += ["        {", '            "params": [']
        lines += [f"                {name}," for name in names]
        lines += ["            ],"]
        lines += [f'            "weight_decay": {recipe.weight_decay * rule.decay:.12g},']
        lines += [f'            "lr": {recipe.lr * rule.rate:.12g},', "        },"]
    lines.append("    ]")
    if recipe.optimizer == "adam":
        lines.append("    return torch.optim.Adam(groups)")
    else:
        lines.append(f"    return torch.optim.SGD(groups, momentum={recipe.momentum!r})")
    return "\n".join(lines)
