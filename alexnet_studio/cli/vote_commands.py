"""`vote`, `suspects` and `features`: what a run's indexed images say of each other, and them for other programs."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from alexnet_studio.cli import output
from alexnet_studio.cli.index_commands import LayerFlag
from alexnet_studio.cli.interruption import result
from alexnet_studio.cli.spreadsheet import inert
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs import folder as runs

if TYPE_CHECKING:
    from alexnet_studio.insight.vote_run import VoteReport
    from alexnet_studio.runs.features import FeatureFile

KFlag = Annotated[int, Parameter(name="-k", help="how many neighbours vote")]
MostFlag = Annotated[int, Parameter(help="of more images than this, so many spread evenly are asked")]


def vote(
    run: Path,
    /,
    *,
    k: KFlag = 6,
    on: Annotated[
        Literal["val", "train"],
        Parameter(
            help="val: the validation images among the indexed ones; train: each indexed one among the others"
        ),
    ] = "val",
    pixels: Annotated[bool, Parameter(negative="", help="also the vote of the nearest by pixels")] = False,
    most: MostFlag = 2000,
    layer: LayerFlag = None,
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Measure how often the nearest indexed images outvote an image's class, beside the network's own answers."""
    report = _voted(run, k, on, pixels, most, layer, checkpoint)
    if json:
        output.document(report.as_json())
        return
    rows = [("features", report.features.accuracy, report.features.same_class)]
    if report.pixels:
        rows.append(("pixels", report.pixels.accuracy, report.pixels.same_class))
    output.table(
        ("neighbours by", "vote right", "of the image's class"),
        [(name, f"{100 * right:.1f} %", f"{100 * same:.1f} %") for name, right, same in rows],
    )
    output.line(
        f"the network itself: {100 * report.network:.1f} % of the same {report.features.images:,} images"
    )


def suspects(
    run: Path,
    /,
    *,
    k: KFlag = 6,
    most: MostFlag = 2000,
    layer: LayerFlag = None,
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """List the indexed images whose nearest others have another class: wrong labels are among them."""
    from alexnet_studio.insight.vote import suspects as found_in

    report = _voted(run, k, "train", False, most, layer, checkpoint)
    found: list[dict[str, Any]] = [
        {
            "path": report.paths[one.position],
            "class": one.judged.own,
            "neighbours_say": one.judged.winner,
            "votes": one.judged.votes,
            "own_votes": one.judged.agreeing,
        }
        for one in found_in(report.features)
    ]
    if json:
        output.document(found)
        return
    output.table(
        ("image", "class", "neighbours say", "votes", "for its own"),
        [tuple(row.values()) for row in found],
    )
    output.line(f"{len(found):,} of {report.features.images:,} images are outvoted by their {k} neighbours")


def features(
    run: Path,
    /,
    *,
    folder: Annotated[Path, Parameter(name=["-o", "--output"], help="the folder to write into")],
    format_: Annotated[
        Literal["npy", "csv", "projector"],
        Parameter(name="--format", help="projector: tables and thumbnails for projector.tensorflow.org"),
    ] = "npy",
    layer: Annotated[str | None, Parameter(help="an indexed layer; default: the last hidden one")] = None,
    json: output.JsonFlag = False,
) -> None:
    """Write a run's indexed features with paths and classes for other programs."""
    from alexnet_studio.insight.feature_export import export

    file = _indexed(run, layer)
    with output.progress_bar() as bar:
        done = result(export(file, folder, format_, inert), bar)
    if json:
        output.document(
            {
                "files": [str(path) for path in done.files],
                "format": format_,
                "images": done.images,
                "dimensions": done.dimensions,
            }
        )
    else:
        output.line(
            f"{done.images:,} images, {done.dimensions:,} features: {', '.join(map(str, done.files))}"
        )


def _voted(
    run: Path,
    k: int,
    on: Literal["val", "train"],
    pixels: bool,
    most: int,
    layer: str | None,
    checkpoint: output.CheckpointChoice,
) -> VoteReport:
    from alexnet_studio.cli.loading import load
    from alexnet_studio.insight.vote_run import vote_run

    for name, value in (("-k", k), ("--most", most)):
        if value < 1:
            raise BadInput("not_positive", "{name} is {value}. Give 1 or more.", name=name, value=value)
    loaded = load(run, checkpoint)
    file = _indexed(run, layer)
    job = vote_run(loaded, runs.open(run), file, k, on=on, most=most, pixels=pixels)
    with output.progress_bar() as bar:
        return result(job, bar)


def _indexed(path: Path, layer: str | None) -> FeatureFile:
    from alexnet_studio.networks import spec_file
    from alexnet_studio.networks.spec import hidden_layer, named_layer
    from alexnet_studio.runs.features import read

    run = runs.open(path)
    spec = spec_file.from_json(run.record.network, str(run.path / "run.json"))
    return read(run.features, named_layer(spec, layer) if layer else hidden_layer(spec))
