"""Image files without labels: a file stands for itself, a folder for all images below it."""

from __future__ import annotations

from collections.abc import Generator, Iterator, Sequence
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress, finished
from alexnet_studio.images.headers import expected
from alexnet_studio.images.walk import Skipped, Walk

_TOLD_EVERY = 1000  # files


def expanded(paths: Sequence[Path]) -> list[Path]:
    """As `expand`, for who shows nothing of its progress."""
    return finished(expand(paths))


def expand(paths: Sequence[Path]) -> Generator[Progress, None, list[Path]]:
    """In the order of `paths`; those of a folder sorted by their path. A file is taken whatever its name is.

    Raises `BadInput` ("folder_without_images").
    """
    found: list[Path] = []
    for path in paths:
        found += (yield from _inside(path)) if path.is_dir() else [path]
    return found


def _inside(folder: Path) -> Generator[Progress, None, list[Path]]:
    found: list[Path] = []
    for image in _images(folder):
        found.append(image)
        if len(found) % _TOLD_EVERY == 0:
            yield Progress("list", len(found))
    if not found:
        raise BadInput(
            "folder_without_images",
            "There are no images in {folder} or below it. Give a folder of images, or image files.",
            folder=str(folder),
        )
    return sorted(found)


def _images(folder: Path) -> Iterator[Path]:
    walk = Walk(folder)
    walk.claim(".")
    for leaf in walk.leaves("."):
        if not isinstance(leaf, Skipped) and expected(leaf) is not None:
            yield folder / leaf.removeprefix("./")
