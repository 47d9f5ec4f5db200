"""Writing so that a crash or a full disk leaves the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import tempfile
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from alexnet_studio.ground.errors import Failed, StudioError


def write_atomic(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Call `write` on a temporary file in the same folder, sync it, and put it in the place of `path`.

    Raises `Failed` ("disk_full", "not_writable") with the old file untouched and the temporary removed.
    """
    temporary: str | None = None
    try:
        path.parent.mkdir(parents=True, exist_ok=True)
        handle, temporary = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.", suffix=".tmp")
        with os.fdopen(handle, "wb") as file:
            write(file)
            file.flush()
            os.fsync(file.fileno())
        # mkstemp makes files that only their owner can read; a run folder is often shared.
        os.chmod(temporary, 0o666 & ~_umask())  # noqa: PTH101
        os.replace(temporary, path)  # noqa: PTH105
        temporary = None
        _sync_folder(path.parent)
    except OSError as error:
        raise as_studio_error(error, path) from error
    finally:
        if temporary is not None:
            with contextlib.suppress(OSError):
                os.unlink(temporary)  # noqa: PTH108


def write_text(path: Path, text: str) -> None:
    write_atomic(path, lambda file: _discard(file.write(text.encode("utf-8"))))


def write_json(path: Path, document: object) -> None:
    write_text(path, json.dumps(document, ensure_ascii=False, indent=1, allow_nan=False) + "\n")


def read_json(path: Path) -> Any:
    """The document in `path`. Raises `Failed` ("unreadable_json") when it is missing or is not JSON."""
    try:
        return json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError) as error:
        raise Failed(
            "unreadable_json", "{path} is missing or damaged. Choose another folder.", path=str(path)
        ) from error


def make_folder(path: Path) -> None:
    """Create `path` and its parents. Raises `Failed` ("disk_full", "not_writable")."""
    try:
        path.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise as_studio_error(error, path) from error


def as_studio_error(error: OSError, path: Path) -> StudioError:
    """The sentence for an operating-system error met while writing `path`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Failed(
            "disk_full",
            "The disk that holds {path} is full. Free some space or choose another folder; "
            "what was saved before is intact.",
            path=str(path),
        )
    return Failed(
        "not_writable",
        "{path} cannot be written ({reason}). Choose a folder that you may write to.",
        path=str(path),
        reason=error.strerror or type(error).__name__,
    )


def _umask() -> int:
    # There is no way to read the umask without setting it.
    mask = os.umask(0o022)
    os.umask(mask)
    return mask


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders, and some network shares refuse to sync them: the replacement itself stands.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _discard(_: object) -> None: ...
