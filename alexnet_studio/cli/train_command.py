"""`train`: the trainer's rows as lines, for a person or for a program."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.interruption import Interruption, each, result
from alexnet_studio.ground import device as devices
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import corrections
from alexnet_studio.images import folder as folders
from alexnet_studio.images.corrections import Corrections
from alexnet_studio.networks import spec_file
from alexnet_studio.networks.editing import frozen
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.towers import Links, linked
from alexnet_studio.networks.variant import variant
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended, Epoch, Note, Row, Started, Step, as_json
from alexnet_studio.training.events import Event
from alexnet_studio.training.propose import propose
from alexnet_studio.training.recipe import Recipe, validated


def train(
    folder: Path,
    /,
    *,
    run: Annotated[Path, Parameter(help="the folder that everything of this training is written to")],
    network: Annotated[
        str | None, Parameter(help="a name from `networks`, or a spec file; default: what suits this folder")
    ] = None,
    links: Annotated[
        Links | None,
        Parameter(help="which layers see both towers; none: only the classifier, conv3: as in the paper"),
    ] = None,
    start: Annotated[
        Path | None,
        Parameter(
            name="--from",
            help="a run, or a file of weights, to begin from; layers that do not fit begin anew",
        ),
    ] = None,
    freeze: Annotated[str | None, Parameter(help="this layer and all before it do not learn")] = None,
    labels: Annotated[
        Path | None,
        Parameter(help="a CSV of path and label that corrects the folder; no label leaves an image out"),
    ] = None,
    resume: Annotated[bool, Parameter(negative="", help="go on where this run stopped")] = False,
    recipe: Annotated[Recipe | None, Parameter(name="*")] = None,
    json: output.JsonFlag = False,
) -> int:
    """Train a network on FOLDER and write curves, kernels and checkpoints into RUN."""
    typed = {name: getattr(recipe, name) for name in recipe.model_fields_set} if recipe else {}
    wanted = _Wanted(network, links, start, freeze, labels)
    with output.progress_bar(shown=not json) as bar:
        if resume and runs.is_run(run):
            return follow(_resumed(run, folder, typed, wanted), run, bar, json=json)
        events, why = _started(folder, run, wanted, typed, bar)
        return follow(events, run, bar, json=json, heading=why)


def follow(
    events: Iterator[Event | None],
    run: Path,
    bar: output.ProgressBar,
    *,
    json: bool = False,
    heading: str = "",
) -> int:
    """Print a training's rows as they come; Ctrl+C and SIGTERM save and stop it. Returns the exit code.

    `heading` comes before the first row: a training that cannot start says why, and nothing else.
    """
    ended: Ended | None = None
    epochs = 0
    interruption = Interruption()
    with interruption.watched():
        for event in each(events, interruption):
            if isinstance(event, Progress):
                bar.show(event)
            elif isinstance(event, Started):
                epochs = event.epochs
                if heading and not json:
                    output.note(heading)
            elif isinstance(event, Ended):
                ended = event
            if isinstance(event, Started | Step | Epoch | Note | Ended):
                _print(event, epochs, json=json)
    if ended is None and interruption.number is not None:
        # A closed generator cannot yield: how it ended stands in the run's own history.
        ended = _last_ended(run)
        if ended is not None:
            _print(ended, epochs, json=json)
    if interruption.number is not None:
        return 128 + interruption.number
    return 0 if ended is not None and ended.reason == "finished" else 1


@dataclass(frozen=True)
class _Wanted:
    """What was typed about the network; all of it settled once a run has begun."""

    network: str | None
    links: Links | None
    start: Path | None
    freeze: str | None
    labels: Path | None

    def spec(self, proposed: str, recipe: Recipe, classes: int) -> Spec:
        """The network as it is to be trained: the named one, that of the run to begin from, or the proposed one."""
        if self.network is None and self.start is not None and runs.is_run(self.start):
            record = runs.open(self.start).record
            given = spec_file.from_json(record.network, str(self.start / "run.json"))
            spec = variant(given, classes=classes, image_size=recipe.image_size, width=recipe.width)
        else:
            name = self.network or proposed
            spec = spec_file.resolve(name, classes=classes, image_size=recipe.image_size, width=recipe.width)
        if self.links is not None:
            spec = linked(spec, self.links)
        return spec if self.freeze is None else frozen(spec, self.freeze)


def _started(
    folder: Path,
    run: Path,
    wanted: _Wanted,
    typed: dict[str, object],
    bar: output.ProgressBar,
) -> tuple[Iterator[Event | None], str]:
    """The training, and in a sentence what is trained and why."""
    from alexnet_studio.training.trainer import Request, train

    runs.check_place(run, folder)
    found = result(folders.scan(folder), bar)
    labels = _labels(wanted.labels)
    found = corrections.corrected(found, labels)
    folders.require_trainable(found)
    proposal = propose(found, devices.resolve(_device(typed)).kind)
    # The proposed recipe goes with the proposed network; another network starts from the recipe's own defaults.
    is_proposed = wanted.network in {None, proposal.network} and wanted.start is None
    basis = proposal.recipe.model_dump() if is_proposed else {}
    recipe = validated(**{**basis, **typed})
    spec = wanted.spec(proposal.network, recipe, len(found.classes))
    why = f"{spec.title}: {proposal.reason}" if wanted.network is None and is_proposed else spec.title
    return train(Request(found, run, spec, recipe, frozenset(typed), wanted.start, labels)), why


def _labels(path: Path | None) -> Corrections:
    if path is not None and not path.is_file():
        raise BadInput("labels_missing", "There is no file {path} of corrected labels.", path=str(path))
    return Corrections() if path is None else corrections.read(path)


def _resumed(run: Path, folder: Path, typed: dict[str, object], wanted: _Wanted) -> Iterator[Event | None]:
    from alexnet_studio.training.trainer import resume

    made = runs.open(run).record.network.get("name")
    if wanted.network is not None and wanted.network != made:
        raise BadInput(
            "recipe_differs",
            "The run {run} trains the network {made}, not {given}. Leave --network out to resume it.",
            run=str(run),
            made=str(made),
            given=wanted.network,
        )
    settled = {
        "--links": wanted.links,
        "--from": wanted.start,
        "--freeze": wanted.freeze,
        "--labels": wanted.labels,
    }
    for option, given in settled.items():
        if given is not None:
            raise BadInput(
                "recipe_differs",
                "The run {run} goes on as it was started. Leave {option} out to resume it.",
                run=str(run),
                option=option,
            )
    return resume(run, folder=folder, changes=typed)


def _device(typed: dict[str, object]) -> devices.DeviceChoice:
    return validated(**{name: value for name, value in typed.items() if name == "device"}).device


def _last_ended(run: Path) -> Ended | None:
    rows = History(runs.open(run).metrics).read()
    return rows[-1] if rows and isinstance(rows[-1], Ended) else None


def _print(row: Row, epochs: int, *, json: bool) -> None:
    if json:
        output.document(as_json(row))
    elif (text := describe(row, epochs)) is not None:
        output.line(text)


def describe(row: Row, epochs: int) -> str | None:
    """A row as a line for a person; None for rows that would only scroll by."""
    match row:
        case Started():
            return (
                f"{row.network} on {row.device}, {row.precision}: {row.train_images:,} training and "
                f"{row.val_images:,} validation images, {row.classes} classes"
            )
        case Epoch():
            rate = f"{row.images_per_second:,.0f} images/s"
            return f"epoch {row.epoch:3d}/{epochs}   {_training(row)}{_validation(row)}   {rate}"
        case Note():
            return row.sentence
        case Ended():
            best = f"; best epoch {row.best_epoch}" if row.best_epoch else ""
            return row.sentence or f"{row.reason} after epoch {row.epoch}{best}"
        case Step():
            return None


def _training(row: Epoch) -> str:
    return f"loss {row.train_loss:.3f}   top-1 {_percent(row.train_top1)}"


def _validation(row: Epoch) -> str:
    if row.val_loss is None:
        return ""
    return f"   validation {row.val_loss:.3f}   top-1 {_percent(row.val_top1)}   top-{row.k} {_percent(row.val_top5)}"


def _percent(share: float | None) -> str:
    return "—" if share is None else f"{100 * share:5.1f} %"
