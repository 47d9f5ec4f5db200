"""What the window knows of kernels: the film of the first convolution, another layer's, and what was asked of them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.insight.kernel_marks import Marks
    from alexnet_studio.insight.kernel_measures import Measures, Order
    from alexnet_studio.insight.kernels import Normalisation
    from alexnet_studio.insight.specialisation import Specialisation

Look = Literal["pattern", "channels"]


@dataclass(frozen=True, slots=True)
class KernelFrame:
    """A layer's kernels at one moment, read-only float32, (filters, channels, height, width). `apart` is the towers'
    specialisation then; `marks` are None until somebody looks at them.
    """

    step: int
    epoch: int
    kernels: NDArray[np.float32] = field(compare=False)
    apart: Specialisation | None = field(default=None, compare=False)
    marks: Marks | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LayerSeen:
    """Another convolution's kernels, from a checkpoint; `patterns` (filters, 1, height, width)."""

    layer: str
    groups: int
    frame: KernelFrame
    patterns: NDArray[np.float32] = field(compare=False)
    measures: Measures = field(compare=False)


@dataclass(frozen=True, slots=True)
class Block:
    """One tower's kernels as pictures, in the order in which they are shown; `numbers` count from 1 through all."""

    tiles: NDArray[np.uint8] = field(compare=False)
    colourfulness: float = 0.0
    numbers: tuple[int, ...] = ()


@dataclass(frozen=True, slots=True)
class FiringSeen:
    """`counts`: on how many of the `images` each unit of the layer fires."""

    layer: str
    images: int
    counts: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class ResponseSeen:
    """What kernel `number` of `layer` answers to `image`; `answer` is that as a picture, zero being mid grey."""

    image: str
    layer: str
    number: int
    pixels: Pixels = field(compare=False)
    answer: Pixels = field(compare=False)
    lowest: float = 0.0
    highest: float = 0.0


@dataclass(frozen=True, slots=True)
class SeedSeen:
    """A run that differs in its seed only: its towers' specialisation over its film."""

    name: str
    steps: NDArray[np.int64] = field(compare=False)
    values: NDArray[np.float64] = field(compare=False)


@dataclass(slots=True)
class KernelState:
    """The film so far, which frame is shown, and that frame's pictures (where `is_drawn`: while a training brings more
    frames than views, those between are not drawn). `follow`: show the newest as it comes.

    `layer` is the film's, `looked` another one that a person wants to see instead, `still` the last such that has
    come. `image` is what the selected kernel is applied to.
    """

    film: list[KernelFrame] = field(default_factory=list[KernelFrame])
    frame: int = 0
    follow: bool = True
    playing: bool = False
    normalisation: Normalisation = "global"
    order: Order = "number"
    look: Look = "pattern"
    blocks: tuple[Block, ...] = ()
    is_drawn: bool = True
    layer: str = ""
    towers: int = 1
    version: int = 0
    layers: tuple[str, ...] = ()
    looked: str = ""
    still: LayerSeen | None = None
    firing: dict[str, FiringSeen] = field(default_factory=dict[str, FiringSeen])
    image: str = ""
    response: ResponseSeen | None = None
    seeds: tuple[SeedSeen, ...] | None = None

    @property
    def other(self) -> LayerSeen | None:
        """What is shown in place of the film."""
        return self.still if self.still is not None and self.still.layer == self.looked else None

    @property
    def shown(self) -> KernelFrame | None:
        if self.other is not None:
            return self.other.frame
        return self.film[self.frame] if self.film else None

    @property
    def marks(self) -> Marks | None:
        """Of what is shown; while a film plays nobody can read them."""
        return None if self.playing or self.shown is None else self.shown.marks

    @property
    def shown_layer(self) -> str:
        return self.layer if self.other is None else self.other.layer

    def anew(self) -> KernelState:
        """For another run: how things are shown stays as it was."""
        return KernelState(normalisation=self.normalisation, order=self.order, look=self.look)
