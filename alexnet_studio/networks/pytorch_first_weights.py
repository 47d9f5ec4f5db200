"""The lines of a written network that fill its first weights, as `initialisation` fills ours."""

from __future__ import annotations

from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.first_values import first_bias
from alexnet_studio.networks.layers import Conv, Dense, is_classifier
from alexnet_studio.networks.python_text import TUPLE, called
from alexnet_studio.networks.reports import LayerReport
from alexnet_studio.networks.spec import Spec

_INDENT = " " * 8


def first_weights(spec: Spec) -> list[str]:
    """Layers that begin alike share a loop. Nothing for a network without weights."""
    rules: dict[tuple[str, str], list[str]] = {}
    for layer, row in zip(spec.layers, report(spec).rows, strict=True):
        if isinstance(layer, Conv | Dense):
            weight = "" if layer.weights_of else _weight(spec, layer, row)
            rule = (weight, _bias(first_bias(spec, layer, spec.initialisation)))
            rules.setdefault(rule, []).append(layer.name)
    lines: list[str] = []
    for (weight, bias), names in rules.items():
        lines += _loop(names, weight, bias)
    return ["", f"{_INDENT}# First weights and biases.", *lines] if lines else []


def _loop(names: list[str], weight: str, bias: str) -> list[str]:
    layers = [f"self.{name}" for name in names]
    head = [f"{_INDENT}layer = {layers[0]}"] if len(layers) == 1 else called(_INDENT + TUPLE, layers, "):")
    indent = _INDENT if len(layers) == 1 else f"{_INDENT}    "
    return [*head, *([f"{indent}{weight}"] if weight else []), f"{indent}{bias}"]


def _weight(spec: Spec, layer: Conv | Dense, row: LayerReport) -> str:
    deviation, how = layer.deviation, spec.initialisation
    area = layer.kernel**2 if isinstance(layer, Conv) else 1
    inputs = row.input[0] // layer.groups * area  # that one output sees
    local = isinstance(layer, Conv) and layer.shared == "nothing"  # torch would count the places as inputs
    if deviation is not None and layer.truncated:
        limit = 2 * deviation
        return f"nn.init.trunc_normal_(layer.weight, std={deviation!r}, a={-limit!r}, b={limit!r})"
    if deviation is not None:
        return f"nn.init.normal_(layer.weight, std={deviation!r})"
    if how == "xavier" and local:
        limit = f"(6 / {inputs + row.output[0] * area}) ** 0.5"
        return f"nn.init.uniform_(layer.weight, -({limit}), {limit})"
    if how == "xavier":
        return "nn.init.xavier_uniform_(layer.weight)"
    if how == "paper":
        return "nn.init.normal_(layer.weight, std=0.01)"
    if is_classifier(layer):  # a tenth of He's, so that the first loss is ln(classes)
        return f"nn.init.normal_(layer.weight, std=0.1 * (2 / {inputs}) ** 0.5)"
    if local:
        return f"nn.init.normal_(layer.weight, std=(2 / {inputs}) ** 0.5)"
    return 'nn.init.kaiming_normal_(layer.weight, nonlinearity="relu")'


def _bias(value: float) -> str:
    return "nn.init.zeros_(layer.bias)" if value == 0 else f"nn.init.constant_(layer.bias, {value!r})"
