"""What the window knows. One object, owned and written by the controller alone, read by `view_state`."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Literal

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.progress import Progress
from alexnet_studio.networks.example import Example, example
from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.log import Log
from alexnet_studio.runs.rows import Ended, Epoch, Layers, Note, Started, Step
from alexnet_studio.studio.collection import CollectionForm
from alexnet_studio.studio.dataset import Dataset
from alexnet_studio.studio.evaluation_state import EvaluationState
from alexnet_studio.studio.feature_map_state import FeatureMapState
from alexnet_studio.studio.jobs import JobKind
from alexnet_studio.studio.kernel_state import KernelState
from alexnet_studio.studio.layers_state import LayersState
from alexnet_studio.studio.views import CurveLook, Pixels, Selection

if TYPE_CHECKING:  # torch and pydantic costs 0.1 s, which the first paint cannot spare
    from alexnet_studio.images.corrections import Corrections
    from alexnet_studio.insight.class_map import ClassMap
    from alexnet_studio.insight.comparison import Comparison
    from alexnet_studio.networks.arithmetic import Report
    from alexnet_studio.networks.drawing import Drawing
    from alexnet_studio.networks.spec import Spec
    from alexnet_studio.runs.catalogue import RunSummary
    from alexnet_studio.studio.laboratory_jobs import (
        BatchSeen,
        ColoursMeasured,
        ImageFitted,
        ImageUnreadable,
    )

_THUMBNAILS_KEPT = 1500  # 128 × 128 × 3 bytes each: 74 MB


# Codes of training/noticing.py.
COMPLAINTS = frozenset({"stuck", "collapsed", "overfits", "starved"})


class Phase(Enum):
    """Where a run stands. READY: opened or ended, nothing is written into it."""

    READY = "ready"
    TRAINING = "training"
    PAUSED = "paused"
    STOPPING = "stopping"


class Workspace(Enum):
    DATA = "data"
    NETWORK = "network"
    TRAIN = "train"
    EXPLORE = "explore"


@dataclass(frozen=True, slots=True)
class Advice:
    """A choice known to fail, and the recipe fields (or "network") that would mend it."""

    code: str
    sentence: str
    remedy_text: str
    remedy: tuple[tuple[str, object], ...]


@dataclass(frozen=True, slots=True)
class Notice:
    """A line above the panels. With `button`, pressing it triggers `intent`."""

    sentence: str
    is_error: bool = False
    button: str = ""
    intent: str = ""


@dataclass(frozen=True, slots=True)
class EstimateSeen:
    images: int
    steps: int
    seconds: float
    memory_bytes: int
    store_bytes: int
    drawn: tuple[tuple[int, int], ...]  # train and val, by label


@dataclass(frozen=True, slots=True)
class RecipeChoice:
    """A network and the form's values; `plan` as in `Setup`."""

    network: str
    values: tuple[tuple[str, object], ...]
    plan: Spec | None = None


@dataclass(frozen=True, slots=True)
class Setup:
    """What Start would train. `spec` is None where the network does not fit: `error` then says why."""

    network: str
    values: tuple[tuple[str, object], ...]
    spec: Spec | None = None
    plan: Spec | None = None  # what a person made of the network; None: as the catalogue or the run has it
    draft: Spec | None = None  # what the table shows, also where it does not fit
    report: Report | None = None
    drawing: Drawing | None = None
    error: StudioError | None = None
    field_errors: tuple[tuple[str, str], ...] = ()
    reason: str = ""
    processes: int = 1  # that share the training; one is the window's own
    proposal: RecipeChoice | None = None  # what suits the folder
    own: RecipeChoice | None = None  # what a person had made before another recipe was chosen
    advice: tuple[Advice, ...] = ()
    estimate: EstimateSeen | None = None


@dataclass(slots=True)
class RunState:
    """The run on the screen: being trained here, or opened. `saved_at` is on the clock of `State.now`."""

    path: Path
    phase: Phase = Phase.READY
    started: Started | None = None
    step: Step | None = None
    epoch: Epoch | None = None
    best: Epoch | None = None
    ended: Ended | None = None
    note: str = ""
    complaints: dict[str, str] = field(
        default_factory=dict[str, str]
    )  # notes that something goes wrong, by code
    remedied: frozenset[str] = frozenset()  # those whose remedy is in the form
    precision: str = ""  # what was measured of it
    saved_at: float | None = None
    has_checkpoint: bool = False
    is_example: bool = False
    elsewhere: bool = False  # another process trains it
    interrupted: bool = False  # nobody trains it, and it has not ended
    layers: tuple[str, ...] = ()  # those with weights, in their order
    curves: Curves = field(default_factory=Curves)
    curves_version: int = 0
    group: str = ""  # the same for runs that differ in their seed only
    train_paths: tuple[str, ...] = ()
    val_paths: tuple[str, ...] = ()
    class_names: tuple[str, ...] = ()
    answered: tuple[str, ...] = ()  # images whose answers the run has kept: shown without weights

    @property
    def live(self) -> bool:
        return self.phase is not Phase.READY

    @property
    def current_epoch(self) -> int:
        """Counted from 1 while an epoch runs, as in the rows."""
        if self.step is not None:
            return self.step.epoch
        return 0 if self.epoch is None else self.epoch.epoch

    def take(self, log: Log) -> None:
        """What its history says, in place of what is known."""
        self.curves = Curves.of(log)
        self.epoch = self.best = self.ended = None
        self.complaints = {}
        self.step = log.last_step()
        for before, row in log.others:
            if isinstance(row, Started):
                self.started = row
            elif isinstance(row, Note):
                self._heed(row)
            elif isinstance(row, Ended):
                self.ended = row if before == log.steps.shape[1] else None
            elif isinstance(row, Epoch):
                self._judge(row)

    def add(self, row: Step | Layers | Epoch | Note) -> None:
        self.curves.add(row)
        if isinstance(row, Step):
            self.step = row
        elif isinstance(row, Note):
            self._heed(row)
        elif isinstance(row, Epoch):
            self._judge(row)

    def _heed(self, note: Note) -> None:
        self.note = note.sentence
        if note.code in COMPLAINTS:
            self.complaints.pop(note.code, None)
            self.complaints[note.code] = note.sentence
        elif note.code == "precision_measured":
            self.precision = note.sentence

    def _judge(self, row: Epoch) -> None:
        self.epoch = row
        if row.val_top1 is not None and (self.best is None or row.val_top1 > (self.best.val_top1 or 0.0)):
            self.best = row


@dataclass(frozen=True, slots=True)
class FeaturesSeen:
    """What was indexed: how many images, in which layer, and which checkpoint's weights made the features."""

    layer: str
    images: int
    checkpoint: str


@dataclass(frozen=True, slots=True)
class FoundImage:
    """A neighbour: `path` relative to the folder that was indexed."""

    path: str
    class_name: str
    distance: float


@dataclass(frozen=True, slots=True)
class Answer:
    """One query's classes and neighbours. `truth` is empty where the image's class is not known; `note` says why
    other weights answered than the run's best."""

    path: str
    truth: str = ""
    top: tuple[tuple[str, float], ...] = ()
    found: tuple[FoundImage, ...] = ()
    checkpoint: str = ""
    note: str = ""
    error: StudioError | None = None


@dataclass(slots=True)
class NeighbourState:
    """`outdated` while the weights have moved on since the features were made."""

    features: FeaturesSeen | None = None
    outdated: bool = False
    answers: tuple[Answer, ...] = ()
    current: int = 0
    k: int = 6
    version: int = 0


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


@dataclass(frozen=True, slots=True)
class TimingSeen:
    """Milliseconds a batch as mean and standard deviation, over `timed` batches; `latency_ms` of one image alone."""

    network: str
    device: str
    batch: int
    timed: int
    forward_ms: tuple[float, float]
    step_ms: tuple[float, float]
    images_per_second: float
    latency_ms: float


@dataclass(frozen=True, slots=True)
class CheckSeen:
    """An operation beside plain loops after its source: the largest deviation, and the one that is allowed."""

    check: str
    source: str
    deviation: float
    tolerance: float
    ok: bool


@dataclass(frozen=True, slots=True)
class MapSeen:
    """A map of classes over `image`: `found` draws it again, `picture` is it as PNG."""

    image: str
    found: ClassMap = field(compare=False)
    picture: bytes = field(compare=False, repr=False)


@dataclass(slots=True)
class MeasureState:
    """`wanted` once a person has asked for the measurements: the list of networks is not made before."""

    wanted: bool = False
    timings: tuple[TimingSeen, ...] = ()
    checks: tuple[CheckSeen, ...] = ()


@dataclass(frozen=True, slots=True)
class DeviceSeen:
    choice: str  # as the recipe takes it
    name: str
    processes: int = 1  # each with one device of the kind


@dataclass(frozen=True, slots=True)
class Edits:
    """Plans that Undo and Redo go to, the nearest last; and the value that could not be taken, with the reason."""

    past: tuple[Spec | None, ...] = ()
    future: tuple[Spec | None, ...] = ()
    wrong: tuple[str, str, str] = ("", "", "")  # layer, field, sentence


@dataclass(frozen=True, slots=True)
class LabelState:
    """A person's corrections of the folder on the screen, those that Undo and Redo go to, and what is shown of it.

    `filter` is "" (all), "train", "val", "test", "alike", "changed" or "left_out"; `words` are searched in paths.
    """

    now: Corrections | None = None
    past: tuple[Corrections, ...] = ()
    future: tuple[Corrections, ...] = ()
    filter: str = ""
    words: str = ""
    problem: str = ""  # of the skipped files that are listed; "" is all of them


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


@dataclass(frozen=True, slots=True)
class OverlaidRun:
    """Another run beside the one on the screen. Runs of the same `group` differ in their seed only."""

    path: Path
    group: str
    curves: Curves = field(compare=False)


@dataclass(frozen=True, slots=True)
class RunChoice:
    path: Path
    about: str


@dataclass(slots=True)
class CurveState:
    """How curves are drawn, and what other runs are drawn with them. `choosing` counts how often a person asked."""

    look: CurveLook = field(default_factory=CurveLook)
    choices: tuple[RunChoice, ...] = ()
    choosing: int = 0
    runs: tuple[OverlaidRun, ...] = ()
    version: int = 0


@dataclass(frozen=True, slots=True)
class RunListState:
    """The runs of `folder`, once `is_read`; `comparison` holds some of them side by side."""

    folder: Path | None = None
    runs: tuple[RunSummary, ...] = ()
    is_read: bool = False
    is_open: bool = False
    comparison: Comparison | None = None


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
    layers: LayersState = field(default_factory=LayersState)
    feature_map: FeatureMapState = field(default_factory=FeatureMapState)
    measures: MeasureState = field(default_factory=MeasureState)
    run_list: RunListState = field(default_factory=RunListState)
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
