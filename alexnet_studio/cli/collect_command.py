"""`collect`: a well-known set of images, those of a table, tiles of large photos, as one folder of class folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from alexnet_studio.cli import left_out, output
from alexnet_studio.cli.interruption import result
from alexnet_studio.images import collecting
from alexnet_studio.images.collect_options import Options
from alexnet_studio.images.folder import skipped_json


def collect(
    source: Annotated[
        Path,
        Parameter(
            help="IDX files (MNIST, FashionMNIST), a CIFAR archive for Python, ImageNet's archives or folders, "
            "a CSV file of paths and labels, or with --tiles a folder of class folders"
        ),
    ],
    folder: Annotated[Path, Parameter(help="the folder to make; an interrupted one is completed")],
    /,
    *,
    names: Annotated[
        Path | None,
        Parameter(
            help="class names: one a line in the order of the labels, synset words, or class_indices.json"
        ),
    ] = None,
    truth: Annotated[
        Path | None,
        Parameter(help="the ground truth of ImageNet's validation images; default: found beside them"),
    ] = None,
    side: Annotated[
        int | None, Parameter(help="make every image a square of so many pixels (256 in 2012)")
    ] = None,
    tiles: Annotated[
        int | None,
        Parameter(
            help="cut every photo into squares of so many pixels; those of one photo stay together in a split"
        ),
    ] = None,
    path_column: Annotated[
        str | None, Parameter(help="of a CSV file: the column of paths; default: path, file, image …")
    ] = None,
    label_column: Annotated[
        str | None, Parameter(help="of a CSV file: the column of labels; default: label, class …")
    ] = None,
    split_column: Annotated[
        str | None,
        Parameter(help="of a CSV file: the column of train, val and test; default: split, if there is one"),
    ] = None,
    group_column: Annotated[
        str | None, Parameter(help="of a CSV file: images with the same text in it stay together in a split")
    ] = None,
    json: output.JsonFlag = False,
) -> None:
    """Make a folder of class folders from a well-known set of images, a table or large photos; runs no code from it."""
    options = Options(names, truth, side, tiles, path_column, label_column, split_column, group_column)
    with output.progress_bar() as bar:
        made = result(collecting.collect(source, folder, options), bar)
    if json:
        output.document(
            {
                "folder": str(made.folder),
                "classes": made.classes,
                "images": made.images,
                "skipped": skipped_json(made.skipped),
                "notes": list(made.notes),
            }
        )
        return
    output.line(f"{made.images:,} images in {made.classes} classes: {made.folder}")
    for sentence in made.notes:
        output.note(sentence)
    left_out.tell(made.skipped, "collect --json")
