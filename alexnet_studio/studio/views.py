"""What each part of the window shows: frozen values made by `view_state`, drawn by the panels.

A panel has one setter for each field group it shows and never decides anything: every label, every enabled-rule
and every number format is made in `view_state`. All texts here are already translated.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Literal

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.runs.curves import LayerSize

if TYPE_CHECKING:  # pydantic, which comes with the networks, costs the first paint 0.1 s
    from alexnet_studio.networks.drawing import Drawing
    from alexnet_studio.networks.spec import Spec
    from alexnet_studio.studio.laboratory_jobs import BatchSeen, ColoursMeasured, ImageFitted
    from alexnet_studio.studio.views_evaluation import EvaluationView
    from alexnet_studio.studio.views_feature_map import FeatureMapView

Pixels = NDArray[np.uint8]  # (height, width, 3) or (height, width), read-only
Curve = tuple[
    NDArray[np.float64], NDArray[np.float64]
]  # x, y of one curve; y may hold NaN where there is a gap

_NO_POINTS: Curve = (np.empty(0), np.empty(0))


@dataclass(frozen=True, slots=True)
class ActionView:
    """One command of menu, toolbar or button; `tip` says why it is disabled."""

    enabled: bool = False
    text: str = ""
    tip: str = ""
    checked: bool = False


@dataclass(frozen=True, slots=True)
class EmptyView:
    """What an empty panel says, and the one button that gets there (`intent` names the action it triggers)."""

    sentence: str
    button: str
    intent: str


@dataclass(frozen=True, slots=True)
class Selection:
    """The one selection that all panels share; `image` is a path relative to the data root, or an absolute path."""

    image: str | None = None
    label: int | None = None
    layer: str | None = None
    kernel: int | None = None


@dataclass(frozen=True, slots=True)
class ClassRow:
    name: str
    label: int
    train: int
    val: int
    test: int


@dataclass(frozen=True, slots=True)
class Thumbnail:
    """A picture to be shown once its pixels are there; `path` is the key that `thumbnails_wanted` asks for."""

    path: str
    caption: str = ""
    pixels: Pixels | None = field(default=None, compare=False)


@dataclass(frozen=True, slots=True)
class SkippedRow:
    """`problem` is the value of a `Problem`; `seen` where decoding may show something of it."""

    path: str
    reason: str
    problem: str = ""
    seen: bool = False


@dataclass(frozen=True, slots=True)
class KnownSetView:
    """A set that can be fetched; `files` are the address, size and checksum of each of its files."""

    name: str
    title: str
    files: str
    button: str


@dataclass(frozen=True, slots=True)
class CollectFieldView:
    """`kind`: "file", "folder", "number", or "column" with its `choices` (value, label)."""

    name: str
    kind: str
    value: str
    error: str
    choices: tuple[tuple[str, str], ...] = ()


@dataclass(frozen=True, slots=True)
class CollectionView:
    """A form: what was found in which `source`, a field for each of its options, and an error of none of them."""

    found: str
    source: str
    fields: tuple[CollectFieldView, ...]
    error: str = ""


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


@dataclass(frozen=True, slots=True)
class LabelEditing:
    """What can be done about the selected image, whose class is `label`; `labels` are those it can be given."""

    labels: tuple[tuple[str, str], ...] = ()
    label: str = ""
    leave_out: ActionView = ActionView()
    take_back: ActionView = ActionView()
    undo: ActionView = ActionView()
    redo: ActionView = ActionView()
    check: ActionView = ActionView()
    export: ActionView = ActionView()


@dataclass(frozen=True, slots=True)
class DataView:
    empty: EmptyView | None = None
    title: str = ""  # the folder's name and what is in it: "cifar10-small · 2,500 images · 10 classes"
    root: str = ""
    notes: tuple[str, ...] = ()
    classes: tuple[ClassRow, ...] = ()
    splits: tuple[str, ...] = ()  # which of the count columns are filled: "train", "val", "test"
    images: tuple[str, ...] = ()  # paths of those that are shown
    captions: Mapping[str, str] = field(default_factory=dict[str, str])  # other than the file's name
    found: str = ""  # how many are shown of how many
    skipped: tuple[SkippedRow, ...] = ()  # those with the problem that is picked
    skipped_total: int = 0
    skipped_filters: tuple[tuple[str, str], ...] = ()
    skipped_filter: str = ""
    selection: Selection = Selection()
    filters: tuple[tuple[str, str], ...] = ()
    filter: str = ""
    words: str = ""
    editing: LabelEditing = LabelEditing()


@dataclass(frozen=True, slots=True)
class LayerRow:
    """One row of the architecture table, formatted."""

    name: str
    kind: str
    output: str  # "96 × 55 × 55"
    kernel: str
    stride: str
    padding: str
    groups: str
    activation: str
    weights: str
    biases: str
    params: str
    share: float  # of all parameters, 0..1
    share_text: str
    macs: str
    neurons: str
    receptive_field: str
    problem: str = ""  # why the layer cannot be


@dataclass(frozen=True, slots=True)
class LayerFieldView:
    """A field of the selected layer; `error` says why what was typed cannot be."""

    name: str
    kind: str  # "text", "int", "float", "bool", "choice"
    optional: bool
    choices: tuple[str, ...]
    value: object
    error: str = ""


@dataclass(frozen=True, slots=True)
class EditorView:
    """`layer` "": none is selected. `kinds` can be added."""

    layer: str = ""
    fields: tuple[LayerFieldView, ...] = ()
    kinds: tuple[str, ...] = ()
    can_undo: bool = False
    can_redo: bool = False
    enabled: bool = False


@dataclass(frozen=True, slots=True)
class ComparisonView:
    """What another network has otherwise: (layer, aspect, here, there), in words. `name` "": none is chosen."""

    choices: tuple[tuple[str, str], ...] = ()
    name: str = ""
    here: str = ""
    there: str = ""
    rows: tuple[tuple[str, str, str, str], ...] = ()
    source: str = ""


@dataclass(frozen=True, slots=True)
class CellsView:
    """A small table of numbers. `before` and `behind` rows and columns lie outside the map and cannot be changed."""

    rows: tuple[tuple[str, ...], ...] = ()
    caption: str = ""
    before: int = 0
    behind: int = 0
    editable: bool = False
    marked: frozenset[tuple[int, int]] = frozenset()


@dataclass(frozen=True, slots=True)
class ExampleView:
    """A layer's arithmetic on a few numbers: `text` is the sum behind the output that is looked at.

    `fields` are (name, value); `remark` is a riddle or its answer, and `solvable` whether the answer can be shown.
    """

    operation: str = ""
    fields: tuple[tuple[str, str], ...] = ()
    grid: CellsView = CellsView()
    kernel: CellsView = CellsView()
    output: CellsView = CellsView()
    text: str = ""
    remark: str = ""
    solvable: bool = False


@dataclass(frozen=True, slots=True)
class WindowSketchView:
    """The sliding window of the selected layer along one side, in pixels of the layer's input."""

    layer: str
    side: int
    before: int
    behind: int
    kernel: int
    stride: int
    outputs: int


@dataclass(frozen=True, slots=True)
class ActivationView:
    """The selected layer's activation; `counts` of what arrives at it, in equal bins from -`reach` to `reach`."""

    layer: str
    function: str  # "relu", "tanh", ...
    title: str
    reach: float = 4.0
    counts: tuple[int, ...] = ()
    remark: str = ""
    measurable: bool = False


@dataclass(frozen=True, slots=True)
class ArchitectureView:
    empty: EmptyView | None = None
    title: str = ""
    source: str = ""
    notes: str = ""
    rows: tuple[LayerRow, ...] = ()
    totals: LayerRow | None = None
    drawing: Drawing | None = None
    spec: Spec | None = None  # what a figure for paper is drawn from
    error: str = ""  # the network does not fit the image size: the sentence
    comparison: ComparisonView = ComparisonView()
    details: tuple[str, ...] = ()  # how the selected layer's numbers come about, and who has them otherwise
    editor: EditorView = EditorView()
    pytorch: str = ""  # the network and its recipe as a script
    example: ExampleView = ExampleView()
    window: WindowSketchView | None = None
    activation: ActivationView | None = None
    selection: Selection = Selection()


@dataclass(frozen=True, slots=True)
class WarningView:
    """A choice known to fail, with its remedy at one click (`code` comes back with `remedy_requested`)."""

    code: str
    sentence: str
    remedy: str


@dataclass(frozen=True, slots=True)
class NetworkChoice:
    name: str
    title: str


@dataclass(frozen=True, slots=True)
class RecipeView:
    """The form. `values` are the recipe's field names and values; `errors` are the sentences at the fields."""

    values: tuple[tuple[str, object], ...] = ()
    recipes: tuple[tuple[str, str], ...] = ()  # name, title
    recipe: str = ""
    notes: str = ""  # what should be known of that recipe, its slips too
    idle: tuple[tuple[str, str], ...] = ()  # fields that do nothing now, and why
    errors: tuple[tuple[str, str], ...] = ()
    networks: tuple[NetworkChoice, ...] = ()
    network: str = ""
    devices: tuple[tuple[str, str], ...] = ()  # choice, label; only those that this machine has
    device: str = "auto"
    reason: str = ""  # why these were proposed
    warnings: tuple[WarningView, ...] = ()
    estimate: str = ""  # "1,600 images · 750 steps · about 2 min · 0.3 GB"
    summary: str = ""  # one line when the form is folded
    enabled: bool = True


LAYER_SIZES: tuple[LayerSize, ...] = ("gradient", "update", "weight", "ratio")
Below = Literal["lr", "speed", "gradient", "update", "weight", "ratio", ""]


@dataclass(frozen=True, slots=True)
class CurveLook:
    """How a person wants the curves drawn. `smoothing` in percent; `below` is the third plot, "" for none: the learning
    rate, the speed, or of each layer the size of its gradient, its update, its weights, or update over weight.
    """

    axis: Literal["step", "epoch", "time"] = "step"
    log: bool = False
    smoothing: int = 90
    below: Below = "lr"
    mean: bool = False

    @property
    def layers(self) -> LayerSize | None:
        """What of each layer the third plot shows."""
        return self.below if self.below in LAYER_SIZES else None


@dataclass(frozen=True, slots=True)
class CurveKey:
    """An entry of a plot's legend. `colour` is a field of `Colours`; from 0 on, `run` is a run's colour instead."""

    label: str
    colour: str = "quiet"
    thin: bool = False
    run: int = -1
    tip: str = ""
    tick: bool = False  # of the marks on the axis, not of a curve


@dataclass(frozen=True, slots=True, eq=False)
class TraceView:
    """A curve: x ascends, NaN in `y` is a gap. `key` is its entry in the legend, `run` the run's number or -1.

    With `low` and `high` it is a mean in its band.
    """

    key: int
    x: NDArray[np.float64]
    y: NDArray[np.float64]
    smooth: bool = False
    run: int = -1
    low: NDArray[np.float64] | None = None
    high: NDArray[np.float64] | None = None


@dataclass(frozen=True, slots=True)
class PlotView:
    title: str = ""
    keys: tuple[CurveKey, ...] = ()
    traces: tuple[TraceView, ...] = field(default=(), compare=False)
    marks: tuple[tuple[float, str], ...] = field(default=(), compare=False)  # x, what happened there


@dataclass(frozen=True, slots=True)
class CurvesView:
    """`version` grows when the curves changed: the arrays themselves are not compared.

    `axes` are (value, label) that can be chosen, `axis_tip` says why one cannot. `runs` are the legend of several
    runs, empty for one; `choices` are runs to compare with: (path, name, what is known of it, whether it is shown).
    """

    version: int = 0
    look: CurveLook = CurveLook()
    axes: tuple[tuple[str, str], ...] = ()
    axis_tip: str = ""
    runs: tuple[CurveKey, ...] = ()
    loss: PlotView = PlotView()
    error: PlotView = PlotView()
    below: PlotView = PlotView()
    choices: tuple[tuple[str, str, str, bool], ...] = ()
    choosing: int = 0  # grows when the choices were asked for anew
    can_mean: bool = False


@dataclass(frozen=True, slots=True)
class OrdersView:
    """What can be changed while a training runs: `rate` is the present one, `layers` those to freeze up to."""

    shown: bool = False
    can: ActionView = ActionView()
    rate: str = ""
    layers: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class TrainingView:
    empty: EmptyView | None = None
    orders: OrdersView = OrdersView()
    recipe: RecipeView = RecipeView()
    start: ActionView = ActionView()
    pause: ActionView = ActionView()
    stop: ActionView = ActionView()
    resume: ActionView = ActionView()
    loss_train: Curve = field(default=_NO_POINTS, compare=False)  # over steps
    loss_val: Curve = field(default=_NO_POINTS, compare=False)
    top1_train: Curve = field(default=_NO_POINTS, compare=False)  # errors, 0..1
    top1_val: Curve = field(default=_NO_POINTS, compare=False)
    top5_train: Curve = field(default=_NO_POINTS, compare=False)
    top5_val: Curve = field(default=_NO_POINTS, compare=False)
    curves: CurvesView = CurvesView()
    k: int = 5
    message: str = ""  # the run's last note or how it ended
    accuracy: str = ""  # "9 of 12 right (75 %, 95 % interval 43–95 %)" where validation images are few


@dataclass(frozen=True, slots=True)
class TowerView:
    """One tower's kernels: `tiles` (n, height, width, 3) uint8, normalised, with the `numbers` of those kernels, and
    for each a mark of one letter, or none.
    """

    title: str
    numbers: tuple[int, ...]
    tiles: NDArray[np.uint8] = field(compare=False)
    marks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class KernelDetail:
    """`values` (channels, height, width) are written out; `under` (n, rows, columns) lie under the pixels of `tile`.

    `answer`: the image and what the kernel answers to it, (2, S, S, 3), with a caption each.
    """

    title: str
    facts: tuple[tuple[str, str], ...]
    tile: Pixels = field(compare=False)
    values: NDArray[np.float32] = field(compare=False)
    under: NDArray[np.float32] = field(compare=False)
    remark: str = ""
    apply: ActionView = ActionView()
    apply_to: ActionView = ActionView()
    answer: Pixels | None = field(default=None, compare=False)
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class ApartView:
    """The towers' specialisation over the film: `own` for each frame, NaN where there is none, and `others` of runs
    with another seed, for the same frames. `chance` is what towers cut at random stay below.
    """

    own: NDArray[np.float64] = field(compare=False)
    others: tuple[NDArray[np.float64], ...] = field(default=(), compare=False)
    chance: float = 0.0
    text: str = ""
    definition: str = ""
    seeds: str = ""


@dataclass(frozen=True, slots=True)
class KernelsView:
    """`look` is empty where there is one way only to show the kernels."""

    empty: EmptyView | None = None
    title: str = ""  # "conv1 · 2 × 24 of 7 × 7 × 3 · epoch 12"
    towers: tuple[TowerView, ...] = ()
    version: int = 0  # grows when the tiles changed
    layers: tuple[str, ...] = ()
    layer: str = ""
    normalisation: str = "global"
    order: str = "number"
    look: str = ""
    legend: str = ""
    firing: ActionView = ActionView()
    frames: int = 0  # of the film, 0 without one
    frame: int = 0
    frame_text: str = ""
    playing: bool = False
    apart: ApartView | None = None
    detail: KernelDetail | None = None
    selection: Selection = Selection()


@dataclass(frozen=True, slots=True)
class BarView:
    name: str
    share: float
    text: str
    right: bool | None = None  # None where the true class is not known


@dataclass(frozen=True, slots=True)
class NeighbourView:
    thumbnail: Thumbnail
    distance: str
    name: str
    agrees: bool | None
    length: float = 0.0  # the distance as a number, for figures and tables


@dataclass(frozen=True, slots=True)
class AnswerView:
    """One query with its bars and neighbours: a row of the sheet."""

    query: Thumbnail
    title: str
    truth: str
    bars: tuple[BarView, ...]
    neighbours: tuple[NeighbourView, ...]
    error: str = ""


@dataclass(frozen=True, slots=True)
class NeighboursView:
    empty: EmptyView | None = None
    title: str = ""  # "fc7 after ReLU · Euclidean · of 2,000"
    outdated: str = ""  # the badge's text, empty while the features are those of the weights
    answer: AnswerView | None = None
    sheet: tuple[AnswerView, ...] = ()
    agreement: str = ""  # "5 of 6 agree"
    busy: str = ""
    k: int = 6
    version: int = 0
    index: ActionView = ActionView()


MapLook = Literal["global", "symmetric", "map"]


@dataclass(frozen=True, slots=True)
class UnitView:
    """The selected unit: `cell` is its number from 0 with the row and column of its map; `patches` (n, S, S, C) have a
    caption each, and a `remark` about all of them.
    """

    title: str
    facts: tuple[str, ...]
    cell: tuple[int, int, int]
    kernel: Pixels | None = field(default=None, compare=False)
    patches: Pixels | None = field(default=None, compare=False)
    captions: tuple[str, ...] = ()
    remark: str = ""


@dataclass(frozen=True, slots=True)
class PooledView:
    """`pictures` (n, S, S, 1) of one map before and after poolings, with a caption each."""

    title: str
    pictures: Pixels = field(compare=False)
    captions: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class LayersView:
    """One image in all layers: `tiles` (C, H, W) of the layer that is shown, or `bars` (n,) where it has no places.

    `sees` (top, left, bottom, right) is what the selected unit sees of `image`. `version` grows when arrays changed.
    """

    empty: EmptyView | None = None
    title: str = ""
    note: str = ""
    busy: str = ""
    layers: tuple[tuple[str, str], ...] = ()
    layer: str = ""
    looks: tuple[tuple[str, str], ...] = ()
    look: MapLook = "global"
    tiles: Pixels | None = field(default=None, compare=False)
    bars: NDArray[np.float32] | None = field(default=None, compare=False)
    version: int = 0
    image: Pixels | None = field(default=None, compare=False)
    sees: tuple[int, int, int, int] | None = None
    methods: tuple[tuple[str, str], ...] = ()
    method: str = ""
    classes: tuple[tuple[str, str], ...] = ()
    label: str = ""
    verdict: str = ""
    unit: UnitView | None = None
    pooled: PooledView | None = None
    gather: ActionView = ActionView()
    selection: Selection = Selection()


@dataclass(frozen=True, slots=True)
class ReadoutView:
    """A number of the toolbar with its caption."""

    value: str
    caption: str


@dataclass(frozen=True, slots=True)
class StatusView:
    device: str = ""
    skipped: str = ""
    saved: str = ""
    job: str = ""  # what is running, empty when nothing is
    done: int = 0
    total: int = 0  # 0: not known yet
    cancel: ActionView = ActionView()
    device_tip: str = ""


@dataclass(frozen=True, slots=True)
class NoticeView:
    """An error or a note as a line above the panels, never a modal box."""

    sentence: str
    kind: Literal["note", "error"] = "note"
    button: str = ""  # the remedy's text, empty without one
    intent: str = ""  # the action it triggers


@dataclass(frozen=True, slots=True)
class TimingView:
    """One network: the shares of the slowest step that its bars have, and its row of the table."""

    network: str
    forward: float
    step: float
    cells: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class MeasuresView:
    """`busy` says what is being timed; `verdict` what the checks came to."""

    choices: tuple[tuple[str, str], ...] = ()
    title: str = ""
    timings: tuple[TimingView, ...] = ()
    busy: str = ""
    can_time: bool = True
    checks: tuple[tuple[str, ...], ...] = ()
    verdict: str = ""
    can_check: bool = True


@dataclass(frozen=True, slots=True)
class MapView:
    """A map of classes over an image, as PNG; `ready` where the run's network can make one, else the `problem`."""

    title: str = ""
    picture: bytes = field(default=b"", repr=False)
    busy: str = ""
    problem: str = ""
    ready: bool = False


@dataclass(frozen=True, slots=True)
class RunRow:
    """`cells` are the columns' texts, `keys` what they are sorted by; `problem` says why it cannot be opened."""

    path: str
    cells: tuple[str, ...]
    keys: tuple[str | float, ...]
    problem: str = ""


@dataclass(frozen=True, slots=True)
class RunsView:
    """`comparison` is empty, or a table with its head."""

    folder: str = ""
    rows: tuple[RunRow, ...] = ()
    empty: EmptyView | None = None
    busy: str = ""
    notice: str = ""
    comparison: tuple[tuple[str, ...], ...] = ()


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
    status: StatusView = StatusView()
    data: DataView = DataView()
    architecture: ArchitectureView = ArchitectureView()
    training: TrainingView = TrainingView()
    kernels: KernelsView = KernelsView()
    neighbours: NeighboursView = NeighboursView()
    layers: LayersView = LayersView()
    measures: MeasuresView = MeasuresView()
    map: MapView = MapView()
    evaluation: EvaluationView | None = None
    feature_map: FeatureMapView | None = None
    laboratory: LaboratoryView = LaboratoryView()
    collection: CollectionView | None = None
    runs: RunsView = RunsView()
