"""The kinds of layer that a network is made of, as data: without torch, and as JSON what they are here."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

STRICT = ConfigDict(extra="forbid", allow_inf_nan=False)

# The bound catches a slip of the keyboard before it becomes a request for terabytes.
Positive = Annotated[int, Field(ge=1, le=1_000_000)]
# A layer's name is a state_dict key, a row of the table and a field of files.
Name = r"[A-Za-z][A-Za-z0-9_]*"
LayerName = Annotated[str, Field(pattern=f"^{Name}$", max_length=60)]
# An earlier layer whose weights this one uses instead of its own (weightSource in 2012); biases are never shared.
Source = Annotated[str, Field(pattern=f"^({Name})?$", max_length=60)]
Activation = Literal["none", "relu", "tanh", "sigmoid", "leaky_relu"]
# What becomes of a last window that would overhang. floor: it is left out (torch, Caffe's convolutions); ceil: it
# is kept, and what lies outside counts nothing (the 2012 code); same: as many outputs as inputs divided by the
# stride, padded for that (TensorFlow's SAME).
Sizing = Literal["floor", "ceil", "same"]
# What the places of a convolution's map have in common. all: a convolution; kernels: each has biases of its own
# (sharedBiases=0 in 2012); nothing: each has its own kernels too (type=local in 2012).
Shared = Literal["all", "kernels", "nothing"]
Deviation = Annotated[float, Field(gt=0, le=10)]
Rate = Annotated[float, Field(ge=0, le=1_000_000)]


@dataclass(frozen=True, config=STRICT)
class Conv:
    """A convolution and its activation. `filters` counts all towers; None: one for each class (a classifier).

    `groups` cuts inputs and outputs. `deviation` is the standard deviation of the first weights (normal, or cut at
    twice that where `truncated`) and `bias` the first bias; None leaves them to the initialisation. `rate` and
    `bias_rate` multiply the recipe's learning rate, as epsW and epsB did in 2012, and `decay` its weight decay.
    A layer with `weights_of` has the weights of that earlier layer, which must be of the same shape.
    """

    name: LayerName
    filters: Positive | None
    kernel: Positive
    stride: Positive = 1
    padding: Annotated[int, Field(ge=0, le=1_000_000)] = 0
    groups: Positive = 1
    activation: Activation = "relu"
    deviation: Deviation | None = None
    truncated: bool = False
    bias: Annotated[float, Field(ge=-100, le=100)] | None = None
    sizing: Sizing = "floor"
    rate: Rate = 1.0
    bias_rate: Rate = 1.0
    decay: Rate = 1.0
    shared: Shared = "all"
    weights_of: Source = ""
    kind: Literal["conv"] = "conv"


@dataclass(frozen=True, config=STRICT)
class ResponseNorm:
    """Local response normalisation across channels (section 3.3), within a tower unless `across_towers`.

    b = a / (k + alpha' * sum of a^2 over `size` neighbouring channels)^beta, where alpha' is `alpha`
    as the paper prints it, or `alpha / size` when `divide_by_size` (the 2012 code, Caffe and torch). Then the
    activation, for a network that normalises before it.
    """

    name: LayerName
    size: Positive = 5
    alpha: Annotated[float, Field(ge=0)] = 1e-4
    beta: Annotated[float, Field(ge=0)] = 0.75
    k: Annotated[float, Field(gt=0)] = 2.0
    divide_by_size: bool = False
    across_towers: bool = False
    activation: Activation = "none"
    kind: Literal["rnorm"] = "rnorm"


@dataclass(frozen=True, config=STRICT)
class MapNorm:
    """Response normalisation within a map: the 2012 code's `rnorm`, which the paper does not mention.

    b = a / (k + alpha / size^2 * sum of a^2 over `size` x `size` neighbouring pixels of the channel)^beta.
    """

    name: LayerName
    size: Positive = 5
    alpha: Annotated[float, Field(ge=0)] = 1e-3
    beta: Annotated[float, Field(ge=0)] = 0.75
    k: Annotated[float, Field(gt=0)] = 1.0
    kind: Literal["cnorm"] = "cnorm"


@dataclass(frozen=True, config=STRICT)
class BatchNorm:
    """Batch normalisation (Ioffe, Szegedy 2015) of each channel or neuron, then the activation."""

    name: LayerName
    activation: Activation = "none"
    kind: Literal["bnorm"] = "bnorm"


@dataclass(frozen=True, config=STRICT)
class Pool:
    """Pooling over windows, overlapping where `kernel` is larger than `stride` (section 3.4), then the activation.

    An average is taken over the pixels of a window that are there.
    """

    name: LayerName
    kernel: Positive = 3
    stride: Positive = 2
    method: Literal["max", "average"] = "max"
    sizing: Sizing = "floor"
    activation: Activation = "none"
    kind: Literal["pool"] = "pool"


@dataclass(frozen=True, config=STRICT)
class GlobalPool:
    """The average of each whole map: a classifier of convolutions gives one answer at any image size."""

    name: LayerName
    kind: Literal["gpool"] = "gpool"


@dataclass(frozen=True, config=STRICT)
class Dense:
    """A fully connected layer. `neurons` None: one for each class (the classifier).

    With `groups`, each part of the outputs sees its own part of the inputs: towers without a link between them.
    The other fields are a `Conv`'s.
    """

    name: LayerName
    neurons: Positive | None
    groups: Positive = 1
    activation: Activation = "relu"
    deviation: Deviation | None = None
    truncated: bool = False
    bias: Annotated[float, Field(ge=-100, le=100)] | None = None
    rate: Rate = 1.0
    bias_rate: Rate = 1.0
    decay: Rate = 1.0
    weights_of: Source = ""
    kind: Literal["fc"] = "fc"


@dataclass(frozen=True, config=STRICT)
class Dropout:
    """Dropout (section 4.2): zeroes with `rate` while training, scaled so that testing needs no factor."""

    name: LayerName
    rate: Annotated[float, Field(ge=0, lt=1)] = 0.5
    kind: Literal["dropout"] = "dropout"


AnyLayer = Conv | ResponseNorm | MapNorm | BatchNorm | Pool | GlobalPool | Dense | Dropout
Layer = Annotated[AnyLayer, Field(discriminator="kind")]
KINDS = ("conv", "rnorm", "cnorm", "bnorm", "pool", "gpool", "fc", "dropout")


def activation_of(layer: AnyLayer) -> Activation:
    """What follows the layer's own arithmetic."""
    return layer.activation if isinstance(layer, Conv | ResponseNorm | Pool | BatchNorm | Dense) else "none"


def is_classifier(layer: AnyLayer) -> bool:
    """Whether its outputs are the classes."""
    return (isinstance(layer, Conv) and layer.filters is None) or (
        isinstance(layer, Dense) and layer.neurons is None
    )
