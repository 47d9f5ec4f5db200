"""A window of its own: networks timed side by side, and what operations mean checked against plain loops."""

from __future__ import annotations

from collections.abc import Callable
from functools import partial

from PySide6.QtCore import QCoreApplication, QSize, Qt, Signal
from PySide6.QtWidgets import (
    QComboBox,
    QDialog,
    QHBoxLayout,
    QLabel,
    QListWidget,
    QListWidgetItem,
    QSpinBox,
    QTabWidget,
    QVBoxLayout,
    QWidget,
)

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.measures import MeasuresView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import plain_tip
from alexnet_studio.studio.widgets.figure_actions import FigureActions
from alexnet_studio.studio.widgets.plain_label import PlainLabel
from alexnet_studio.studio.widgets.table import Table
from alexnet_studio.studio.widgets.table_rows import Column, Row
from alexnet_studio.studio.widgets.timing_chart import TimingChart

_SIZE_PX = (880, 560)
_ROW_PX = 22
_OBJECTIVES = ("loss", "pool5")  # in the order of the list
_FIRST = ("mini", "lenet", "cifar-4layer")  # what a laptop times within a minute


class MeasuresDialog(QDialog):
    """`timing_requested` carries names, the batch, how many batches and what a step goes back from ("loss", "pool5");
    `intent` is an action of the window.
    """

    timing_requested = Signal(object, int, int, str)
    intent = Signal(str)
    export_requested = Signal(str, str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Measures", "Speed and correctness of this machine"))
        self.resize(*_SIZE_PX)
        self._theme = theme
        self._view = MeasuresView()
        self.networks = QListWidget()
        self.networks.setAccessibleName(QCoreApplication.translate("Measures", "Networks to time"))
        self.batch = _spin(QCoreApplication.translate("Measures", "Images at once"), 64, 4096)
        self.timed = _spin(QCoreApplication.translate("Measures", "Batches timed"), 100, 10_000)
        self.objective = QComboBox()
        self.objective.addItem(QCoreApplication.translate("Measures", "the loss"))
        self.objective.addItem(QCoreApplication.translate("Measures", "half of |pool5|²"))
        self.objective.setAccessibleName(QCoreApplication.translate("Measures", "A step goes back from"))
        self.start = self._button(QCoreApplication.translate("Measures", "Time them"), self._on_start)
        self.stop = self._button(
            QCoreApplication.translate("Measures", "Stop"), partial(self.intent.emit, "stop_measuring")
        )
        self.busy = PlainLabel(theme, "quiet")
        self.title = PlainLabel(theme, "quiet")
        self.chart = TimingChart(theme)
        self.table = Table(theme, _columns())
        self.table.setAccessibleName(QCoreApplication.translate("Measures", "Times"))
        self.check = self._button(
            QCoreApplication.translate("Measures", "Check"), partial(self.intent.emit, "check_arithmetic")
        )
        self.verdict = PlainLabel(theme, bold=True)
        self.checks = Table(theme, _check_columns())
        self.checks.setAccessibleName(QCoreApplication.translate("Measures", "Deviations"))
        for figure, what, formats in (
            (self.chart, "timings", ("png", "svg", "pdf")),
            (self.table, "timings", ("csv",)),
            (self.checks, "checks", ("csv",)),
        ):
            text = figure.as_text if isinstance(figure, Table) else None
            FigureActions(figure, formats, partial(self.export_requested.emit, what), text=text)
        pages = QTabWidget()
        pages.addTab(self._speed(), QCoreApplication.translate("Measures", "Speed"))
        pages.addTab(self._correctness(), QCoreApplication.translate("Measures", "Correctness"))
        column = QVBoxLayout(self)
        column.addWidget(pages)
        self.pages = pages

    def show_view(self, view: MeasuresView) -> None:
        before, self._view = self._view, view
        if view.choices != before.choices:
            self._list_networks(view.choices)
        self.start.setEnabled(view.can_time)
        self.stop.setVisible(bool(view.busy))
        self.busy.set_text(view.busy)
        self.title.set_text(view.title)
        if view.timings != before.timings:
            self.chart.show_timings(view.timings)
            self.table.set_rows([Row(timing.cells) for timing in view.timings])
        self.chart.setVisible(bool(view.timings))
        self.table.setVisible(bool(view.timings))
        self.check.setEnabled(view.can_check)
        self.verdict.set_text(view.verdict)
        if view.checks != before.checks:
            self.checks.set_rows([Row(cells) for cells in view.checks])
        self.checks.setVisible(bool(view.checks))

    def chosen(self) -> tuple[str, ...]:
        """The ticked networks, in the order of the list."""
        items = [self.networks.item(row) for row in range(self.networks.count())]
        return tuple(
            str(item.data(Qt.ItemDataRole.UserRole))
            for item in items
            if item.checkState() is Qt.CheckState.Checked
        )

    def _list_networks(self, choices: tuple[tuple[str, str], ...]) -> None:
        self.networks.clear()
        for name, title in choices:
            item = QListWidgetItem(name)
            item.setToolTip(plain_tip(title))
            item.setSizeHint(QSize(0, _ROW_PX))
            item.setData(Qt.ItemDataRole.UserRole, name)
            item.setFlags(item.flags() | Qt.ItemFlag.ItemIsUserCheckable)
            item.setCheckState(Qt.CheckState.Checked if name in _FIRST else Qt.CheckState.Unchecked)
            self.networks.addItem(item)

    def _speed(self) -> QWidget:
        page = QWidget()
        left = QVBoxLayout()
        left.setSpacing(GRID_PX)
        left.addWidget(self.networks, 1)
        for label, spin in (
            (QCoreApplication.translate("Measures", "images at once"), self.batch),
            (QCoreApplication.translate("Measures", "batches timed, after 10"), self.timed),
            (QCoreApplication.translate("Measures", "a step goes back from"), self.objective),
        ):
            row = QHBoxLayout()
            row.addWidget(QLabel(label), 1)
            row.addWidget(spin)
            left.addLayout(row)
        buttons = QHBoxLayout()
        buttons.addWidget(self.start)
        buttons.addWidget(self.stop)
        buttons.addStretch(1)
        left.addLayout(buttons)
        left.addWidget(self.busy)
        right = QVBoxLayout()
        right.setSpacing(GRID_PX)
        about = PlainLabel(self._theme, "quiet")
        about.set_text(
            QCoreApplication.translate(
                "Measures",
                "Forward alone, and forward and backward, on images of noise; mean ± standard "
                "deviation. On a CPU the large networks take minutes: time fewer batches.",
            )
        )
        for widget in (about, self.title, self.chart, self.table):
            right.addWidget(widget)
        right.addStretch(1)
        row = QHBoxLayout(page)
        row.setSpacing(2 * GRID_PX)
        row.addLayout(left, 2)
        row.addLayout(right, 5)
        return page

    def _correctness(self) -> QWidget:
        page = QWidget()
        column = QVBoxLayout(page)
        column.setSpacing(GRID_PX)
        about = PlainLabel(self._theme, "quiet")
        about.set_text(
            QCoreApplication.translate(
                "Measures",
                "Libraries disagree about what these operations mean. Each is computed here as a network has it, "
                "and by plain loops after its source; the largest deviation is shown.",
            )
        )
        row = QHBoxLayout()
        row.addWidget(self.check)
        row.addWidget(self.verdict, 1)
        column.addWidget(about)
        column.addLayout(row)
        column.addWidget(self.checks, 1)
        column.addStretch(0)
        return page

    def _on_start(self) -> None:
        self.timing_requested.emit(
            self.chosen(), self.batch.value(), self.timed.value(), _OBJECTIVES[self.objective.currentIndex()]
        )

    def _button(self, text: str, act: Callable[[], None]) -> Button:
        return Button(self._theme, text, on_click=act)


def _spin(name: str, value: int, largest: int) -> QSpinBox:
    spin = QSpinBox()
    spin.setRange(1, largest)
    spin.setValue(value)
    spin.setAccessibleName(name)
    return spin


def _columns() -> tuple[Column, ...]:
    return (
        Column(QCoreApplication.translate("Measures", "network")),
        Column(QCoreApplication.translate("Measures", "forward ms"), numeric=True),
        Column(QCoreApplication.translate("Measures", "step ms"), numeric=True),
        Column(QCoreApplication.translate("Measures", "images/s"), numeric=True),
        Column(QCoreApplication.translate("Measures", "one image ms"), numeric=True),
    )


def _check_columns() -> tuple[Column, ...]:
    return (
        Column(""),
        Column(QCoreApplication.translate("Measures", "check"), shared=True),
        Column(QCoreApplication.translate("Measures", "after"), quiet=True),
        Column(QCoreApplication.translate("Measures", "deviation"), numeric=True),
        Column(QCoreApplication.translate("Measures", "allowed"), numeric=True),
    )
