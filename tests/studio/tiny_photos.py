"""A folder of real images that a tiny network learns within a second."""

from __future__ import annotations

from pathlib import Path

from PIL import Image

from alexnet_studio.studio.jobs.folder import Proposed
from alexnet_studio.training.recipe import Recipe

TINY = {"epochs": 1, "batch_size": 4, "device": "cpu", "image_size": 32, "width": 0.25, "workers": 0}


def photos(root: Path, each: int = 4) -> Path:
    """Two classes that their brightness tells apart."""
    for name, level in (("dark", 30), ("light", 220)):
        (root / name).mkdir(parents=True)
        for number in range(each):
            Image.new("RGB", (40, 40), (level + number, level, level)).save(root / name / f"{number}.png")
    return root


def tiny_recipe(**changes: object) -> Proposed:
    """As if it had been proposed for the folder."""
    values = Recipe.model_validate({**TINY, **changes}).model_dump()
    return Proposed("mini", None, tuple(values.items()), "")
