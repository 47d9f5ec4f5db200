"""The film's controls: play, a slider over its frames, and the towers' specialisation under it."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, QSignalBlocker, Qt, Signal
from PySide6.QtWidgets import QGridLayout, QMenu, QSlider, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.views.kernels import ApartView, KernelsView
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.film_curve import FilmCurve


class KernelFilm(QWidget):
    frame_picked = Signal(int)
    intent = Signal(str)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self.play = Button(theme, role="quiet", on_click=lambda: self.intent.emit("play_film"))
        self.slider = QSlider(Qt.Orientation.Horizontal)
        self.slider.setAccessibleName(QCoreApplication.translate("Kernels", "Moment of the training"))
        self.slider.valueChanged.connect(self._pick)
        self.moment = ElidedLabel(theme, "quiet", delta=-0.5)
        self.save = Button(theme, icon="save", role="quiet")
        name = QCoreApplication.translate("Kernels", "Save the film")
        self.save.setAccessibleName(name)
        self.save.setToolTip(name)
        self.save.setMenu(self._made_menu())
        self.curve = FilmCurve(theme)
        self.curve.frame_picked.connect(self._pick)
        self.apart = ElidedLabel(theme, "quiet", delta=-0.5)
        self.seeds = Button(theme, role="quiet", on_click=lambda: self.intent.emit("other_seeds"))
        self.seeds.setText(QCoreApplication.translate("Kernels", "Other seeds"))
        self._rows = rows = QGridLayout(self)
        rows.setContentsMargins(0, 0, 0, 0)
        rows.setHorizontalSpacing(GRID_PX)
        rows.setVerticalSpacing(0)
        rows.setColumnStretch(1, 2)
        rows.setColumnStretch(2, 1)
        rows.addWidget(self.play, 0, 0)
        rows.addWidget(self.slider, 0, 1)
        rows.addWidget(self.moment, 0, 2)
        rows.addWidget(self.save, 0, 3)
        rows.addWidget(self.curve, 1, 1)
        rows.addWidget(self.seeds, 1, 2, 1, 2, Qt.AlignmentFlag.AlignRight)
        rows.addWidget(self.apart, 2, 0, 1, 4)
        self._show_play(playing=False)

    def show_view(self, view: KernelsView) -> None:
        self.setVisible(view.frames > 0)
        with QSignalBlocker(self.slider):
            self.slider.setRange(0, max(0, view.frames - 1))
            self.slider.setValue(view.frame)
        self.moment.set_text(view.frame_text)
        # Only ever wider: the slider would tremble while the film plays.
        wanted = min(self.moment.sizeHint().width(), 2 * self.width() // 5)
        if wanted > self._rows.columnMinimumWidth(2):
            self._rows.setColumnMinimumWidth(2, wanted)
        self._show_play(playing=view.playing)
        self._show_apart(view.apart, view.frame)

    def _pick(self, frame: int) -> None:
        """The last one is the newest: more may have come since it was drawn."""
        if frame == self.slider.maximum():
            self.intent.emit("show_now")
        else:
            self.frame_picked.emit(frame)

    def _show_play(self, *, playing: bool) -> None:
        self.play.set_icon("pause" if playing else "play")
        name = (
            QCoreApplication.translate("Kernels", "Stop the film")
            if playing
            else QCoreApplication.translate("Kernels", "Play the film")
        )
        self.play.setAccessibleName(name)
        self.play.setToolTip(name)

    def _show_apart(self, view: ApartView | None, frame: int) -> None:
        for widget in (self.curve, self.apart, self.seeds):
            widget.setVisible(view is not None)
        if view is not None:
            self.curve.set_values(view.own, view.others, view.chance, frame)
            self.curve.setToolTip(view.definition)
            self.apart.set_text(view.text)

    def _made_menu(self) -> QMenu:
        menu = QMenu(self)
        for text, intent in (
            (QCoreApplication.translate("Kernels", "As an animated GIF…"), "save_film_gif"),
            (QCoreApplication.translate("Kernels", "As a sequence of PNG files…"), "save_film_png"),
        ):
            menu.addAction(text).triggered.connect(lambda _=False, name=intent: self.intent.emit(name))
        return menu
