"""A network's numbers in closed form, without torch: shapes, parameters, multiply-adds, receptive fields."""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layers import (
    AnyLayer,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    GlobalPool,
    MapNorm,
    Pool,
    ResponseNorm,
    is_classifier,
)
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.windows import Windows


@dataclass(frozen=True, slots=True)
class LayerReport:
    """One row of the table; counts are 0 where a layer has none.

    `input` and `output` are (channels, height, width), or (values,) from the first fully connected layer on.
    `macs` are multiply-adds of one image's forward pass, `neurons` the outputs of a convolution or a fully
    connected layer, `receptive_field` the side of the square of the padded image that one output sees. `padding`
    is what lies before the image's first pixel, `overhang` how much more than that lies after its last.
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
    overhang: int = 0


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

    def windowed(self, channels: int, side: int, kernel: int, stride: int) -> _Signal:
        return _Signal((channels, side, side), self.field + (kernel - 1) * self.jump, self.jump * stride)


def report(spec: Spec) -> Report:
    """The table of `spec`.

    Raises `BadInput`: "layer_vanishes" (with the smallest image size that works), "groups_do_not_divide",
    "towers_do_not_divide", "layer_order", "layer_twice", "classifier_not_last", "weights_of".
    """
    rows = list(_rows(spec))
    totals = Totals(
        weights=sum(row.weights for row in rows),
        biases=sum(row.biases for row in rows),
        params=sum(row.params for row in rows),
        macs=sum(row.macs for row in rows),
        neurons=sum(row.neurons for row in rows),
    )
    return Report(tuple(rows), totals)


def so_far(spec: Spec) -> tuple[tuple[LayerReport, ...], BadInput | None]:
    """The rows up to the first layer that cannot be, and what is wrong with it; for a table while it is edited."""
    rows: list[LayerReport] = []
    try:
        for row in _rows(spec):
            rows.append(row)  # noqa: PERF402 - what came before the error is kept
    except BadInput as error:
        return tuple(rows), error
    return tuple(rows), None


def _rows(spec: Spec) -> Iterator[LayerReport]:
    _check_names(spec)
    signal = _Signal((spec.channels, spec.image_size, spec.image_size), field=1, jump=1)
    above: dict[str, tuple[AnyLayer, LayerReport]] = {}
    for layer in spec.layers:
        row, signal = _step(spec, layer, signal)
        if isinstance(layer, Conv | Dense) and layer.weights_of:
            _check_source(spec, layer, row, above)
        above[layer.name] = layer, row
        yield row


def smallest_image(spec: Spec) -> int:
    """The smallest image size at which every layer has an output."""
    size = 1
    for layer in reversed(spec.layers):
        if isinstance(layer, Conv | Pool):
            size = Windows.of(layer).smallest(size)
    return size


def _step(spec: Spec, layer: AnyLayer, signal: _Signal) -> tuple[LayerReport, _Signal]:
    """The layer's row, and what it hands on."""
    if isinstance(layer, Conv):
        return _conv(spec, layer, signal)
    if isinstance(layer, Pool):
        return _pool(spec, layer, signal)
    if isinstance(layer, GlobalPool):
        return _global_pool(spec, layer, signal)
    if isinstance(layer, Dense):
        return _dense(spec, layer, signal)
    if isinstance(layer, BatchNorm):
        channels = signal.shape[0]
        return _row(layer, signal, signal, weights=channels, biases=channels), signal
    return _same_shape(spec, layer, signal)


def _conv(spec: Spec, layer: Conv, signal: _Signal) -> tuple[LayerReport, _Signal]:
    channels, side, _ = _map(spec, layer, signal)
    filters = spec.classes if layer.filters is None else layer.filters
    _check_divides(spec, layer, {"inputs": channels, "filters": filters})
    if layer.filters is not None:
        _check_towers(spec, layer.name, filters)
    windows = Windows.of(layer)
    out = _outputs(spec, layer.name, windows, side)
    before, behind = windows.margins(side)
    places = out * out
    kernels = filters * (channels // layer.groups) * layer.kernel**2
    weights = kernels * places if layer.shared == "nothing" else kernels
    after = signal.windowed(filters, out, layer.kernel, layer.stride)
    row = _row(
        layer,
        signal,
        after,
        kernel=layer.kernel,
        stride=layer.stride,
        padding=before,
        overhang=behind - before,
        groups=layer.groups,
        weights=0 if layer.weights_of else weights,
        biases=filters if layer.shared == "all" else filters * places,
        macs=kernels * places,
        neurons=filters * places,
    )
    return row, after


def _pool(spec: Spec, layer: Pool, signal: _Signal) -> tuple[LayerReport, _Signal]:
    channels, side, _ = _map(spec, layer, signal)
    windows = Windows.of(layer)
    after = signal.windowed(channels, _outputs(spec, layer.name, windows, side), layer.kernel, layer.stride)
    before, behind = windows.margins(side)
    row = _row(
        layer,
        signal,
        after,
        kernel=layer.kernel,
        stride=layer.stride,
        padding=before,
        overhang=behind - before,
    )
    return row, after


def _global_pool(spec: Spec, layer: GlobalPool, signal: _Signal) -> tuple[LayerReport, _Signal]:
    channels, side, _ = _map(spec, layer, signal)
    after = signal.windowed(channels, 1, side, 1)
    return _row(layer, signal, after, kernel=side, stride=1), after


def _dense(spec: Spec, layer: Dense, signal: _Signal) -> tuple[LayerReport, _Signal]:
    inputs = math.prod(signal.shape)
    outputs = spec.classes if layer.neurons is None else layer.neurons
    # Groups cut the channels that arrive, so that each sees whole maps of its own tower.
    _check_divides(spec, layer, {"inputs": signal.shape[0], "neurons": outputs})
    # Seen as a convolution whose kernel is the whole map that arrives.
    side = signal.shape[1] if len(signal.shape) == 3 else 1
    before = _Signal((inputs,), signal.field, signal.jump)
    after = _Signal((outputs,), signal.field + (side - 1) * signal.jump, signal.jump)
    weights = inputs * outputs // layer.groups
    groups = layer.groups if layer.groups > 1 else 0
    row = _row(
        layer,
        before,
        after,
        groups=groups,
        weights=0 if layer.weights_of else weights,
        biases=outputs,
        macs=weights,
        neurons=outputs,
    )
    return row, after


def _same_shape(
    spec: Spec, layer: ResponseNorm | MapNorm | Dropout, signal: _Signal
) -> tuple[LayerReport, _Signal]:
    if isinstance(layer, MapNorm):
        _map(spec, layer, signal)
    elif isinstance(layer, ResponseNorm):
        channels, _, _ = _map(spec, layer, signal)
        if not layer.across_towers:
            _check_towers(spec, layer.name, channels)
    return _row(layer, signal, signal), signal


def _row(
    layer: AnyLayer,
    before: _Signal,
    after: _Signal,
    *,
    kernel: int = 0,
    stride: int = 0,
    padding: int = 0,
    overhang: int = 0,
    groups: int = 0,
    weights: int = 0,
    biases: int = 0,
    macs: int = 0,
    neurons: int = 0,
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
        neurons=neurons,
        receptive_field=after.field,
        overhang=overhang,
    )


def _outputs(spec: Spec, layer: str, windows: Windows, side: int) -> int:
    out = windows.outputs(side)
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


def _map(spec: Spec, layer: AnyLayer, signal: _Signal) -> tuple[int, int, int]:
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


def _check_divides(spec: Spec, layer: Conv | Dense, counts: dict[str, int]) -> None:
    for what, count in counts.items():
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


def _check_source(
    spec: Spec, layer: Conv | Dense, row: LayerReport, above: dict[str, tuple[AnyLayer, LayerReport]]
) -> None:
    """Weights can be used again where an earlier layer of the same shape has its own."""
    source, theirs = above.get(layer.weights_of, (None, row))
    problem = ""
    if not isinstance(source, Conv | Dense):
        problem = "no layer of that name with weights stands before it"
    elif source.weights_of:
        problem = f"that layer has the weights of {source.weights_of} itself. Name {source.weights_of}"
    elif (mine := _weight_shape(layer, row)) != (other := _weight_shape(source, theirs)):
        problem = f"its weights are {_times(mine)}, those of {source.name} {_times(other)}"
    if problem:
        raise BadInput(
            "weights_of",
            "Layer {layer} of the network {network} cannot have the weights of {source}: {problem}.",
            layer=layer.name,
            network=spec.name,
            source=layer.weights_of,
            problem=problem,
        )


def _weight_shape(layer: Conv | Dense, row: LayerReport) -> tuple[int, ...]:
    outputs, inputs = row.output[0], row.input[0] // layer.groups
    if isinstance(layer, Dense):
        return outputs, inputs
    places = row.output[1:] if layer.shared == "nothing" else ()
    return outputs, inputs, layer.kernel, layer.kernel, *places


def _times(shape: tuple[int, ...]) -> str:
    return " x ".join(map(str, shape))


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
        if is_classifier(layer) and layer is not spec.layers[-1]:
            raise BadInput(
                "classifier_not_last",
                "Layer {layer} of the network {network} gives the classes, but layers follow it. Give it a number "
                "of its own, or make it the last.",
                layer=layer.name,
                network=spec.name,
            )
        if layer.name in seen:
            raise BadInput(
                "layer_twice",
                "Two layers of the network {network} are called {layer}. Rename one of them.",
                network=spec.name,
                layer=layer.name,
            )
        seen.add(layer.name)
