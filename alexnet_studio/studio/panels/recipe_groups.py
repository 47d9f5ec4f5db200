"""The form's fields under their headings."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

_GROUPS: dict[str, tuple[str, ...]] = {
    "learning": (
        *("epochs", "batch_size", "optimizer", "lr", "momentum", "weight_decay"),
        *("clip", "label_smoothing", "balance"),
    ),
    "schedule": ("schedule", "warmup_epochs", "dexp_fall", "dexp_steps", "early_stopping"),
    "network": ("image_size", "width", "dropout", "initialisation"),
    "augmentation": (
        *("crop", "mirror", "colour_pca", "resized_crop", "flip", "turn", "brightness", "contrast"),
        *("as_2012", "augment_validation"),
    ),
    "images": (
        *("resize_to", "fit", "statistics"),
        *("val_fraction", "folds", "fold", "group_by", "groups"),
    ),
    "device": ("precision", "workers", "store", "seed", "deterministic"),
}
OPEN_FIRST = "learning"


def groups(fields: tuple[str, ...]) -> dict[str, tuple[str, ...]]:
    """Of `fields` by the name of their group; one that is in none, such as a new one, stands with the first."""
    known = {name for group in _GROUPS.values() for name in group}
    new = tuple(name for name in fields if name not in known)
    found = {group: tuple(name for name in names if name in fields) for group, names in _GROUPS.items()}
    found[OPEN_FIRST] += new
    return found


def title_of(group: str) -> str:
    return {
        "learning": QCoreApplication.translate("Recipe", "Learning"),
        "schedule": QCoreApplication.translate("Recipe", "Schedule"),
        "network": QCoreApplication.translate("Recipe", "Network"),
        "augmentation": QCoreApplication.translate("Recipe", "Augmentation"),
        "images": QCoreApplication.translate("Recipe", "Images and split"),
        "device": QCoreApplication.translate("Recipe", "Device and chance"),
    }[group]
