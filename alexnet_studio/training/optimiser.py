"""The optimiser of a recipe: weights decay, biases do not, and a layer may learn faster or slower than the others."""

from __future__ import annotations

from torch import nn, optim

from alexnet_studio.ground.device import DeviceKind
from alexnet_studio.networks.build import Network
from alexnet_studio.networks.layers import Conv, Dense
from alexnet_studio.networks.two_devices import TowerNetwork, whole_name
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.whole_state import save_whole, shares

# One kernel for all parameters instead of one for each: a tenth of the time of a step on a CPU.
_FUSED: frozenset[DeviceKind] = frozenset({"cpu", "cuda"})


def build(network: Network | TowerNetwork, recipe: Recipe, kind: DeviceKind) -> optim.Optimizer:
    """SGD: v = momentum * v + gradient + decay * w; w = w - rate * v.

    The paper (section 5) puts the rate inside v; the two differ only in the steps after a change of the rate.
    A layer's own factor stands in its group as "scale".
    """
    ruled = _by_rule(network)
    for (_, scale), named in ruled.items():
        for _, parameter in named:
            # A frozen layer costs no gradient, and has no part in the norm that is clipped.
            parameter.requires_grad_(scale > 0)
    groups = [
        {"params": [one for _, one in named], "weight_decay": recipe.weight_decay * decay, "scale": scale}
        for (decay, scale), named in ruled.items()
    ]
    fused = kind in _FUSED
    optimizer: optim.Optimizer
    if recipe.optimizer == "adam":
        optimizer = optim.Adam(groups, lr=recipe.lr, fused=fused)
    else:
        optimizer = optim.SGD(groups, lr=recipe.lr, momentum=recipe.momentum, fused=fused)
    save_whole(optimizer, shares([[name for name, _ in named] for named in ruled.values()]))
    return optimizer


def set_rate(optimizer: optim.Optimizer, rate: float) -> None:
    for group in optimizer.param_groups:
        # Checkpoints from before layers had rates of their own lack the factor.
        group["lr"] = rate * group.get("scale", 1.0)


def _by_rule(
    network: Network | TowerNetwork,
) -> dict[tuple[float, float], list[tuple[str, nn.Parameter]]]:
    """Parameters by the factors on their decay and on their rate: weights first, then biases, which do not decay."""
    found: dict[tuple[float, float], list[tuple[str, nn.Parameter]]] = {}
    layers = {layer.name: layer for layer in network.spec.layers}
    named = list(network.named_parameters())
    # A parameter's towers follow each other, in the place that the whole one has.
    places = {whole_name(name): place for place, (name, _) in reversed(list(enumerate(named)))}
    for name, parameter in sorted(named, key=lambda pair: (_is_bias(*pair), places[whole_name(pair[0])])):
        layer, is_weight = layers[name.split(".")[0]], not _is_bias(name, parameter)
        decay, scale = float(is_weight), 1.0
        if isinstance(layer, Conv | Dense):
            decay = layer.decay if is_weight else 0.0
            scale = layer.rate if is_weight else layer.bias_rate
        found.setdefault((decay, scale), []).append((name, parameter))
    return found


def _is_bias(name: str, parameter: nn.Parameter) -> bool:
    """Also the numbers of a batch normalisation, which do not decay either; a local layer's biases are a map."""
    return parameter.ndim <= 1 or name.endswith(".bias")
