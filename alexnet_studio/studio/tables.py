"""Every table of the window as rows of text, for CSV files."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio.views.architecture import LayerRow
from alexnet_studio.studio.views.window import WindowView

Rows = tuple[tuple[str, ...], ...]
# A spreadsheet runs a cell that begins so as a formula; class names and paths come from strangers.
_FORMULA = ("=", "+", "-", "@", "\t", "\r")


def rows(what: str, view: WindowView) -> Rows | None:
    """The table that a panel calls `what`, its head included; None where there is no such table."""
    make = {
        "classes": _classes,
        "skipped": _skipped,
        "architecture": _layers,
        "layers": _layers,
        "curves": _curves,
        "neighbours": _neighbours,
        "votes": _votes,
        "timings": _timings,
        "checks": _checks,
        "scores": _scores,
        "confusion": _confusion,
    }.get(what)
    return None if make is None else tuple(tuple(map(defused, row)) for row in make(view))


def _scores(view: WindowView) -> Sequence[Sequence[str]]:
    """As the panel shows them, without its bars."""
    head = (
        QCoreApplication.translate("Tables", "class"),
        QCoreApplication.translate("Tables", "images"),
        QCoreApplication.translate("Tables", "recall"),
        QCoreApplication.translate("Tables", "top-5"),
        QCoreApplication.translate("Tables", "precision"),
        QCoreApplication.translate("Tables", "F1"),
        QCoreApplication.translate("Tables", "taken for"),
    )
    rows = () if view.evaluation is None else view.evaluation.rows
    return (head, *((row.cells[0], *row.cells[2:]) for row in rows))


def _confusion(view: WindowView) -> Sequence[Sequence[str]]:
    """A row for each true class, a column for what its images were taken for."""
    if view.evaluation is None:
        return ()
    matrix = view.evaluation.matrix
    rows = zip(matrix.classes, matrix.cells, strict=True)
    return (("", *matrix.classes), *((name, *map(str, counts)) for name, counts in rows))


def _timings(view: WindowView) -> Sequence[Sequence[str]]:
    head = (
        QCoreApplication.translate("Tables", "network"),
        QCoreApplication.translate("Tables", "forward ms"),
        QCoreApplication.translate("Tables", "step ms"),
        QCoreApplication.translate("Tables", "images/s"),
        QCoreApplication.translate("Tables", "one image ms"),
    )
    return (head, *(timing.cells for timing in view.measures.timings))


def _checks(view: WindowView) -> Sequence[Sequence[str]]:
    head = (
        "",
        QCoreApplication.translate("Tables", "check"),
        QCoreApplication.translate("Tables", "after"),
        QCoreApplication.translate("Tables", "deviation"),
        QCoreApplication.translate("Tables", "allowed"),
    )
    return (head, *view.measures.checks)


def defused(cell: str) -> str:
    """Numbers stay numbers, also negative ones; what could be a formula becomes text."""
    if not cell.startswith(_FORMULA):
        return cell
    try:
        float(cell)
    except ValueError:
        return f"'{cell}"
    return cell


def _classes(view: WindowView) -> Sequence[Sequence[str]]:
    head = (
        QCoreApplication.translate("Tables", "class"),
        QCoreApplication.translate("Tables", "training"),
        QCoreApplication.translate("Tables", "validation"),
        QCoreApplication.translate("Tables", "test"),
    )
    return (head, *((row.name, str(row.train), str(row.val), str(row.test)) for row in view.data.classes))


def _skipped(view: WindowView) -> Sequence[Sequence[str]]:
    head = (QCoreApplication.translate("Tables", "file"), QCoreApplication.translate("Tables", "reason"))
    return (head, *((row.path, row.reason) for row in view.data.skipped))


def _layers(view: WindowView) -> Sequence[Sequence[str]]:
    head = (
        QCoreApplication.translate("Tables", "layer"),
        QCoreApplication.translate("Tables", "output"),
        QCoreApplication.translate("Tables", "kernel"),
        QCoreApplication.translate("Tables", "stride"),
        QCoreApplication.translate("Tables", "padding"),
        QCoreApplication.translate("Tables", "groups"),
        QCoreApplication.translate("Tables", "activation"),
        QCoreApplication.translate("Tables", "weights"),
        QCoreApplication.translate("Tables", "biases"),
        QCoreApplication.translate("Tables", "parameters"),
        QCoreApplication.translate("Tables", "share"),
        QCoreApplication.translate("Tables", "multiply-adds"),
        QCoreApplication.translate("Tables", "neurons"),
        QCoreApplication.translate("Tables", "receptive field"),
    )
    totals = () if view.architecture.totals is None else (_layer(view.architecture.totals),)
    return (head, *map(_layer, view.architecture.rows), *totals)


def _layer(row: LayerRow) -> tuple[str, ...]:
    return (
        row.name,
        row.output,
        row.kernel,
        row.stride,
        row.padding,
        row.groups,
        row.activation,
        row.weights,
        row.biases,
        row.params,
        row.share_text,
        row.macs,
        row.neurons,
        row.receptive_field,
    )


def _curves(view: WindowView) -> Sequence[Sequence[str]]:
    training = view.training
    head = (
        QCoreApplication.translate("Tables", "curve"),
        QCoreApplication.translate("Tables", "step"),
        QCoreApplication.translate("Tables", "value"),
    )
    named = {
        "train_loss": training.loss_train,
        "val_loss": training.loss_val,
        "train_top1_error": training.top1_train,
        "val_top1_error": training.top1_val,
        "train_top5_error": training.top5_train,
        "val_top5_error": training.top5_val,
    }
    points = (
        (name, f"{x:g}", repr(float(y)))
        for name, (xs, ys) in named.items()
        for x, y in zip(xs, ys, strict=True)
    )
    return (head, *points)


def _neighbours(view: WindowView) -> Sequence[Sequence[str]]:
    head = (
        QCoreApplication.translate("Tables", "image"),
        QCoreApplication.translate("Tables", "class"),
        QCoreApplication.translate("Tables", "near by"),
        QCoreApplication.translate("Tables", "neighbour"),
        QCoreApplication.translate("Tables", "neighbour’s class"),
        QCoreApplication.translate("Tables", "distance"),
        QCoreApplication.translate("Tables", "note"),
    )
    found = (
        (answer.query.path, answer.truth, space, near.thumbnail.path, near.name, repr(near.length), near.note)
        for answer in view.neighbours.sheet
        for space, row in (
            ("features", answer.neighbours),
            *((row.space, row.neighbours) for row in answer.beside),
        )
        for near in row
    )
    return (head, *found)


def _votes(view: WindowView) -> Sequence[Sequence[str]]:
    head = (
        QCoreApplication.translate("Tables", "vote on"),
        QCoreApplication.translate("Tables", "images"),
        QCoreApplication.translate("Tables", "k"),
        QCoreApplication.translate("Tables", "right by features"),
        QCoreApplication.translate("Tables", "right by pixels"),
        QCoreApplication.translate("Tables", "right by the network"),
    )
    return (head, *view.neighbours.votes.rows)
