"""All that the window shows."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alexnet_studio.studio.views.architecture import ArchitectureView
from alexnet_studio.studio.views.class_map import MapView
from alexnet_studio.studio.views.collection import CollectionView
from alexnet_studio.studio.views.data import DataView
from alexnet_studio.studio.views.kernels import KernelsView
from alexnet_studio.studio.views.laboratory import LaboratoryView
from alexnet_studio.studio.views.layers import LayersView
from alexnet_studio.studio.views.measures import MeasuresView
from alexnet_studio.studio.views.moment import PinsView
from alexnet_studio.studio.views.neighbours import NeighboursView
from alexnet_studio.studio.views.parts import ActionView
from alexnet_studio.studio.views.queue import QueueView
from alexnet_studio.studio.views.runs import RunsView
from alexnet_studio.studio.views.status import NoticeView, ReadoutView, StatusView
from alexnet_studio.studio.views.training import TrainingView

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.studio.views.evaluation import EvaluationView
    from alexnet_studio.studio.views.feature_map import FeatureMapView
    from alexnet_studio.studio.views.predictions import PredictionsView


@dataclass(frozen=True, slots=True)
class WindowView:
    title: str = ""
    modified: bool = False
    leaving: bool = False  # the person wants to close the window, and nothing keeps it open any more
    recent: tuple[tuple[str, str], ...] = ()  # path, label; the newest first
    welcome: bool = True
    folder: str = ""
    run: str = ""
    readouts: tuple[ReadoutView, ...] = ()
    actions: tuple[tuple[str, ActionView], ...] = ()
    notice: NoticeView | None = None
    status: StatusView = field(default_factory=StatusView)
    data: DataView = field(default_factory=DataView)
    architecture: ArchitectureView = field(default_factory=ArchitectureView)
    training: TrainingView = field(default_factory=TrainingView)
    kernels: KernelsView = field(default_factory=KernelsView)
    neighbours: NeighboursView = field(default_factory=NeighboursView)
    layers: LayersView = field(default_factory=LayersView)
    measures: MeasuresView = field(default_factory=MeasuresView)
    map: MapView = field(default_factory=MapView)
    evaluation: EvaluationView | None = None
    pins: PinsView = field(default_factory=PinsView)
    feature_map: FeatureMapView | None = None
    predictions: PredictionsView | None = None  # while its window is open
    laboratory: LaboratoryView = field(default_factory=LaboratoryView)
    collection: CollectionView | None = None
    runs: RunsView = field(default_factory=RunsView)
    queue: QueueView = field(default_factory=QueueView)
