"""A spec as cuda-convnet's two configuration files of 2012, two towers as two columns."""

from __future__ import annotations

from collections.abc import Iterator

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.first_values import first_bias
from alexnet_studio.networks.layers import (
    AnyLayer,
    Conv,
    Dense,
    Dropout,
    MapNorm,
    Pool,
    ResponseNorm,
    activation_of,
)
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import Spec, require_classifier

_NEURONS = {"relu": "relu", "tanh": "tanh", "sigmoid": "logistic"}
_USUAL_DEVIATION = 0.01

Lines = dict[str, object]  # a section's keys and values


def write(
    spec: Spec, *, lr: float = 0.01, momentum: float = 0.9, weight_decay: float = 5e-4
) -> tuple[str, str]:
    """The layers file and the layer-params file of `spec`; reading them gives its layers again.

    Raises `BadInput` ("cfg_cannot_say") naming the layer that the 2012 program did not have, and "no_classifier".
    """
    require_classifier(spec)
    if spec.towers > 2:
        raise _cannot(spec, spec.layers[0].name, "more than two towers")
    writer = _Writer(spec, lr, momentum, weight_decay)
    for layer, row in zip(spec.layers, report(spec).rows, strict=True):
        writer.add(layer, row)
    return writer.finished()


class _Writer:
    def __init__(self, spec: Spec, lr: float, momentum: float, weight_decay: float) -> None:
        self._spec = spec
        self._lr, self._momentum, self._decay = lr, momentum, weight_decay
        self._layers: dict[str, Lines] = {
            "data": {"type": "data", "dataIdx": 0},
            "labels": {"type": "data", "dataIdx": 1},
        }
        self._params: dict[str, Lines] = {}
        self._before: tuple[str, ...] = ("data",)
        self._written: dict[str, tuple[str, ...]] = {}  # the sections of each layer
        self._channels = spec.channels

    def add(self, layer: AnyLayer, row: LayerReport) -> None:
        names = self._columns(layer)
        for column, name in enumerate(names):
            sources = self._sources(layer, column, len(names))
            layers, params = (
                dict(self._said(layer, row, len(sources), column)),
                dict(self._learned(layer, len(sources))),
            )
            kind = {"type": layers.pop("type"), "inputs": ",".join(sources)}
            self._layers[name] = {**kind, **layers}
            if len(names) > 1 and isinstance(layer, Conv | Dense):
                self._layers[name]["gpu"] = column
            if params:
                self._params[name] = params
        self._before = self._written[layer.name] = names

    def finished(self) -> tuple[str, str]:
        (last,) = self._before
        self._layers["probs"] = {"type": "softmax", "inputs": last}
        self._layers["logprob"] = {"type": "cost.logreg", "inputs": "labels,probs"}
        self._params["logprob"] = {"coeff": 1, "topk": 5}
        return _text(self._layers), _text(self._params)

    def _columns(self, layer: AnyLayer) -> tuple[str, ...]:
        classifier = layer is self._spec.layers[-1]
        if self._spec.towers == 1 or classifier:
            return (layer.name,)
        return (f"{layer.name}a", f"{layer.name}b")

    def _sources(self, layer: AnyLayer, column: int, columns: int) -> tuple[str, ...]:
        own = isinstance(layer, Conv | Dense) and layer.groups == columns > 1
        passes = not isinstance(layer, Conv | Dense)
        if len(self._before) == 1 or columns == 1:
            return self._before
        return (self._before[column],) if own or passes else self._before

    def _said(
        self, layer: AnyLayer, row: LayerReport, sources: int, column: int
    ) -> Iterator[tuple[str, object]]:
        """The keys of the layers file."""
        columns = len(self._columns(layer))
        channels = row.input[0] // (len(self._before) if len(row.input) == 3 else 1)
        match layer:
            case Conv():
                self._check_conv(layer, row, columns)
                yield "type", "local" if layer.shared == "nothing" else "conv"
                for key, value in {
                    "channels": channels,
                    "filters": row.output[0] // columns,
                    "padding": layer.padding,
                    "stride": layer.stride,
                    "filterSize": layer.kernel,
                    "initW": self._deviation(layer),
                }.items():
                    yield key, _times(value, sources)
                if columns == 1 and layer.groups > 1:
                    yield "groups", layer.groups
                yield "initB", _number(first_bias(self._spec, layer, self._spec.initialisation))
                if layer.shared != "nothing":
                    yield "sharedBiases", int(layer.shared == "all")
                yield from self._shared(layer, column, sources)
            case Dense():
                if layer.groups not in {1, columns} or layer.truncated:
                    raise _cannot(self._spec, layer.name, "its groups or its truncated weights")
                yield "type", "fc"
                yield "outputs", row.output[0] // columns
                yield "initW", _times(self._deviation(layer), sources)
                yield "initB", _number(first_bias(self._spec, layer, self._spec.initialisation))
                yield from self._shared(layer, column, sources)
            case Pool():
                if row.overhang and layer.sizing != "ceil":
                    raise _cannot(self._spec, layer.name, "SAME padding")
                self._check_ceil(layer, row)
                yield "type", "pool"
                yield "pool", {"max": "max", "average": "avg"}[layer.method]
                yield from {"sizeX": layer.kernel, "stride": layer.stride, "channels": channels}.items()
            case ResponseNorm():
                if layer.across_towers and columns > 1:
                    raise _cannot(self._spec, layer.name, "normalisation across towers")
                yield "type", "cmrnorm"
                yield from {"channels": channels, "size": layer.size}.items()
            case MapNorm():
                yield "type", "rnorm"
                yield from {"channels": channels, "size": layer.size}.items()
            case Dropout():
                yield "type", "hs"
                yield "keep", _number(1 - layer.rate)
            case _:
                raise _cannot(self._spec, layer.name, f"a layer of the kind {layer.kind}")
        activation = activation_of(layer)
        if activation != "none":
            if activation not in _NEURONS:
                raise _cannot(self._spec, layer.name, f"the activation {activation}")
            yield "neuron", _NEURONS[activation]

    def _shared(self, layer: Conv | Dense, column: int, sources: int) -> Iterator[tuple[str, object]]:
        if not layer.weights_of:
            return
        theirs = self._written[layer.weights_of]
        own = self._columns(layer)
        if len(theirs) != len(own):
            raise _cannot(
                self._spec, layer.name, f"the weights of {layer.weights_of}, which has other columns"
            )
        yield "weightSource", ",".join(f"{theirs[column]}[{number}]" for number in range(sources))

    def _check_conv(self, layer: Conv, row: LayerReport, columns: int) -> None:
        if layer.groups not in {1, columns} and columns > 1:
            raise _cannot(self._spec, layer.name, f"{layer.groups} groups in two towers")
        if layer.truncated or layer.filters is None:
            raise _cannot(self._spec, layer.name, "truncated weights, or a classifier that is a convolution")
        self._check_ceil(layer, row)

    def _check_ceil(self, layer: Conv | Pool, row: LayerReport) -> None:
        """The 2012 program keeps a last window that overhangs; elsewhere both agree only where none does."""
        padding = layer.padding if isinstance(layer, Conv) else 0
        spare = (row.input[1] + 2 * padding - layer.kernel) % layer.stride
        if layer.sizing == "same" or (layer.sizing == "floor" and spare):
            raise _cannot(self._spec, layer.name, "leaving its last window out")

    def _deviation(self, layer: Conv | Dense) -> float:
        if layer.deviation is None and self._spec.initialisation != "paper":
            raise _cannot(self._spec, layer.name, f"the initialisation {self._spec.initialisation}")
        return _USUAL_DEVIATION if layer.deviation is None else layer.deviation

    def _learned(self, layer: AnyLayer, sources: int) -> Iterator[tuple[str, object]]:
        """The keys of the layer-params file."""
        match layer:
            case Conv() | Dense():
                yield "epsW", _times(self._lr * layer.rate, sources)
                yield "epsB", _number(self._lr * layer.bias_rate)
                yield "momW", _times(self._momentum, sources)
                yield "momB", _number(self._momentum)
                yield "wc", _times(self._decay * layer.decay, sources)
                yield "wball", _times(0, sources)
            case ResponseNorm():
                # The file's scale is divided by the size; a spec's alpha need not be.
                scale = layer.alpha if layer.divide_by_size else layer.alpha * layer.size
                yield from {"scale": scale, "pow": layer.beta, "minDiv": layer.k}.items()
            case MapNorm():
                yield from {"scale": layer.alpha, "pow": layer.beta, "minDiv": layer.k}.items()
            case Dropout():
                yield "enable", "true"
            case _:
                return


def _times(value: float, count: int) -> str:
    return ",".join([_number(value)] * count)


def _number(value: float) -> str:
    return f"{value:.9g}"


def _text(sections: dict[str, Lines]) -> str:
    blocks = [
        f"[{name}]\n" + "".join(f"{key}={value}\n" for key, value in lines.items())
        for name, lines in sections.items()
    ]
    return "\n".join(blocks)


def _cannot(spec: Spec, layer: str, what: str) -> BadInput:
    return BadInput(
        "cfg_cannot_say",
        "A configuration file of 2012 cannot say {what} (layer {layer} of {network}). Save it as a spec file instead.",
        what=what,
        layer=layer,
        network=spec.name,
    )
