"""Saving what is seen: figures as PNG, SVG and PDF, tables as CSV, the network as a script."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication

from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import tables
from alexnet_studio.studio.desk import Actions, Desk, Listener, Listeners
from alexnet_studio.studio.jobs import export as export_jobs
from alexnet_studio.studio.jobs.export import Exported
from alexnet_studio.studio.jobs.runner import Finished, JobKind, Work
from alexnet_studio.studio.showing.window import view_state
from alexnet_studio.studio.state.window import Notice


class ExportIntents:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def actions(self) -> Actions:
        return {"export": lambda: self.save("curves", "png")}

    @property
    def listeners(self) -> Listeners:
        return {JobKind.EXPORT: Listener(self._on_told, self._on_finished)}

    def save(self, what: str, kind: str) -> None:
        """Ask for a file, then write what is on the screen at this moment into it."""
        make = self._writer(what, kind)
        if make is None:
            return
        run = self._desk.state.run
        stem = "alexnet-studio" if run is None else run.path.name
        self._desk.dialogs.choose_target(
            f"{stem}_{what}.{kind}", self._desk.after(partial(self._write, make))
        )

    def _write(self, make: Callable[[Path], Work], target: Path) -> None:
        self._desk.start(JobKind.EXPORT, lambda: make(target))

    def _writer(self, what: str, kind: str) -> Callable[[Path], Work] | None:
        view = view_state(self._desk.state)
        if kind == "py":
            text = view.architecture.pytorch
            return partial(export_jobs.save_text, text) if text else None
        if kind == "csv":
            rows = tables.rows(what, view)
            return None if rows is None else partial(export_jobs.save_table, rows)
        seen = self._desk.state.map
        if what == "map" and seen is not None:
            return partial(export_jobs.save_figure, partial(export_jobs.class_map, seen))
        draw = export_jobs.figure_of(what, view)
        return None if draw is None else partial(export_jobs.save_figure, draw)

    def _on_told(self, event: object) -> None:
        if isinstance(event, Exported):
            text = QCoreApplication.translate("Export", "Saved as {path}.")
            self._desk.state.notice = Notice(text.format(path=str(event.path)))
        elif isinstance(event, Progress):
            self._desk.state.progress[JobKind.EXPORT] = event

    def _on_finished(self, finished: Finished) -> None:
        if finished.error is not None:
            self._desk.tell(finished.error)
