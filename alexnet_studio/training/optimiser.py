"""The optimiser of a recipe: weights decay, biases do not, and a layer may learn faster or slower than the others."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from torch import nn, optim

from alexnet_studio.ground.device import DeviceKind
from alexnet_studio.networks.build import Network
from alexnet_studio.networks.layers import Conv, Dense
from alexnet_studio.networks.two_devices import TowerNetwork, whole_name
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.whole_state import save_whole, shares

# One kernel for all parameters instead of one for each: a tenth of the time of a step on a CPU.
_FUSED: frozenset[DeviceKind] = frozenset({"cpu", "cuda"})


@dataclass(frozen=True, slots=True)
class Rule:
    """What the parameters of one group have in common: their layer, whether they are its biases, and its factors."""

    layer: str
    bias: bool
    decay: float
    scale: float


def build(network: Network | TowerNetwork, recipe: Recipe, kind: DeviceKind) -> optim.Optimizer:
    """SGD: v = momentum * v + gradient + decay * w; w = w - rate * v.

    The paper (section 5) puts the rate inside v; the two differ only in the steps after a change of the rate.
    A group is the weights or the biases of a layer, named by "layer" and "bias"; the layer's own factor is "scale".
    """
    ruled = _by_rule(network)
    groups = [
        {
            "params": [one for _, one in named],
            "weight_decay": recipe.weight_decay * rule.decay,
            "scale": rule.scale,
            "layer": rule.layer,
            "bias": rule.bias,
        }
        for rule, named in ruled.items()
    ]
    fused = kind in _FUSED
    optimizer: optim.Optimizer
    if recipe.optimizer == "adam":
        optimizer = optim.Adam(groups, lr=recipe.lr, fused=fused)
    else:
        optimizer = optim.SGD(groups, lr=recipe.lr, momentum=recipe.momentum, fused=fused)
    save_whole(optimizer, shares([[name for name, _ in named] for named in ruled.values()]))
    return optimizer


def set_rates(optimizer: optim.Optimizer, rate: float, factor: Callable[[str, bool], float]) -> None:
    """`factor` of a layer's weights, or (True) of its biases, beside the layer's own; 0 freezes them."""
    for group in optimizer.param_groups:
        scale = group["scale"] * factor(group["layer"], group["bias"])
        group["lr"] = rate * scale
        for parameter in group["params"]:
            # What is frozen costs no gradient, keeps its momentum, and has no part in the norm that is clipped.
            if parameter.requires_grad != (scale > 0):
                parameter.requires_grad_(scale > 0)
                parameter.grad = None


def _by_rule(network: Network | TowerNetwork) -> dict[Rule, list[tuple[str, nn.Parameter]]]:
    """Parameters by what rules them: weights first, then biases, which do not decay."""
    found: dict[Rule, list[tuple[str, nn.Parameter]]] = {}
    layers = {layer.name: layer for layer in network.spec.layers}
    named = list(network.named_parameters())
    # A parameter's towers follow each other, in the place that the whole one has.
    places = {whole_name(name): place for place, (name, _) in reversed(list(enumerate(named)))}
    for name, parameter in sorted(named, key=lambda pair: (_is_bias(*pair), places[whole_name(pair[0])])):
        layer, bias = layers[name.split(".")[0]], _is_bias(name, parameter)
        decay, scale = float(not bias), 1.0
        if isinstance(layer, Conv | Dense):
            decay = 0.0 if bias else layer.decay
            scale = layer.bias_rate if bias else layer.rate
        found.setdefault(Rule(layer.name, bias, decay, scale), []).append((name, parameter))
    return found


def _is_bias(name: str, parameter: nn.Parameter) -> bool:
    """Also the numbers of a batch normalisation, which do not decay either; a local layer's biases are a map."""
    return parameter.ndim <= 1 or name.endswith(".bias")
