"""What the Architecture panel shows: the report's rows as text."""

from __future__ import annotations

from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import setup_building, wording
from alexnet_studio.studio.showing.example import view_activation, view_example, view_window
from alexnet_studio.studio.showing.layer_details import details, marked
from alexnet_studio.studio.state.setup import Setup
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.architecture import (
    ArchitectureView,
    ComparisonView,
    EditorView,
    LayerFieldView,
    LayerRow,
)
from alexnet_studio.studio.views.parts import EmptyView

if TYPE_CHECKING:
    from alexnet_studio.networks.layers import Activation, AnyLayer
    from alexnet_studio.networks.reports import LayerReport, Report
    from alexnet_studio.networks.spec import Spec


_ACTIVATIONS = {"relu": "ReLU", "tanh": "tanh", "sigmoid": "sigmoid", "leaky_relu": "leaky ReLU"}


def view_architecture(state: State) -> ArchitectureView:
    setup = state.setup
    if setup is None:
        return ArchitectureView(empty=_empty(), selection=state.selection)
    error = "" if setup.error is None else wording.sentence(setup.error)
    spec, report = setup.spec, setup.report
    if spec is None or report is None:
        return _unfinished(state, setup, error)
    return ArchitectureView(
        title=_title(spec),
        source=spec.source,
        notes=spec.notes,
        rows=_rows(spec, report),
        totals=marked(_totals(report), spec, ""),
        drawing=setup.drawing,
        spec=spec,
        error=error,
        comparison=_comparison(state, spec),
        details=details(spec, state.selection.layer),
        editor=_editor(state, spec),
        pytorch=setup_building.as_pytorch(spec, setup.values),
        example=view_example(state.examples),
        window=view_window(spec, state.selection.layer),
        activation=view_activation(state, spec, state.selection.layer),
        selection=state.selection,
    )


# A view is made several times a second beside a training, and these texts were half of its cost.
@lru_cache(maxsize=4)
def _rows(spec: Spec, report: Report) -> tuple[LayerRow, ...]:
    return tuple(
        marked(_row(row, setup_building.activation_of(layer), report.totals.params), spec)
        for layer, row in zip(spec.layers, report.rows, strict=True)
    )


def _unfinished(state: State, setup: Setup, error: str) -> ArchitectureView:
    """A plan that does not fit together: its rows up to the layer that cannot be, which is marked, and the others."""
    draft = setup.draft
    if draft is None:
        return ArchitectureView(error=error, selection=state.selection)
    rows = setup_building.rows_so_far(draft)
    return ArchitectureView(
        title=_title(draft),
        source=draft.source,
        notes=draft.notes,
        rows=tuple(
            _row(rows[at], setup_building.activation_of(layer), 0)
            if at < len(rows)
            else _blank(layer, error if at == len(rows) else "")
            for at, layer in enumerate(draft.layers)
        ),
        error=error,
        editor=_editor(state, draft),
        selection=state.selection,
    )


def _blank(layer: AnyLayer, problem: str) -> LayerRow:
    """A layer whose numbers are not known; the one that cannot be says so where its output would stand."""
    marked = QCoreApplication.translate("Architecture", "✕ does not fit") if problem else ""
    return LayerRow(
        name=layer.name,
        kind=layer.kind,
        output=marked,
        kernel="",
        stride="",
        padding="",
        groups="",
        activation="",
        weights="",
        biases="",
        params="",
        share=0.0,
        share_text="",
        macs="",
        neurons="",
        receptive_field="",
        problem=problem,
    )


def _editor(state: State, spec: Spec) -> EditorView:
    live = state.run is not None and state.run.live
    chosen = next((layer for layer in spec.layers if layer.name == state.selection.layer), None)
    wrong_layer, wrong_field, sentence = state.edits.wrong
    fields = (
        ()
        if chosen is None
        else tuple(
            LayerFieldView(
                one.name,
                one.kind,
                one.optional,
                one.choices,
                one.value,
                sentence if (chosen.name, one.name) == (wrong_layer, wrong_field) else "",
            )
            for one in setup_building.layer_fields(chosen)
        )
    )
    return EditorView(
        "" if chosen is None else chosen.name,
        fields,
        setup_building.layer_kinds(),
        bool(state.edits.past) and not live,
        bool(state.edits.future) and not live,
        not live,
    )


def _comparison(state: State, spec: Spec) -> ComparisonView:
    choices = setup_building.network_choices()
    if not state.compared:
        return ComparisonView(choices)
    other, found = setup_building.compared(spec, state.compared, state.compared_run)
    whole = QCoreApplication.translate("Architecture", "network")
    rows = tuple((row.layer or whole, row.aspect, row.left, row.right) for row in found)
    source = other.source if state.compared_run is None else f"{state.compared} · {other.source}"
    sources = QCoreApplication.translate("Architecture", "{here}: {ours} · {there}: {theirs}").format(
        here=spec.name, ours=spec.source, there=other.name, theirs=source
    )
    return ComparisonView(choices, state.compared, spec.name, other.name, rows, sources)


def _empty() -> EmptyView:
    return EmptyView(
        QCoreApplication.translate(
            "Architecture", "The network’s layers, its towers and the links between them."
        ),
        QCoreApplication.translate("Architecture", "Open the example"),
        "open_example",
    )


def _title(spec: Spec) -> str:
    text = QCoreApplication.translate("Architecture", "{title} · {size} × {size} × {channels} in")
    return text.format(title=spec.title, size=spec.image_size, channels=spec.channels)


def _row(row: LayerReport, activation: Activation, params: int) -> LayerRow:
    share = row.params / params if params else 0.0
    return LayerRow(
        name=row.name,
        kind=row.kind,
        output=" × ".join(map(wording.count, row.output)),
        kernel=f"{row.kernel} × {row.kernel}" if row.kernel else "",
        stride=_unless_zero(row.stride),
        padding=_padding(row) if row.kernel else "",
        groups=_unless_zero(row.groups),
        activation=_ACTIVATIONS.get(activation, ""),
        weights=_unless_zero(row.weights),
        biases=_unless_zero(row.biases),
        params=_unless_zero(row.params),
        share=share,
        share_text=wording.percent(share, 1 if 0 < share < 0.1 else 0) if row.params and params else "",
        macs=_unless_zero(row.macs),
        neurons=_unless_zero(row.neurons),
        receptive_field=wording.count(row.receptive_field) if len(row.output) == 3 else "",
    )


def _padding(row: LayerReport) -> str:
    """Before and after where they differ: "3+4"."""
    before = wording.count(row.padding)
    return f"{before}+{wording.count(row.padding + row.overhang)}" if row.overhang else before


def _totals(report: Report) -> LayerRow:
    totals = report.totals
    text = QCoreApplication.translate("Architecture", "{count} layers")
    return LayerRow(
        name=text.format(count=len(report.rows)),
        kind="",
        output="",
        kernel="",
        stride="",
        padding="",
        groups="",
        activation="",
        weights=wording.count(totals.weights),
        biases=wording.count(totals.biases),
        params=wording.count(totals.params),
        share=1.0,
        share_text="",
        macs=wording.count(totals.macs),
        neurons=wording.count(totals.neurons),
        receptive_field="",
    )


def _unless_zero(number: int) -> str:
    return wording.count(number) if number else ""
