"""A run's features for other programs: NumPy, spreadsheets, and TensorBoard's projector (no TensorBoard needed)."""

from __future__ import annotations

import csv
import math
from collections.abc import Callable, Generator, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Literal, get_args

import numpy as np
from numpy.lib.format import open_memmap
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error, make_folder, replace, write_json
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs.features import FeatureFile

Format = Literal["npy", "csv", "projector"]
_ROWS = 256
_SPRITE_PX = 8192  # the largest picture that the projector loads


@dataclass(frozen=True, slots=True)
class Exported:
    files: tuple[Path, ...]
    images: int
    dimensions: int


def export(
    file: FeatureFile, folder: Path, format_: Format, cell: Callable[[str], str] = str
) -> Generator[Progress | Exported]:
    """Write into `folder`; the last event names the files. Files of the same names are replaced.

    npy: `<layer>.npy` (float32, images x dimensions) and `<layer>.csv` with the path and the class of each row.
    csv: `<layer>.csv` with path, class and all values. projector: `tensors.tsv`, `metadata.tsv`, `sprite.png` and
    `projector_config.json`. `cell` is how a path or a class stands in a CSV.
    Raises `BadInput` ("feature_format") and `Failed` ("disk_full", "not_writable").
    """
    if format_ not in get_args(Format):
        raise BadInput(
            "feature_format", "There is no format {format}. Choose npy, csv or projector.", format=format_
        )
    make_folder(folder)
    match format_:
        case "npy":
            files = yield from _npy(file, folder, cell)
        case "csv":
            files = yield from _csv(file, folder, cell)
        case "projector":
            files = yield from _projector(file, folder)
    yield Exported(files, *file.features.shape)


def _npy(
    file: FeatureFile, folder: Path, cell: Callable[[str], str]
) -> Generator[Progress, None, tuple[Path, ...]]:
    numbers, names = folder / f"{file.layer}.npy", folder / f"{file.layer}.csv"
    with _replacing(numbers) as temporary:
        out = open_memmap(temporary, mode="w+", dtype=np.float32, shape=file.features.shape)
        for rows in _blocks(file):
            yield Progress("write", rows.start, len(file.paths))
            out[rows] = file.features[rows]
        out.flush()
        del out
    with _text(names) as text:
        rows_of = csv.writer(text, lineterminator="\n")
        rows_of.writerow(("path", "class"))
        rows_of.writerows(
            (cell(path), cell(name)) for path, name in zip(file.paths, file.classes, strict=True)
        )
    return numbers, names


def _csv(
    file: FeatureFile, folder: Path, cell: Callable[[str], str]
) -> Generator[Progress, None, tuple[Path, ...]]:
    target = folder / f"{file.layer}.csv"
    with _text(target) as text:
        table = csv.writer(text, lineterminator="\n")
        columns = [f"{file.layer}_{i}" for i in range(1, file.features.shape[1] + 1)]
        table.writerow(("path", "class", *columns))
        for rows in _blocks(file):
            yield Progress("write", rows.start, len(file.paths))
            cells = zip(file.paths[rows], file.classes[rows], _numbers(file.features[rows]), strict=True)
            table.writerows((cell(path), cell(name), *values) for path, name, values in cells)
    return (target,)


def _projector(file: FeatureFile, folder: Path) -> Generator[Progress, None, tuple[Path, ...]]:
    tensors, metadata = folder / "tensors.tsv", folder / "metadata.tsv"
    sprite, settings = folder / "sprite.png", folder / "projector_config.json"
    with _text(tensors) as text:
        for rows in _blocks(file):
            yield Progress("write", rows.start, len(file.paths))
            text.writelines("\t".join(values) + "\n" for values in _numbers(file.features[rows]))
    with _text(metadata) as text:
        text.write("path\tclass\n")
        text.writelines(
            f"{_one_line(path)}\t{_one_line(name)}\n"
            for path, name in zip(file.paths, file.classes, strict=True)
        )
    side = _draw(file.thumbnails, sprite)
    embedding = {
        "tensorName": f"{file.layer} features",
        "tensorShape": list(file.features.shape),
        "tensorPath": tensors.name,
        "metadataPath": metadata.name,
        "sprite": {"imagePath": sprite.name, "singleImageDim": [side, side]},
    }
    write_json(settings, {"embeddings": [embedding]})
    return tensors, metadata, sprite, settings


def _draw(thumbnails: NDArray[np.uint8], target: Path) -> int:
    """The thumbnails row by row in a square, made as small as the projector needs; returns the side of one."""
    count, own = thumbnails.shape[:2]
    across = max(1, math.ceil(math.sqrt(count)))
    side = max(1, min(own, _SPRITE_PX // across))
    sheet = Image.new("RGB", (across * side, across * side))
    for place, pixels in enumerate(thumbnails):
        small = Image.fromarray(np.asarray(pixels))
        if side != own:
            small = small.resize((side, side), Image.Resampling.BOX)
        sheet.paste(small, (place % across * side, place // across * side))
    with _replacing(target) as temporary:
        sheet.save(temporary, format="PNG")
    return side


@contextmanager
def _text(target: Path) -> Generator[IO[str]]:
    with _replacing(target) as temporary, temporary.open("w", encoding="utf-8", newline="") as text:
        yield text


@contextmanager
def _replacing(target: Path) -> Generator[Path]:
    """A temporary that takes the place of `target` when all went well."""
    temporary = target.with_name(f".{target.name}.tmp")
    try:
        yield temporary
        replace(temporary, target)
    except OSError as error:
        raise as_studio_error(error, target) from error
    finally:
        temporary.unlink(missing_ok=True)


def _blocks(file: FeatureFile) -> Iterator[slice]:
    return (slice(start, start + _ROWS) for start in range(0, len(file.paths), _ROWS))


def _numbers(values: NDArray[np.float32]) -> list[list[str]]:
    """The shortest texts that give each float32 back."""
    found: list[list[str]] = values.astype(np.str_).tolist()
    return found


def _one_line(text: str) -> str:
    """A table of tabs has no way to say that a tab or a line's end belongs to a name."""
    return " ".join(text.splitlines()).replace("\t", " ")
