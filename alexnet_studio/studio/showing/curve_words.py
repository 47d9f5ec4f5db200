"""The names of curves and plots."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def loss() -> str:
    return QCoreApplication.translate("Training", "Loss")


def error() -> str:
    return QCoreApplication.translate("Training", "Error")


def below(which: str) -> str:
    """Of the third plot."""
    return {
        "lr": QCoreApplication.translate("Training", "Learning rate"),
        "speed": QCoreApplication.translate("Training", "Images/s"),
        "gradient": QCoreApplication.translate("Training", "Mean |gradient|"),
        "update": QCoreApplication.translate("Training", "Mean |Δw|"),
        "weight": QCoreApplication.translate("Training", "Mean |w|"),
        "ratio": QCoreApplication.translate("Training", "|Δw| / |w|: about 0.001 is healthy"),
    }[which]


def first_layer(which: str) -> str:
    """Of several runs only that layer is drawn, where gradients vanish first."""
    return QCoreApplication.translate("Training", "{what}, first layer").format(what=below(which))


def training() -> str:
    return QCoreApplication.translate("Training", "training")


def validation() -> str:
    return QCoreApplication.translate("Training", "validation")
