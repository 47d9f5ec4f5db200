"""How many images a training will learn from, before anything is decoded or split."""

from __future__ import annotations

from alexnet_studio.images.folder import ImageFolder


def training_images(folder: ImageFolder) -> int:
    """About: without a `val/` a fifth goes to validation, and what cannot be decoded is still counted."""
    count = sum(image.split == "train" for image in folder.images)
    has_val = any(image.split == "val" for image in folder.images)
    return max(1, count if has_val else round(count * 0.8))
