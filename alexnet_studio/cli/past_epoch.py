"""`evaluate --epoch`: how a run did at the end of an epoch that is past, without its weights of then."""

from __future__ import annotations

import math
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from alexnet_studio.cli import class_numbers, output
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.answers import KeptAnswers
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Epoch


def refuse(asked: Mapping[str, bool]) -> None:
    """Raises `BadInput` ("epoch_alone") for what the kept answers cannot tell."""
    for what, given in asked.items():
        if given:
            raise BadInput(
                "epoch_alone",
                "Of an epoch that is past a run keeps only its answers to the validation images: {what} cannot go with "
                "--epoch. Leave one of the two out.",
                what=what,
            )


def evaluate(run: Path, epoch: int, *, per_class: bool, confusion: Path | None, json: bool) -> None:
    """Raises `BadInput` ("epoch_not_kept", "epoch_damaged", "answers_damaged", and what opening a run raises)."""
    from alexnet_studio.insight.epoch_answers import scored
    from alexnet_studio.insight.per_class import balanced

    opened = runs.open(run)
    names = opened.record.classes
    found = scored(KeptAnswers(opened).of(epoch), len(names))
    document: dict[str, Any] = {
        "images": found.images,
        "loss": _loss(opened, epoch),
        "top1_error": _error(found.top1),
        "top5_error": _error(found.top5),
        "k": min(5, len(names)),
        "views": "center",
        "runs": [str(run)],
        "epoch": epoch,
    }
    if per_class:
        document["balanced_accuracy"] = balanced(found.classes)
        document["classes"] = class_numbers.listed(found.classes, names)
    if confusion is not None:
        title = f"{found.images:,} validation images · epoch {epoch}"
        class_numbers.save_confusion(found.cells, names, confusion, title)
        document["confusion"] = str(confusion)
    if json:
        output.document(document)
        return
    output.line(
        f"epoch {epoch}: {round(found.top1 * found.images) if found.images else 0:,} of {found.images:,} right: "
        f"top-1 {_percent(found.top1)}, top-{document['k']} {_percent(found.top5)}"
    )
    if per_class:
        class_numbers.table(document["classes"], document["k"])
    if confusion is not None:
        output.line(f"written: {confusion}")


def _loss(run: RunFolder, epoch: int) -> float | None:
    """That stands in the epoch's row."""
    rows = (row for row in History(run.metrics).read() if isinstance(row, Epoch) and row.epoch == epoch)
    return next((row.val_loss for row in rows), None)


def _error(accuracy: float) -> float | None:
    return None if math.isnan(accuracy) else 1 - accuracy


def _percent(accuracy: float) -> str:
    return class_numbers.percent(None if math.isnan(accuracy) else accuracy)
