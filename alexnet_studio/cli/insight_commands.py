"""`evaluate`, `predict` and `kernels`: what a run is worth and what it has learned."""

from __future__ import annotations

import csv
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal

from cyclopts import Parameter

from alexnet_studio.cli import output, pictures
from alexnet_studio.cli.interruption import result
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.insight.kernels import colourfulness
from alexnet_studio.networks.spec import first_conv

if TYPE_CHECKING:
    from alexnet_studio.insight.loaded import LoadedRun


def evaluate(
    members: Annotated[
        list[Path], Parameter(name="RUN", help="one run, or several whose probabilities are averaged")
    ],
    /,
    *,
    folder: Annotated[
        Path | None,
        Parameter(help="class folders with the run's class names; default: its validation images"),
    ] = None,
    views: Annotated[
        Literal["center", "ten"],
        Parameter(help="ten: four corners, the centre, and their mirrors, averaged (section 4.1)"),
    ] = "center",
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Measure a run's error on images that it was not trained on."""
    from alexnet_studio.cli.loading import left_out
    from alexnet_studio.insight.evaluate_run import evaluate_runs
    from alexnet_studio.insight.interval import wilson

    with output.progress_bar() as bar:
        measured = result(evaluate_runs(members, folder=folder, views=views, checkpoint=checkpoint), bar)
    for sentence in measured.notes:
        output.note(sentence)
    left_out(measured.left_out)
    if json:
        output.document(measured.as_json())
        return
    right = round((1 - measured.top1_error) * measured.images)
    low, high = wilson(right, measured.images)
    output.line(
        f"{right:,} of {measured.images:,} right: top-1 {100 - 100 * measured.top1_error:.1f} % "
        f"(95 % interval {100 * low:.1f}–{100 * high:.1f} %), "
        f"top-{measured.k} {100 - 100 * measured.top5_error:.1f} %, loss {measured.loss:.3f}"
    )


def predict(
    run: Path,
    images: Annotated[list[Path], Parameter(name="IMAGE", help="image files")],
    /,
    *,
    csv_: Annotated[
        bool, Parameter(name="--csv", negative="", help="print rows of comma-separated values")
    ] = False,
    map_: Annotated[
        Path | None,
        Parameter(name="--map", help="draw here what a network of convolutions sees where on a single image"),
    ] = None,
    zoom: Annotated[float, Parameter(help="of the map: how many times larger the image is than usual")] = 2.0,
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> int:
    """Say what is on each image: the most probable classes with their probabilities."""
    from alexnet_studio.cli.loading import load
    from alexnet_studio.insight.predict import predict as answers

    loaded = load(run, checkpoint)
    if map_ is not None:
        _draw_map(loaded, images, map_, zoom)
    rows: list[dict[str, Any]] = []
    for answer in answers(loaded, images):
        row: dict[str, Any] = {
            "image": str(answer.image),
            "top": [{"class": name, "probability": p} for name, p in answer.top],
        }
        rows.append({**row, "error": answer.error} if answer.error else row)
    if json:
        output.document(rows)
    elif csv_:
        _csv(rows)
    else:
        for row in rows:
            output.line(row["error"] if "error" in row else f"{row['image']}: {_words(row)}")
    return 1 if any("error" in row for row in rows) else 0


def _draw_map(loaded: LoadedRun, images: list[Path], file: Path, zoom: float) -> None:
    from alexnet_studio.insight.class_map import class_map

    if len(images) != 1:
        raise BadInput(
            "one_image_only", "A map is drawn of one image; {count} were given. Give one.", count=len(images)
        )
    found = class_map(loaded, images[0], zoom)
    pictures.save(pictures.map_figure(found, images[0].name), file)
    output.note(f"written: {file}")


def kernels(
    run: Path,
    /,
    *,
    file: Annotated[
        Path, Parameter(name=["-o", "--output"], help="the picture to write: .png, .svg or .pdf")
    ],
    normalisation: Annotated[
        Literal["global", "kernel"], Parameter(help="global: as in 2012; kernel: each by itself")
    ] = "global",
    checkpoint: output.CheckpointFlag = "best",
    json: output.JsonFlag = False,
) -> None:
    """Draw the first convolution's kernels, one block a tower, 16 a row (Fig. 3)."""
    from alexnet_studio.cli.loading import load

    loaded = load(run, checkpoint, "cpu")
    blocks = loaded.kernels()
    title = f"{run.name} · {first_conv(loaded.spec).name} · epoch {loaded.epoch}"
    pictures.save(pictures.kernels_figure(blocks, title, normalisation), file)
    towers = [{"kernels": len(block), "colourfulness": colourfulness(block)} for block in blocks]
    if json:
        output.document({"towers": towers, "file": str(file)})
        return
    for number, tower in enumerate(towers, 1):
        output.line(f"tower {number}: {tower['kernels']} kernels, colourfulness {tower['colourfulness']:.2f}")
    output.line(f"written: {file}")


def _csv(rows: list[dict[str, Any]]) -> None:
    count = max((len(row["top"]) for row in rows), default=0)
    places = [f"{what}_{place}" for place in range(1, count + 1) for what in ("class", "probability")]
    writer = csv.writer(sys.stdout, lineterminator="\n")
    writer.writerow(["image", *places, "error"])
    for row in rows:
        cells = [
            cell for entry in row["top"] for cell in (_inert(entry["class"]), f"{entry['probability']:.6f}")
        ]
        blank = [""] * (len(places) - len(cells))
        writer.writerow([_inert(row["image"]), *cells, *blank, row.get("error", "")])


def _inert(text: str) -> str:
    """A spreadsheet computes cells that begin like a formula; an apostrophe keeps them text."""
    return f"'{text}" if text.startswith(("=", "+", "-", "@")) else text


def _words(row: dict[str, Any]) -> str:
    return ", ".join(f"{entry['class']} {100 * entry['probability']:.1f} %" for entry in row["top"])
