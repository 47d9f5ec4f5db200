"""What the Map panel knows: where each indexed image lies on the map that was drawn last."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.studio.views.feature_map import Mistakes
from alexnet_studio.studio.views.parts import Pixels

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alexnet_studio.runs.maps import FeatureMap, Method


@dataclass(frozen=True, slots=True)
class FeatureMapSeen:
    """Point i is the image `paths[i]`, as the selection names it, of class `labels[i]`; `pictures` are those of all
    indexed images, memory-mapped. `outdated`: the features have changed since.
    """

    made: FeatureMap = field(compare=False)
    paths: tuple[str, ...] = field(compare=False)
    labels: NDArray[np.int64] = field(compare=False)
    classes: tuple[str, ...]
    pictures: Pixels = field(compare=False)
    outdated: bool = False


@dataclass(slots=True)
class FeatureMapState:
    """`version` grows with every map. `hidden` classes are not drawn, and of the others `only_mistakes`, as far as an
    evaluation knows of any.
    """

    method: Method = "pca"
    seen: FeatureMapSeen | None = None
    error: StudioError | None = None
    cancelled: bool = False
    version: int = 0
    hidden: frozenset[int] = frozenset()
    mistakes: Mistakes | None = None
    only_mistakes: bool = False

    def anew(self) -> FeatureMapState:
        """For another map: what a person wants to see of it stays as it was."""
        return FeatureMapState(
            self.method, version=self.version + 1, hidden=self.hidden, only_mistakes=self.only_mistakes
        )
