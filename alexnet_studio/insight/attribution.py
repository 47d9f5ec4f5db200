"""Which pixels speak for a class: occlusion, gradient x input, and guided backpropagation.

Written here and not taken from captum: its guided backpropagation hooks `nn.ReLU` modules, which this network of
functions has not, and hooks would change a network that other threads ask at the same time.
"""

from __future__ import annotations

from collections.abc import Generator, Iterator
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import torch
from numpy.typing import NDArray
from torch import Tensor
from torch.nn import functional

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.normalise import normalised
from alexnet_studio.insight.activations import Pixels
from alexnet_studio.insight.loaded import LoadedRun
from alexnet_studio.networks.build import activated
from alexnet_studio.networks.layers import Activation, activation_of
from alexnet_studio.networks.spec import require_classifier

Method = Literal["occlusion", "gradient", "guided"]
METHODS: tuple[Method, ...] = ("occlusion", "gradient", "guided")
_BATCH = 16  # small enough to cancel within a second with the paper's network on a CPU


@dataclass(frozen=True, slots=True)
class Attribution:
    """`values`: of "occlusion" and "gradient" (S, S), positive where a pixel speaks for the class; of "guided"
    (S, S, C), the gradient in each channel. `probability` is the class's on the whole image.
    """

    method: Method
    label: int
    probability: float
    values: NDArray[np.float32]


def label_of(loaded: LoadedRun, name: str) -> int:
    """Raises `BadInput` ("unknown_class")."""
    if name in loaded.classes:
        return loaded.classes.index(name)
    shown = ", ".join(loaded.classes[:8]) + (" …" if len(loaded.classes) > 8 else "")
    raise BadInput(
        "unknown_class",
        "The run knows no class {name}. Choose one of: {classes}.",
        name=name,
        classes=shown,
    )


def explain(
    loaded: LoadedRun, view: Pixels, method: Method, label: int | None = None
) -> Generator[Progress | Attribution]:
    """For the class `label` (default: the most probable one) on a `view_of` an image; the last event is the answer.

    Raises `BadInput` ("no_classifier", "no_relu" for guided backpropagation through a network without any).
    """
    require_classifier(loaded.spec)
    x = normalised(view[np.newaxis], loaded.record).to(loaded.device.torch())
    with torch.inference_mode():
        probabilities = _probabilities(loaded, x)[0]
    chosen = int(probabilities.argmax()) if label is None else label
    if method == "occlusion":
        values = yield from occlusion(loaded, x, chosen)
    elif method == "gradient":
        values = (gradient(loaded, x, chosen) * x)[0].sum(0).float().cpu().numpy()
    else:
        back = guided(loaded, x, chosen)[0].permute(1, 2, 0)
        # In the order of the image's own channels, whatever the network takes.
        values = (back.flip(-1) if loaded.record.order == "BGR" else back).float().cpu().numpy()
    yield Attribution(method, chosen, float(probabilities[chosen]), np.ascontiguousarray(values, np.float32))


def occlusion(
    loaded: LoadedRun, x: Tensor, label: int, window: int | None = None, stride: int | None = None
) -> Generator[Progress, None, NDArray[np.float32]]:
    """(S, S) of one input (1, C, S, S): how much less probable the class is while a pixel is covered, as the mean over
    the squares that cover it (Zeiler and Fergus 2014, section 4.2).

    Squares of `window` pixels (default: an eighth of the side), every `stride` (half of that) and at the far edges, are
    filled with zero, which is the mean colour of the input record.
    """
    side = x.shape[-1]
    window = window or max(1, side // 8)
    corners = list(_corners(side, window, min(window, stride or max(1, window // 2))))
    with torch.inference_mode():
        whole = float(_probabilities(loaded, x)[0, label])
    total, covers = np.zeros((side, side)), np.zeros((side, side))
    for start in range(0, len(corners), _BATCH):
        some = corners[start : start + _BATCH]
        covered = x.repeat(len(some), 1, 1, 1)
        for one, (top, left) in zip(covered, some, strict=True):
            one[:, top : top + window, left : left + window] = 0
        with torch.inference_mode():
            losses = whole - _probabilities(loaded, covered)[:, label].numpy()
        for (top, left), loss in zip(some, losses, strict=True):
            total[top : top + window, left : left + window] += loss
            covers[top : top + window, left : left + window] += 1
        yield Progress("occlusion", min(start + _BATCH, len(corners)), len(corners))
    return (total / covers).astype(np.float32)


def gradient(loaded: LoadedRun, x: Tensor, label: int) -> Tensor:
    """(1, C, S, S): of the class's logit with respect to the input."""
    return _input_gradient(loaded, x, label, activated)


def guided(loaded: LoadedRun, x: Tensor, label: int) -> Tensor:
    """As `gradient`, but at every ReLU only what is positive goes back (Springenberg et al. 2015).

    Raises `BadInput` ("no_relu").
    """
    if not any(activation_of(layer) == "relu" for layer in loaded.spec.layers):
        raise BadInput(
            "no_relu",
            "Guided backpropagation changes what goes back through ReLUs, and the network {network} has none. "
            "Choose gradient or occlusion.",
            network=loaded.spec.name,
        )
    return _input_gradient(loaded, x, label, _through_guided)


def _input_gradient(loaded: LoadedRun, x: Tensor, label: int, through: Any) -> Tensor:
    with torch.enable_grad():
        leaf = x.detach().clone().requires_grad_()
        last = leaf
        for _, handed_on in loaded.network.outputs(leaf, through):
            last = handed_on
        (found,) = torch.autograd.grad(last.flatten(1)[0, label], leaf)
    return found


class _GuidedRelu(torch.autograd.Function):
    """ReLU whose backward pass lets through what is positive, above and below."""

    @staticmethod
    def forward(ctx: Any, x: Tensor) -> Tensor:
        ctx.save_for_backward(x)
        return functional.relu(x)

    @staticmethod
    def backward(ctx: Any, *grads: Any) -> Any:
        (x,) = ctx.saved_tensors
        return functional.relu(grads[0]) * (x > 0)


def _through_guided(x: Tensor, activation: Activation) -> Tensor:
    if activation != "relu":
        return activated(x, activation)
    passed: Any = _GuidedRelu.apply(x)
    return passed


def _probabilities(loaded: LoadedRun, x: Tensor) -> Tensor:
    """(N, classes) on the CPU in float64."""
    return torch.softmax(loaded.network(x).float().cpu().double(), dim=1)


def _corners(side: int, window: int, stride: int) -> Iterator[tuple[int, int]]:
    """Of squares that together cover every pixel: top, left."""
    starts = sorted({*range(0, side - window + 1, stride), side - window})
    return ((top, left) for top in starts for left in starts)
