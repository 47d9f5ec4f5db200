"""A network as data: an ordered table of named layers, without torch."""

from __future__ import annotations

from typing import Annotated, Literal

from pydantic import ConfigDict, Field
from pydantic.dataclasses import dataclass

_FROZEN = ConfigDict(extra="forbid", frozen=True)

Positive = Annotated[int, Field(ge=1)]
Activation = Literal["none", "relu"]
Initialisation = Literal["paper", "he"]


@dataclass(frozen=True, config=_FROZEN)
class Conv:
    """A convolution and its activation. `filters` counts all towers; `groups` cuts input and output channels alike."""

    name: str
    filters: Positive
    kernel: Positive
    stride: Positive = 1
    padding: Annotated[int, Field(ge=0)] = 0
    groups: Positive = 1
    activation: Activation = "relu"
    kind: Literal["conv"] = "conv"


@dataclass(frozen=True, config=_FROZEN)
class ResponseNorm:
    """Local response normalisation across channels (section 3.3), never across towers.

    b = a / (k + alpha' * sum of a^2 over `size` neighbouring channels)^beta, where alpha' is `alpha`
    as the paper prints it, or `alpha / size` when `divide_by_size` (the 2012 code, and torch).
    """

    name: str
    size: Positive = 5
    alpha: float = 1e-4
    beta: float = 0.75
    k: float = 2.0
    divide_by_size: bool = False
    kind: Literal["rnorm"] = "rnorm"


@dataclass(frozen=True, config=_FROZEN)
class MaxPool:
    """Max pooling; overlapping where `kernel` is larger than `stride` (section 3.4)."""

    name: str
    kernel: Positive = 3
    stride: Positive = 2
    kind: Literal["pool"] = "pool"


@dataclass(frozen=True, config=_FROZEN)
class Dense:
    """A fully connected layer. `neurons` None: one for each class (the classifier)."""

    name: str
    neurons: Positive | None
    activation: Activation = "relu"
    kind: Literal["fc"] = "fc"


@dataclass(frozen=True, config=_FROZEN)
class Dropout:
    """Dropout (section 4.2): zeroes with `rate` while training, scaled so that testing needs no factor."""

    name: str
    rate: Annotated[float, Field(ge=0, lt=1)] = 0.5
    kind: Literal["dropout"] = "dropout"


Layer = Annotated[Conv | ResponseNorm | MaxPool | Dense | Dropout, Field(discriminator="kind")]


@dataclass(frozen=True, config=_FROZEN)
class Spec:
    """A network: what stands in a run's `run.json` and in a spec file.

    `towers` is the number of the paper's GPU halves. Kernel blocks, response normalisation and the drawing
    cut channels into that many equal parts; which layers see both towers follows from `groups`
    (a convolution with `groups == towers` sees its own tower only).
    """

    name: str
    title: str
    source: str
    layers: tuple[Layer, ...]
    towers: Positive = 1
    channels: Positive = 3
    image_size: Positive = 224
    classes: Positive = 1000
    initialisation: Initialisation = "he"
    notes: str = ""
