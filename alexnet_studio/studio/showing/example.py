"""What "How a layer computes" shows: a small example worked out, the sliding window, and the activation's curve."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.networks.activation_curves import curve_of
from alexnet_studio.networks.example import written
from alexnet_studio.studio import setup_building, wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.state.example import ExampleState, Measured
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.example import ActivationView, CellsView, ExampleView, WindowSketchView

if TYPE_CHECKING:
    from alexnet_studio.networks.example import Example
    from alexnet_studio.networks.spec import Spec
    from alexnet_studio.networks.worked import Worked

_FIELDS = {
    "conv": ("window", "stride", "padding", "sizing"),
    "max": ("window", "stride", "sizing"),
    "average": ("window", "stride", "sizing"),
    "rnorm": ("window", "k", "alpha", "beta"),
    "dropout": ("rate",),
    "softmax": (),
}
_LITTLE = 0.1  # of the steepest slope: below that a unit hardly learns


def view_example(state: ExampleState) -> ExampleView:
    example = state.example
    answer = setup_building.worked(example)
    row, column = state.picked
    # The numbers may have changed since: an output that is gone cannot be looked at.
    if not (row < len(answer.cells) and column < len(answer.cells[0])):
        row = column = 0
    cell = answer.cells[row][column] if answer.cells else None
    places: tuple[tuple[int, int], ...] = () if cell is None else cell.seen
    seen = frozenset((i + answer.before, j + answer.before) for i, j in places)
    asked = state.puzzle == "asked"
    return ExampleView(
        operation=example.operation,
        fields=tuple((name, _text(getattr(example, name))) for name in _FIELDS[example.operation]),
        grid=_grid(example, answer, seen),
        kernel=_kernel(example),
        output=CellsView() if asked else _output(answer, (row, column)),
        text="" if asked else _nothing() if cell is None else cell.text,
        remark=_riddle(state),
        solvable=asked,
    )


def view_window(spec: Spec, layer: str | None) -> WindowSketchView | None:
    found = None if layer is None else setup_building.windows_of(spec, layer)
    return None if found is None or layer is None else WindowSketchView(layer, *found)


def view_activation(state: State, spec: Spec, layer: str | None) -> ActivationView | None:
    """None where the layer has no activation function."""
    function = "none" if layer is None else setup_building.activation_named(spec, layer)
    if layer is None or function == "none":
        return None
    run = state.run
    measured = None if run is None else state.examples.measured.get((run.path, layer))
    return ActivationView(
        layer,
        function,
        _activation_title(function),
        4.0 if measured is None else max(4.0, measured.reach),
        () if measured is None else _spread(measured),
        "" if measured is None else _remark(measured, function),
        measurable=run is not None and run.has_checkpoint and not state.working(JobKind.HISTOGRAM),
    )


def _grid(example: Example, answer: Worked, seen: frozenset[tuple[int, int]]) -> CellsView:
    """With a ring of what the windows see outside of the map: zeros for a convolution, nothing for pooling."""
    before, behind = answer.before, answer.behind
    outside = "0" if example.operation == "conv" else ""
    width = before + len(example.grid[0]) + behind
    rows = [(*[outside] * before, *map(_cell, numbers), *[outside] * behind) for numbers in example.grid]
    ring: tuple[str, ...] = (outside,) * width
    flat = example.operation in {"rnorm", "softmax"}
    captions = {
        "rnorm": QCoreApplication.translate("Example", "channels at one pixel"),
        "softmax": QCoreApplication.translate("Example", "outputs for the classes"),
    }
    caption = captions.get(example.operation, _side(len(example.grid), len(example.grid[0])))
    return CellsView(
        tuple(rows) if flat else (*[ring] * before, *rows, *[ring] * behind),
        caption if flat else QCoreApplication.translate("Example", "input {side}").format(side=caption),
        before,
        behind,
        editable=True,
        marked=seen,
    )


def _kernel(example: Example) -> CellsView:
    if example.operation not in {"conv", "dropout"}:
        return CellsView()
    mask = QCoreApplication.translate("Example", "mask: 1 keeps, 0 silences")
    kernel = QCoreApplication.translate("Example", "kernel {side}").format(
        side=_side(len(example.kernel), len(example.kernel))
    )
    rows = tuple(tuple(map(_cell, row)) for row in example.kernel)
    return CellsView(rows, mask if example.operation == "dropout" else kernel, editable=True)


def _output(answer: Worked, picked: tuple[int, int]) -> CellsView:
    rows = tuple(tuple(_cell(one.value) for one in cells) for cells in answer.cells)
    return CellsView(rows, _output_caption(answer), marked=frozenset({picked}))


def _output_caption(answer: Worked) -> str:
    if not answer.cells:
        return QCoreApplication.translate("Example", "no output")
    text = QCoreApplication.translate("Example", "output {side}: click a number")
    return text.format(side=_side(len(answer.cells), len(answer.cells[0])))


def _riddle(state: ExampleState) -> str:
    if state.puzzle == "asked":
        return QCoreApplication.translate(
            "Example",
            "A 5 × 5 map, a kernel of 3 and padding 1: a well-known lesson prints torch.Size([3, 3]) for it. "
            "What side has the output?",
        )
    if state.puzzle == "solved":
        return QCoreApplication.translate(
            "Example",
            "5 × 5: (5 + 2 × 1 − 3) / 1 + 1 = 5. The lesson defined net2 with padding 1, but called the net "
            "of before, without padding, for which 3 × 3 is right. It printed what it asked for.",
        )
    return ""


def _spread(measured: Measured) -> tuple[int, ...]:
    """The counts over the range that is shown, which is never narrower than -4 to 4."""
    if measured.reach >= 4:
        return measured.counts
    bins = len(measured.counts)
    beside = round(bins * (4 / measured.reach - 1) / 2)
    return (*[0] * beside, *measured.counts, *[0] * beside)


def _remark(measured: Measured, function: str) -> str:
    total = sum(measured.counts) or 1
    width = 2 * measured.reach / len(measured.counts)
    middles = [-measured.reach + (place + 0.5) * width for place in range(len(measured.counts))]
    below = sum(count for count, x in zip(measured.counts, middles, strict=True) if x < 0) / total
    images = wording.count(measured.images)
    if function in {"relu", "leaky_relu"}:
        text = (
            QCoreApplication.translate(
                "Example", "{share} of what arrives is below zero and silent ({images} images)"
            )
            if function == "relu"
            else QCoreApplication.translate(
                "Example", "{share} of what arrives is below zero and let through faintly ({images} images)"
            )
        )
        return text.format(share=wording.percent(below, 1), images=images)
    _, slope = curve_of(function)
    flat = sum(
        count
        for count, x in zip(measured.counts, middles, strict=True)
        if slope(x) < _LITTLE * slope(0.0)  # both curves are steepest at zero
    )
    text = QCoreApplication.translate(
        "Example", "{share} lies where the slope is below a tenth of its largest ({images} images)"
    )
    return text.format(share=wording.percent(flat / total, 1), images=images)


def _activation_title(function: str) -> str:
    titles = {
        "relu": QCoreApplication.translate("Example", "ReLU: max(0, x), and its slope"),
        "tanh": QCoreApplication.translate("Example", "tanh(x), and its slope 1 − tanh²(x)"),
        "sigmoid": QCoreApplication.translate(
            "Example", "sigmoid s(x), and its slope s(x) (1 − s(x)), at most 1/4"
        ),
        "leaky_relu": QCoreApplication.translate("Example", "leaky ReLU: max(x / 100, x), and its slope"),
    }
    return titles[function]


def _nothing() -> str:
    return QCoreApplication.translate("Example", "No window fits. Choose a smaller one, or add padding.")


def _cell(value: float) -> str:
    """Three digits are what a cell has room for."""
    return written(value, 3)


def _side(rows: int, columns: int) -> str:
    return f"{rows} × {columns}"


def _text(value: object) -> str:
    return f"{value:g}" if isinstance(value, float) else str(value)
