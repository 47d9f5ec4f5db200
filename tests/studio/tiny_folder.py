"""A scanned folder of images that are not there: enough for whatever does not decode them."""

from __future__ import annotations

from pathlib import Path

from alexnet_studio.images.folder import ImageFile, ImageFolder


def folder(classes: int = 3, each: int = 4) -> ImageFolder:
    names = tuple(f"class{label}" for label in range(classes))
    images = tuple(
        ImageFile(f"{name}/{number}.png", label, "train", 10, 0)
        for label, name in enumerate(names)
        for number in range(each)
    )
    return ImageFolder(Path("/photos"), "classes", names, images, (), ())
