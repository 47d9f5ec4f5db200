"""The list of runs as texts, and what they are sorted by."""

from __future__ import annotations

from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing.run_groups import group_row
from alexnet_studio.studio.showing.run_words import epochs_of, size_of, state_of
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import EmptyView
from alexnet_studio.studio.views.runs import RunRow, RunsView

if TYPE_CHECKING:
    from alexnet_studio.insight.comparison import Comparison
    from alexnet_studio.runs.catalogue import RunSummary


def view_runs(state: State) -> RunsView:
    shown = state.run_list
    if shown.folder is None or not shown.is_open:
        return RunsView()
    notice = state.notice
    return RunsView(
        folder=str(shown.folder),
        rows=(
            *(group_row(group, shown.folder) for group in shown.groups),
            *(_row(run, shown.folder) for run in shown.runs),
        ),
        empty=_empty() if shown.is_read and not shown.runs else None,
        busy=_busy(state),
        notice="" if notice is None else notice.sentence,
        comparison=() if shown.comparison is None else _comparison(shown.comparison),
    )


def _empty() -> EmptyView:
    return EmptyView(
        QCoreApplication.translate("Runs", "There are no runs in this folder. A training makes one."),
        QCoreApplication.translate("Runs", "Another folder…"),
        "choose_runs_folder",
    )


def _busy(state: State) -> str:
    if not state.working(JobKind.PACK):
        return ""
    progress = state.progress[JobKind.PACK]
    if progress is None or not progress.total:
        return QCoreApplication.translate("Runs", "packing")
    text = QCoreApplication.translate("Runs", "packing {share}")
    return text.format(share=wording.percent(progress.done / progress.total, 0))


@lru_cache(maxsize=4096)  # the view is asked for thirty times a second while a network is trained
def _row(run: RunSummary, folder: Path) -> RunRow:
    return RunRow(
        str(run.path),
        (
            str(run.path.relative_to(folder)) if folder in run.path.parents else run.name,
            run.network,
            Path(run.images).name,
            state_of(run),
            epochs_of(run),
            "–" if run.best_val_top1 is None else wording.percent(run.best_val_top1),
            "–" if run.best_epoch is None else wording.count(run.best_epoch),
            "–" if run.loss is None else wording.decimal(run.loss, 3),
            size_of(run.size_bytes),
            run.created[:16].replace("T", " "),
        ),
        (
            str(run.path).casefold(),
            run.network,
            Path(run.images).name.casefold(),
            run.state,
            float(run.epochs),
            -1.0 if run.best_val_top1 is None else run.best_val_top1,
            -1.0 if run.best_epoch is None else float(run.best_epoch),
            float("inf") if run.loss is None else run.loss,
            float(run.size_bytes),
            run.created,
        ),
        run.problem,
    )


def _comparison(found: Comparison) -> tuple[tuple[str, ...], ...]:
    best = QCoreApplication.translate("Runs", "{share} in epoch {epoch}")
    rows = [
        ("", *(run.name for run in found.runs)),
        (QCoreApplication.translate("Runs", "state"), *map(state_of, found.runs)),
        (QCoreApplication.translate("Runs", "epochs"), *map(epochs_of, found.runs)),
        (
            QCoreApplication.translate("Runs", "best top-1"),
            *(
                "–"
                if run.best_val_top1 is None
                else best.format(share=wording.percent(run.best_val_top1), epoch=run.best_epoch)
                for run in found.runs
            ),
        ),
        (
            QCoreApplication.translate("Runs", "loss"),
            *("–" if run.loss is None else wording.decimal(run.loss, 3) for run in found.runs),
        ),
    ]
    recipe = QCoreApplication.translate("Runs", "recipe: {field}")
    rows += [(one.field.replace("_", " "), *map(_value, one.values)) for one in found.setting]
    rows += [
        (recipe.format(field=one.field.replace("_", " ")), *map(_value, one.values)) for one in found.recipe
    ]
    whole = QCoreApplication.translate("Runs", "network")
    rows += [(f"{one.layer or whole}: {one.aspect}", *one.values) for one in found.network]
    return tuple(rows)


def _value(value: object) -> str:
    return "–" if value is None or value == "" else str(value)
