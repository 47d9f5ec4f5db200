"""Starting the window: Qt is asked for only where it can run, torch comes after the first paint."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground.display import display
from alexnet_studio.ground.errors import BadInput
from alexnet_studio.studio.first_imports import finish_what_was_begun

if TYPE_CHECKING:
    from alexnet_studio.studio.session import Session


def open_window(target: Path | None) -> int:
    """The window, on a folder, a run, or its first page. Returns the exit code.

    Raises `BadInput` ("no_display", "path_missing").
    """
    if target is not None and not target.exists():
        raise BadInput(
            "path_missing",
            "{path} does not exist. Check its name, or choose it in a dialog.",
            path=str(target),
        )
    session = _session()
    if target is not None:
        session.when_painted(lambda: session.window.open(target.absolute()))
    return session.run()


def demo() -> int:
    """The window, which makes the sample and trains on it."""
    session = _session()
    session.when_painted(lambda: session.window.controller.act("train_sample"))
    return session.run()


def screenshots(folder: Path) -> int:
    """The whole main job in the real window, each panel saved into `folder` as a picture."""
    session = _session(keep_settings=False)

    from alexnet_studio.studio.screenshots import Tour

    tour = Tour(session.window, folder, session.leave)
    session.when_painted(tour.begin)
    return session.run()


def _session(*, keep_settings: bool = True) -> Session:
    problem = display().problem
    if problem:
        raise BadInput("no_display", "{problem}", problem=problem)
    if sys.platform == "win32":
        # torch >= 2.9 fails to load after Qt there (WinError 1114).
        import torch  # noqa: F401  # pyright: ignore
    finish_what_was_begun()
    try:
        from alexnet_studio.studio.session import Session
    except ImportError as error:
        raise BadInput(
            "qt_missing",
            "Qt cannot be loaded ({reason}). Install the system packages that it names; "
            "everything but the window works without them.",
            reason=str(error),
        ) from error
    return Session(keep_settings=keep_settings)
