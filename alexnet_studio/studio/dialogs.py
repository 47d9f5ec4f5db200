"""Questions to the person. None blocks: the answer comes to a callback, or never."""

from __future__ import annotations

import sys
import tempfile
from collections.abc import Callable
from functools import partial
from pathlib import Path

from PySide6.QtCore import QCoreApplication, Qt, QUrl
from PySide6.QtGui import QDesktopServices, QGuiApplication
from PySide6.QtWidgets import QDialog, QFileDialog, QInputDialog, QMessageBox, QWidget

from alexnet_studio import __version__
from alexnet_studio.ground import places
from alexnet_studio.ground.files import make_folder
from alexnet_studio.studio.opening import IMAGE_SUFFIXES

_TEXT_PX = 420  # a name or a line of a diary


class WindowDialogs:
    def __init__(self, window: QWidget) -> None:
        self._window = window

    def choose_folder(self, picked: Callable[[Path], None]) -> None:
        title = QCoreApplication.translate("Dialogs", "Open a folder of images")
        self._folder(title, "", picked)

    def choose_run(self, picked: Callable[[Path], None]) -> None:
        runs = places.runs()
        title = QCoreApplication.translate("Dialogs", "Open a run")
        self._folder(title, str(runs) if runs.is_dir() else "", picked)

    def choose_images(self, picked: Callable[[tuple[str, ...]], None]) -> None:
        dialog = QFileDialog(self._window, QCoreApplication.translate("Dialogs", "Ask about images"))
        dialog.setFileMode(QFileDialog.FileMode.ExistingFiles)
        patterns = " ".join(f"*{suffix}" for suffix in IMAGE_SUFFIXES)
        dialog.setNameFilter(
            QCoreApplication.translate("Dialogs", "Images ({patterns})").format(patterns=patterns)
        )

        def on_selected(files: list[str]) -> None:
            picked(tuple(files))

        dialog.filesSelected.connect(on_selected)
        self._open(dialog)

    def choose_new_images(self, picked: Callable[[Path], None]) -> None:
        self._folder(QCoreApplication.translate("Dialogs", "Predict a folder of new images"), "", picked)

    def choose_network(self, picked: Callable[[Path], None]) -> None:
        self._file(
            QCoreApplication.translate("Dialogs", "Open a network"),
            QCoreApplication.translate("Dialogs", "Networks (*.json *.cfg)"),
            picked,
        )

    def choose_weights(self, picked: Callable[[Path], None]) -> None:
        self._file(
            QCoreApplication.translate("Dialogs", "Import weights"),
            QCoreApplication.translate("Dialogs", "Weights (*.pt *.pth *.safetensors *.npy)"),
            picked,
        )

    def choose_collection_file(self, picked: Callable[[Path], None]) -> None:
        self._file(
            QCoreApplication.translate("Dialogs", "Collect images from a file"),
            QCoreApplication.translate("Dialogs", "Sets of images (*.csv *.tsv *.tar *.tgz *.gz *ubyte)"),
            picked,
        )

    def choose_collection_folder(self, picked: Callable[[Path], None]) -> None:
        self._folder(QCoreApplication.translate("Dialogs", "Collect images from a folder"), "", picked)

    def choose_named_file(self, title: str, picked: Callable[[Path], None]) -> None:
        """Of any kind: a list of names, a ground truth."""
        self._file(title, "", picked)

    def choose_empty_folder(self, title: str, picked: Callable[[Path], None]) -> None:
        self._folder(title, "", picked)

    def choose_target(self, suggestion: str, picked: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._window, QCoreApplication.translate("Dialogs", "Save"))
        dialog.setAcceptMode(QFileDialog.AcceptMode.AcceptSave)
        dialog.setDefaultSuffix(suggestion.rsplit(".", 1)[-1])
        dialog.selectFile(suggestion)
        dialog.fileSelected.connect(partial(_on_path, picked))
        self._open(dialog)

    def choose_runs_folder(self, picked: Callable[[Path], None]) -> None:
        self._folder(QCoreApplication.translate("Dialogs", "List the runs of a folder"), "", picked)

    def ask_text(self, title: str, label: str, text: str, picked: Callable[[str], None]) -> None:
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setTextValue(text)
        dialog.resize(_TEXT_PX, dialog.sizeHint().height())
        dialog.textValueSelected.connect(picked)
        self._open(dialog)

    def ask_choice(
        self, title: str, label: str, choices: tuple[str, ...], picked: Callable[[str], None]
    ) -> None:
        dialog = QInputDialog(self._window)
        dialog.setWindowTitle(title)
        dialog.setLabelText(label)
        dialog.setComboBoxItems(list(choices))
        dialog.setComboBoxEditable(False)
        dialog.resize(_TEXT_PX, dialog.sizeHint().height())
        dialog.textValueSelected.connect(picked)
        self._open(dialog)

    def show_files(self, folder: Path) -> None:
        """In the desktop's file manager."""
        QDesktopServices.openUrl(QUrl.fromLocalFile(str(folder)))

    def pasted_images(self) -> tuple[str, ...]:
        """Files from the clipboard, or its picture as a file; nothing where it holds neither."""
        clipboard = QGuiApplication.clipboard()
        content = clipboard.mimeData()
        if content.hasUrls():
            return tuple(url.toLocalFile() for url in content.urls() if url.isLocalFile())
        image = clipboard.image()
        if image.isNull():
            return ()
        folder = places.cache() / "pasted"
        make_folder(folder)
        with tempfile.NamedTemporaryFile(dir=folder, prefix="pasted-", suffix=".png", delete=False) as file:
            path = file.name
        return (path,) if image.save(path, "PNG") else ()  # pyright: ignore

    def confirm_stop(self, run: str, stop: Callable[[], None]) -> None:
        """Closing while training: nothing is lost either way."""
        self._confirm(
            QCoreApplication.translate("Dialogs", "{run} is being trained.").format(run=run),
            QCoreApplication.translate(
                "Dialogs", "It can be stopped and saved, and resumed later from where it stands."
            ),
            QCoreApplication.translate("Dialogs", "Stop, save and close"),
            stop,
        )

    def confirm_order_to_stop(self, run: str, stop: Callable[[], None]) -> None:
        """Of a training that this window has not begun."""
        self._confirm(
            QCoreApplication.translate("Dialogs", "Stop {run}, which another process trains?").format(
                run=run
            ),
            QCoreApplication.translate(
                "Dialogs", "It saves and ends; it can be resumed from where it stands."
            ),
            QCoreApplication.translate("Dialogs", "Stop and save"),
            stop,
        )

    def about(self, devices: str) -> None:
        import platform

        import PySide6

        facts = f"AlexNet Studio {__version__}\nPython {platform.python_version()}\nQt {PySide6.__version__}"
        torch = sys.modules.get("torch")
        if torch is not None:
            facts += f"\ntorch {getattr(torch, '__version__', '')}\n{devices}"
        facts += f"\n{platform.platform()}\n{places.data()}"
        box = QMessageBox(self._window)
        box.setWindowTitle(QCoreApplication.translate("Dialogs", "About AlexNet Studio"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(
            QCoreApplication.translate(
                "Dialogs", "Watch a network of the AlexNet family learn, and see what it learned."
            )
        )
        box.setInformativeText(facts)
        copy = box.addButton(
            QCoreApplication.translate("Dialogs", "Copy system info"), QMessageBox.ButtonRole.ActionRole
        )
        copy.clicked.connect(lambda: QGuiApplication.clipboard().setText(facts))
        box.addButton(QMessageBox.StandardButton.Close)
        self._open(box)

    def shortcuts(self, rows: tuple[tuple[str, str], ...]) -> None:
        box = QMessageBox(self._window)
        box.setWindowTitle(QCoreApplication.translate("Dialogs", "Keyboard shortcuts"))
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText("\n".join(f"{keys}\t{text}" for text, keys in rows))
        box.addButton(QMessageBox.StandardButton.Close)
        self._open(box)

    def _confirm(self, text: str, told: str, yes: str, act: Callable[[], None]) -> None:
        """`yes` acts; the other button goes on training."""
        box = QMessageBox(self._window)
        box.setIcon(QMessageBox.Icon.Question)
        box.setTextFormat(Qt.TextFormat.PlainText)
        box.setText(text)
        box.setInformativeText(told)
        acting = box.addButton(yes, QMessageBox.ButtonRole.AcceptRole)
        box.addButton(
            QCoreApplication.translate("Dialogs", "Go on training"), QMessageBox.ButtonRole.RejectRole
        )
        acting.clicked.connect(lambda: act())
        self._open(box)

    def _file(self, title: str, names: str, picked: Callable[[Path], None]) -> None:
        """`names`: Qt's filter of names; "" for any."""
        dialog = QFileDialog(self._window, title)
        dialog.setFileMode(QFileDialog.FileMode.ExistingFile)
        if names:
            dialog.setNameFilter(names)
        dialog.fileSelected.connect(partial(_on_path, picked))
        self._open(dialog)

    def _folder(self, title: str, start: str, picked: Callable[[Path], None]) -> None:
        dialog = QFileDialog(self._window, title, start)
        dialog.setFileMode(QFileDialog.FileMode.Directory)
        dialog.setOption(QFileDialog.Option.ShowDirsOnly, True)
        dialog.fileSelected.connect(partial(_on_path, picked))
        self._open(dialog)

    def _open(self, dialog: QDialog) -> None:
        dialog.setAttribute(Qt.WidgetAttribute.WA_DeleteOnClose)
        dialog.open()


def _on_path(picked: Callable[[Path], None], path: str) -> None:
    picked(Path(path))
