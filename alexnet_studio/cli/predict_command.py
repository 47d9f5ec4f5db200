"""`predict`: what is on photos, one or a whole folder, as lines, rows, a submission or sorted into folders."""

from __future__ import annotations

import csv
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

from cyclopts import Parameter

from alexnet_studio.cli import output, pictures
from alexnet_studio.cli.spreadsheet import inert
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.photo_files import expanded

if TYPE_CHECKING:
    from alexnet_studio.insight.loaded import LoadedRun
    from alexnet_studio.insight.predict import Prediction, Top


def predict(
    run: Path,
    images: Annotated[
        list[Path], Parameter(name="IMAGE", help="image files, or folders of which all images are taken")
    ],
    /,
    *,
    each_view: Annotated[
        bool,
        Parameter(
            negative="", help="ten views: what each says alone, and the mean of them all (section 4.1)"
        ),
    ] = False,
    csv_: Annotated[
        bool, Parameter(name="--csv", negative="", help="print rows of comma-separated values")
    ] = False,
    submission: Annotated[
        Path | None,
        Parameter(
            help="write here five numbers a line, from 1, a line for each image, as the ILSVRC takes them"
        ),
    ] = None,
    synsets: Annotated[
        Path | None,
        Parameter(help="of the submission: a file that names the classes in the order of their numbers"),
    ] = None,
    threshold: Annotated[
        float | None, Parameter(help="an image whose best class is less probable than this is unsure")
    ] = None,
    sort_into: Annotated[
        Path | None,
        Parameter(help="copy the images into a folder for each class in here, and unsure ones into unsure/"),
    ] = None,
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
    from alexnet_studio.insight.calibration import require_share

    if threshold is not None:
        require_share(threshold)
    if synsets is not None and submission is None:
        raise BadInput(
            "synsets_alone",
            "--synsets says the order of a submission's classes. Give --submission FILE as well.",
        )
    files = expanded(images)
    loaded = load(run, checkpoint)
    number_of = None if submission is None else _order(loaded, synsets)
    if map_ is not None:
        _draw_map(loaded, files, map_, zoom)
    answers, copies = _answered(
        loaded, files, images, each_view=each_view, threshold=threshold, target=sort_into
    )
    if submission is not None and number_of is not None:
        _submit(answers, submission, number_of)
    rows = [_row(answer, copy, threshold) for answer, copy in zip(answers, copies, strict=True)]
    if json:
        output.document(rows)
    elif csv_:
        _csv(answers, threshold, copies)
    else:
        for row in rows:
            _print(row)
    return 1 if any("error" in row for row in rows) else 0


def _answered(
    loaded: LoadedRun,
    files: Sequence[Path],
    images: Sequence[Path],
    *,
    each_view: bool,
    threshold: float | None,
    target: Path | None,
) -> tuple[list[Prediction], list[Path | None]]:
    """Each photo is copied as soon as it is answered: what was sorted before an interruption stays sorted."""
    from alexnet_studio.insight.predict import predict as answers
    from alexnet_studio.insight.sorting_photos import Piles

    piles = None if target is None else Piles(target, loaded.classes, images, threshold)
    made: list[Prediction] = []
    copies: list[Path | None] = []
    with output.progress_bar(shown=len(files) > 1) as bar:
        for answer in answers(loaded, files, "ten" if each_view else "center"):
            made.append(answer)
            copies.append(None if piles is None or answer.error else piles.put(answer))
            bar.show(Progress("predict", len(made), len(files)))
    return made, copies


def _order(loaded: LoadedRun, synsets: Path | None) -> dict[str, int]:
    """The number of each class, with what a person should know of it."""
    from alexnet_studio.insight import submission

    if len(loaded.classes) != submission.ILSVRC_CLASSES:
        output.note(
            f"The ILSVRC has {submission.ILSVRC_CLASSES:,} classes, and this run {len(loaded.classes):,}: "
            "the file is written all the same."
        )
    if synsets is not None:
        output.note(f"Classes are numbered as in {synsets}.")
        return submission.order_of(synsets, loaded.classes)
    output.note(
        "Classes are numbered in the run's own order, by name, which is not the ILSVRC's: --synsets FILE gives another."
    )
    return submission.run_order(loaded.classes)


def _submit(answers: Sequence[Prediction], target: Path, number_of: dict[str, int]) -> None:
    from alexnet_studio.insight import submission

    submission.write(target, answers, number_of)
    unread = sum(answer.error is not None for answer in answers)
    output.note(
        f"written: {target}, {len(answers):,} lines" + (f", {unread:,} of them zeros" if unread else "")
    )


def _row(answer: Prediction, copy: Path | None, threshold: float | None) -> dict[str, Any]:
    row: dict[str, Any] = {"image": str(answer.image), "top": _entries(answer.top)}
    if answer.error:
        return {**row, "error": answer.error}
    if answer.views:
        row["views"] = [
            {"view": view.place, "mirrored": view.mirrored, "top": _entries(view.top)}
            for view in answer.views
        ]
    if threshold is not None:
        row["unsure"] = answer.is_unsure(threshold)
    return row if copy is None else {**row, "copy": str(copy)}


def _entries(top: Top) -> list[dict[str, Any]]:
    return [{"class": name, "probability": share} for name, share in top]


def _draw_map(loaded: LoadedRun, images: Sequence[Path], file: Path, zoom: float) -> None:
    from alexnet_studio.insight.class_map import class_map

    if len(images) != 1:
        raise BadInput(
            "one_image_only", "A map is drawn of one image; {count} were given. Give one.", count=len(images)
        )
    found = class_map(loaded, images[0], zoom)
    pictures.save(pictures.map_figure(found, images[0].name), file)
    output.note(f"written: {file}")


def _csv(answers: Sequence[Prediction], threshold: float | None, copies: Sequence[Path | None]) -> None:
    from alexnet_studio.insight.prediction_table import rows

    csv.writer(sys.stdout, lineterminator="\n").writerows(rows(answers, inert, threshold, copies))


def _print(row: dict[str, Any]) -> None:
    if "error" in row:
        output.line(row["error"])
        return
    unsure = " (unsure)" if row.get("unsure") else ""
    copied = f" → {row['copy']}" if "copy" in row else ""
    output.line(f"{row['image']}: {_words(row['top'])}{unsure}{copied}")
    for view in row.get("views", ()):
        name = f"{view['view']}, mirrored" if view["mirrored"] else view["view"]
        output.line(f"    {name}: {_words(view['top'])}")


def _words(top: Sequence[dict[str, Any]]) -> str:
    return ", ".join(f"{entry['class']} {100 * entry['probability']:.1f} %" for entry in top)
