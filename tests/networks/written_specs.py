"""Networks of any kinds of layers, for what writes and reads them."""

from __future__ import annotations

from hypothesis import strategies as st

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
    Shared,
    Sizing,
)
from alexnet_studio.networks.spec import Initialisation, Spec

SIZINGS: list[Sizing] = ["floor", "ceil", "same"]
ACTIVATIONS: list[Activation] = ["none", "relu", "tanh", "sigmoid", "leaky_relu"]
SHARED: list[Shared] = ["all", "all", "all", "kernels", "nothing"]
INITIALISATIONS: list[Initialisation] = ["paper", "he", "xavier"]


@st.composite
def specs(draw: st.DrawFn) -> Spec:
    """For images of 24 pixels or a few more, so that three windows fit; with names up to sixty letters."""
    towers = draw(st.sampled_from([1, 2]))
    prefix = draw(st.sampled_from(["", "F", "torch", "n" * 55]))
    layers = [_on_maps(draw, towers, f"{prefix or 'l'}{number}") for number in range(draw(st.integers(0, 6)))]
    if draw(st.booleans()):
        last = Conv("out", None, 1, activation="none", sizing=draw(st.sampled_from(SIZINGS)))
        layers += [GlobalPool("whole"), last] if draw(st.booleans()) else [last]
    else:
        groups = draw(st.sampled_from([1, towers])) if layers and isinstance(layers[0], Conv) else 1
        layers += [
            Dense("h", 4 * towers, groups=groups, activation=draw(st.sampled_from(ACTIVATIONS))),
            draw(st.sampled_from([BatchNorm("b"), Dropout("d", 0.25)])),
            Dense("out", draw(st.sampled_from([None, 3])), activation="none"),
        ]
    size, how = draw(st.integers(24, 27)), draw(st.sampled_from(INITIALISATIONS))
    return Spec("made", "", "", tuple(layers), towers, 2, size, 4, how)


def _on_maps(draw: st.DrawFn, towers: int, name: str) -> AnyLayer:
    activation, sizing = draw(st.sampled_from(ACTIVATIONS)), draw(st.sampled_from(SIZINGS))
    size, share = draw(st.integers(1, 4)), draw(st.booleans())
    match draw(st.sampled_from(["conv", "pool", "rnorm", "cnorm", "bnorm", "drop"])):
        case "conv":
            kernel, stride, padding = draw(st.tuples(st.integers(1, 4), st.integers(1, 2), st.integers(0, 2)))
            groups = draw(st.sampled_from([1, 2]))
            shared = draw(st.sampled_from(SHARED))
            return Conv(name, 4, kernel, stride, padding, groups, activation, sizing=sizing, shared=shared)
        case "pool":
            kernel, stride, method = (
                draw(st.integers(1, 3)),
                draw(st.integers(1, 2)),
                "max" if share else "average",
            )
            return Pool(name, kernel, stride, method, sizing, activation)
        case "rnorm":
            alpha, k = draw(st.floats(0, 1)), draw(st.floats(0.5, 2))
            return ResponseNorm(name, size, alpha, 0.75, k, share, towers == 2 and share, activation)
        case "cnorm":
            return MapNorm(name, size, alpha=draw(st.floats(0, 1)))
        case "bnorm":
            return BatchNorm(name, activation)
        case _:
            return Dropout(name)
