"""A run under another name, or in the desktop's trash: nothing of it is ever deleted for good."""

from __future__ import annotations

import re
from pathlib import Path

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.ground.files import as_studio_error
from alexnet_studio.runs.activity import require_unwritten

_LONGEST_BYTES = 200  # most systems take 255
# Separators and control characters are refused everywhere, the others by Windows, where a run may be copied to.
_REFUSED = re.compile(r'[/\\\x00-\x1f\x7f<>:"|?*]|^[. ]|[. ]$')
_DEVICES = re.compile(r"(con|prn|aux|nul|com\d|lpt\d)(\..*)?", re.IGNORECASE)


def rename(run: Path, name: str) -> Path:
    """Where it is now. Raises `BadInput` ("run_name", "run_exists", "run_is_trained", "not_a_run") or `Failed`."""
    if not name or len(name.encode()) > _LONGEST_BYTES or _REFUSED.search(name) or _DEVICES.fullmatch(name):
        raise BadInput(
            "run_name",
            "A run cannot be called {name}: that is no name for a folder on every system. Choose another one.",
            name=name or "nothing",
        )
    require_unwritten(run)
    target = run.parent / name
    # On a disk that does not tell cases apart, the run itself is "there" under its new name.
    if target.exists() and not target.samefile(run):
        raise BadInput("run_exists", "There is something called {path} already.", path=str(target))
    try:
        return run.rename(target)
    except OSError as error:
        raise as_studio_error(error, target) from error


def to_trash(run: Path) -> None:
    """Raises `BadInput` ("run_is_trained", "not_a_run") or `Failed` ("not_trashed")."""
    from send2trash import send2trash

    require_unwritten(run)
    try:
        send2trash(run.absolute())
    except OSError as error:
        raise Failed(
            "not_trashed",
            "{path} cannot be moved to the trash ({reason}). It is still there.",
            path=str(run),
            reason=error.strerror or str(error),
        ) from error
