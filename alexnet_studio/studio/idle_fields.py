"""Fields of a recipe that do nothing beside what else is chosen, each with the reason."""

from __future__ import annotations

from collections.abc import Mapping

from PySide6.QtCore import QCoreApplication


def idle_fields(values: Mapping[str, object]) -> dict[str, str]:
    found: dict[str, str] = {}
    if values.get("optimizer") == "adam":
        found["momentum"] = QCoreApplication.translate("Recipe", "Adam has no momentum to set.")
    if values.get("schedule") != "dexp":
        reason = QCoreApplication.translate("Recipe", "Only the schedule dexp has stairs.")
        found |= dict.fromkeys(("dexp_fall", "dexp_steps"), reason)
    if values.get("folds"):
        found["val_fraction"] = QCoreApplication.translate("Recipe", "One of the folds validates.")
    else:
        found["fold"] = QCoreApplication.translate("Recipe", "There are no folds.")
    if values.get("resized_crop"):
        found["crop"] = QCoreApplication.translate("Recipe", "Resized crops take the place of plain ones.")
    if not any(values.get(name) for name in ("crop", "resized_crop", "mirror", "colour_pca")):
        found["as_2012"] = QCoreApplication.translate(
            "Recipe", "There are no crops, reflections or colour noise."
        )
    return found
