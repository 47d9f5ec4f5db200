"""The names of curves and plots."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def loss() -> str:
    return QCoreApplication.translate("Training", "Loss")


def error() -> str:
    return QCoreApplication.translate("Training", "Error")


def below(which: str) -> str:
    """Of the third plot: "lr" or "speed"."""
    if which == "lr":
        return QCoreApplication.translate("Training", "Learning rate")
    return QCoreApplication.translate("Training", "Images/s")


def training() -> str:
    return QCoreApplication.translate("Training", "training")


def validation() -> str:
    return QCoreApplication.translate("Training", "validation")
