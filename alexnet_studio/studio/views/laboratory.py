"""What the augmentation laboratory shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.studio.jobs.laboratory import BatchSeen, ColoursMeasured, ImageFitted


@dataclass(frozen=True, slots=True)
class AxisView:
    """A principal colour and its share of the variance; `direction` is its unit vector, in words.

    `swatches` (7, C): the mean colour moved along it.
    """

    name: str
    text: str
    share: float
    direction: str = ""
    swatches: Pixels | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class LaboratoryView:
    """`crops` says how many the image has, `number` which of them is looked at, `unreadable` why there is none."""

    problem: str = ""
    busy: str = ""
    image: ImageFitted | None = None
    unreadable: str = ""
    crops: str = ""
    place: tuple[int, int] = (0, 0)
    mirrored: bool = False
    across: str = ""
    down: str = ""
    number: str = ""
    size: str = ""
    crop: Pixels | None = field(default=None, compare=False)
    colours: ColoursMeasured | None = None
    axes: tuple[AxisView, ...] = ()
    why: str = ""
    strip: str = ""
    strips: Pixels | None = field(default=None, compare=False)
    batch: BatchSeen | None = None
    batch_title: str = ""
    next_batch: bool = False
