"""Every command as a row of one table: its words, its key, its menu. Menus, toolbar and palette are made from it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from PySide6.QtCore import QCoreApplication, QObject
from PySide6.QtGui import QAction, QKeySequence

from alexnet_studio.studio.views.parts import ActionView

# The names of the panels, in the order of their keys.
PANELS = (
    "data",
    "architecture",
    "training",
    "kernels",
    "neighbours",
    "layers",
    "evaluation",
    "feature_map",
    "pinned",
)

_Standard = QKeySequence.StandardKey
_Role = QAction.MenuRole


@dataclass(frozen=True, slots=True)
class ActionRow:
    """`menu` is a key of `MENUS`; `group` other than the row's before draws a separator between them."""

    name: str
    menu: str
    text: str
    keys: str | QKeySequence.StandardKey = ""
    group: int = 0
    checkable: bool = False
    role: QAction.MenuRole = _Role.NoRole


def menu_titles() -> dict[str, str]:
    """In the order of the menu bar."""
    return {
        "file": QCoreApplication.translate("Menu", "&File"),
        "edit": QCoreApplication.translate("Menu", "&Edit"),
        "view": QCoreApplication.translate("Menu", "&View"),
        "run": QCoreApplication.translate("Menu", "&Run"),
        "tools": QCoreApplication.translate("Menu", "&Tools"),
        "window": QCoreApplication.translate("Menu", "&Window"),
        "help": QCoreApplication.translate("Menu", "&Help"),
    }


def action_rows() -> tuple[ActionRow, ...]:
    return (*_file_and_edit(), *_view(), *_run_and_tools(), *_window_and_help())


def make_actions(parent: QObject, triggered: Callable[[str], None]) -> dict[str, QAction]:
    """One QAction for each row; `triggered` gets its name."""
    made: dict[str, QAction] = {}
    for row in action_rows():
        action = QAction(row.text, parent)
        action.setObjectName(row.name)
        action.setCheckable(row.checkable)
        action.setMenuRole(row.role)
        if row.keys:
            action.setShortcut(QKeySequence(row.keys))
        action.triggered.connect(lambda _=False, name=row.name: triggered(name))
        made[row.name] = action
    return made


def show_action(action: QAction, view: ActionView) -> None:
    """Disabled, never hidden; the tip then says why."""
    action.setEnabled(view.enabled)
    action.setStatusTip(view.tip)
    action.setToolTip(view.tip or action.text().replace("&", "").rstrip("…"))
    if action.isCheckable():
        action.setChecked(view.checked)


def _file_and_edit() -> tuple[ActionRow, ...]:
    return (
        ActionRow("open_folder", "file", QCoreApplication.translate("Menu", "&Open folder…"), _Standard.Open),
        ActionRow("open_run", "file", QCoreApplication.translate("Menu", "Open &run…"), "Ctrl+Shift+O"),
        ActionRow("runs", "file", QCoreApplication.translate("Menu", "R&uns…"), "Ctrl+R"),
        ActionRow("open_example", "file", QCoreApplication.translate("Menu", "Open the &example"), group=1),
        ActionRow(
            "train_sample", "file", QCoreApplication.translate("Menu", "&Train on the sample"), group=1
        ),
        ActionRow(
            "collect_file",
            "file",
            QCoreApplication.translate("Menu", "Collect images from a fi&le…"),
            group=1,
        ),
        ActionRow(
            "collect_folder",
            "file",
            QCoreApplication.translate("Menu", "Collect images from a fol&der…"),
            group=1,
        ),
        ActionRow(
            "known_sets", "file", QCoreApplication.translate("Menu", "&Get a well-known set…"), group=1
        ),
        ActionRow("import_weights", "file", QCoreApplication.translate("Menu", "&Import weights…"), group=2),
        ActionRow(
            "export_safetensors",
            "file",
            QCoreApplication.translate("Menu", "Export weights as sa&fetensors…"),
            group=2,
        ),
        ActionRow(
            "export_torchvision",
            "file",
            QCoreApplication.translate("Menu", "Export weights for &torchvision…"),
            group=2,
        ),
        ActionRow("export_onnx", "file", QCoreApplication.translate("Menu", "Export as &ONNX…"), group=2),
        ActionRow(
            "export", "file", QCoreApplication.translate("Menu", "&Save curves as…"), "Ctrl+E", group=3
        ),
        ActionRow(
            "export_labels", "file", QCoreApplication.translate("Menu", "Save corrected la&bels…"), group=3
        ),
        ActionRow(
            "export_links",
            "file",
            QCoreApplication.translate("Menu", "Make a corrected folder of lin&ks…"),
            group=3,
        ),
        ActionRow(
            "quit",
            "file",
            QCoreApplication.translate("Menu", "&Quit"),
            "Ctrl+Q",
            group=4,
            role=_Role.QuitRole,
        ),
        ActionRow(
            "undo_labels", "edit", QCoreApplication.translate("Menu", "&Undo relabelling"), _Standard.Undo
        ),
        ActionRow(
            "redo_labels", "edit", QCoreApplication.translate("Menu", "&Redo relabelling"), _Standard.Redo
        ),
        ActionRow(
            "leave_out", "edit", QCoreApplication.translate("Menu", "&Leave the image out"), _Standard.Delete
        ),
        ActionRow("paste_image", "edit", QCoreApplication.translate("Menu", "&Paste image"), _Standard.Paste),
        ActionRow(
            "cancel", "edit", QCoreApplication.translate("Menu", "&Cancel the running job"), "Ctrl+.", group=1
        ),
    )


def _view() -> tuple[ActionRow, ...]:
    return (
        ActionRow(
            "workspace_data", "view", QCoreApplication.translate("Menu", "&Data"), "F7", checkable=True
        ),
        ActionRow(
            "workspace_network", "view", QCoreApplication.translate("Menu", "&Network"), "F8", checkable=True
        ),
        ActionRow(
            "workspace_train", "view", QCoreApplication.translate("Menu", "&Train"), "F9", checkable=True
        ),
        ActionRow(
            "workspace_explore", "view", QCoreApplication.translate("Menu", "&Explore"), "F10", checkable=True
        ),
        ActionRow(
            "theme_system",
            "view",
            QCoreApplication.translate("Menu", "As the &system"),
            group=1,
            checkable=True,
        ),
        ActionRow(
            "theme_light", "view", QCoreApplication.translate("Menu", "&Light"), group=1, checkable=True
        ),
        ActionRow("theme_dark", "view", QCoreApplication.translate("Menu", "Dar&k"), group=1, checkable=True),
    )


def _run_and_tools() -> tuple[ActionRow, ...]:
    return (
        ActionRow("start", "run", QCoreApplication.translate("Menu", "&Start"), "F5"),
        ActionRow("pause", "run", QCoreApplication.translate("Menu", "&Pause"), "F6"),
        ActionRow("resume", "run", QCoreApplication.translate("Menu", "&Resume"), "Ctrl+F5"),
        ActionRow("stop", "run", QCoreApplication.translate("Menu", "S&top and save"), "Shift+F5"),
        ActionRow(
            "save_now", "run", QCoreApplication.translate("Menu", "Save a &checkpoint now"), "Ctrl+S", group=2
        ),
        ActionRow(
            "set_rate", "run", QCoreApplication.translate("Menu", "Change the &learning rate…"), group=2
        ),
        ActionRow(
            "tenth_rate",
            "run",
            QCoreApplication.translate("Menu", "&Divide the learning rate by ten"),
            group=2,
        ),
        ActionRow("freeze", "run", QCoreApplication.translate("Menu", "Free&ze layers…"), group=2),
        ActionRow("thaw", "run", QCoreApplication.translate("Menu", "Let &all layers learn"), group=2),
        ActionRow(
            "queue_add",
            "run",
            QCoreApplication.translate("Menu", "&Add to the queue"),
            "Ctrl+Shift+F5",
            group=3,
        ),
        ActionRow("repeat", "run", QCoreApplication.translate("Menu", "Repeat &several times…"), group=3),
        ActionRow("queue_start", "run", QCoreApplication.translate("Menu", "Start the &queue"), group=3),
        ActionRow("queue_pause", "run", QCoreApplication.translate("Menu", "Pause t&he queue"), group=3),
        ActionRow("queue", "run", QCoreApplication.translate("Menu", "Q&ueue…"), "Ctrl+Shift+R", group=3),
        ActionRow(
            "start_from_run",
            "run",
            QCoreApplication.translate("Menu", "Start from a &run’s weights…"),
            group=1,
        ),
        ActionRow(
            "start_from_weights",
            "run",
            QCoreApplication.translate("Menu", "Start from a &file of weights…"),
            group=1,
        ),
        ActionRow("index", "tools", QCoreApplication.translate("Menu", "&Index the training images")),
        ActionRow(
            "choose_image", "tools", QCoreApplication.translate("Menu", "&Ask about an image…"), "Ctrl+I"
        ),
        ActionRow(
            "from_validation",
            "tools",
            QCoreApplication.translate("Menu", "Ask about &validation images"),
            "Ctrl+J",
        ),
        ActionRow(
            "predict_folder",
            "tools",
            QCoreApplication.translate("Menu", "&Predict a folder of new images…"),
            "Ctrl+Shift+I",
        ),
        ActionRow("pin_image", "tools", QCoreApplication.translate("Menu", "Pi&n the image")),
        ActionRow("evaluate", "tools", QCoreApplication.translate("Menu", "&Evaluate the network")),
        ActionRow("check_images", "tools", QCoreApplication.translate("Menu", "&Check all images")),
        ActionRow(
            "laboratory", "tools", QCoreApplication.translate("Menu", "Augmentation &laboratory…"), "Ctrl+L"
        ),
        ActionRow("class_map", "tools", QCoreApplication.translate("Menu", "&Map of classes over an image…")),
        ActionRow(
            "measures",
            "tools",
            QCoreApplication.translate("Menu", "&Speed and correctness of this machine…"),
            group=1,
        ),
        ActionRow(
            "palette", "tools", QCoreApplication.translate("Menu", "&Commands…"), "Ctrl+Shift+P", group=2
        ),
    )


def _window_and_help() -> tuple[ActionRow, ...]:
    return (
        ActionRow("show_data", "window", QCoreApplication.translate("Menu", "&Data"), "Ctrl+1"),
        ActionRow(
            "show_architecture", "window", QCoreApplication.translate("Menu", "&Architecture"), "Ctrl+2"
        ),
        ActionRow("show_training", "window", QCoreApplication.translate("Menu", "&Training"), "Ctrl+3"),
        ActionRow("show_kernels", "window", QCoreApplication.translate("Menu", "&Kernels"), "Ctrl+4"),
        ActionRow("show_neighbours", "window", QCoreApplication.translate("Menu", "&Neighbours"), "Ctrl+5"),
        ActionRow("show_layers", "window", QCoreApplication.translate("Menu", "&Layers"), "Ctrl+6"),
        ActionRow("show_evaluation", "window", QCoreApplication.translate("Menu", "&Evaluation"), "Ctrl+7"),
        ActionRow("show_feature_map", "window", QCoreApplication.translate("Menu", "&Map"), "Ctrl+8"),
        ActionRow("show_pinned", "window", QCoreApplication.translate("Menu", "&Pinned"), "Ctrl+9"),
        ActionRow("reset_layout", "window", QCoreApplication.translate("Menu", "&Reset layout"), group=1),
        ActionRow(
            "shortcuts",
            "help",
            QCoreApplication.translate("Menu", "&Keyboard shortcuts"),
            _Standard.HelpContents,
        ),
        ActionRow(
            "about",
            "help",
            QCoreApplication.translate("Menu", "&About AlexNet Studio"),
            group=1,
            role=_Role.AboutRole,
        ),
    )
