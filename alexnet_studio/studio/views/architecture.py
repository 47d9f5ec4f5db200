"""What the Architecture panel and its editor show."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from alexnet_studio.studio.views.example import ActivationView, ExampleView, WindowSketchView
from alexnet_studio.studio.views.parts import EmptyView, Selection

if TYPE_CHECKING:  # costs the first paint time
    from alexnet_studio.networks.drawing import Drawing
    from alexnet_studio.networks.spec import Spec


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
    example: ExampleView = field(default_factory=ExampleView)
    window: WindowSketchView | None = None
    activation: ActivationView | None = None
    selection: Selection = field(default_factory=Selection)
