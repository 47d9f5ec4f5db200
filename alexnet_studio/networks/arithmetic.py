"""A network's numbers in closed form, without torch: shapes, parameters, multiply-adds, receptive fields."""

from __future__ import annotations

import math
from dataclasses import dataclass

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.spec import Conv, Dense, Dropout, Layer, MaxPool, ResponseNorm, Spec


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One row of the table; counts are 0 where a layer has none.

    `input` and `output` are (channels, height, width), or (values,) from the first fully connected layer on.
    `macs` are multiply-adds of one image's forward pass, `neurons` the outputs of a convolution or a fully
    connected layer, `receptive_field` the side of the square of the padded image that one output sees.
    """

    name: str
    kind: str
    input: tuple[int, ...]
    output: tuple[int, ...]
    kernel: int
    stride: int
    padding: int
    groups: int
    weights: int
    biases: int
    params: int
    macs: int
    neurons: int
    receptive_field: int


@dataclass(frozen=True, slots=True)
class Totals:
    weights: int
    biases: int
    params: int
    macs: int
    neurons: int


@dataclass(frozen=True, slots=True)
class Report:
    """One row for each layer, in the network's order, and their sums."""

    rows: tuple[LayerReport, ...]
    totals: Totals


@dataclass(frozen=True, slots=True)
class _Signal:
    """What arrives at a layer: its shape, the pixels that one value sees, and those from one to the next."""

    shape: tuple[int, ...]
    field: int
    jump: int


def report(spec: Spec) -> Report:
    """The table of `spec`.

    Raises `BadInput`: "layer_vanishes" (with the smallest image size that works), "groups_do_not_divide",
    "towers_do_not_divide", "layer_order", "layer_twice".
    """
    _check_names(spec)
    signal = _Signal((spec.channels, spec.image_size, spec.image_size), field=1, jump=1)
    rows: list[LayerReport] = []
    for layer in spec.layers:
        row, signal = _step(spec, layer, signal)
        rows.append(row)
    totals = Totals(
        weights=sum(row.weights for row in rows),
        biases=sum(row.biases for row in rows),
        params=sum(row.params for row in rows),
        macs=sum(row.macs for row in rows),
        neurons=sum(row.neurons for row in rows),
    )
    return Report(tuple(rows), totals)


def smallest_image(spec: Spec) -> int:
    """The smallest image size at which every layer has an output.

    A window of `kernel` makes `n` outputs from at least `(n - 1) * stride + kernel - 2 * padding` inputs.
    """
    size = 1
    for layer in reversed(spec.layers):
        if isinstance(layer, Conv):
            size = max(1, (size - 1) * layer.stride + layer.kernel - 2 * layer.padding)
        elif isinstance(layer, MaxPool):
            size = max(1, (size - 1) * layer.stride + layer.kernel)
    return size


def _step(spec: Spec, layer: Layer, signal: _Signal) -> tuple[LayerReport, _Signal]:
    """The layer's row, and what it hands on."""
    if isinstance(layer, Conv):
        return _conv(spec, layer, signal)
    if isinstance(layer, MaxPool):
        return _pool(spec, layer, signal)
    if isinstance(layer, Dense):
        return _dense(spec, layer, signal)
    return _same_shape(spec, layer, signal)


def _conv(spec: Spec, layer: Conv, signal: _Signal) -> tuple[LayerReport, _Signal]:
    channels, side, _ = _map(spec, layer, signal)
    _check_divides(spec, layer, channels)
    out = _windows(spec, layer.name, side, layer.kernel, layer.stride, layer.padding)
    weights = layer.filters * (channels // layer.groups) * layer.kernel**2
    after = _Signal(
        (layer.filters, out, out), signal.field + (layer.kernel - 1) * signal.jump, signal.jump * layer.stride
    )
    row = _row(
        layer,
        signal,
        after,
        kernel=layer.kernel,
        stride=layer.stride,
        padding=layer.padding,
        groups=layer.groups,
        weights=weights,
        biases=layer.filters,
        macs=weights * out * out,
    )
    return row, after


def _pool(spec: Spec, layer: MaxPool, signal: _Signal) -> tuple[LayerReport, _Signal]:
    channels, side, _ = _map(spec, layer, signal)
    out = _windows(spec, layer.name, side, layer.kernel, layer.stride, padding=0)
    after = _Signal(
        (channels, out, out), signal.field + (layer.kernel - 1) * signal.jump, signal.jump * layer.stride
    )
    return _row(layer, signal, after, kernel=layer.kernel, stride=layer.stride), after


def _dense(spec: Spec, layer: Dense, signal: _Signal) -> tuple[LayerReport, _Signal]:
    inputs = math.prod(signal.shape)
    outputs = spec.classes if layer.neurons is None else layer.neurons
    # Seen as a convolution whose kernel is the whole map that arrives.
    side = signal.shape[1] if len(signal.shape) == 3 else 1
    before = _Signal((inputs,), signal.field, signal.jump)
    after = _Signal((outputs,), signal.field + (side - 1) * signal.jump, signal.jump)
    weights = inputs * outputs
    return _row(layer, before, after, weights=weights, biases=outputs, macs=weights), after


def _same_shape(spec: Spec, layer: ResponseNorm | Dropout, signal: _Signal) -> tuple[LayerReport, _Signal]:
    if isinstance(layer, ResponseNorm):
        _check_towers(spec, layer.name, _map(spec, layer, signal)[0])
    return _row(layer, signal, signal), signal


def _row(
    layer: Layer,
    before: _Signal,
    after: _Signal,
    *,
    kernel: int = 0,
    stride: int = 0,
    padding: int = 0,
    groups: int = 0,
    weights: int = 0,
    biases: int = 0,
    macs: int = 0,
) -> LayerReport:
    return LayerReport(
        name=layer.name,
        kind=layer.kind,
        input=before.shape,
        output=after.shape,
        kernel=kernel,
        stride=stride,
        padding=padding,
        groups=groups,
        weights=weights,
        biases=biases,
        params=weights + biases,
        macs=macs,
        neurons=math.prod(after.shape) if weights else 0,
        receptive_field=after.field,
    )


def _windows(spec: Spec, layer: str, side: int, kernel: int, stride: int, padding: int) -> int:
    """How many windows fit side by side; a last one that would overhang is left out, as in torch."""
    out = (side + 2 * padding - kernel) // stride + 1
    if out < 1:
        raise BadInput(
            "layer_vanishes",
            "At an image size of {size} nothing is left of layer {layer} of the network {network}. "
            "Choose an image size of at least {smallest}.",
            size=spec.image_size,
            layer=layer,
            network=spec.name,
            smallest=smallest_image(spec),
        )
    return out


def _map(spec: Spec, layer: Layer, signal: _Signal) -> tuple[int, int, int]:
    """The (channels, height, width) that arrive at a layer which needs a map."""
    if len(signal.shape) != 3:
        raise BadInput(
            "layer_order",
            "Layer {layer} of the network {network} stands after a fully connected layer, "
            "where no map is left. Move it before the first one.",
            layer=layer.name,
            network=spec.name,
        )
    channels, height, width = signal.shape
    return channels, height, width


def _check_divides(spec: Spec, layer: Conv, channels: int) -> None:
    for what, count in (("inputs", channels), ("filters", layer.filters)):
        if count % layer.groups:
            raise BadInput(
                "groups_do_not_divide",
                "The {groups} groups of layer {layer} of the network {network} do not divide "
                "its {count} {what}. Choose a multiple of {groups}.",
                groups=layer.groups,
                layer=layer.name,
                network=spec.name,
                count=count,
                what=what,
            )
    _check_towers(spec, layer.name, layer.filters)


def _check_towers(spec: Spec, layer: str, channels: int) -> None:
    if channels % spec.towers:
        raise BadInput(
            "towers_do_not_divide",
            "The {towers} towers of the network {network} do not divide the {count} channels "
            "of layer {layer}. Choose a multiple of {towers}.",
            towers=spec.towers,
            network=spec.name,
            count=channels,
            layer=layer,
        )


def _check_names(spec: Spec) -> None:
    seen: set[str] = set()
    for layer in spec.layers:
        if layer.name in seen:
            raise BadInput(
                "layer_twice",
                "Two layers of the network {network} are called {layer}. Rename one of them.",
                network=spec.name,
                layer=layer.name,
            )
        seen.add(layer.name)
