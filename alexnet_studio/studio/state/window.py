"""All that the window knows."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio.collection import CollectionForm
from alexnet_studio.studio.dataset import Dataset
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.state.class_map import MapSeen
from alexnet_studio.studio.state.curves import CurveState
from alexnet_studio.studio.state.evaluation import EvaluationState
from alexnet_studio.studio.state.example import ExampleState
from alexnet_studio.studio.state.feature_map import FeatureMapState
from alexnet_studio.studio.state.kernels import KernelState
from alexnet_studio.studio.state.labels import LabelState
from alexnet_studio.studio.state.laboratory import LaboratoryState
from alexnet_studio.studio.state.layers import LayersState
from alexnet_studio.studio.state.measures import MeasureState
from alexnet_studio.studio.state.neighbours import NeighbourState
from alexnet_studio.studio.state.past import PastState
from alexnet_studio.studio.state.predictions import PredictionState
from alexnet_studio.studio.state.queue import QueueState
from alexnet_studio.studio.state.run import RunState
from alexnet_studio.studio.state.run_list import RunListState
from alexnet_studio.studio.state.setup import Edits, Setup
from alexnet_studio.studio.views.parts import Pixels, Selection

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.networks.spec import Spec


_THUMBNAILS_KEPT = 1500  # 128 × 128 × 3 bytes each: 74 MB


class Workspace(Enum):
    DATA = "data"
    NETWORK = "network"
    TRAIN = "train"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True)
class Notice:
    """A line above the panels. With `button`, pressing it triggers `intent`."""

    sentence: str
    is_error: bool = False
    button: str = ""
    intent: str = ""


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    choice: str  # as the recipe takes it
    name: str
    processes: int = 1  # each with one device of the kind


@dataclass(slots=True)
class State:
    """`now` is a monotonic clock that the controller sets before every view, so that `view_state` stays pure."""

    now: float = 0.0
    selection: Selection = field(default_factory=Selection)
    notice: Notice | None = None
    progress: dict[JobKind, Progress | None] = field(default_factory=dict[JobKind, Progress | None])
    devices: tuple[DeviceSeen, ...] = ()
    dataset: Dataset | None = None
    laboratory: LaboratoryState = field(default_factory=LaboratoryState)
    labels: LabelState = field(default_factory=LabelState)
    setup: Setup | None = None
    run: RunState | None = None
    curves: CurveState = field(default_factory=CurveState)
    kernels: KernelState = field(default_factory=KernelState)
    shown_step: int | None = None  # the moment that a person looks at, in all panels; None: the newest
    past: PastState = field(default_factory=PastState)
    neighbours: NeighbourState = field(default_factory=NeighbourState)
    thumbnails: dict[str, Pixels] = field(default_factory=dict[str, Pixels])
    kept: dict[str, Pixels] = field(
        default_factory=dict[str, Pixels]
    )  # small ones that the run brought along
    networks: tuple[tuple[str, str], ...] = ()
    compared: str = ""  # the network that the architecture is held beside: its name, or its run's folder
    compared_run: Spec | None = None  # what that run trains
    edits: Edits = field(default_factory=Edits)
    map: MapSeen | None = None
    evaluation: EvaluationState = field(default_factory=EvaluationState)
    predictions: PredictionState = field(default_factory=PredictionState)
    layers: LayersState = field(default_factory=LayersState)
    feature_map: FeatureMapState = field(default_factory=FeatureMapState)
    measures: MeasureState = field(default_factory=MeasureState)
    run_list: RunListState = field(default_factory=RunListState)
    queue: QueueState = field(default_factory=QueueState)
    examples: ExampleState = field(default_factory=ExampleState)
    recent: tuple[Path, ...] = ()
    collection: CollectionForm | None = None
    theme: str = "system"
    workspace: Workspace = Workspace.TRAIN
    closing: bool = False

    def working(self, kind: JobKind) -> bool:
        return kind in self.progress

    def picture(self, path: str) -> Pixels | None:
        """What can be shown of an image at once."""
        decoded = self.thumbnails.get(path)
        return self.kept.get(path) if decoded is None else decoded

    def keep_thumbnail(self, path: str, pixels: Pixels) -> None:
        """The oldest go first, so that scrolling through a million images does not fill the memory."""
        self.thumbnails.pop(path, None)
        self.thumbnails[path] = pixels
        while len(self.thumbnails) > _THUMBNAILS_KEPT:
            del self.thumbnails[next(iter(self.thumbnails))]
