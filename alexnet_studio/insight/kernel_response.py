"""The kernels of any convolution, and what one of them answers to an image."""

from __future__ import annotations

from dataclasses import dataclass
from pathlib import Path

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.func import functional_call

from alexnet_studio.images import decode, prepare
from alexnet_studio.images.loader import image_tensor
from alexnet_studio.insight.convolutions import convolution
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.networks.layers import Conv


@dataclass(frozen=True, slots=True)
class Response:
    """`pixels` (S, S, 3) is what the network sees of the image, `values` (rows, columns) the sum over each window of
    kernel times input, without the bias and before the activation.
    """

    pixels: NDArray[np.uint8]
    values: NDArray[np.float32]


def kernels_of(loaded: LoadedRun, layer: str) -> NDArray[np.float32]:
    """(filters, inputs / groups, height, width), read-only. Raises as `convolution` does."""
    conv = convolution(loaded.spec, layer)
    weight = loaded.network.get_parameter(f"{conv.weights_of or conv.name}.weight")
    values: NDArray[np.float32] = weight.detach().float().cpu().numpy().copy()
    values.setflags(write=False)
    return values


def respond(
    loaded: LoadedRun, image: Path, layer: str, place: int, kernel: NDArray[np.float32] | None = None
) -> Response:
    """Of the kernel at `place` of `layer`, from 0; or of `kernel` in its place, such as one of an earlier step.

    Raises `BadInput` ("image_unreadable", and what `convolution` raises).
    """
    conv = convolution(loaded.spec, layer)
    pixels = decode.read(image, loaded.record.channels).pixels
    x = image_tensor(pixels, loaded.record)[None].to(loaded.device.torch())
    with torch.inference_mode():
        out = _convolved(loaded, _before(loaded, x, conv), conv, place, kernel)
    values: NDArray[np.float32] = out[0, place].float().cpu().numpy().copy()
    fitted = prepare.centre(prepare.fit(pixels, loaded.record), loaded.record.size)
    return Response(np.broadcast_to(fitted, (*fitted.shape[:2], 3)).copy(), values)


def _before(loaded: LoadedRun, x: Tensor, conv: Conv) -> Tensor:
    """What the layer is given."""
    names = [layer.name for layer in loaded.spec.layers]
    place = names.index(conv.name)
    return loaded.network.activation(x, names[place - 1]) if place else x


def _convolved(
    loaded: LoadedRun, x: Tensor, conv: Conv, place: int, kernel: NDArray[np.float32] | None
) -> Tensor:
    """By the layer's own module, so that its padding and groups are its own."""
    module = loaded.network.get_submodule(conv.name)
    given = {"bias": torch.zeros_like(module.get_parameter("bias"))}
    if kernel is not None:
        weight = torch.tensor(kernels_of(loaded, conv.name))
        weight[place] = torch.tensor(kernel)
        given["weight"] = weight.to(x.device)
    result: Tensor = functional_call(module, given, (x,))
    return result
