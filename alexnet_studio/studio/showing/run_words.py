"""What is said of a run wherever it is listed: its state, its epochs, its size."""

from __future__ import annotations

from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording

if TYPE_CHECKING:
    from alexnet_studio.runs.catalogue import RunSummary


def size_of(size_bytes: int) -> str:
    """Without weights a run is small."""
    if size_bytes >= 1e7:
        return wording.memory(size_bytes)
    return QCoreApplication.translate("Runs", "{n} MB").format(n=wording.decimal(size_bytes / 1e6, 1))


def epochs_of(run: RunSummary) -> str:
    if run.epochs_asked is None:
        return wording.count(run.epochs) if run.epochs else "–"
    text = QCoreApplication.translate("Runs", "{done} of {asked}")
    return text.format(done=wording.count(run.epochs), asked=wording.count(run.epochs_asked))


def state_of(run: RunSummary) -> str:
    return state_words()[run.state]


def state_words() -> dict[str, str]:
    return {
        "running": QCoreApplication.translate("Runs", "running"),
        "finished": QCoreApplication.translate("Runs", "finished"),
        "stopped": QCoreApplication.translate("Runs", "stopped"),
        "diverged": QCoreApplication.translate("Runs", "diverged"),
        "failed": QCoreApplication.translate("Runs", "failed"),
        "interrupted": QCoreApplication.translate("Runs", "interrupted"),
        "imported": QCoreApplication.translate("Runs", "imported"),
        "damaged": QCoreApplication.translate("Runs", "damaged"),
    }
