"""What a path means: a folder of images, a run, or an image; from a drop, the command line, or the recent ones."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.runs.unpack import is_pack
from alexnet_studio.studio.desk import Desk

IMAGE_SUFFIXES = (".jpg", ".jpeg", ".png", ".bmp", ".gif", ".webp", ".tif", ".tiff", ".ppm", ".pgm")
_RECORD = "run.json"


class Opening:
    def __init__(
        self,
        desk: Desk,
        open_folder: Callable[[Path], None],
        open_run: Callable[[Path], None],
        ask: Callable[[Sequence[str]], None],
        predict: Callable[[Sequence[Path]], None],
    ) -> None:
        self._desk = desk
        self._open_folder = open_folder
        self._open_run = open_run
        self._ask = ask
        self._predict = predict

    def open(self, paths: Sequence[Path]) -> None:
        """Several images are a sheet of queries. Raises `BadInput` for what is nothing of all that."""
        existing = [path for path in paths if path.exists()]
        if not existing:
            raise _missing(paths[0] if paths else Path())
        if all(path.is_file() and is_image(path) for path in existing):
            self._ask_images(existing)
        elif existing[0].is_dir():
            self._open_one(existing[0])
        else:
            self._open_file(existing[0])

    def ask(self, images: Sequence[str]) -> None:
        """Dropped where images are asked about: a whole folder of them is predicted."""
        paths = [Path(image) for image in images]
        if any(path.is_absolute() and path.is_dir() for path in paths):
            self._predict(paths)
        else:
            self._ask(images)

    def _open_one(self, folder: Path) -> None:
        if (folder / _RECORD).is_file():
            self._open_run(folder)
        else:
            self._open_folder(folder)

    def _open_file(self, path: Path) -> None:
        """A packed run, or a part of one, which stands for the run: its `run.json`, a checkpoint."""
        if is_pack(path):
            self._open_run(path)
            return
        for parent in path.parents[:2]:
            if (parent / _RECORD).is_file():
                self._open_run(parent)
                return
        raise BadInput(
            "not_openable",
            "{path} is neither a folder of images, nor a run, nor an image. Choose one of these.",
            path=str(path),
        )

    def _ask_images(self, images: Sequence[Path]) -> None:
        run = self._desk.state.run
        if run is None or not run.has_checkpoint:
            raise BadInput(
                "no_weights",
                "{image} cannot be asked about yet. Train or open a run first, or open the image’s folder.",
                image=images[0].name,
            )
        self._ask([str(image.absolute()) for image in images])


def is_image(path: Path) -> bool:
    return path.suffix.lower() in IMAGE_SUFFIXES


def _missing(path: Path) -> BadInput:
    return BadInput(
        "path_missing", "{path} does not exist. Check its name, or choose it in a dialog.", path=str(path)
    )
