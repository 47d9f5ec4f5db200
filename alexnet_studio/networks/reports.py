"""The table of a network as values: a row for each layer, and their sums."""

from __future__ import annotations

from dataclasses import dataclass


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
