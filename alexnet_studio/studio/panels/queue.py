"""The queue of trainings as a page: what waits, runs, and has ended, in their order, and what can be done with it."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QHBoxLayout, QStackedWidget, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.queue import QueueView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.empty_state import EmptyState
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row


class QueuePage(QWidget):
    """`deed_requested` carries what shall be done with the entry of a run; `intent` is an action of the window."""

    deed_requested = Signal(str, object)
    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._view = QueueView()
        self.summary = PlainLabel(theme)
        self.command = ElidedLabel(theme, "quiet")
        self.start = Button(
            theme,
            QCoreApplication.translate("Queue", "Start the queue"),
            icon="play",
            role="primary",
            on_click=partial(self.intent.emit, "queue_start"),
        )
        self.pause = Button(
            theme,
            QCoreApplication.translate("Queue", "Pause after this one"),
            icon="pause",
            on_click=partial(self.intent.emit, "queue_pause"),
        )
        self.table = Table(theme, _columns())
        self.table.setAccessibleName(QCoreApplication.translate("Queue", "Queue"))
        self.table.selection_moved.connect(self._show_buttons)
        self.table.doubleClicked.connect(lambda: self._ask("open"))
        self.empty = EmptyState(theme)
        self.empty.intent.connect(self.intent)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.empty)
        self.sentence = PlainLabel(theme)
        self.told = PlainLabel(theme, "quiet")
        self.buttons = {
            name: Button(theme, text, on_click=partial(self._ask, name)) for name, text in _deeds()
        }
        self.clear = Button(
            theme,
            QCoreApplication.translate("Queue", "Take out what is finished"),
            on_click=partial(self.intent.emit, "queue_clear"),
        )
        self.add = Button(
            theme,
            QCoreApplication.translate("Queue", "Add what the form holds"),
            on_click=partial(self.intent.emit, "queue_add"),
        )
        self.repeat = Button(
            theme,
            QCoreApplication.translate("Queue", "Repeat…"),
            on_click=partial(self.intent.emit, "repeat"),
        )
        self._lay_out()
        self.show_view(self._view)

    def show_view(self, view: QueueView) -> None:
        before, self._view = self._view, view
        self.command.set_text(view.command)
        self.summary.set_text(view.problem or view.summary)
        if view.empty is not None:
            self.empty.show_view(view.empty)
        self.pages.setCurrentWidget(self.table if view.empty is None else self.empty)
        for button, action in (
            (self.start, view.start),
            (self.pause, view.pause),
            (self.clear, view.clear),
            (self.add, view.add),
            (self.repeat, view.repeat),
        ):
            button.set_state(enabled=action.enabled, tip=action.tip)
        if view.rows != before.rows:
            self._show_rows(before)
        self._show_buttons()

    def chosen(self) -> Path | None:
        row = self.table.currentIndex().row()
        return Path(self._view.rows[row].run) if 0 <= row < len(self._view.rows) else None

    def _show_rows(self, before: QueueView) -> None:
        """The selection goes with the entry, not with its place."""
        row = self.table.currentIndex().row()
        run = before.rows[row].run if 0 <= row < len(before.rows) else ""
        runs = [one.run for one in self._view.rows]
        self.table.set_rows([Row(one.cells) for one in self._view.rows])
        said = any(one.sentence for one in self._view.rows)
        self.table.set_absent(frozenset() if said else frozenset({len(_columns()) - 1}))
        self.table.select(runs.index(run) if run in runs else None)

    def _ask(self, name: str) -> None:
        run = self.chosen()
        if run is not None and self.buttons[name].isEnabled():
            self.deed_requested.emit(name, run)

    def _show_buttons(self) -> None:
        row = self.table.currentIndex().row()
        chosen = self._view.rows[row] if 0 <= row < len(self._view.rows) else None
        for name, button in self.buttons.items():
            button.setEnabled(chosen is not None and name in chosen.can)
        for label, sentence in (
            (self.sentence, "" if chosen is None else chosen.sentence),
            (self.told, self._view.notice),
        ):
            label.set_text(sentence)
            label.setVisible(bool(sentence))

    def _lay_out(self) -> None:
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        top.addWidget(self.start)
        top.addWidget(self.pause)
        top.addWidget(self.summary, 100)
        top.addStretch(1)
        flow = FlowLayout(GRID_PX)
        for button in (*self.buttons.values(), self.clear, self.add, self.repeat):
            flow.addWidget(button)
        column = QVBoxLayout(self)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.pages, 1)
        column.addWidget(self.sentence)
        column.addWidget(self.told)
        column.addLayout(flow)
        column.addWidget(self.command)


def _columns() -> tuple[Column, ...]:
    return (
        Column(QCoreApplication.translate("Queue", "run"), middle=True, letters=24),
        Column(QCoreApplication.translate("Queue", "network"), rank=4),
        Column(QCoreApplication.translate("Queue", "images"), quiet=True, rank=5),
        Column(QCoreApplication.translate("Queue", "recipe"), shared=True, rank=3),
        Column(QCoreApplication.translate("Queue", "state")),
        Column(QCoreApplication.translate("Queue", "epochs"), numeric=True, rank=1),
        Column(QCoreApplication.translate("Queue", "best top-1"), numeric=True, rank=2),
        Column("", quiet=True, shared=True, rank=6),
    )


def _deeds() -> tuple[tuple[str, str], ...]:
    return (
        ("up", QCoreApplication.translate("Queue", "Up")),
        ("down", QCoreApplication.translate("Queue", "Down")),
        ("remove", QCoreApplication.translate("Queue", "Take out")),
        ("open", QCoreApplication.translate("Queue", "Open the run")),
    )
