"""Where things lie on this machine."""

from __future__ import annotations

import os
from pathlib import Path

import platformdirs

_APP = "alexnet-studio"


def resources() -> Path:
    """Icons, translations and the finished run: beside the package in a checkout, inside it in a wheel."""
    package = Path(__file__).resolve().parents[1]
    inside = package / "resources"
    return inside if inside.is_dir() else package.parent / "resources"


def cache() -> Path:
    """The user's cache folder (stores of decoded images, what scans read); `ALEXNET_STUDIO_CACHE` names another one."""
    named = os.environ.get("ALEXNET_STUDIO_CACHE")
    return Path(named) if named else Path(platformdirs.user_cache_dir(_APP, appauthor=False))


def data() -> Path:
    """The user's data folder (samples and runs made in the window); `ALEXNET_STUDIO_DATA` names another one."""
    named = os.environ.get("ALEXNET_STUDIO_DATA")
    return Path(named) if named else Path(platformdirs.user_data_dir(_APP, appauthor=False))


def samples() -> Path:
    return data() / "samples"


def runs() -> Path:
    return data() / "runs"


def queue() -> Path:
    """The window's queue of trainings, as `alexnet-studio queue` takes it."""
    return data() / "queue.txt"


def new_run_folder(stem: str, parent: Path | None = None) -> Path:
    """The first free `<stem>-<n>` in `parent` (default: the user's runs). Nothing is created."""
    parent = runs() if parent is None else parent
    plain = "".join(c if c.isalnum() or c in "-_." else "-" for c in stem).strip("-.")[:60] or "run"
    number = 1
    while (parent / f"{plain}-{number}").exists():
        number += 1
    return parent / f"{plain}-{number}"
