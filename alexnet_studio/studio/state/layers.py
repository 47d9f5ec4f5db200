"""What the Layers panel knows of an image: every layer's answer, a unit's patches, what speaks for a class."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.views.layers import MapLook
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    from alexnet_studio.insight.activations import Activations
    from alexnet_studio.networks.spec import Spec


@dataclass(frozen=True, slots=True)
class LayersSeen:
    """`image` as the selection names it, and what the weights of `checkpoint` and `epoch` answered to it.

    `small`: only the thumbnail that the run keeps of the image was there. `note` says why other weights answered than
    the run's best.
    """

    image: str
    checkpoint: str
    epoch: int
    found: Activations = field(compare=False)
    spec: Spec = field(compare=False)
    classes: tuple[str, ...] = ()
    small: bool = False
    note: str = ""


@dataclass(frozen=True, slots=True)
class Explained:
    """`picture` (S, S, 3) of what speaks for the class `label`."""

    image: str
    checkpoint: str
    method: str
    label: int
    probability: float
    picture: Pixels = field(compare=False)


@dataclass(frozen=True, slots=True)
class UnitSeen:
    """`kernel`: of a convolution's unit, as a picture. `patches` (n, side, side, C) with their `values`, the strongest
    first, of `images` training images; `gathered` False before any were. `error` is why they cannot be shown.
    """

    layer: str
    unit: int
    kernel: Pixels | None = field(default=None, compare=False)
    patches: Pixels | None = field(default=None, compare=False)
    values: tuple[float, ...] = ()
    images: int = 0
    gathered: bool = False
    outdated: bool = False
    error: StudioError | None = None


@dataclass(slots=True)
class LayersState:
    """`layer` is the last one that was looked at, `place` (layer, row, column) where in its map; `tiles` (C, H, W) are
    its maps as pictures. `label` None: the most probable class. `version` grows when maps or numbers changed.
    """

    seen: LayersSeen | None = None
    error: StudioError | None = None
    looking: bool = False
    layer: str = ""
    place: tuple[str, int, int] | None = None
    look: MapLook = "global"
    tiles: Pixels | None = None
    unit: UnitSeen | None = None
    method: str = ""
    label: int | None = None
    explained: Explained | None = None
    version: int = 0
