"""How often, and with what changed each time, the form's training is to be repeated."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication, Signal
from PySide6.QtWidgets import QDialog, QSpinBox, QVBoxLayout, QWidget

from alexnet_studio.studio.theme import GRID_PX, Theme
from alexnet_studio.studio.widgets.buttons import Button
from alexnet_studio.studio.widgets.chooser import Chooser
from alexnet_studio.studio.widgets.in_a_row import in_a_row
from alexnet_studio.studio.widgets.plain_label import PlainLabel

_MOST = 1_000
_USUAL = 5


class RepeatDialog(QDialog):
    """`repeat_requested` carries "seeds", "folds" or "leave-one-out", and how many."""

    repeat_requested = Signal(str, int)

    def __init__(self, theme: Theme, parent: QWidget | None = None) -> None:
        super().__init__(parent)
        self.setWindowTitle(QCoreApplication.translate("Repeat", "Repeat this training"))
        self.kind = Chooser(QCoreApplication.translate("Repeat", "What changes"), letters=30)
        self.kind.show_choices(_kinds(), "seeds")
        self.kind.chosen.connect(self._show)
        self.count = QSpinBox()
        self.count.setRange(2, _MOST)
        self.count.setValue(_USUAL)
        self.count.setAccessibleName(QCoreApplication.translate("Repeat", "How many times"))
        self.meaning = PlainLabel(theme, "quiet", delta=-0.5)
        self.meaning.setWordWrap(True)
        self.add = Button(
            theme,
            QCoreApplication.translate("Repeat", "Add to the queue"),
            role="primary",
            on_click=self._on_add,
        )
        self._kind = "seeds"
        column = QVBoxLayout(self)
        column.setContentsMargins(2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX, 2 * GRID_PX)
        column.setSpacing(2 * GRID_PX)
        column.addLayout(in_a_row(self.kind, self.count))
        column.addWidget(self.meaning, 1)
        column.addLayout(in_a_row(self.add))
        self.resize(460, 200)
        self._show("seeds")

    def _show(self, kind: str) -> None:
        self._kind = kind
        self.count.setVisible(kind != "leave-one-out")
        self.meaning.set_text(_meanings()[kind])

    def _on_add(self) -> None:
        self.repeat_requested.emit(self._kind, self.count.value())
        self.accept()


def _kinds() -> tuple[tuple[str, str], ...]:
    return (
        ("seeds", QCoreApplication.translate("Repeat", "so many seeds")),
        ("folds", QCoreApplication.translate("Repeat", "so many folds")),
        ("leave-one-out", QCoreApplication.translate("Repeat", "leave one out")),
    )


def _meanings() -> dict[str, str]:
    return {
        "seeds": QCoreApplication.translate(
            "Repeat",
            "The same images, other weights and another order each time, from the form’s seed on. The result is the "
            "mean of the best top-1 and its deviation.",
        ),
        "folds": QCoreApplication.translate(
            "Repeat",
            "The images are cut into so many parts, and each part validates once. The result is the share of all "
            "images that were right.",
        ),
        "leave-one-out": QCoreApplication.translate(
            "Repeat",
            "As many trainings as there are images, or groups of them: each validates once, alone. The result is the "
            "share that was right.",
        ),
    }
