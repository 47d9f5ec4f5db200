"""`collect`: a well-known set of images, or those of a table, as one folder of class folders."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

from cyclopts import Parameter

from alexnet_studio.cli import left_out, output
from alexnet_studio.cli.interruption import result
from alexnet_studio.images import collecting
from alexnet_studio.images.folder import skipped_json


def collect(
    source: Annotated[
        Path,
        Parameter(
            help="IDX files (MNIST, FashionMNIST), a CIFAR archive for Python, ImageNet's archives or folders, "
            "or a CSV file of paths and labels"
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
    side: Annotated[
        int | None, Parameter(help="make every image a square of so many pixels (256 in 2012)")
    ] = None,
    json: output.JsonFlag = False,
) -> None:
    """Make a folder of class folders from a well-known set of images or from a table; runs no code from it."""
    with output.progress_bar() as bar:
        made = result(collecting.collect(source, folder, names=names, side=side), bar)
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
