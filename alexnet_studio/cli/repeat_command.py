"""`repeat`: one recipe several times, with other seeds or other images to validate with, as one result."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import asdict
from pathlib import Path
from typing import Annotated, Any

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.asked_training import resumed, started
from alexnet_studio.cli.interruption import Interruption, each, result
from alexnet_studio.cli.row_lines import describe
from alexnet_studio.ground.errors import BadInput, StudioError
from alexnet_studio.ground.files import write_json
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import folder as folders
from alexnet_studio.insight.pooled import Pooled, pooled
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.catalogue import summary
from alexnet_studio.runs.rows import Ended, Epoch, Note, Started
from alexnet_studio.training.asked import Wanted
from alexnet_studio.training.command_words import typed_fields
from alexnet_studio.training.events import Event
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.repeats import Repeat, kinds, repeats
from alexnet_studio.training.resuming import CHANGEABLE

RESULT = "pooled.json"


def repeat(
    folder: Path,
    /,
    *,
    run: Annotated[Path, Parameter(help="the folder of the group; each training gets a run in it")],
    seeds: Annotated[
        str, Parameter(help="such as 1,2,3 or 1-5: the same split, other weights and order")
    ] = "",
    leave_one_out: Annotated[
        bool, Parameter(negative="", help="as many folds as there are images, or groups of them")
    ] = False,
    network: Annotated[str | None, Parameter(help="as train takes it")] = None,
    like: Annotated[Path | None, Parameter(help="a run whose network and recipe are taken")] = None,
    recipe: Annotated[Recipe | None, Parameter(name="*")] = None,
    json: output.JsonFlag = False,
) -> int:
    """Train FOLDER with several seeds, or once for each of `--folds`, and pool the results. Given again, it goes on."""
    typed = typed_fields(recipe, folder)
    kind = kinds(seeds, typed, leave_one_out=leave_one_out)
    with output.progress_bar(shown=not json) as bar:
        found = result(folders.scan(folder), bar)
        planned = repeats(kind, seeds, typed, found)
        interruption = Interruption()
        with interruption.watched():
            for one in planned:
                if interruption.number is None:
                    wanted = Wanted(network=network, like=like)
                    _train(folder, run / one.name, one, wanted, interruption, bar, json=json)
    made = [run / one.name for one in planned if runs.is_run(run / one.name)]
    document = _document(kind, pooled(made))
    if made:
        write_json(run / RESULT, document)
    if json:
        output.document(document)
    else:
        _tell(kind, pooled(made))
    if interruption.number is not None:
        return 128 + interruption.number
    return 0 if len(made) == len(planned) and all(summary(path).state == "finished" for path in made) else 1


def _train(
    folder: Path,
    run: Path,
    one: Repeat,
    wanted: Wanted,
    interruption: Interruption,
    bar: output.ProgressBar,
    *,
    json: bool,
) -> None:
    """What cannot be trained is told, and does not stop the others."""
    try:
        if runs.is_run(run):
            if summary(run).state == "finished":
                return
            changes = {name: value for name, value in one.typed.items() if name in CHANGEABLE}
            events = resumed(run, folder, changes, Wanted())
        else:
            events, _ = started(folder, run, wanted, dict(one.typed), bar)
        _follow(events, run.name, interruption, bar, json=json)
    except BadInput:
        raise  # it is wrong with all of them
    except StudioError as error:
        output.note(f"{run.name}: {error.sentence}")


def _follow(
    events: Iterator[Event | None],
    name: str,
    interruption: Interruption,
    bar: output.ProgressBar,
    *,
    json: bool,
) -> None:
    epochs = 0
    for event in each(events, interruption):
        if isinstance(event, Progress):
            bar.show(event)
        elif isinstance(event, Started):
            epochs = event.epochs
        if not json and isinstance(event, Started | Epoch | Note | Ended):
            text = describe(event, epochs)
            if text is not None:
                output.line(f"{name}: {text}")


def _document(kind: str, found: Pooled) -> dict[str, Any]:
    parts = [
        {
            "run": str(part.run.path),
            "state": part.run.state,
            "best_epoch": part.run.best_epoch,
            "best_val_top1": part.run.best_val_top1,
            "val_images": part.val_images,
        }
        for part in found.parts
    ]
    numbers = asdict(found)
    del numbers["parts"]
    top1 = found.right / found.images if found.images else None
    return {"kind": kind, "runs": parts, **numbers, "pooled_top1": top1}


def _tell(kind: str, found: Pooled) -> None:
    output.table(
        ("run", "state", "best top-1", "in epoch", "validation images"),
        [
            (
                part.run.name,
                part.run.state,
                _percent(part.run.best_val_top1),
                "–" if part.run.best_epoch is None else str(part.run.best_epoch),
                str(part.val_images),
            )
            for part in found.parts
        ],
    )
    if kind == "seeds" and found.mean is not None:
        spread = "" if found.sd is None else f" ± {100 * found.sd:.1f}"
        output.line(
            f"mean of {len(found.parts)} seeds: {100 * found.mean:.1f}{spread} % top-1 (mean ± deviation)"
        )
    elif found.images:
        output.line(
            f"{found.right:,} of {found.images:,} validation images right: {_percent(found.right / found.images)} "
            f"top-1, 95 % interval {100 * found.low:.1f}–{_percent(found.high)}"
        )


def _percent(share: float | None) -> str:
    return "–" if share is None else f"{100 * share:.1f} %"
