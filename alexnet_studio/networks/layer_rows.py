"""One layer's row in closed form, a rule for each kind of layer, and what the layer hands on to the next."""

from __future__ import annotations

import math
from dataclasses import dataclass

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
)
from alexnet_studio.networks.refusals import (
    require_divided,
    require_whole_towers,
    required_map,
    required_outputs,
)
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.windows import Windows


@dataclass(frozen=True, slots=True)
class Signal:
    """What arrives at a layer: its shape, the pixels that one value sees, and those from one to the next."""

    shape: tuple[int, ...]
    field: int
    jump: int

    def windowed(self, channels: int, side: int, kernel: int, stride: int) -> Signal:
        return Signal((channels, side, side), self.field + (kernel - 1) * self.jump, self.jump * stride)


def row_of(spec: Spec, layer: AnyLayer, signal: Signal) -> tuple[LayerReport, Signal]:
    """The layer's row, and what it hands on. Raises what `refusals` raises for one layer."""
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


def _conv(spec: Spec, layer: Conv, signal: Signal) -> tuple[LayerReport, Signal]:
    channels, side, _ = required_map(spec, layer, signal.shape)
    filters = spec.classes if layer.filters is None else layer.filters
    require_divided(spec, layer, {"inputs": channels, "filters": filters})
    if layer.filters is not None:
        require_whole_towers(spec, layer.name, filters)
    windows = Windows.of(layer)
    out = required_outputs(spec, layer.name, windows, side)
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


def _pool(spec: Spec, layer: Pool, signal: Signal) -> tuple[LayerReport, Signal]:
    channels, side, _ = required_map(spec, layer, signal.shape)
    windows = Windows.of(layer)
    after = signal.windowed(
        channels, required_outputs(spec, layer.name, windows, side), layer.kernel, layer.stride
    )
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


def _global_pool(spec: Spec, layer: GlobalPool, signal: Signal) -> tuple[LayerReport, Signal]:
    channels, side, _ = required_map(spec, layer, signal.shape)
    after = signal.windowed(channels, 1, side, 1)
    return _row(layer, signal, after, kernel=side, stride=1), after


def _dense(spec: Spec, layer: Dense, signal: Signal) -> tuple[LayerReport, Signal]:
    inputs = math.prod(signal.shape)
    outputs = spec.classes if layer.neurons is None else layer.neurons
    # Groups cut the channels that arrive, so that each sees whole maps of its own tower.
    require_divided(spec, layer, {"inputs": signal.shape[0], "neurons": outputs})
    # Seen as a convolution whose kernel is the whole map that arrives.
    side = signal.shape[1] if len(signal.shape) == 3 else 1
    before = Signal((inputs,), signal.field, signal.jump)
    after = Signal((outputs,), signal.field + (side - 1) * signal.jump, signal.jump)
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
    spec: Spec, layer: ResponseNorm | MapNorm | Dropout, signal: Signal
) -> tuple[LayerReport, Signal]:
    if isinstance(layer, MapNorm):
        required_map(spec, layer, signal.shape)
    elif isinstance(layer, ResponseNorm):
        channels, _, _ = required_map(spec, layer, signal.shape)
        if not layer.across_towers:
            require_whole_towers(spec, layer.name, channels)
    return _row(layer, signal, signal), signal


def _row(
    layer: AnyLayer,
    before: Signal,
    after: Signal,
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
