"""A folder, a network and a recipe so small that a whole training takes a fraction of a second."""

from __future__ import annotations

from pathlib import Path

import numpy as np
from PIL import Image

from alexnet_studio.images import folder as image_folder
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.networks.layers import Conv, Dense, Dropout, Pool
from alexnet_studio.networks.spec import Spec
from alexnet_studio.training.recipe import Recipe

SIDE = 16


def spec(classes: int = 2, dropout: float = 0.0) -> Spec:
    """Two convolutions and two fully connected layers for images of 16 pixels."""
    return Spec(
        name="tiny",
        title="Tiny",
        source="the tests",
        layers=(
            Conv("conv1", 8, 3, padding=1),
            Pool("pool1", 2, 2),
            Conv("conv2", 8, 3, padding=1),
            Pool("pool2", 2, 2),
            Dense("fc3", 16),
            Dropout("drop3", dropout),
            Dense("fc4", None, activation="none"),
        ),
        image_size=SIDE,
        classes=classes,
    )


def folder(root: Path, classes: int = 2, each: int = 8, val: int = 0) -> ImageFolder:
    """A scanned folder of noisy images whose classes differ in brightness; `val` images a class under val/."""
    for label in range(classes):
        for number in range(each):
            part = f"train/class{label}" if val else f"class{label}"
            write_image(root / part / f"{number}.png", label, classes, number)
        for number in range(val):
            write_image(root / f"val/class{label}/{number}.png", label, classes, 1000 + number)
    return scanned(root)


def scanned(root: Path) -> ImageFolder:
    return [event for event in image_folder.scan(root) if isinstance(event, ImageFolder)][-1]


def write_image(path: Path, label: int, classes: int, seed: int) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    noise = np.random.default_rng([label, seed]).integers(0, 40, (SIDE, SIDE, 3))
    pixels = noise + 200 * label // max(1, classes - 1)
    Image.fromarray(pixels.astype(np.uint8)).save(path)


def recipe(**values: object) -> Recipe:
    """Three epochs of four images a step on the CPU; whatever is given replaces that."""
    settings: dict[str, object] = {
        "epochs": 3,
        "batch_size": 4,
        "device": "cpu",
        "precision": "float32",
        "workers": 0,
    }
    return Recipe.model_validate({**settings, **values})


def write_black(path: Path) -> None:
    Image.new("RGB", (SIDE, SIDE)).save(path)
