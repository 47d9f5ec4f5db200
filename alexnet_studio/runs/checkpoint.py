"""Checkpoints: all that a training needs to go on, never written in half, never run when read.

Three files: `last.pt`, `previous.pt` (the one before) and `best.pt` (a copy of the best `last.pt`). Their
SHA-256 stand in `manifest.json`, because torch.load checks no sums and loads flipped bytes silently. The hash
is written before the file takes its name, so that at every point of a crash each complete file can be
verified.

A new one is first whole under a name of its own, `next.pt` or `next-best.pt`: a crash, or on Windows a reader of the
old one, can come before it takes its place, and it is then found under that name. The best one goes first: the last
one says which epoch is the best, and must not say so of weights that are not there.
"""

from __future__ import annotations

import hashlib
import shutil
from dataclasses import asdict, dataclass, field, fields, replace
from pathlib import Path
from typing import IO, Any, Literal

import torch

from alexnet_studio.ground import file_ops, files
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.files import as_studio_error, make_folder, write_atomic
from alexnet_studio.ground.stored_archive import require_stored
from alexnet_studio.runs import manifest
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.runs.hashing_writer import HashingWriter

SCHEMA_VERSION = 1
_LAST, _PREVIOUS, _BEST = "last.pt", "previous.pt", "best.pt"
_NEXT, _NEXT_BEST = "next.pt", "next-best.pt"
_NEWEST_FIRST = (_NEXT, _LAST, _PREVIOUS)
_WRITING = "being written"  # stands in the manifest until a save is over
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


def save(run: RunFolder, payload: Checkpoint, *, best: bool) -> str:
    """Write `last.pt` (and `best.pt`), verify it, and keep the one before as `previous.pt`.

    The answer says, where another program does not let go of the old file, under which name the new one is kept; it is
    empty otherwise. Raises `Failed` ("disk_full", "not_writable", "checkpoint_not_verified"); what was saved before is
    then intact.
    """
    folder = run.checkpoints
    make_folder(folder)
    try:
        return _save(folder, payload, best=best)
    except OSError as error:
        raise as_studio_error(error, folder) from error


def _save(folder: Path, payload: Checkpoint, *, best: bool) -> str:
    known = _settled(folder)
    digest = _write(folder / (_NEXT_BEST if best else _NEXT), payload, known)
    kept: list[str] = []
    after = dict(known)
    if best:
        _copy(folder / _NEXT_BEST, folder / _NEXT, digest)
        after.pop(_NEXT_BEST, None)
        name = _BEST if _moved(folder, _NEXT_BEST, _BEST) else _NEXT_BEST
        after[name] = digest
        kept += [name] if name == _NEXT_BEST else []
    if _advanced(folder):
        after.pop(_NEXT, None)
        after |= {_LAST: digest} | ({_PREVIOUS: known[_LAST]} if _LAST in known else {})
    else:
        after[_NEXT] = digest
        kept.append(_NEXT)
    manifest.write(folder, after)
    names = " and ".join(kept)
    return f"Another program has the old checkpoint open: the new one is kept as {names}." if kept else ""


def load(run: RunFolder, which: Which) -> Checkpoint:
    """The newest checkpoint that verifies; without a `best.pt` yet, the last one, and the best where that is all.

    Raises `BadInput` ("no_checkpoint", "checkpoint_damaged", "checkpoint_from_newer_version").
    """
    newest, bests = (
        [name for name in names if (run.checkpoints / name).exists()]
        for names in (_NEWEST_FIRST, (_NEXT_BEST, _BEST))
    )
    # The best one is written first: a crash in the very first save may leave nothing else.
    present = [*bests, *newest] if which == "best" else newest or bests
    # A best one that was written and is gone is tried too, so that its absence is told.
    if which == "best" and present and not bests:
        present = [*([_BEST] if _BEST in manifest.read(run.checkpoints) else []), *present]
    if not present:
        raise BadInput(
            "no_checkpoint",
            "{run} has no checkpoint yet. Train it for at least one step first.",
            run=str(run.path),
        )
    return _first_good(run.checkpoints, present)


def has_any(run: RunFolder) -> bool:
    return any((run.checkpoints / name).exists() for name in (*_NEWEST_FIRST, _NEXT_BEST, _BEST))


def _settled(folder: Path) -> dict[str, str]:
    """Finish what a killed process, or one that a reader stood in the way of, began; the hashes of what is there."""
    files.sweep(folder)
    known = manifest.held(folder)
    pending = [name for name in (_NEXT_BEST, _NEXT) if (folder / name).exists()]
    if not pending and _WRITING not in known:
        return known
    trusted = {*known.values()}
    for name in pending:
        if manifest.digest_of(folder / name) not in trusted:
            file_ops.current().remove(folder / name)
        elif name == _NEXT_BEST:
            _moved(folder, _NEXT_BEST, _BEST)
        else:
            _advanced(folder)
    there = (name for name in (*_NEWEST_FIRST, _BEST, _NEXT_BEST) if (folder / name).exists())
    found = {name: manifest.digest_of(folder / name) for name in there}
    return {name: digest for name, digest in found.items() if digest in trusted}


def _advanced(folder: Path) -> bool:
    """Whether `next.pt` has become `last.pt`, and that `previous.pt`."""
    if (folder / _LAST).exists() and not _moved(folder, _LAST, _PREVIOUS):
        return False
    return _moved(folder, _NEXT, _LAST)


def _moved(folder: Path, name: str, place: str) -> bool:
    """False where a reader holds one of the two open."""
    try:
        files.replace(folder / name, folder / place)
    except PermissionError as error:
        if files.is_held_open(error):
            return False
        raise
    return True


def _first_good(folder: Path, names: list[str]) -> Checkpoint:
    first: BadInput | None = None
    for name in names:
        try:
            found = _read(folder, name)
        except BadInput as error:
            if error.code != "checkpoint_damaged":
                raise
            if name in {_NEXT, _NEXT_BEST} and not (folder / name).exists():
                continue  # a training has just moved it to its place
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
        manifest.write(path.parent, {**known, _WRITING: digest})

    write_atomic(path, write)
    _verify(path, digest)
    return digest


def _copy(source: Path, target: Path, digest: str) -> None:
    # Not a hard link: two files on the disk outlive one bad sector.
    def write(file: IO[bytes]) -> None:
        with file_ops.current().open_to_read(source) as original:
            shutil.copyfileobj(original, file, 1 << 20)

    write_atomic(target, write)
    _verify(target, digest)


def _verify(path: Path, digest: str) -> None:
    if manifest.digest_of(path) != digest:
        file_ops.current().remove(path)
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
        with file_ops.current().open_to_read(path) as file:
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
    require_stored(file)
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
    if any(tensor.untyped_storage().nbytes() < tensor.nbytes for tensor in values["weights"].values()):
        raise ValueError("weights larger than their bytes")
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
