"""The networks that come with the product, by name. Each stands in a file beside its relatives."""

from __future__ import annotations

from collections.abc import Callable

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.networks.catalogue_2012 import caffe, one_gpu, original, paper, paper_conv6
from alexnet_studio.networks.catalogue_later import (
    fashion,
    half_tower,
    one_tower,
    tf_lrn,
    tf_slim_v2,
    torchvision,
)
from alexnet_studio.networks.catalogue_small import cifar_4layer, lenet, mini
from alexnet_studio.networks.spec import Spec
from alexnet_studio.networks.variant import variant

_MAKERS: dict[str, Callable[[], Spec]] = {
    "paper": paper,
    "original-145": original,
    "one-gpu-145-half": one_gpu,
    "paper-conv6": paper_conv6,
    "caffe": caffe,
    "one-tower": one_tower,
    "torchvision": torchvision,
    "fashion": fashion,
    "half-tower": half_tower,
    "tf-lrn": tf_lrn,
    "tf-slim-v2": tf_slim_v2,
    "cifar-4layer": cifar_4layer,
    "lenet": lenet,
    "mini": mini,
}


def names() -> tuple[str, ...]:
    return tuple(_MAKERS)


def get(
    name: str,
    *,
    classes: int | None = None,
    image_size: int | None = None,
    channels: int | None = None,
    width: float = 1.0,
) -> Spec:
    """The named network, changed as `variant` describes.

    Raises `BadInput` ("unknown_network", or what `variant` raises).
    """
    make = _MAKERS.get(name)
    if make is None:
        raise BadInput(
            "unknown_network",
            "There is no network called {name}. Choose one of: {names}; or give the path of a spec file.",
            name=name,
            names=", ".join(names()),
        )
    return variant(make(), classes=classes, image_size=image_size, channels=channels, width=width)
