"""`index` and `neighbours`: the features of the training images, and the nearest of them to a picture."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

from cyclopts import Parameter

from alexnet_studio.cli import output, pictures
from alexnet_studio.cli.interruption import result
from alexnet_studio.runs import folder as runs

if TYPE_CHECKING:
    from alexnet_studio.cli.questions import Answer, Near

LayerFlag = Annotated[str | None, Parameter(help="a fully connected layer; default: the last hidden one")]


def index(
    run: Path,
    folder: Annotated[
        Path | None, Parameter(help="class folders to index instead of the training images")
    ] = None,
    /,
    *,
    layer: LayerFlag = None,
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Compute the features that `neighbours` searches: the last hidden layer after its ReLU."""
    from alexnet_studio.cli.loading import left_out, load
    from alexnet_studio.insight.features import embed

    loaded = load(run, checkpoint)
    with output.progress_bar() as bar:
        done = result(embed(loaded, runs.open(run), folder, layer=layer), bar)
    left_out(done.left_out)
    if json:
        output.document(
            {
                "images": done.images,
                "dimensions": done.dimensions,
                "layer": done.layer,
                "seconds": done.seconds,
                "file": str(done.file),
            }
        )
    else:
        output.line(
            f"{done.images:,} images, {done.dimensions:,} features each, layer {done.layer}: {done.file}"
        )


def neighbours(
    run: Path,
    images: Annotated[list[Path], Parameter(name="IMAGE", help="image files")],
    /,
    *,
    k: Annotated[int, Parameter(name="-k", help="how many; at most what was indexed")] = 6,
    layer: LayerFlag = None,
    file: Annotated[
        Path | None,
        Parameter(name=["-o", "--output"], help="also draw a sheet as in Fig. 4: .png, .svg or .pdf"),
    ] = None,
    pixels: Annotated[
        bool, Parameter(negative="", help="also the nearest by their pixels (central view, 0..255)")
    ] = False,
    shortcut: Annotated[
        bool, Parameter(negative="", help="also what 2012's program finds: one of each 1,000 images at most")
    ] = False,
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> int:
    """Find the indexed images whose features are nearest to each IMAGE's, by exact Euclidean distance."""
    from alexnet_studio.cli.questions import Beside, Question

    question = Question(run, layer, checkpoint, k, Beside(pixels, shortcut))
    answers = [question.ask(image) for image in images]
    if file is not None:
        pictures.save(pictures.neighbours_figure(answers, f"{run.name} · {question.index.layer}"), file)
    if json:
        output.document([answer.as_json() for answer in answers])
    else:
        _print(answers)
    if question.outdated:
        output.note(question.outdated)
    return 1 if any(answer.error for answer in answers) else 0


def _print(answers: list[Answer]) -> None:
    for answer in answers:
        output.line(answer.error or f"{answer.image}: {answer.most_probable}")
        if answer.neighbours:
            _table(answer, answer.neighbours)
        if answer.in_pixels is not None:
            output.line("nearest by their pixels:")
            _table(answer, answer.in_pixels)
        if answer.shortcut is not None:
            output.line(
                f"2012's shortcut, which misses {len(answer.missed)} of the {len(answer.neighbours)}:"
            )
            _table(answer, answer.shortcut)


def _table(answer: Answer, found: Sequence[Near]) -> None:
    output.table(
        ("distance", "class", "image"),
        [(f"{near.distance:.3f}", near.name, near.path + _mark(answer, near)) for near in found],
    )


def _mark(answer: Answer, near: Near) -> str:
    if near.path == answer.itself:
        return " (itself)"
    return " (its file is gone)" if near.path in answer.gone else ""
