"""A run as one file: a zip archive with its record, curves, kernels, features, thumbnails and weights."""

from __future__ import annotations

import json
import os
import tempfile
import zipfile
from collections.abc import Generator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.files import as_studio_error
from alexnet_studio.ground.progress import Progress
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.unpack import FOLDERS, FORMAT, FORMAT_VERSION, INSIDE, LABEL

_BLOCK_BYTES = 4 << 20
_TEXTS = frozenset({".json", ".jsonl", ".md", ".csv"})
_WEIGHTS = "checkpoints"
_SPARE = "previous.pt"  # the training's own second copy
_DERIVED = ".near"  # an index of features, which is made again from them


@dataclass(frozen=True, slots=True)
class Packed:
    file: Path
    size_bytes: int


def pack(run: Path, target: Path, *, weights: bool = True) -> Generator[Progress | Packed]:
    """Raises `BadInput` ("not_a_run", "pack_inside_run") and `Failed` ("disk_full", "not_writable")."""
    root = run_folder.open(run).path
    if root.resolve() in target.resolve().parents:
        raise BadInput(
            "pack_inside_run", "{path} lies inside the run. Give the file another place.", path=str(target)
        )
    files = _files(root, weights=weights)
    total = sum(file.stat().st_size for file in files)
    temporary: Path | None = None
    try:
        target.parent.mkdir(parents=True, exist_ok=True)
        handle, name = tempfile.mkstemp(dir=target.parent, prefix=f".{target.name}.", suffix=".tmp")
        temporary = Path(name)
        with os.fdopen(handle, "wb") as out:
            with zipfile.ZipFile(out, "w") as archive:
                label = {"format": FORMAT, "version": FORMAT_VERSION, "name": root.name}
                archive.writestr(LABEL, json.dumps(label))
                done = 0
                for file in files:
                    for count in _add(archive, file, f"{INSIDE}/{file.relative_to(root).as_posix()}"):
                        done += count
                        yield Progress("pack", min(done, total), total)
            out.flush()
            os.fsync(out.fileno())
        temporary.chmod(0o644)
        temporary.replace(target)
        temporary = None
    except OSError as error:
        raise as_studio_error(error, target) from error
    finally:
        if temporary is not None:
            with suppress(OSError):
                temporary.unlink()
    yield Packed(target, target.stat().st_size)


def _files(root: Path, *, weights: bool) -> list[Path]:
    """Only what is known to be of a run: no cache, no orders to a training, nothing of somebody else's."""
    found = [path for path in root.iterdir() if path.suffix in _TEXTS]
    for name in FOLDERS:
        if (weights or name != _WEIGHTS) and (root / name).is_dir():
            found += (root / name).iterdir()
    plain = [path for path in found if path.is_file() and not path.is_symlink()]
    kept = [path for path in plain if path.name != _SPARE and path.suffix != _DERIVED]
    return sorted(path for path in kept if not path.name.startswith("."))


def _add(archive: zipfile.ZipFile, file: Path, name: str) -> Generator[int]:
    """Yields the bytes of each block. Numbers are stored as they are: packing them gains little and takes long."""
    entry = zipfile.ZipInfo.from_file(file, name, strict_timestamps=False)
    entry.compress_type = zipfile.ZIP_DEFLATED if file.suffix in _TEXTS else zipfile.ZIP_STORED
    with file.open("rb") as source, archive.open(entry, "w", force_zip64=True) as out:
        while block := source.read(_BLOCK_BYTES):
            out.write(block)
            yield len(block)
