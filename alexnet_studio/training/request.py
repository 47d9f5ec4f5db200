"""What a person asks a training to do, and what is refused before any slow work."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import decode
from alexnet_studio.images.corrections import Corrections
from alexnet_studio.images.folder import ImageFolder, require_trainable
from alexnet_studio.networks.arithmetic import report
from alexnet_studio.networks.layers import Conv, Dense
from alexnet_studio.networks.spec import Spec, first_conv, hidden_layer, require_classifier
from alexnet_studio.networks.towers import require_towers
from alexnet_studio.runs import pins
from alexnet_studio.runs.folder import check_place
from alexnet_studio.training.recipe import Recipe


@dataclass(frozen=True, slots=True)
class Request:
    """Train `spec` on `folder` into the new run folder `run`.

    `typed` are the names of the recipe's fields that the person chose: a default that does not fit the folder
    is clipped with a note, a typed one is refused. `start` is a run or a file of weights to begin from. `corrections`
    have been made to `folder` already, and are kept in the run, which finds its images again with them. `pins` are
    image files that are looked at after each epoch.
    """

    folder: ImageFolder
    run: Path
    spec: Spec
    recipe: Recipe
    typed: frozenset[str] = field(default_factory=frozenset[str])
    start: Path | None = None
    corrections: Corrections = field(default_factory=Corrections)
    pins: tuple[Path, ...] = ()


def check(request: Request) -> None:
    """Raises `BadInput` ("one_class", "run_exists", "run_inside_data", "classes_do_not_match",
    "layer_vanishes", "image_unreadable", ...).
    """
    require_trainable(request.folder)
    check_place(request.run, request.folder.root)
    spec, folder = request.spec, request.folder
    if spec.classes != len(folder.classes):
        raise BadInput(
            "classes_do_not_match",
            "The network {network} tells {given} classes apart, and {path} has {wanted}. "
            "Build it for {wanted} classes.",
            network=spec.name,
            given=spec.classes,
            wanted=len(folder.classes),
            path=str(folder.root),
        )
    if spec.channels not in {1, 3}:
        raise BadInput(
            "channels_unsupported",
            "The network {network} takes images of {channels} channels; images have 1 or 3. "
            "Change its channels.",
            network=spec.name,
            channels=spec.channels,
        )
    require_classifier(spec)
    _require_something_to_learn(spec)
    first_conv(spec)  # what the kernels' panel looks at
    report(spec)  # does every layer fit the image size?
    _check_pins(request.pins, spec)
    if "," in request.recipe.device:
        require_towers(spec, request.recipe.device.count(",") + 1)


def _check_pins(images: Sequence[Path], spec: Spec) -> None:
    if not images:
        return
    hidden_layer(spec)  # neighbours are near in it
    pins.require_few(len({image.absolute() for image in images}))
    for image in images:
        decode.read(image)


def _require_something_to_learn(spec: Spec) -> None:
    if not any(isinstance(layer, Conv | Dense) and (layer.rate or layer.bias_rate) for layer in spec.layers):
        raise BadInput(
            "all_frozen",
            "Every layer of the network {network} is frozen, so nothing can be learned. Freeze fewer layers.",
            network=spec.name,
        )
