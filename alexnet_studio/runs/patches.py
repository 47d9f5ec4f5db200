"""The strongest patches of a layer's units, kept in the run: `patches/<layer>.npz`, plain arrays and text."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path
from typing import IO

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import make_folder, write_atomic

FOLDER = "patches"
STRONGEST = 9


@dataclass(frozen=True, slots=True)
class PatchFile:
    """For each of the layer's U units its nine strongest images of the `seen` ones, the strongest first.

    `values` (U, 9) are the units' largest values on them, `images` (U, 9) their positions in `paths` (-1: there were
    fewer), `places` (U, 9, 2) the rows and columns of the layer's map where that was. `paths` are relative to
    `source`; `checkpoint` is the identity of the weights that answered.
    """

    layer: str
    checkpoint: str
    source: str
    seen: int
    paths: tuple[str, ...]
    values: NDArray[np.float32]
    images: NDArray[np.int32]
    places: NDArray[np.int32]


def write(run: Path, patches: PatchFile) -> None:
    """Raises `Failed` ("disk_full", "not_writable")."""

    def save(file: IO[bytes]) -> None:
        np.savez_compressed(
            file,
            checkpoint=np.array(patches.checkpoint),
            source=np.array(patches.source),
            seen=np.array(patches.seen),
            paths=np.array(patches.paths, dtype=np.str_),
            values=patches.values,
            images=patches.images,
            places=patches.places,
        )

    make_folder(run / FOLDER)
    write_atomic(_path(run, patches.layer), save)


def read(run: Path, layer: str) -> PatchFile | None:
    """None where none were gathered. Raises `BadInput` ("patches_damaged")."""
    path = _path(run, layer)
    if not path.exists():
        return None
    try:
        # Opened here: numpy leaves a damaged archive open.
        with path.open("rb") as file, np.load(file, allow_pickle=False) as stored:
            found = PatchFile(
                layer,
                str(stored["checkpoint"]),
                str(stored["source"]),
                int(stored["seen"]),
                tuple(map(str, stored["paths"])),
                stored["values"].astype(np.float32),
                stored["images"].astype(np.int32),
                stored["places"].astype(np.int32),
            )
        _check(found)
    except Exception as error:
        # A damaged zip archive raises anything from BadZipFile to zlib.error.
        raise BadInput(
            "patches_damaged",
            "The strongest patches in {path} are damaged. Gather them again.",
            path=str(path),
        ) from error
    return found


def _check(found: PatchFile) -> None:
    shape = found.values.shape
    if len(shape) != 2 or found.images.shape != shape or found.places.shape != (*shape, 2):
        raise ValueError("arrays of other shapes")
    if found.images.size and found.images.max() >= len(found.paths):
        raise ValueError("an image without a path")


def _path(run: Path, layer: str) -> Path:
    return run / FOLDER / f"{layer}.npz"
