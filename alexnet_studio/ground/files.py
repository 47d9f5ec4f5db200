"""Writing so that a crash or a full disk leaves the old file or the new one, never half of one."""

from __future__ import annotations

import contextlib
import errno
import json
import os
import secrets
import shutil
import time
from collections.abc import Callable
from pathlib import Path
from typing import IO, Any

from alexnet_studio.ground import file_ops
from alexnet_studio.ground.errors import Failed, StudioError

# While somebody reads a file, Windows lets nobody replace it: access denied, sharing violation, lock violation.
_HELD_OPEN = frozenset({5, 32, 33})
_PAUSES_S = (0.02, 0.05, 0.1, 0.2, 0.4, 0.8)


def write_atomic(path: Path, write: Callable[[IO[bytes]], None]) -> None:
    """Call `write` on a temporary file in the same folder, sync it, and put it in the place of `path`.

    Raises `Failed` ("disk_full", "not_writable") with the old file untouched and the temporary removed.
    """
    ops = file_ops.current()
    temporary = path.with_name(f".{path.name}.{secrets.token_hex(4)}.tmp")
    try:
        ops.make_folder(path.parent)
        with ops.open(temporary, "xb") as file:
            write(file)
            file.flush()
            ops.fsync(file)
        replace(temporary, path)
        _sync_folder(path.parent)
    except OSError as error:
        raise as_studio_error(error, path) from error
    finally:
        # Also for what is no error of the system: an interrupt, say.
        with contextlib.suppress(OSError):
            if temporary.exists():
                ops.remove(temporary)


def replace(source: Path, target: Path) -> None:
    """Put `source` in the place of `target`; where a reader forbids that, once more after a while, up to 1.6 s.

    Raises OSError, and one for which `is_held_open` holds when the reader has not let go.
    """
    ops = file_ops.current()
    for pause in _PAUSES_S:
        try:
            ops.replace(source, target)
        except PermissionError as error:
            if not is_held_open(error):
                raise
            time.sleep(pause)
        else:
            return
    ops.replace(source, target)


def is_held_open(error: OSError) -> bool:
    return getattr(error, "winerror", None) in _HELD_OPEN


def sweep(folder: Path) -> None:
    """Remove the temporaries of a writer that was killed. Only for who is the folder's one writer."""
    ops = file_ops.current()
    with contextlib.suppress(OSError):  # what cannot be removed now is removed the next time
        for name in ops.names(folder):
            if name.startswith(".") and name.endswith(".tmp"):
                ops.remove(folder / name)


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
        file_ops.current().make_folder(path)
    except OSError as error:
        raise as_studio_error(error, path) from error


def require_writable(path: Path) -> None:
    """Whether something could be made at `path`, by making something beside it and taking it away again.

    Permissions do not tell: of a disk that is mounted to be read, of what Windows calls permissions, of /proc. Raises
    `Failed` ("disk_full", "not_writable").
    """
    ops = file_ops.current()
    try:
        place = next(one for one in (path, *path.absolute().parents) if one.exists())
        trial = place / f".{secrets.token_hex(4)}.tmp"
        ops.open(trial, "xb").close()
        ops.remove(trial)
    except OSError as error:
        raise as_studio_error(error, path) from error


def as_studio_error(error: OSError, path: Path) -> StudioError:
    """The sentence for an operating-system error met while writing `path`."""
    if error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return Failed(
            "disk_full",
            "The disk that holds {path} is full ({free} free). Free some space or choose another folder; "
            "what was saved before is intact.",
            path=str(path),
            free=_free(path),
        )
    return Failed(
        "not_writable",
        "{path} cannot be written ({reason}). Choose a folder that you may write to.",
        path=str(path),
        reason=error.strerror or type(error).__name__,
    )


def _free(path: Path) -> str:
    place = next((parent for parent in path.parents if parent.exists()), path)
    with contextlib.suppress(OSError):
        return f"{shutil.disk_usage(place).free / 1e6:,.1f} MB"
    return "an unknown amount"


def _sync_folder(folder: Path) -> None:
    # Windows cannot open folders, and some network shares refuse to sync them: the replacement itself stands.
    with contextlib.suppress(OSError):
        handle = os.open(folder, os.O_RDONLY)
        try:
            os.fsync(handle)
        finally:
            os.close(handle)


def _discard(_: object) -> None: ...
