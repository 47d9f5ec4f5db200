"""A network whose two towers lie on two devices (section 3.5), exchanging activations only where it has links."""

from __future__ import annotations

import re
from dataclasses import replace
from typing import Any

import torch
from torch import Tensor, nn

from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.build import Network, activated, module_of
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense, ResponseNorm, activation_of, is_classifier
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import classifier, named_layer
from alexnet_studio.networks.towers import is_cut, require_towers, sees_all

Parts = tuple[Tensor, ...]  # one whole tensor on the first device, or a half of the channels on each

_TOWER = re.compile(r"\.tower\d+(?=\.)")


class TowerNetwork(nn.Module):
    """`network` cut in two, tower 1 on the first of `devices` and tower 2 on the second; the classifier on the first.

    Same answers and gradients as `network`, to rounding. Its `state_dict` is `network`'s: tensors are joined on the
    first device, and cut again when they are loaded. The parameters are "conv1.tower1.weight" and so on. Raises
    `BadInput` ("towers_and_devices", "towers_share_a_group").
    """

    def __init__(self, network: Network, devices: tuple[torch.device, ...]) -> None:
        super().__init__()
        self.spec = network.spec
        self._devices = devices
        require_towers(self.spec, len(devices))
        cut = False
        for layer, row in zip(self.spec.layers, report(self.spec).rows, strict=True):
            inputs_cut, cut = cut, is_cut(layer, before=cut)
            whole = network.get_submodule(layer.name)
            parts = (
                self._cut(layer, row, whole, inputs_cut=inputs_cut) if cut else [_moved(whole, devices[0])]
            )
            named = {f"tower{number}": part for number, part in enumerate(parts, 1)}
            self.add_module(layer.name, nn.ModuleDict(named))
        hooks: Any = self  # torch leaves the type of a hook open
        hooks.register_state_dict_post_hook(_join)
        hooks.register_load_state_dict_pre_hook(self._split)

    def forward(self, x: Tensor) -> Tensor:
        """(N, channels, S, S) on any device to the logits (N, classes) on the first one."""
        out = self.activation(x, self.spec.layers[-1].name)
        return out.flatten(1) if classifier(self.spec) else out

    def activation(self, x: Tensor, name: str) -> Tensor:
        """What the layer `name` hands on, joined on the first device. Raises `BadInput` ("unknown_layer")."""
        wanted = named_layer(self.spec, name)
        parts: Parts = (x.to(self._devices[0]),)
        for layer in self.spec.layers:
            parts = self._step(layer, parts)
            if layer.name == wanted:
                break
        return self._joined(parts)

    def _step(self, layer: AnyLayer, parts: Parts) -> Parts:
        modules = [module for _, module in self.get_submodule(layer.name).named_children()]
        if isinstance(layer, Dense):
            parts = tuple(part.flatten(1) for part in parts)
        if is_classifier(layer):
            parts = (self._joined(parts),)
        elif isinstance(layer, Conv | Dense):
            parts = self._inputs(layer, parts)
        elif isinstance(layer, ResponseNorm) and layer.across_towers and len(parts) > 1:
            return self._normalised(layer, modules, parts)
        outputs = [module(part) for module, part in zip(modules, parts, strict=True)]
        return tuple(activated(output, activation_of(layer)) for output in outputs)

    def _inputs(self, layer: Conv | Dense, parts: Parts) -> Parts:
        """For each tower what its part of the layer sees, on its device."""
        if sees_all(layer, len(self._devices)):
            # In the order of the channels, so that the weights are those of the whole network.
            return tuple(torch.cat([part.to(device) for part in parts], 1) for device in self._devices)
        whole, *others = parts
        if others:
            return parts
        halves = whole.tensor_split(len(self._devices), 1)
        return tuple(half.to(device) for half, device in zip(halves, self._devices, strict=True))

    def _normalised(self, layer: ResponseNorm, modules: list[nn.Module], parts: Parts) -> Parts:
        """Windows across the border need the channels next to it: only these cross."""
        first, second = parts
        edge = min(layer.size // 2, first.shape[1])
        behind = second[:, :edge].to(self._devices[0])
        before = first[:, first.shape[1] - edge :].to(self._devices[1])
        outputs = (
            modules[0](torch.cat([first, behind], 1))[:, : first.shape[1]],
            modules[1](torch.cat([before, second], 1))[:, edge:],
        )
        return tuple(activated(output, activation_of(layer)) for output in outputs)

    def _joined(self, parts: Parts) -> Tensor:
        first, *others = parts
        return torch.cat([first, *(part.to(first.device) for part in others)], 1) if others else first

    def _cut(
        self, layer: AnyLayer, row: LayerReport, whole: nn.Module, *, inputs_cut: bool
    ) -> list[nn.Module]:
        """A module for each tower, with its part of the whole one's numbers on its device."""
        towers = len(self._devices)
        alone = isinstance(layer, Conv | Dense) and not sees_all(layer, towers)
        if isinstance(layer, Conv | Dense) and alone:
            layer = replace(layer, groups=layer.groups // towers)
        sees_half = alone or (inputs_cut and not isinstance(layer, Conv | Dense))
        inputs = row.input[0] // towers if sees_half else row.input[0]
        half = replace(
            row,
            input=(inputs, *row.input[1:]),
            output=(row.output[0] // towers, *row.output[1:]),
        )
        rate = whole.p if isinstance(whole, nn.Dropout) else None
        parts: list[nn.Module] = []
        for tower, device in enumerate(self._devices):
            with torch.device("meta"):
                part = module_of(layer, half, 1, rate)
            shares = {name: _share(value, tower, towers) for name, value in whole.state_dict().items()}
            part.load_state_dict(shares, assign=True)
            parts.append(_moved(part.train(whole.training), device))
        return parts

    def _split(
        self, _module: nn.Module, state: dict[str, Any], prefix: str, *_others: object, **_more: object
    ) -> None:
        """The whole network's tensors as its towers', before they are loaded."""
        for name in [name for name in state if name.startswith(prefix)]:
            layer, _, rest = name[len(prefix) :].partition(".")
            parts = list(self.get_submodule(layer).named_children()) if hasattr(self, layer) else []
            if rest and parts:
                value = state.pop(name)
                for tower, (part, _) in enumerate(parts):
                    state[f"{prefix}{layer}.{part}.{rest}"] = _share(value, tower, len(parts))


def placed(network: Network, devices: tuple[torch.device, ...]) -> Network | TowerNetwork:
    """`network` on its device, or cut into its towers for two; in the memory format convolutions are fastest in."""
    first, *others = devices
    spread = TowerNetwork(network, devices) if others else network.to(first)
    return spread.to(memory_format=torch.channels_last)


def whole_name(parameter: str) -> str:
    """The whole network's name of a tower's parameter: "conv1.weight" of "conv1.tower2.weight"."""
    return _TOWER.sub("", parameter)


def join(parts: list[Tensor]) -> Tensor:
    """The whole tensor of its towers' parts, on the device of the first. Outputs are cut, never inputs."""
    first = parts[0]
    if len(parts) == 1 or first.dim() == 0:  # a count of batches is the same in each
        return first
    return torch.cat([part.to(first.device) for part in parts])


def _moved(module: nn.Module, device: torch.device) -> nn.Module:
    """With copies of its numbers, also where the device stays: a view would keep the other tower's memory."""
    state = {name: value.to(device, copy=True) for name, value in module.state_dict().items()}
    module.load_state_dict(state, assign=True)
    return module


def _share(value: Tensor, tower: int, towers: int) -> Tensor:
    return value.tensor_split(towers)[tower] if towers > 1 and value.dim() else value


def _join(_module: nn.Module, state: dict[str, Any], prefix: str, _metadata: object) -> None:
    found: dict[str, list[Tensor]] = {}
    for name in [name for name in state if name.startswith(prefix)]:
        found.setdefault(whole_name(name), []).append(state.pop(name))
    state.update({name: join(parts) for name, parts in found.items()})
