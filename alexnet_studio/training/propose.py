"""What to train with, for this folder on this device, with the reason; without torch."""

from __future__ import annotations

import statistics
from dataclasses import dataclass

from alexnet_studio.ground.device import DeviceKind
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.training.caution import Warning_, warnings
from alexnet_studio.training.counting import training_images
from alexnet_studio.training.recipe import Recipe

__all__ = ["Proposal", "Warning_", "propose", "warnings"]

# Below this many training images a network learns them by heart before it learns their classes.
FEW_IMAGES = 500
# What a large network at 224 pixels needs before it beats a small one that was trained on the same photos.
MANY_IMAGES = 5_000
# A JPEG or PNG of 64 x 64 pixels rarely takes more bytes than this.
_BIG_PHOTO_BYTES = 12_000
# Images shown in a whole training: about four minutes of `mini` on two cores (238 images/s on each).
_SHOWN_ON_CPU = 75_000
_SHOWN_ON_GPU = 1_000_000


@dataclass(frozen=True, slots=True)
class Proposal:
    """`image_size` None: as the network says. `reason` is one or two English sentences."""

    network: str
    image_size: int | None
    recipe: Recipe
    reason: str


def propose(folder: ImageFolder, device_kind: DeviceKind) -> Proposal:
    count = training_images(folder)
    if count < FEW_IMAGES:
        return _few(count)
    if device_kind != "cpu" and count >= MANY_IMAGES and _photos_are_big(folder):
        return _large(count, device_kind)
    return _small(count, device_kind)


def _few(count: int) -> Proposal:
    # Colour noise and crops make a few photos many; more decay keeps the weights from memorising them.
    recipe = Recipe(epochs=_epochs(count, 20_000, most=100), batch_size=_batch(count, 32), weight_decay=5e-3)
    reason = (
        f"{_images(count)} few: a small network with stronger weight decay, and small batches "
        "so that there are enough steps. Expect accuracy to swing from one split to the next."
    )
    return Proposal("mini", None, recipe, reason)


def _small(count: int, device_kind: DeviceKind) -> Proposal:
    # Half of 256 hidden neurons silenced leaves so short a training underfitted: of 500 test photos of CIFAR-10,
    # 0.541 were right after 42 epochs on 1,800 others, against 0.496 with 0.5 (means of three seeds).
    recipe = Recipe(
        epochs=_epochs(count, _SHOWN_ON_CPU, most=80),
        batch_size=_batch(count, 32),
        dropout=0.2,
        weight_decay=1e-3,
    )
    why = (
        "on a CPU it learns in minutes"
        if device_kind == "cpu"
        else "enough for images as small or few as these"
    )
    return Proposal("mini", None, recipe, f"The paper's plan for 64 pixels: {why}.")


def _large(count: int, device_kind: DeviceKind) -> Proposal:
    recipe = Recipe(epochs=_epochs(count, _SHOWN_ON_GPU, most=90), batch_size=128, lr=0.01)
    reason = (
        f"{count:,} photos and a {device_kind.upper()} device are enough for a large network at 224 pixels."
    )
    return Proposal("torchvision", None, recipe, reason)


def _images(count: int) -> str:
    return "One training image is" if count == 1 else f"{count:,} training images are"


def _epochs(count: int, shown: int, *, most: int) -> int:
    return max(10, min(most, round(shown / count)))


def _batch(count: int, largest: int) -> int:
    """At least four steps an epoch; a power of two, which devices like."""
    size = largest
    while size > 1 and size > count / 4:
        size //= 2
    return size


def _photos_are_big(folder: ImageFolder) -> bool:
    return statistics.median(image.size for image in folder.images) > _BIG_PHOTO_BYTES
