"""A network as a PyTorch class that a student can read: one attribute a layer, under the layer's own name.

The text depends on torch alone. Its state_dict has the keys of ours, and gives the same outputs.
"""

from __future__ import annotations

import keyword
import math
from collections.abc import Iterator

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.arithmetic import LayerReport, report
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
)
from alexnet_studio.networks.pytorch_blocks import BLOCKS
from alexnet_studio.networks.spec import Spec, classifier

_ACTIVATIONS: dict[Activation, str] = {
    "none": "{}",
    "relu": "F.relu({})",
    "tanh": "torch.tanh({})",
    "sigmoid": "torch.sigmoid({})",
    "leaky_relu": "F.leaky_relu({}, 0.01)",
}


def network_source(spec: Spec) -> str:
    """A module with the class `Network`. Raises `BadInput` ("layer_name_taken") and what `arithmetic.report` raises."""
    rows = report(spec).rows
    pairs = list(zip(spec.layers, rows, strict=True))
    for layer, _ in pairs:
        if keyword.iskeyword(layer.name):
            raise BadInput(
                "layer_name_taken",
                "No layer of the network {network} can be called {layer}, which Python needs. Rename it.",
                network=spec.name,
                layer=layer.name,
            )
    made = [(layer, row, _made(spec, layer, row)) for layer, row in pairs]
    blocks = [BLOCKS[name] for name in BLOCKS if any(f"{name}(" in text for _, _, text in made)]
    parts = [_heading(spec), *blocks, _network(spec, made)]
    return "\n\n".join(part.strip("\n") + "\n" for part in parts)


def _heading(spec: Spec) -> str:
    words = " ".join(f"{spec.title}. {spec.source}. Written by AlexNet Studio.".split())
    # A title may hold anything, and must stay text.
    return (
        f"{_quoted(words)}\n\nfrom __future__ import annotations\n\n"
        "import torch\nfrom torch import Tensor, nn\nfrom torch.nn import functional as F\n"
    )


def _quoted(words: str) -> str:
    safe = words.replace("\\", "\\\\").replace('"', '\\"')
    lines: list[str] = [""]
    for word in safe.split(" "):
        if len(lines[-1]) + len(word) > 90:
            lines.append("")
        lines[-1] = f"{lines[-1]} {word}".strip()
    return '"""' + "\n".join(lines) + '\n"""'


def _network(spec: Spec, made: list[tuple[AnyLayer, LayerReport, str]]) -> str:
    side = spec.image_size
    takes = f"(N, {spec.channels}, {side}, {side})"
    ends = f"logits (N, {spec.classes})" if classifier(spec) else "the last layer's features"
    init = [f"        self.{layer.name} = {text}  # {_shape(row)}" for layer, row, text in made]
    forward = list(_forward(spec, [(layer, row) for layer, row, _ in made]))
    return "\n".join(
        [
            "class Network(nn.Module):",
            f'    """Takes images {takes} and gives {ends}."""',
            "",
            "    def __init__(self) -> None:",
            "        super().__init__()",
            *init,
            "",
            "    def forward(self, x: Tensor) -> Tensor:",
            *(f"        {line}" for line in forward),
        ]
    )


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


def _made(spec: Spec, layer: AnyLayer, row: LayerReport) -> str:
    """The expression that makes the layer's module."""
    match layer:
        case Conv():
            padding = 0 if row.overhang else row.padding
            options = [f"kernel_size={layer.kernel}"]
            options += [f"stride={layer.stride}"] if layer.stride != 1 else []
            options += [f"padding={padding}"] if padding else []
            options += [f"groups={layer.groups}"] if layer.groups != 1 else []
            return f"nn.Conv2d({row.input[0]}, {row.output[0]}, {', '.join(options)})"
        case Dense():
            if layer.groups > 1:
                return f"GroupedLinear({row.input[0]}, {row.output[0]}, groups={layer.groups})"
            return f"nn.Linear({row.input[0]}, {row.output[0]})"
        case ResponseNorm():
            return _response_norm(spec, layer)
        case MapNorm():
            return f"MapNorm({layer.size}, alpha={layer.alpha!r}, beta={layer.beta!r}, k={layer.k!r})"
        case BatchNorm():
            return f"nn.BatchNorm{'2d' if len(row.input) == 3 else '1d'}({row.input[0]})"
        case Pool():
            return _pool(layer, row)
        case GlobalPool():
            return "nn.AdaptiveAvgPool2d(1)"
        case Dropout():
            return f"nn.Dropout({layer.rate!r})"


def _response_norm(spec: Spec, layer: ResponseNorm) -> str:
    # torch divides alpha by the size, as the 2012 code does and the paper does not.
    alpha = layer.alpha if layer.divide_by_size else layer.alpha * layer.size
    options = f"{layer.size}, alpha={alpha:.10g}, beta={layer.beta!r}, k={layer.k!r}"
    if spec.towers > 1 and not layer.across_towers:
        return f"TowerNorm({spec.towers}, {options})"
    return f"nn.LocalResponseNorm({options})"


def _pool(layer: Pool, row: LayerReport) -> str:
    if layer.sizing == "same" and layer.method == "average":
        return f"SameAveragePool({layer.kernel}, {layer.stride}, {row.padding}, {row.padding + row.overhang})"
    options = f"kernel_size={layer.kernel}, stride={layer.stride}"
    options += ", ceil_mode=True" if layer.sizing == "ceil" else ""
    if layer.method == "max":
        return f"nn.MaxPool2d({options})"
    return f"nn.AvgPool2d({options}, count_include_pad=False)"


def _shape(row: LayerReport) -> str:
    return " x ".join(map(str, row.output)) if math.prod(row.output) else ""
