"""Each class's numbers and the confusion matrix: as a document, as a table, as a file."""

from __future__ import annotations

import csv
import io
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

from alexnet_studio.cli import output, pictures
from alexnet_studio.cli.spreadsheet import inert
from alexnet_studio.ground.files import write_text

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

    from alexnet_studio.insight.per_class import ClassScore


def listed(scores: Sequence[ClassScore], names: Sequence[str]) -> list[dict[str, Any]]:
    """The `classes` of `evaluate --json`."""
    return [
        {
            "class": names[score.label],
            "images": score.images,
            "accuracy": score.recall,
            "top5": score.top5,
            "precision": score.precision,
            "recall": score.recall,
            "f1": score.f1,
            "taken_for": None if score.taken_for < 0 else names[score.taken_for],
        }
        for score in scores
    ]


def table(rows: Sequence[dict[str, Any]], k: int) -> None:
    """Print what `listed` gave."""
    head = ("class", "images", "accuracy = recall", f"top-{k}", "precision", "F1", "most often taken for")
    keys = ("recall", "top5", "precision", "f1")
    output.table(
        head,
        [
            (row["class"], row["images"], *(percent(row[key]) for key in keys), row["taken_for"] or "—")
            for row in rows
        ],
    )


def save_confusion(cells: NDArray[np.int64], names: Sequence[str], target: Path, title: str) -> None:
    """`cells` (classes, classes); a figure, or the counts where `target` is a .csv."""
    if target.suffix.lower() != ".csv":
        pictures.save(pictures.confusion_figure(cells, names, title), target)
        return
    text = io.StringIO()
    writer = csv.writer(text, lineterminator="\n")
    safe = [inert(name) for name in names]
    writer.writerow(["true class", *safe])
    writer.writerows([name, *map(int, row)] for name, row in zip(safe, cells, strict=True))
    write_text(target, text.getvalue())


def percent(share: float | None) -> str:
    """A dash for what cannot be known, such as the accuracy of a class without images."""
    return "—" if share is None else f"{100 * share:.1f} %"
