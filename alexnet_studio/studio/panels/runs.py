"""A window of its own: the runs of a folder, sorted and searched, what can be done with them, and the queue."""

from __future__ import annotations

from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, Signal
from PySide6.QtWidgets import (
    QDialog,
    QHBoxLayout,
    QLineEdit,
    QStackedWidget,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from alexnet_studio.studio.panels.queue import QueuePage
from alexnet_studio.studio.panels.run_columns import Order, run_columns
from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.queue import QueueView
from alexnet_studio.studio.views.runs import RunRow, RunsView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.empty_state import EmptyState
from alexnet_studio.studio.widgets.flow_layout import FlowLayout
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.seen import Seen
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row

_SIZE_PX = (980, 560)
_COMPARISON_PX = 240
_OF_SEVERAL = frozenset({"overlay", "compare", "trash"})


class RunsDialog(QDialog):
    """`deed_requested` carries what shall be done and the paths of the selected runs; `intent` is an action of the
    window; `opened` tells whether the list is seen.
    """

    deed_requested = Signal(str, object)
    intent = Signal(str)
    opened = Signal(bool)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Runs", "Runs"))
        self.resize(*_SIZE_PX)
        self._theme = theme
        self._view = RunsView()
        self._order = Order()
        self._shown: list[RunRow] = []
        Seen(self, self.opened.emit)
        self.folder = ElidedLabel(theme, "quiet")
        self.search = QLineEdit()
        self.search.setPlaceholderText(QCoreApplication.translate("Runs", "Find: name, network, state…"))
        self.search.setClearButtonEnabled(True)
        self.search.textChanged.connect(self._rearrange)
        self.table = Table(theme, run_columns(), several=True)
        self.table.setAccessibleName(QCoreApplication.translate("Runs", "Runs"))
        self.table.sorting_picked.connect(self._on_sorting_picked)
        self.table.selection_moved.connect(self._show_buttons)
        self.table.doubleClicked.connect(lambda: self._ask("open"))
        self.empty = EmptyState(theme)
        self.empty.intent.connect(self.intent)
        self.pages = QStackedWidget()
        self.pages.addWidget(self.table)
        self.pages.addWidget(self.empty)
        self.comparison = Table(theme, (Column(""), Column("")))
        self.comparison.setAccessibleName(QCoreApplication.translate("Runs", "What differs"))
        self.end_comparison = Button(
            theme,
            QCoreApplication.translate("Runs", "Close the comparison"),
            role="quiet",
            on_click=partial(self.intent.emit, "end_comparison"),
        )
        self.pooled = PlainLabel(theme)
        self.told = PlainLabel(theme, "quiet")
        self.buttons = {
            name: Button(theme, text, on_click=partial(self._ask, name)) for name, text in _deeds()
        }
        self.queue = QueuePage(theme)
        self.queue.intent.connect(self.intent)
        self.tabs = QTabWidget()
        self._lay_out()
        self.table.setFocus()
        self._show_comparison(())
        self._show_buttons()

    def show_view(self, view: RunsView) -> None:
        before, self._view = self._view, view
        self.folder.set_text(view.folder)
        if view.empty is not None:
            self.empty.show_view(view.empty)
        self.pages.setCurrentWidget(self.table if view.empty is None else self.empty)
        if view.rows != before.rows:
            self._rearrange()
        self.told.set_text(view.busy or view.notice)
        self.told.setVisible(bool(view.busy or view.notice))
        if view.comparison != before.comparison:
            self._show_comparison(view.comparison)

    def show_queue(self, view: QueueView) -> None:
        self.queue.show_view(view)
        if view.title:
            self.tabs.setTabText(1, view.title)

    def turn_to_queue(self, is_wanted: bool) -> None:
        """Or to the list of runs."""
        self.tabs.setCurrentIndex(int(is_wanted))

    def chosen(self) -> tuple[Path, ...]:
        """The selected runs, from top to bottom; of a group all of its own, and none twice."""
        runs = [run for row in self._chosen_rows() for run in row.members or (row.path,)]
        return tuple(Path(run) for run in dict.fromkeys(runs))

    def _chosen_rows(self) -> list[RunRow]:
        return [self._shown[row] for row in self.table.selected() if row < len(self._shown)]

    def _rearrange(self) -> None:
        """The selection goes with the runs, not with their places."""
        before = {row.path for row in self._chosen_rows()}
        self._shown = self._order.arranged(self._view.rows, self.search.text())
        self.table.set_rows([Row(row.cells) for row in self._shown])
        self.table.select_several([i for i, row in enumerate(self._shown) if row.path in before])
        self._show_buttons()

    def _on_sorting_picked(self, column: int) -> None:
        self._order.pick(column)
        self._rearrange()
        order = Qt.SortOrder.DescendingOrder if self._order.descending else Qt.SortOrder.AscendingOrder
        self.table.horizontalHeader().setSortIndicator(column, order)
        self.table.horizontalHeader().setSortIndicatorShown(True)

    def _ask(self, name: str) -> None:
        rows = self._chosen_rows()
        if rows and self.buttons[name].isEnabled():
            runs = (Path(rows[0].path),) if name == "show_files" else self.chosen()
            self.deed_requested.emit(name, runs)

    def _show_buttons(self) -> None:
        chosen, runs = self._chosen_rows(), self.chosen()
        sound = bool(chosen) and not any(row.problem for row in chosen)
        for name, button in self.buttons.items():
            enough = len(runs) >= 2 if name == "compare" else len(runs) == 1 or name in _OF_SEVERAL
            button.set_state(enabled=sound and enough, tip=next((row.problem for row in chosen), ""))
        self.buttons["show_files"].setEnabled(len(chosen) == 1)
        result = next((row.result for row in chosen), "")
        self.pooled.set_text(result)
        self.pooled.setVisible(bool(result))

    def _show_comparison(self, comparison: tuple[tuple[str, ...], ...]) -> None:
        if comparison:
            head = comparison[0]
            self.comparison.set_columns([Column(head[0]), *(Column(name, shared=True) for name in head[1:])])
            self.comparison.set_rows([Row(cells) for cells in comparison[1:]])
            self.comparison.limit_height(_COMPARISON_PX)
        self.comparison.setVisible(bool(comparison))
        self.end_comparison.setVisible(bool(comparison))

    def _lay_out(self) -> None:
        choose = Button(
            self._theme,
            QCoreApplication.translate("Runs", "Another folder…"),
            on_click=partial(self.intent.emit, "choose_runs_folder"),
        )
        top = QHBoxLayout()
        top.setSpacing(GRID_PX)
        top.addWidget(self.folder, 3)
        top.addWidget(choose)
        top.addWidget(self.search, 2)
        flow = FlowLayout(GRID_PX)
        for button in self.buttons.values():
            flow.addWidget(button)
        listed = QWidget()
        column = QVBoxLayout(listed)
        column.setSpacing(GRID_PX)
        column.addLayout(top)
        column.addWidget(self.pages, 1)
        column.addWidget(self.pooled)
        column.addWidget(self.told)
        column.addLayout(flow)
        column.addWidget(self.comparison)
        column.addWidget(self.end_comparison, 0, Qt.AlignmentFlag.AlignLeft)
        self.tabs.addTab(listed, QCoreApplication.translate("Runs", "Runs"))
        self.tabs.addTab(self.queue, QCoreApplication.translate("Runs", "Queue"))
        whole = QVBoxLayout(self)
        whole.addWidget(self.tabs)


def _deeds() -> tuple[tuple[str, str], ...]:
    return (
        ("open", QCoreApplication.translate("Runs", "Open")),
        ("overlay", QCoreApplication.translate("Runs", "Overlay curves")),
        ("compare", QCoreApplication.translate("Runs", "Compare")),
        ("clone", QCoreApplication.translate("Runs", "Clone")),
        ("rename", QCoreApplication.translate("Runs", "Rename…")),
        ("note", QCoreApplication.translate("Runs", "Note…")),
        ("pack", QCoreApplication.translate("Runs", "Pack…")),
        ("show_files", QCoreApplication.translate("Runs", "Show in file manager")),
        ("trash", QCoreApplication.translate("Runs", "Move to trash")),
    )
