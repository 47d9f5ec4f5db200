"""The worked example's numbers, and what was measured at activations."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from alexnet_studio.networks.example import Example, example


@dataclass(frozen=True, slots=True)
class Measured:
    """What arrives at a layer's activation: counts in equal bins from -`reach` to `reach`."""

    layer: str
    images: int
    reach: float
    counts: tuple[int, ...]


@dataclass(slots=True)
class ExampleState:
    """The numbers that a person works through, which output is looked at, and whether a riddle is asked.

    `measured` are histograms by run and layer.
    """

    example: Example = field(default_factory=lambda: example("conv"))
    picked: tuple[int, int] = (0, 0)
    puzzle: Literal["", "asked", "solved"] = ""
    measured: dict[tuple[Path, str], Measured] = field(default_factory=dict[tuple[Path, str], Measured])
