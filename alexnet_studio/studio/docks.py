"""Where the panels stand: four workspaces of docks, tabbed where the window is narrow."""

from __future__ import annotations

from PySide6.QtCore import QByteArray, QCoreApplication, Qt, QTimer
from PySide6.QtGui import QShowEvent
from PySide6.QtWidgets import QDockWidget, QMainWindow, QTabBar, QTabWidget, QWidget

from alexnet_studio.studio.state.window import Workspace

NARROW_PX = 1200
_LEFT = Qt.DockWidgetArea.LeftDockWidgetArea

# Columns from left to right; in a column from top to bottom; then the columns' shares of the width.
_LAYOUTS: dict[Workspace, tuple[tuple[tuple[str, ...], ...], tuple[int, ...]]] = {
    Workspace.DATA: ((("data",), ("neighbours",)), (64, 36)),
    Workspace.NETWORK: ((("architecture",), ("kernels",)), (66, 34)),
    Workspace.TRAIN: ((("architecture",), ("training",), ("kernels", "neighbours")), (22, 48, 30)),
    Workspace.EXPLORE: ((("data",), ("layers",), ("kernels", "neighbours")), (24, 42, 34)),
}

# Per cent of the height for the upper of two: in a window of 1440 x 900 the kernels of both towers can be seen while it
# trains, and the distances of the first neighbours; elsewhere the lower one, which asks and answers, needs more.
_UPPER_SHARES = {Workspace.TRAIN: 47, Workspace.EXPLORE: 42}

# Panels that lie as tabs behind another one, where there is no room for both.
_BEHIND: dict[Workspace, dict[str, str]] = {
    Workspace.TRAIN: {"pinned": "neighbours"},
    Workspace.EXPLORE: {"evaluation": "layers", "feature_map": "layers", "pinned": "neighbours"},
}


def titles() -> dict[str, str]:
    return {
        "data": QCoreApplication.translate("Docks", "Data"),
        "architecture": QCoreApplication.translate("Docks", "Architecture"),
        "training": QCoreApplication.translate("Docks", "Training"),
        "kernels": QCoreApplication.translate("Docks", "Kernels"),
        "neighbours": QCoreApplication.translate("Docks", "Neighbours"),
        "layers": QCoreApplication.translate("Docks", "Layers"),
        "evaluation": QCoreApplication.translate("Docks", "Evaluation"),
        "feature_map": QCoreApplication.translate("Docks", "Map"),
        "pinned": QCoreApplication.translate("Docks", "Pinned"),
    }


class Docks(QMainWindow):
    """A main window inside the main window: it holds the docks, so that the first page can take their place whole."""

    def __init__(self, panels: dict[str, QWidget], parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowFlags(Qt.WindowType.Widget)
        self.setDockNestingEnabled(True)
        # Animated, each change of a panel's size hint would begin an animation of every dock.
        self.setAnimated(False)
        self.setTabPosition(Qt.DockWidgetArea.AllDockWidgetAreas, QTabWidget.TabPosition.North)
        self._docks: dict[str, QDockWidget] = {}
        self._stacked: list[QDockWidget] = []
        self._shares: tuple[list[QDockWidget], list[int]] = ([], [])
        self._shown: tuple[Workspace, bool] | None = None
        for name, panel in panels.items():
            dock = QDockWidget(titles()[name], self)
            dock.setObjectName(f"dock_{name}")
            dock.setWidget(panel)
            dock.setFeatures(QDockWidget.DockWidgetFeature.DockWidgetMovable)
            panel.setAutoFillBackground(True)
            dock.hide()
            self.addDockWidget(_LEFT, dock)
            self._docks[name] = dock

    def show_workspace(self, workspace: Workspace, *, anew: bool = False) -> None:
        """Arrange the panels of `workspace`; one that is shown already keeps what the person moved."""
        narrow = self.window().width() < NARROW_PX
        if self._shown == (workspace, narrow) and not anew:
            return
        self._shown = (workspace, narrow)
        columns, shares = _LAYOUTS[workspace]
        self.setUpdatesEnabled(False)
        self._stacked = []
        for dock in self._docks.values():
            self.removeDockWidget(dock)
            dock.setTitleBarWidget(None)  # pyright: ignore - the stub forgets that None restores Qt's own
        if narrow:
            self._tab((*columns, tuple(_BEHIND.get(workspace, {}))))
        else:
            self._split(columns, shares)
            self._hide_behind(workspace)
        self._show_tabs()
        self.setUpdatesEnabled(True)

    def show_panel(self, name: str) -> None:
        """Bring a panel up, beside the others where this workspace does not have it, and give it the keyboard."""
        dock = self._docks[name]
        if dock.isHidden():
            self.addDockWidget(_LEFT, dock)
            dock.show()
        dock.raise_()
        dock.widget().setFocus(Qt.FocusReason.ShortcutFocusReason)

    def showEvent(self, event: QShowEvent) -> None:
        """Sizes that were given while nothing was shown are forgotten by Qt: they are given again."""
        super().showEvent(event)
        QTimer.singleShot(0, self, self._apply_shares)

    def restore(self, workspace: Workspace, layout: QByteArray) -> None:
        """A layout that does not fit these panels changes nothing."""
        self.show_workspace(workspace)
        if not layout.isEmpty() and self.restoreState(layout):
            self._shares, self._stacked = ([], []), []
            self._shown = (workspace, self.window().width() < NARROW_PX)

    def _split(self, columns: tuple[tuple[str, ...], ...], shares: tuple[int, ...]) -> None:
        heads = [self._docks[column[0]] for column in columns]
        for position, head in enumerate(heads):
            if position == 0:
                self.addDockWidget(_LEFT, head)
            else:
                self.splitDockWidget(heads[position - 1], head, Qt.Orientation.Horizontal)
            head.show()
        for column, head in zip(columns, heads, strict=True):
            for name in column[1:]:
                self.splitDockWidget(head, self._docks[name], Qt.Orientation.Vertical)
                self._docks[name].show()
            if len(column) > 1:
                self._stacked = [self._docks[name] for name in column]
        self._shares = (heads, [share * 10 for share in shares])
        self._apply_shares()

    def _hide_behind(self, workspace: Workspace) -> None:
        for name, front in _BEHIND.get(workspace, {}).items():
            self.tabifyDockWidget(self._docks[front], self._docks[name])
            for dock in (self._docks[name], self._docks[front]):
                dock.setTitleBarWidget(QWidget(dock))  # the tab has the name already
                dock.show()
            self._docks[front].raise_()

    def _show_tabs(self) -> None:
        """Qt may leave a bar hidden that it made in an earlier arrangement: nobody would find what lies behind."""
        direct = Qt.FindChildOption.FindDirectChildrenOnly
        for bar in self.findChildren(QTabBar, options=direct):
            bar.setVisible(bar.count() > 1)
            # Whole names that are scrolled to, instead of "L…" for each.
            bar.setElideMode(Qt.TextElideMode.ElideNone)
            bar.setUsesScrollButtons(True)

    def _tab(self, columns: tuple[tuple[str, ...], ...]) -> None:
        """All but the widest column behind one another at the left: two docks side by side still fit."""
        names = [name for column in columns for name in column]
        main = "training" if "training" in names else names[0]
        others = [self._docks[name] for name in names if name != main]
        self.addDockWidget(_LEFT, self._docks[main])
        self._docks[main].show()
        for position, dock in enumerate(others):
            if len(others) > 1:
                # The tab has the name already.
                dock.setTitleBarWidget(QWidget(dock))
            if position == 0:
                self.splitDockWidget(self._docks[main], dock, Qt.Orientation.Horizontal)
            else:
                self.tabifyDockWidget(others[0], dock)
            dock.show()
        if others:
            others[0].raise_()
            self._shares = ([self._docks[main], others[0]], [600, 400])
            self._apply_shares()

    def _apply_shares(self) -> None:
        docks, sizes = self._shares
        if docks:
            self.resizeDocks(docks, sizes, Qt.Orientation.Horizontal)
        if self._stacked and self._shown is not None:
            upper = _UPPER_SHARES[self._shown[0]]
            self.resizeDocks(self._stacked, [upper * 10, (100 - upper) * 10], Qt.Orientation.Vertical)
