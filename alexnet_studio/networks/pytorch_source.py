"""A network as a PyTorch class that a student can read: one attribute a layer, under the layer's own name.

The text depends on torch alone. Its state_dict has the keys of ours, and gives the same outputs. Weights
that two layers share are one parameter there too, which torch lists under both names.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.layers import (
    Activation,
    AnyLayer,
    BatchNorm,
    Conv,
    Dense,
    Dropout,
    GlobalPool,
    MapNorm,
    Pool,
    ResponseNorm,
    activation_of,
    is_classifier,
)
from alexnet_studio.networks.python_text import called, docstring, imports
from alexnet_studio.networks.pytorch_blocks import BLOCKS
from alexnet_studio.networks.pytorch_first_weights import first_weights
from alexnet_studio.networks.pytorch_names import check_names
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import Spec, classifier

_ACTIVATIONS: dict[Activation, str] = {
    "none": "{}",
    "relu": "F.relu({})",
    "tanh": "torch.tanh({})",
    "sigmoid": "torch.sigmoid({})",
    "leaky_relu": "F.leaky_relu({}, 0.01)",
}


_PAPERS_ALPHA = (
    "        # torch divides alpha by the size of the window, which the paper does not: hence the factor."
)


@dataclass(frozen=True, slots=True)
class _Made:
    """A layer, its row of the table, and the expression that makes its module: what is called, and with what."""

    layer: AnyLayer
    row: LayerReport
    maker: str
    arguments: list[str]


def network_source(spec: Spec) -> str:
    """A module with the class `Network`. Raises `BadInput` ("layer_name_taken") and what `arithmetic.report` raises."""
    return program(spec, network_classes(spec))


def program(spec: Spec, code: str, *more: str) -> str:
    """`code` under the network's title, with the imports that it needs; `more` are paragraphs for its docstring."""
    words = [f"{spec.title.strip().rstrip('.') or spec.name}.", f"Source: {spec.source}"]
    notes = spec.notes.strip()
    heading = docstring(
        [*(words if spec.source.strip() else words[:1]), notes, *more, "Written by AlexNet Studio."]
    )
    return f"{heading}\n{imports(code)}\n\n{code}"


def network_classes(spec: Spec) -> str:
    """The class `Network` and the small ones it needs, without imports. Raises what `network_source` raises."""
    rows = report(spec).rows
    check_names(spec)
    made = [_made(spec, layer, row) for layer, row in zip(spec.layers, rows, strict=True)]
    blocks = [BLOCKS[name] for name in BLOCKS if any(one.maker == name for one in made)]
    return joined(*blocks, _network(spec, made))


def joined(*parts: str) -> str:
    """Two empty lines apart, as classes and functions stand."""
    return "\n\n\n".join(part.strip("\n") for part in parts) + "\n"


def _network(spec: Spec, made: list[_Made]) -> str:
    side = spec.image_size
    takes = f"(N, {spec.channels}, {side}, {side})"
    classes = classifier(spec) is not None
    ends = "logits (N, num_classes)" if classes else "the last layer's features"
    parameter = f", num_classes: int = {spec.classes}" if classes else ""
    return "\n".join(
        [
            "class Network(nn.Module):",
            f'    """Takes images {takes} and gives {ends}."""',
            "",
            f"    def __init__(self{parameter}) -> None:",
            "        super().__init__()",
            *_modules(made),
            *first_weights(spec),
            "",
            "    def forward(self, x: Tensor) -> Tensor:",
            *(f"        {line}" for line in _forward(spec, [(one.layer, one.row) for one in made])),
        ]
    )


def _modules(made: list[_Made]) -> Iterator[str]:
    told = False
    for one in made:
        if isinstance(one.layer, ResponseNorm) and not one.layer.divide_by_size and not told:
            yield _PAPERS_ALPHA
            told = True
        yield from called(f"        self.{one.layer.name} = {one.maker}(", one.arguments, ")", _shape(one))
        if isinstance(one.layer, Conv | Dense) and one.layer.weights_of:
            yield f"        self.{one.layer.name}.weight = self.{one.layer.weights_of}.weight  # shared"


def _forward(spec: Spec, pairs: list[tuple[AnyLayer, LayerReport]]) -> Iterator[str]:
    flat = False
    for layer, row in pairs:
        if isinstance(layer, Dense) and not flat:
            yield "x = torch.flatten(x, 1)"
            flat = True
        padding = _padding(layer, row)
        if padding:
            filler = ', value=float("-inf")' if isinstance(layer, Pool) else ""
            yield f"x = F.pad(x, {padding}{filler})"
        yield f"x = {_ACTIVATIONS[activation_of(layer)].format(f'self.{layer.name}(x)')}"
    if classifier(spec) and not flat:
        yield "return torch.flatten(x, 1)"
    else:
        yield "return x"


def _padding(layer: AnyLayer, row: LayerReport) -> str:
    """What is added before the layer where torch's own padding, the same on all sides, would not do."""
    behind = row.padding + row.overhang
    uneven = isinstance(layer, Conv) and row.overhang > 0
    same_pool = isinstance(layer, Pool) and layer.sizing == "same" and layer.method == "max" and behind > 0
    if uneven or same_pool:
        return f"({row.padding}, {behind}, {row.padding}, {behind})"
    return ""


def _made(spec: Spec, layer: AnyLayer, row: LayerReport) -> _Made:
    return _Made(layer, row, *_expression(spec, layer, row))


def _expression(spec: Spec, layer: AnyLayer, row: LayerReport) -> tuple[str, list[str]]:
    inputs = str(row.input[0])
    outputs = "num_classes" if is_classifier(layer) else str(row.output[0])
    match layer:
        case Conv() if layer.shared != "all":
            own = "True" if layer.shared == "nothing" else "False"
            options = [f"side={row.output[1]}", f"own_kernels={own}"]
            return "LocalConv", [inputs, outputs, *_conv_options(layer, row), *options]
        case Conv():
            return "nn.Conv2d", [inputs, outputs, *_conv_options(layer, row)]
        case Dense() if layer.groups > 1:
            return "GroupedLinear", [inputs, outputs, f"groups={layer.groups}"]
        case Dense():
            return "nn.Linear", [inputs, outputs]
        case ResponseNorm():
            return _response_norm(spec, layer)
        case MapNorm():
            return "MapNorm", [str(layer.size), *_norm_options(repr(layer.alpha), layer)]
        case BatchNorm():
            return f"nn.BatchNorm{'2d' if len(row.input) == 3 else '1d'}", [inputs]
        case Pool():
            return _pool(layer, row)
        case GlobalPool():
            return "nn.AdaptiveAvgPool2d", ["1"]
        case Dropout():
            return "nn.Dropout", [repr(layer.rate)]


def _conv_options(layer: Conv, row: LayerReport) -> list[str]:
    padding = 0 if row.overhang else row.padding
    options = [f"kernel_size={layer.kernel}"]
    options += [f"stride={layer.stride}"] if layer.stride != 1 else []
    options += [f"padding={padding}"] if padding else []
    options += [f"groups={layer.groups}"] if layer.groups != 1 else []
    return options


def _response_norm(spec: Spec, layer: ResponseNorm) -> tuple[str, list[str]]:
    alpha = repr(layer.alpha) if layer.divide_by_size else f"{layer.size} * {layer.alpha!r}"
    options = [str(layer.size), *_norm_options(alpha, layer)]
    if spec.towers > 1 and not layer.across_towers:
        return "TowerNorm", [str(spec.towers), *options]
    return "nn.LocalResponseNorm", options


def _norm_options(alpha: str, layer: ResponseNorm | MapNorm) -> list[str]:
    return [f"alpha={alpha}", f"beta={layer.beta!r}", f"k={layer.k!r}"]


def _pool(layer: Pool, row: LayerReport) -> tuple[str, list[str]]:
    if layer.sizing == "same" and layer.method == "average":
        padding = [str(row.padding), str(row.padding + row.overhang)]
        return "SameAveragePool", [str(layer.kernel), str(layer.stride), *padding]
    options = [f"kernel_size={layer.kernel}", f"stride={layer.stride}"]
    options += ["ceil_mode=True"] if layer.sizing == "ceil" else []
    return ("nn.MaxPool2d" if layer.method == "max" else "nn.AvgPool2d"), options


def _shape(made: _Made) -> str:
    first, *others = made.row.output
    return " x ".join(map(str, ["num_classes" if is_classifier(made.layer) else first, *others]))
