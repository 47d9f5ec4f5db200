"""The words of a collection's form: what each field is called, means, and shows where it is empty."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication


def label_of(name: str) -> str:
    return {
        "names": QCoreApplication.translate("Collect", "File of class names"),
        "truth": QCoreApplication.translate("Collect", "Ground truth of the validation images"),
        "side": QCoreApplication.translate("Collect", "Side of every image in pixels"),
        "tiles": QCoreApplication.translate("Collect", "Side of the tiles in pixels"),
        "path_column": QCoreApplication.translate("Collect", "Column of image paths"),
        "label_column": QCoreApplication.translate("Collect", "Column of labels"),
        "split_column": QCoreApplication.translate("Collect", "Column of train, val and test"),
        "group_column": QCoreApplication.translate("Collect", "Column of groups"),
        "folder": QCoreApplication.translate("Collect", "Folder to make"),
    }[name]


def explanation_of(name: str) -> str:
    return {
        "names": QCoreApplication.translate(
            "Collect", "One name a line in the order of the labels, synset words, or class_indices.json."
        ),
        "truth": QCoreApplication.translate(
            "Collect", "Which class each validation image has; looked for beside the images."
        ),
        "side": QCoreApplication.translate(
            "Collect", "Every image becomes a square of so many pixels, 256 in 2012."
        ),
        "tiles": QCoreApplication.translate(
            "Collect",
            "Every photo is cut into squares of so many pixels. Those of one photo stay on one side of a split.",
        ),
        "path_column": QCoreApplication.translate("Collect", "Paths are relative to the table."),
        "label_column": QCoreApplication.translate("Collect", "Every label becomes a class folder."),
        "split_column": QCoreApplication.translate(
            "Collect", "Images are put into train, val and test as it says."
        ),
        "group_column": QCoreApplication.translate(
            "Collect",
            "Images with the same text in it stay on one side of a split: photos of one specimen, say.",
        ),
        "folder": QCoreApplication.translate(
            "Collect", "A new or empty folder, or one of this collection that was stopped."
        ),
    }[name]


def empty_hint(name: str) -> str:
    return {
        "names": QCoreApplication.translate("Collect", "names as in the source"),
        "truth": QCoreApplication.translate("Collect", "found beside the images"),
        "side": QCoreApplication.translate("Collect", "as they are"),
        "tiles": QCoreApplication.translate("Collect", "for instance 256"),
    }.get(name, "")
