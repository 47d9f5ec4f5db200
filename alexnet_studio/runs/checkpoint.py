"""Checkpoints: all that a training needs to go on, never written in half, never run when read.

Three files: `last.pt`, `previous.pt` (the one before) and `best.pt` (a copy of the best `last.pt`). Their
SHA-256 stand in `manifest.json`, because torch.load checks no sums and loads flipped bytes silently. The hash
is written before the file takes its name, so that at every point of a crash each complete file can be
verified.
"""

from __future__ import annotations

import hashlib
import shutil
import zipfile
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import IO, Any, Literal

import torch

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.files import as_studio_error, make_folder, write_atomic
from alexnet_studio.runs import manifest
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.hashing_writer import HashingWriter

SCHEMA_VERSION = 1
_LAST, _PREVIOUS, _BEST, _NEXT = "last.pt", "previous.pt", "best.pt", "next.pt"
Which = Literal["last", "best"]


@dataclass(frozen=True, slots=True)
class Best:
    """The best epoch so far, and what it was judged by (larger is better, compared in this order)."""

    epoch: int
    value: tuple[float, ...]


@dataclass(frozen=True, slots=True)
class Checkpoint:
    """Plain data only: tensors on the CPU, numbers, strings, lists, dicts.

    `step` counts updates, `epoch` whole epochs (validation included), `batch` the batches already learned of
    the next one. No random state is kept: order, augmentation and dropout are functions of seed, epoch, step
    and sample. `identity` and `note` are set by `load`: the hash of the file, and why it is not the one that
    was asked for.
    """

    step: int
    epoch: int
    batch: int
    weights: dict[str, torch.Tensor]
    optimizer: dict[str, Any]
    schedule: dict[str, Any]
    meters: dict[str, float]
    best: Best | None
    scaler: dict[str, Any] = field(default_factory=dict[str, Any])
    identity: str = ""
    note: str = ""


_KEYS = tuple(field.name for field in fields(Checkpoint) if field.name not in {"identity", "note"})


def save(run: RunFolder, payload: Checkpoint, *, best: bool) -> None:
    """Write `last.pt` (and `best.pt`), verify it, and keep the one before as `previous.pt`.

    Raises `Failed` ("disk_full", "not_writable", "checkpoint_not_verified"); what was saved before is then
    intact.
    """
    folder = run.checkpoints
    make_folder(folder)
    _sweep(folder)
    known = manifest.read(folder)
    digest = _write(folder / _NEXT, payload, known)
    if (folder / _LAST).exists():
        _rename(folder / _LAST, folder / _PREVIOUS)
    _rename(folder / _NEXT, folder / _LAST)
    if best:
        _copy(folder / _LAST, folder / _BEST, digest)
    named = {_LAST: digest, _PREVIOUS: known.get(_LAST), _BEST: digest if best else known.get(_BEST)}
    manifest.write(folder, {name: value for name, value in named.items() if value is not None})


def load(run: RunFolder, which: Which) -> Checkpoint:
    """The newest checkpoint that verifies; without a `best.pt` yet, the last one.

    Raises `BadInput` ("no_checkpoint", "checkpoint_damaged", "checkpoint_from_newer_version").
    """
    newest = _newest(run.checkpoints)
    wanted = newest if which == "last" else [_BEST, *newest]
    present = [name for name in wanted if (run.checkpoints / name).exists()]
    # A best one that was written and is gone is tried too, so that its absence is told.
    if which == "best" and present and _BEST not in present and _BEST in manifest.read(run.checkpoints):
        present = [_BEST, *present]
    if not present:
        raise BadInput(
            "no_checkpoint",
            "{run} has no checkpoint yet. Train it for at least one step first.",
            run=str(run.path),
        )
    return _first_good(run.checkpoints, present)


def has_any(run: RunFolder) -> bool:
    return any((run.checkpoints / name).exists() for name in (*_newest(run.checkpoints), _BEST))


def _newest(folder: Path) -> list[str]:
    """Newest first. Killed between a save's two renames, the newest is complete but for its name."""
    return [_LAST if (folder / _LAST).exists() else _NEXT, _PREVIOUS]


def _first_good(folder: Path, names: list[str]) -> Checkpoint:
    first: BadInput | None = None
    for name in names:
        try:
            found = _read(folder, name)
        except BadInput as error:
            if error.code != "checkpoint_damaged":
                raise
            first = first or error
        else:
            note = f"{names[0]} is {_what(folder / names[0])}; {name} was used instead." if first else ""
            return replace(found, note=note)
    assert first is not None
    raise first


def _what(path: Path) -> str:
    return "damaged" if path.exists() else "missing"


def _write(path: Path, payload: Checkpoint, known: dict[str, str]) -> str:
    """Write, put the hash into the manifest, take the name, read back. The answer is the hash."""
    digest = ""

    def write(file: IO[bytes]) -> None:
        nonlocal digest
        writer = HashingWriter(file)
        writer.save(_document(payload))
        digest = writer.hash.hexdigest()
        manifest.write(path.parent, {**known, path.name: digest})

    write_atomic(path, write)
    _verify(path, digest)
    return digest


def _copy(source: Path, target: Path, digest: str) -> None:
    # Not a hard link: two files on the disk outlive one bad sector.
    def write(file: IO[bytes]) -> None:
        with source.open("rb") as original:
            shutil.copyfileobj(original, file, 1 << 20)

    write_atomic(target, write)
    _verify(target, digest)


def _verify(path: Path, digest: str) -> None:
    if manifest.digest_of(path) != digest:
        path.unlink()
        raise Failed(
            "checkpoint_not_verified",
            "{path} was not written as it was sent: the disk may be failing. Choose a folder on another one.",
            path=str(path),
        )


def _document(payload: Checkpoint) -> dict[str, Any]:
    best = None if payload.best is None else asdict(payload.best)
    return {name: getattr(payload, name) for name in _KEYS} | {"schema_version": SCHEMA_VERSION, "best": best}


def _read(folder: Path, name: str) -> Checkpoint:
    """Verified, then loaded on the CPU as data only. Nothing of a file that does not verify is unpickled."""
    path = folder / name
    known = set(manifest.read(folder).values())
    try:
        # One handle for all: a training may put another file in its place meanwhile.
        with path.open("rb") as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            _require_known(digest, known, path)
            return _payload(_loaded(file), path, digest)
    except BadInput:
        raise
    except Exception as error:
        # torch raises anything here, from KeyError(101) for a text file to UnpicklingError for an evil one.
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not a checkpoint"
        raise _damaged(path, reason) from error


def _require_known(digest: str, known: set[str], path: Path) -> None:
    """Under any name, and asked once more: a training, or a crash, may have come between file and manifest."""
    if digest not in known | set(manifest.read(path.parent).values()):
        raise _damaged(path, f"its content does not match {manifest.NAME}")


def _loaded(file: IO[bytes]) -> dict[str, Any]:
    # torch.save stores without compression: a compressed archive is somebody else's, perhaps a zip bomb.
    with zipfile.ZipFile(file) as archive:
        if any(member.compress_type != zipfile.ZIP_STORED for member in archive.infolist()):
            raise ValueError("compressed")
    file.seek(0)
    document: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    return document


def _payload(document: dict[str, Any], path: Path, digest: str) -> Checkpoint:
    """Raises whatever a document of another shape raises; `_read` says it in words."""
    if int(document["schema_version"]) > SCHEMA_VERSION:
        raise BadInput(
            "checkpoint_from_newer_version",
            "{path} was written by a newer version of AlexNet Studio. Update the program to open it.",
            path=str(path),
        )
    values = {name: document[name] for name in _KEYS}
    if not all(isinstance(tensor, torch.Tensor) for tensor in values["weights"].values()):
        raise TypeError("weights that are no tensors")
    best = values["best"]
    values["best"] = None if best is None else Best(int(best["epoch"]), tuple(best["value"]))
    return Checkpoint(**values, identity=digest[:16])


def _damaged(path: Path, reason: str) -> BadInput:
    return BadInput(
        "checkpoint_damaged",
        "{path} is damaged: {reason}. Restore it from a copy, or train again.",
        path=str(path),
        reason=reason,
    )


def _rename(source: Path, target: Path) -> None:
    try:
        source.replace(target)
    except OSError as error:
        raise as_studio_error(error, target) from error


def _sweep(folder: Path) -> None:
    """Remove the temporaries of a process that was killed while saving; a run has one writer."""
    for stray in folder.glob(".*.tmp"):
        stray.unlink(missing_ok=True)
