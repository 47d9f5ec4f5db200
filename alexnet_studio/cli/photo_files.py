"""The image files that words on a command line name: a file is itself, a folder all images below it."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.headers import expected
from alexnet_studio.images.walk import Skipped, Walk


def expanded(paths: Sequence[Path]) -> list[Path]:
    """In the order of `paths`; those of a folder sorted by their path. A file is taken whatever its name is.

    Raises `BadInput` ("folder_without_images").
    """
    return [file for path in paths for file in (_inside(path) if path.is_dir() else [path])]


def _inside(folder: Path) -> list[Path]:
    found = sorted(_images(folder))
    if not found:
        raise BadInput(
            "folder_without_images",
            "There are no images in {folder} or below it. Give a folder of images, or image files.",
            folder=str(folder),
        )
    return found


def _images(folder: Path) -> Iterator[Path]:
    walk = Walk(folder)
    walk.claim(".")
    for leaf in walk.leaves("."):
        if not isinstance(leaf, Skipped) and expected(leaf) is not None:
            yield folder / leaf.removeprefix("./")
