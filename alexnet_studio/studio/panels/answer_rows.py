"""One query's neighbours in rows: by features, and below what other ways of looking find, each under its name."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QVBoxLayout, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.neighbours import AnswerView, NeighbourView
from alexnet_studio.studio.views.parts import Pixels
from alexnet_studio.studio.widgets.elided_label import ElidedLabel
from alexnet_studio.studio.widgets.mark import mark_of
from alexnet_studio.studio.widgets.picture_row import Picture, PictureRow

_SIDE_PX = 64
_GAP_PX = 4


class AnswerRows(QWidget):
    """`picked` carries the path of a picture that was clicked, `opened` of one double-clicked. With `lead`, the query
    stands before its neighbours.
    """

    picked = Signal(str)
    opened = Signal(str)

    def __init__(self, theme: Theme, *, lead: bool, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self._theme = theme
        self._lead = lead
        self.captions: list[ElidedLabel] = []
        self.rows: list[PictureRow] = []
        self._column = QVBoxLayout(self)
        self._column.setContentsMargins(0, 0, 0, 0)
        self._column.setSpacing(_GAP_PX)

    def show_answer(self, answer: AnswerView | None) -> None:
        shown: list[tuple[str, tuple[Picture, ...]]] = []
        if answer is not None:
            query = Picture(
                answer.query.path, answer.title, answer.truth, lead=True, pixels=answer.query.pixels
            )
            by_features = _pictures(answer.neighbours)
            shown.append((answer.said or answer.error, (query, *by_features) if self._lead else by_features))
            shown.extend((row.said, _pictures(row.neighbours)) for row in answer.beside)
        while len(self.rows) < len(shown):
            self._add_row()
        for index, (caption, row) in enumerate(zip(self.captions, self.rows, strict=True)):
            said, pictures = shown[index] if index < len(shown) else ("", ())
            caption.set_text(said)
            caption.setVisible(bool(said))
            row.set_pictures(pictures)
            row.setVisible(bool(pictures))

    def set_pixels(self, path: str, pixels: Pixels) -> None:
        for row in self.rows:
            row.set_pixels(path, pixels)

    def missing(self) -> tuple[str, ...]:
        return tuple(key for row in self.rows for key in row.missing())

    def _add_row(self) -> None:
        caption = ElidedLabel(self._theme, "quiet", delta=-0.5)
        row = PictureRow(self._theme, _SIDE_PX)
        row.setAccessibleDescription(QCoreApplication.translate("Neighbours", "Nearest training images"))
        row.picked.connect(self.picked)
        row.opened.connect(self.opened)
        self._column.addWidget(caption)
        self._column.addWidget(row)
        self.captions.append(caption)
        self.rows.append(row)


def _pictures(neighbours: tuple[NeighbourView, ...]) -> tuple[Picture, ...]:
    return tuple(
        Picture(
            n.thumbnail.path, n.distance, n.name, mark_of(n.agrees), pixels=n.thumbnail.pixels, note=n.note
        )
        for n in neighbours
    )
