"""One image in every layer: what each unit of a run's network answers to it."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch.nn import functional

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import decode, prepare
from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.normalise import normalised
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.insight.predict import top
from alexnet_studio.networks.layers import Dropout
from alexnet_studio.networks.spec import Spec, named_layer

Pixels = NDArray[np.uint8]
Maps = NDArray[np.float32]


@dataclass(frozen=True, slots=True)
class LayerMaps:
    """`values` after the layer's activation: (channels, height, width), or (neurons,) without spatial extent."""

    layer: str
    values: Maps

    @property
    def is_spatial(self) -> bool:
        return self.values.ndim == 3


@dataclass(frozen=True, slots=True)
class Activations:
    """`pixels` (S, S, C) is what the network was given of the image; `top` the most probable classes with their
    probabilities. Layers stand in the network's order, without dropout, which does nothing outside training.
    """

    pixels: Pixels
    layers: tuple[LayerMaps, ...]
    top: tuple[tuple[str, float], ...]

    def of(self, layer: str) -> LayerMaps | None:
        return next((maps for maps in self.layers if maps.layer == layer), None)


def seen_layers(spec: Spec) -> tuple[str, ...]:
    """The layers that can be looked at."""
    return tuple(layer.name for layer in spec.layers if not isinstance(layer, Dropout))


def view_of(path: Path, record: InputRecord) -> Pixels:
    """(S, S, C): the central view of an image file, a small one enlarged. Raises `BadInput` ("image_unreadable")."""
    return central_view(decode.read(path, record.channels).pixels, record)


def central_view(pixels: Pixels, record: InputRecord) -> Pixels:
    """(S, S, C) of decoded pixels (H, W, C)."""
    return prepare.centre(prepare.fit(pixels, record), record.size)


def activations(loaded: LoadedRun, view: Pixels) -> Activations:
    """Of one `view_of` an image, in float32 whatever precision trained."""
    wanted = set(seen_layers(loaded.spec))
    found: list[LayerMaps] = []
    last = torch.empty(0)
    with torch.inference_mode():
        x = normalised(view[np.newaxis], loaded.record).to(loaded.device.torch())
        for name, out in loaded.network.outputs(x):
            last = out
            if name in wanted:
                found.append(LayerMaps(name, _kept(out[0])))
        logits = last.flatten(1).float().cpu().double()
    probabilities = torch.softmax(logits, dim=1).float().numpy()[0]
    known = top(loaded, probabilities) if len(probabilities) == len(loaded.classes) else ()
    return Activations(view, tuple(found), known)


def maps_of(found: Activations, spec: Spec, layer: str) -> LayerMaps:
    """Raises `BadInput` ("unknown_layer", "layer_shows_nothing" for a dropout layer)."""
    maps = found.of(named_layer(spec, layer))
    if maps is None:
        raise BadInput(
            "layer_shows_nothing",
            "Layer {layer} is dropout, which only training uses. Choose another layer: {layers}.",
            layer=layer,
            layers=", ".join(seen_layers(spec)),
        )
    return maps


def pooled(maps: Maps, kernel: int, stride: int) -> Maps:
    """(C, h, w): maximum pooling of (C, H, W), to hold overlapping pooling (3, 2) beside the plain one (2, 2).

    Section 3.4 of the paper: s = 2, z = 3 against z = 2.
    """
    size = min(kernel, *maps.shape[1:])
    pools = functional.max_pool2d(torch.tensor(maps)[None], size, stride)[0]
    return np.asarray(pools.numpy(), np.float32)


def _kept(out: torch.Tensor) -> Maps:
    """A read-only copy that no one computes with any more; one value a place of a 1 x 1 map stays a map."""
    values = np.ascontiguousarray(out.float().cpu().numpy()).copy()
    values.setflags(write=False)
    return values
