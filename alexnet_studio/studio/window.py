"""The window: panels, menus, toolbar, status line. It shows views and passes intents on, nothing else."""

from __future__ import annotations

from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication, QPoint, Qt, QTimer, Signal
from PySide6.QtGui import QCloseEvent, QDragEnterEvent, QDropEvent, QPaintEvent, QResizeEvent
from PySide6.QtWidgets import QDialog, QMainWindow, QVBoxLayout, QWidget

from alexnet_studio.studio.actions import make_actions, show_action
from alexnet_studio.studio.controller import Controller
from alexnet_studio.studio.dialogs import WindowDialogs
from alexnet_studio.studio.intents.window import WindowIntents, WindowParts
from alexnet_studio.studio.jobs import collect as collect_jobs
from alexnet_studio.studio.joined_predictions import joined_predictions
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.menus import Menus
from alexnet_studio.studio.pages import Pages
from alexnet_studio.studio.panels.class_map import ClassMapDialog
from alexnet_studio.studio.panels.collection import CollectionDialog
from alexnet_studio.studio.panels.known_sets import KnownSetsDialog
from alexnet_studio.studio.panels.laboratory import LaboratoryDialog
from alexnet_studio.studio.panels.measures import MeasuresDialog
from alexnet_studio.studio.panels.predictions import PredictionsDialog
from alexnet_studio.studio.panels.repeat import RepeatDialog
from alexnet_studio.studio.panels.runs import RunsDialog
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.toolbar import ToolBar
from alexnet_studio.studio.views.collection import CollectionView
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.views.predictions import PredictionsView
from alexnet_studio.studio.views.window import WindowView
from alexnet_studio.studio.widgets.notice_bar import NoticeBar
from alexnet_studio.studio.widgets.status_strip import StatusStrip

if TYPE_CHECKING:
    from alexnet_studio.studio.panel_set import PanelSet


class Window(QMainWindow):
    """`painted` is emitted once, after the first paint: what is slow to import waits for it."""

    painted = Signal()

    def __init__(self, theme: Theme, memory: Memory) -> None:
        super().__init__()
        self.theme = theme
        self.setAcceptDrops(True)
        self.setAnimated(False)  # as in `Docks`
        self.pages = Pages(theme, memory.bytes("layout"))
        self.dialogs = WindowDialogs(self)
        self.predictions: PredictionsDialog | None = None
        self.controller = Controller(self.dialogs, memory, self.show_view, self._set_thumbnail, self)
        self.commands = make_actions(self, self._act)
        self.addActions(list(self.commands.values()))
        self._view: WindowView | None = None
        self.measures: MeasuresDialog | None = None
        self.runs: RunsDialog | None = None
        self.repeat: RepeatDialog | None = None
        self.class_map: ClassMapDialog | None = None
        self.known_sets: KnownSetsDialog | None = None
        self.laboratory: LaboratoryDialog | None = None
        self.collection: CollectionDialog | None = None
        self._was_painted = False
        self._build()
        self._intents = WindowIntents(
            WindowParts(
                self,
                self.pages,
                self.controller,
                self.dialogs,
                self.commands,
                theme,
                memory,
                {
                    "measures": self.open_measures,
                    "runs": self.open_runs,
                    "queue": partial(self.open_runs, "queue"),
                    "repeat": self.open_repeat,
                    "class_map": self.open_map,
                    "known_sets": self.open_known_sets,
                    "laboratory": self.open_laboratory,
                },
            )
        )
        self._join()
        self._intents.restore()
        self.controller.refresh()

    @property
    def panels(self) -> PanelSet:
        return self.pages.panels

    def show_view(self, view: WindowView) -> None:
        """Apply what differs from the last view."""
        last, self._view = self._view, view
        self.pages.show_view(view)
        self.toolbar.show_view(view)
        if self.measures is not None:
            self.measures.show_view(view.measures)
        if self.runs is not None:
            self.runs.show_view(view.runs)
            self.runs.show_queue(view.queue)
        if self.class_map is not None:
            self.class_map.show_view(view.map)
        if self.laboratory is not None:
            self.laboratory.show_view(view.laboratory)
        if last is None or view.collection != last.collection:
            self._show_collection(view.collection)
        if view.predictions is not None and (last is None or view.predictions != last.predictions):
            self._show_predictions(view.predictions)
        for name, action in view.actions:
            show_action(self.commands[name], action)
        if last is None or view.notice != last.notice:
            self.notice.show_view(view.notice)
        if last is None or view.status != last.status:
            self.status.show_view(view.status)
        if last is None or view.title != last.title or view.modified != last.modified:
            self._show_title(view)
        if last is None or view.recent != last.recent:
            self.menus.show_recent(view.recent)
            self.toolbar.show_recent(view.recent)
        if view.leaving:
            # After this call: the controller is still at work.
            QTimer.singleShot(0, self, self.close)

    def dragEnterEvent(self, event: QDragEnterEvent) -> None:
        if any(url.isLocalFile() for url in event.mimeData().urls()):
            event.acceptProposedAction()

    def dropEvent(self, event: QDropEvent) -> None:
        paths = [Path(url.toLocalFile()) for url in event.mimeData().urls() if url.isLocalFile()]
        if paths:
            event.acceptProposedAction()
            self.open(*paths)

    def open(self, *paths: Path) -> None:
        """A folder of images, a run, or images to ask about."""
        self.controller.after(self.controller.opening.open)(paths)

    def open_measures(self) -> None:
        """Made when it is first wanted; it stays beside the window, which goes on working."""
        self.controller.state.measures.wanted = True
        if self.measures is None:
            self.measures = MeasuresDialog(self.theme, self)
            self.measures.timing_requested.connect(self.controller.after(self.controller.measures.bench))
            self.measures.export_requested.connect(self.controller.after(self.controller.exports.save))
            self.measures.intent.connect(self._act)
        self._bring(self.measures)

    def open_runs(self, page: str = "") -> None:
        """As `open_measures`; while it is open, the list follows what is in the folder, and the queue its file."""
        if self.runs is None:
            self.runs = RunsDialog(self.theme, self)
            self.runs.opened.connect(self.controller.after(self.controller.run_list.set_open))
            self.runs.deed_requested.connect(self.controller.after(self.controller.run_list.act))
            self.runs.intent.connect(self._act)
            self.runs.opened.connect(self.controller.after(self.controller.queue.set_open))
            self.runs.queue.deed_requested.connect(self.controller.after(self.controller.queue.act))
        self.runs.turn_to_queue(page == "queue")
        self._bring(self.runs)

    def open_repeat(self) -> None:
        """As `open_measures`."""
        if self.repeat is None:
            self.repeat = RepeatDialog(self.theme, self)
            self.repeat.repeat_requested.connect(self.controller.after(self.controller.queue.repeat))
        self._bring(self.repeat)

    def open_map(self) -> None:
        """As `open_measures`."""
        if self.class_map is None:
            self.class_map = ClassMapDialog(self.theme, self)
            self.class_map.zoom_picked.connect(self.controller.after(self.controller.maps.zoom))
            self.class_map.export_requested.connect(self.controller.after(self.controller.exports.save))
            self.class_map.intent.connect(self._act)
        self._bring(self.class_map)

    def open_known_sets(self) -> None:
        """As `open_measures`; nothing is fetched before a click in it."""
        if self.known_sets is None:
            self.known_sets = KnownSetsDialog(self.theme, collect_jobs.known_sets(), self)
            self.known_sets.fetch_requested.connect(self.controller.after(self.controller.collections.fetch))
            self.known_sets.intent.connect(self._act)
        self._bring(self.known_sets)

    def _show_collection(self, view: CollectionView | None) -> None:
        """It comes by itself, once it is known what a source holds."""
        if self.collection is None:
            if view is None:
                return
            self.collection = CollectionDialog(self.theme, self)
            collections = self.controller.collections
            self.collection.edited.connect(self.controller.after(collections.edit))
            self.collection.browse_requested.connect(self.controller.after(collections.browse))
            self.collection.collect_requested.connect(self.controller.after(collections.collect))
            self.collection.given_up.connect(self.controller.after(collections.give_up))
        self.collection.show_view(view)

    def _show_predictions(self, view: PredictionsView) -> None:
        """It comes when a folder is to be predicted, and also by itself when images without labels are dropped."""
        before = 0
        if self.predictions is None:
            self.predictions = joined_predictions(self.theme, self.controller, self._act, self)
        else:
            before = self.predictions.calls
        self.predictions.show_view(view)
        if view.calls != before:
            self.predictions.show()
            self.predictions.activateWindow()

    def _set_thumbnail(self, path: str, pixels: Pixels) -> None:
        self.pages.set_thumbnail(path, pixels)
        if self.predictions is not None:
            self.predictions.set_thumbnail(path, pixels)

    def open_laboratory(self) -> None:
        """As `open_measures`; while it is open it follows what is selected."""
        if self.laboratory is None:
            self.laboratory = LaboratoryDialog(self.theme, self)
            self.laboratory.intent.connect(self._act)
            self.laboratory.opened.connect(self.controller.after(self.controller.laboratory.set_open))
            self.laboratory.place_picked.connect(self.controller.after(self.controller.laboratory.place))
            self.laboratory.export_requested.connect(self.controller.after(self.controller.exports.save))
            # At the right, so that images can be chosen at the left.
            self.laboratory.move(self.frameGeometry().topRight() - QPoint(self.laboratory.width() + 24, -64))
        self._bring(self.laboratory)

    def _bring(self, dialog: QDialog) -> None:
        """With what there is to show, before the person."""
        self.controller.refresh()
        dialog.show()
        dialog.activateWindow()

    def stop_and_close(self) -> None:
        """Without asking: stop a training, save it, close."""
        self._intents.stop_and_close()

    def resizeEvent(self, event: QResizeEvent) -> None:
        super().resizeEvent(event)
        self.pages.fit_workspace()

    def paintEvent(self, event: QPaintEvent) -> None:
        super().paintEvent(event)
        if not self._was_painted:
            self._was_painted = True
            self.painted.emit()

    def closeEvent(self, event: QCloseEvent) -> None:
        if self._intents.may_close():
            self.controller.close()
            event.accept()
        else:
            event.ignore()

    def _build(self) -> None:
        self.toolbar = ToolBar(self.theme, self.commands, self)
        self.addToolBar(self.toolbar)
        self.menus = Menus(self.menuBar(), self.commands)
        self.notice = NoticeBar(self.theme)
        self.status = StatusStrip(self.theme)
        centre = QWidget(self)
        centre.setAutoFillBackground(True)
        column = QVBoxLayout(centre)
        column.setContentsMargins(0, 0, 0, 0)
        column.setSpacing(0)
        column.addWidget(self.notice)
        column.addWidget(self.pages, 1)
        column.addWidget(self.status)
        self.setCentralWidget(centre)
        self.setContextMenuPolicy(Qt.ContextMenuPolicy.PreventContextMenu)

    def _join(self) -> None:
        self.pages.join(self.controller)
        for source in (self.toolbar.recent_picked, self.menus.recent_picked, self.pages.welcome.path_picked):
            source.connect(self._on_path_picked)
        self.toolbar.network_picked.connect(self.controller.after(self.controller.recipes.pick_network))
        self.menus.recent_cleared.connect(lambda: self._act("forget_recent"))
        self.notice.intent.connect(self._act)
        self.notice.dismissed.connect(lambda: self._act("dismiss"))
        self.status.cancel_requested.connect(lambda: self._act("cancel"))
        self.status.skipped_clicked.connect(lambda: self._act("show_data"))

    def _on_path_picked(self, path: str) -> None:
        self.open(Path(path))

    def _act(self, name: str) -> None:
        if not self._intents.act(name):
            self.controller.act(name)

    def _show_title(self, view: WindowView) -> None:
        name = QCoreApplication.translate("Window", "AlexNet Studio")
        title = QCoreApplication.translate("Window", "{run}[*] – {name}")
        self.setWindowTitle(title.format(run=view.title, name=name) if view.title else f"{name}[*]")
        self.setWindowModified(view.modified)
