"""How many images a training will learn from, before anything is decoded."""

from __future__ import annotations

from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.images.split import SplitRule, split


def training_images(folder: ImageFolder) -> int:
    """Of any seed: a split's sizes do not depend on it. What cannot be decoded is still counted, and groups make
    little difference.
    """
    return max(1, len(split(folder, SplitRule(seed=0, alone=True)).train))
