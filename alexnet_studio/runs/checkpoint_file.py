"""One checkpoint's file: written and read back, verified before it is read, and never run.

Its SHA-256 is in the manifest before the file takes its name, so that at every point of a crash each complete file
can be verified: torch.load checks no sums and loads flipped bytes silently.
"""

from __future__ import annotations

import hashlib
import shutil
from pathlib import Path
from typing import IO, Any

import torch

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.files import write_atomic
from alexnet_studio.ground.stored_archive import require_stored
from alexnet_studio.runs import manifest
from alexnet_studio.runs.checkpoint_document import Checkpoint, as_document, from_document
from alexnet_studio.runs.hashing_writer import HashingWriter

BEING_WRITTEN = "being written"  # stands in the manifest until a save is over


def write(path: Path, payload: Checkpoint, known: dict[str, str]) -> str:
    """Write, put the hash into the manifest, take the name, read back. The answer is the hash."""
    digest = ""

    def fill(file: IO[bytes]) -> None:
        nonlocal digest
        writer = HashingWriter(file)
        writer.save(as_document(payload))
        digest = writer.hash.hexdigest()
        manifest.write(path.parent, {**known, BEING_WRITTEN: digest})

    write_atomic(path, fill)
    _verify(path, digest)
    return digest


def copy(source: Path, target: Path, digest: str) -> None:
    # Not a hard link: two files on the disk outlive one bad sector.
    def fill(file: IO[bytes]) -> None:
        with file_ops.current().open_to_read(source) as original:
            shutil.copyfileobj(original, file, 1 << 20)

    write_atomic(target, fill)
    _verify(target, digest)


def read(folder: Path, name: str) -> Checkpoint:
    """Verified, then loaded on the CPU as data only. Nothing of a file that does not verify is unpickled."""
    path = folder / name
    known = set(manifest.read(folder).values())
    try:
        # One handle for all: a training may put another file in its place meanwhile.
        with file_ops.current().open_to_read(path) as file:
            digest = hashlib.file_digest(file, "sha256").hexdigest()
            _require_known(digest, known, path)
            return from_document(_loaded(file), path, digest)
    except BadInput:
        raise
    except Exception as error:
        # torch raises anything here, from KeyError(101) for a text file to UnpicklingError for an evil one.
        reason = error.strerror if isinstance(error, OSError) and error.strerror else "it is not a checkpoint"
        raise _damaged(path, reason) from error


def _verify(path: Path, digest: str) -> None:
    if manifest.digest_of(path) != digest:
        file_ops.current().remove(path)
        raise Failed(
            "checkpoint_not_verified",
            "{path} was not written as it was sent: the disk may be failing. Choose a folder on another one.",
            path=str(path),
        )


def _require_known(digest: str, known: set[str], path: Path) -> None:
    """Under any name, and asked once more: a training, or a crash, may have come between file and manifest."""
    if digest not in known | set(manifest.read(path.parent).values()):
        raise _damaged(path, f"its content does not match {manifest.NAME}")


def _loaded(file: IO[bytes]) -> dict[str, Any]:
    require_stored(file)
    document: dict[str, Any] = torch.load(file, map_location="cpu", weights_only=True)
    return document


def _damaged(path: Path, reason: str) -> BadInput:
    return BadInput(
        "checkpoint_damaged",
        "{path} is damaged: {reason}. Restore it from a copy, or train again.",
        path=str(path),
        reason=reason,
    )
