"""A network's numbers in closed form, without torch: shapes, parameters, multiply-adds, receptive fields."""

from __future__ import annotations

from collections.abc import Iterator

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.layer_rows import Signal, row_of
from alexnet_studio.networks.layers import AnyLayer, Conv, Dense
from alexnet_studio.networks.refusals import require_order
from alexnet_studio.networks.reports import LayerReport, Report, Totals
from alexnet_studio.networks.shared_weights import require_same_shape
from alexnet_studio.networks.spec import Spec


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
    require_order(spec)
    signal = Signal((spec.channels, spec.image_size, spec.image_size), field=1, jump=1)
    above: dict[str, tuple[AnyLayer, LayerReport]] = {}
    for layer in spec.layers:
        row, signal = row_of(spec, layer, signal)
        if isinstance(layer, Conv | Dense) and layer.weights_of:
            require_same_shape(spec, layer, row, above)
        above[layer.name] = layer, row
        yield row
