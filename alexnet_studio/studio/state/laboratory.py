"""What the augmentation laboratory has looked at last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.studio.jobs.laboratory import BatchSeen, ColoursMeasured, ImageFitted, ImageUnreadable


@dataclass(frozen=True, slots=True)
class LaboratoryState:
    """What the augmentation laboratory has looked at last.

    `place`: top and left of the crop that a person looks at; `strips`: of it, (axes, 7, S, S, C). `error`: why there
    are no colours.
    """

    image: ImageFitted | None = None
    unreadable: ImageUnreadable | None = None
    place: tuple[int, int] = (0, 0)
    mirrored: bool = False
    strips: Pixels | None = field(default=None, compare=False)
    colours: ColoursMeasured | None = None
    batch: BatchSeen | None = None
    error: StudioError | None = None
