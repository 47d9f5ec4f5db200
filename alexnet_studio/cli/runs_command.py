"""`runs`: what has been trained, each run in one line."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.ground import places
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs.catalogue import RunSummary, runs_in


def runs(
    folder: Annotated[
        Path | None, Parameter(help="the folder that holds them; default: the runs made in the window")
    ] = None,
    /,
    *,
    json: output.JsonFlag = False,
) -> None:
    """List the runs of FOLDER and of the groups in it, the newest first."""
    place = places.runs() if folder is None else folder
    if folder is not None and not folder.is_dir():
        raise BadInput("no_such_folder", "There is no folder {path}.", path=str(folder))
    found = runs_in(place)
    if json:
        output.document([as_json(run) for run in found])
        return
    if not found:
        output.line(f"No runs in {place}.")
        return
    output.table(
        ("run", "network", "images", "state", "epochs", "best top-1", "loss", "size", "created"),
        [_row(run, place) for run in found],
    )
    for run in found:
        if run.problem:
            output.note(run.problem)


def as_json(run: RunSummary) -> dict[str, Any]:
    return {
        "run": str(run.path),
        "state": run.state,
        "network": run.network,
        "images": run.images,
        "classes": run.classes,
        "epochs": run.epochs,
        "epochs_asked": run.epochs_asked,
        "best_epoch": run.best_epoch,
        "best_val_top1": run.best_val_top1,
        "loss": run.loss,
        "bytes": run.size_bytes,
        "created": run.created,
        **({"error": run.problem} if run.problem else {}),
    }


def _row(run: RunSummary, place: Path) -> tuple[str, ...]:
    asked = "" if run.epochs_asked is None else f"/{run.epochs_asked}"
    return (
        str(run.path.relative_to(place)),
        run.network,
        Path(run.images).name,
        run.state,
        f"{run.epochs}{asked}",
        best(run),
        "–" if run.loss is None else f"{run.loss:.3f}",
        f"{run.size_bytes / 1e6:,.1f} MB",
        run.created[:16].replace("T", " "),
    )


def best(run: RunSummary) -> str:
    """The best validation as a share and its epoch."""
    if run.best_val_top1 is None:
        return "–"
    return f"{100 * run.best_val_top1:.1f} % in epoch {run.best_epoch}"
