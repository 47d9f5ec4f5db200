"""The towers of a network: which layers see all of them, what crosses for that, and what each must hold; no torch."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Literal

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense, ResponseNorm, is_classifier
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import Spec

Links = Literal["none", "conv3", "conv4", "everywhere"]
LINKS: tuple[Links, ...] = ("none", "conv3", "conv4", "everywhere")

# A float32 weight, its gradient and its momentum.
_BYTES_OF_A_PARAMETER = 12
# A float32 value and its gradient.
_BYTES_OF_A_VALUE = 8


@dataclass(frozen=True, slots=True)
class Crossing:
    """What a tower sends to each other one, so that these can compute `layer`: `values` numbers for each image.

    `both_ways` False: only the first tower computes the layer, and only it receives. While training, as many
    gradients go back.
    """

    layer: str
    values: int
    both_ways: bool

    def image_bytes(self, towers: int, width: int = 4) -> int:
        """Of one image's forward pass, all ways together, with `width` bytes a number."""
        receivers = towers if self.both_ways else 1
        return self.values * width * receivers * (towers - 1)


@dataclass(frozen=True, slots=True)
class Holding:
    """What one tower holds of its own: parameters, and the outputs of all its layers for one image."""

    params: int
    values: int

    def training_bytes(self, batch: int) -> int:
        """A step with SGD in float32: parameters, gradients, momentum; each output of each image and its gradient."""
        return self.params * _BYTES_OF_A_PARAMETER + self.values * batch * _BYTES_OF_A_VALUE


def sees_all(layer: AnyLayer, towers: int) -> bool:
    """Whether every tower's part of the layer needs the other towers' outputs."""
    if isinstance(layer, Conv | Dense):
        return layer.groups % towers != 0
    return isinstance(layer, ResponseNorm) and layer.across_towers


def crossings(spec: Spec) -> tuple[Crossing, ...]:
    """Where activations cross, in the network's order. Raises what `arithmetic.report` raises."""
    if spec.towers == 1:
        return ()
    return tuple(_crossings(spec))


def holdings(spec: Spec) -> tuple[Holding, ...]:
    """Each tower's own, the classifier in the first (as in layers-145.cfg). Raises what `arithmetic.report` raises."""
    found: list[tuple[int, int]] = [(0, 0)] * spec.towers
    cut = False
    for layer, row in zip(spec.layers, report(spec).rows, strict=True):
        values = math.prod(row.output)
        cut = is_cut(layer, before=cut)
        sharers = range(spec.towers) if cut else range(1)
        for tower in sharers:
            params, held = found[tower]
            found[tower] = params + row.params // len(sharers), held + values // len(sharers)
    return tuple(Holding(params, values) for params, values in found)


def is_cut(layer: AnyLayer, *, before: bool) -> bool:
    """Whether the layer's outputs lie in halves; `before`: whether its inputs do."""
    return (isinstance(layer, Conv | Dense) or before) and not is_classifier(layer)


def linked(spec: Spec, links: Links) -> Spec:
    """`spec` with other links between its towers: what a wiring changes is its layers' groups.

    "none": only the classifier sees all towers. "conv3", "conv4": so do the third or the fourth convolution, and the
    hidden fully connected layers (conv3 is the paper's). "everywhere": every layer does. The first convolution sees
    the image. Raises `BadInput` ("one_tower").
    """
    if spec.towers == 1:
        raise BadInput(
            "one_tower",
            "The network {network} has one tower, and no links between towers. Choose one with two, such as paper.",
            network=spec.name,
        )
    convolutions = [layer.name for layer in spec.layers if isinstance(layer, Conv)]
    hidden = frozenset(layer.name for layer in spec.layers if isinstance(layer, Dense))
    crossing: dict[Links, frozenset[str] | None] = {
        "none": frozenset(),
        "conv3": hidden.union(convolutions[2:3]),
        "conv4": hidden.union(convolutions[3:4]),
        "everywhere": None,
    }
    changed = wired(spec, crossing[links])
    if changed.layers == spec.layers:
        return spec
    return replace(changed, name=f"{spec.name}-links-{links}", title=f"{spec.title}, links: {links}")


def wired(spec: Spec, crossing: frozenset[str] | None) -> Spec:
    """`spec` in which the layers named in `crossing`, the first and the classifier see all towers, the others only
    their own; None: all of them see all.
    """
    first = next((layer for layer in spec.layers if isinstance(layer, Conv)), None)

    def rewired(layer: AnyLayer) -> AnyLayer:
        if not isinstance(layer, Conv | Dense):
            return layer
        free = crossing is None or layer.name in crossing or layer is first or is_classifier(layer)
        return replace(layer, groups=1 if free else spec.towers)

    return replace(spec, layers=tuple(map(rewired, spec.layers)))


def require_towers(spec: Spec, devices: int) -> None:
    """Whether each of `devices` can have a tower. Raises `BadInput` ("towers_and_devices", "towers_share_a_group")."""
    if spec.towers != devices:
        raise BadInput(
            "towers_and_devices",
            "The network {network} has {towers}, and {devices} devices were given. Give it as many devices as it has "
            "towers, or a single one.",
            network=spec.name,
            towers="one tower" if spec.towers == 1 else f"{spec.towers} towers",
            devices=devices,
        )
    for layer, row in zip(spec.layers, report(spec).rows, strict=True):
        if isinstance(layer, Conv | Dense) and layer.weights_of:
            raise BadInput(
                "towers_share_weights",
                "Layer {layer} of the network {network} has the weights of {source}, which two devices cannot share. "
                "Use a single device.",
                layer=layer.name,
                network=spec.name,
                source=layer.weights_of,
            )
        whole = isinstance(layer, Conv | Dense) and layer.groups != 1 and sees_all(layer, spec.towers)
        if whole or (not is_classifier(layer) and row.output[0] % spec.towers):
            raise BadInput(
                "towers_share_a_group",
                "Layer {layer} of the network {network} cannot be cut into {towers} towers: its {groups} and its "
                "{outputs} outputs do not divide. Use a single device.",
                layer=layer.name,
                network=spec.name,
                towers=spec.towers,
                groups="1 group" if row.groups <= 1 else f"{row.groups} groups",
                outputs=row.output[0],
            )


def _crossings(spec: Spec) -> Iterator[Crossing]:
    cut = False
    for layer, row in zip(spec.layers, report(spec).rows, strict=True):
        if cut and sees_all(layer, spec.towers):
            yield Crossing(layer.name, _sent(layer, row, spec.towers), not is_classifier(layer))
        cut = is_cut(layer, before=cut)


def _sent(layer: AnyLayer, row: LayerReport, towers: int) -> int:
    if isinstance(layer, ResponseNorm):
        # Only the channels next to the border are in a window of the other tower.
        return min(layer.size // 2, row.input[0] // towers) * math.prod(row.input[1:])
    return math.prod(row.input) // towers
