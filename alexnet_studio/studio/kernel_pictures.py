"""The film of conv1 and the pictures of what is shown."""

from __future__ import annotations

from bisect import bisect_right
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.studio.state.kernels import Block, KernelFrame, KernelState

if TYPE_CHECKING:
    from alexnet_studio.insight.kernel_measures import Measures
    from alexnet_studio.networks.spec import Spec

_FRAMES_KEPT = 400  # two hours at the pace of a frame every 20 s; above that every second frame is dropped


def begin(kernels: KernelState, spec: Spec) -> None:
    """Name the layers of a run that is new on the screen. Raises `BadInput` ("no_convolution")."""
    from alexnet_studio.insight.convolutions import convolutions
    from alexnet_studio.networks.spec import first_conv

    kernels.layer, kernels.towers = first_conv(spec).name, spec.towers
    kernels.layers = convolutions(spec)


def frame(step: int, epoch: int, kernels: NDArray[np.float32], count: int) -> KernelFrame:
    """With the specialisation of its `count` towers."""
    from alexnet_studio.insight.specialisation import specialisation

    return KernelFrame(step, epoch, kernels, specialisation(parts(kernels, count)))


def marked(one: KernelFrame, groups: int = 1) -> KernelFrame:
    """With the marks of its kernels."""
    from alexnet_studio.insight.kernel_marks import marks

    return replace(one, marks=marks(one.kernels, groups))


def parts(kernels: NDArray[np.float32], count: int) -> tuple[NDArray[np.float32], ...]:
    """The towers' kernels; those that do not divide are one block."""
    return tuple(np.split(kernels, count if len(kernels) % count == 0 else 1))


def add(kernels: KernelState, newest: KernelFrame) -> None:
    """Append a frame that has just come; it is drawn for the next view unless the person looks at an earlier one."""
    before = kernels.film[kernels.frame] if kernels.film else None
    kernels.film.append(newest)
    if before is not None and len(kernels.film) > _FRAMES_KEPT:
        # Denser in the first steps, where most happens: the first quarter is kept whole.
        kept = _FRAMES_KEPT // 4
        kernels.film[kept:] = kernels.film[kept::2]
        kernels.frame = frame_at(kernels, before.step)
    if kernels.follow:
        kernels.frame = len(kernels.film) - 1
    if kernels.film[kernels.frame] is not before:
        kernels.is_drawn = kernels.other is not None


def show(kernels: KernelState, frame: int) -> None:
    if not kernels.film:
        return
    kernels.frame = max(0, min(frame, len(kernels.film) - 1))
    kernels.follow = kernels.frame == len(kernels.film) - 1
    if kernels.other is None:
        draw(kernels)


def frame_at(kernels: KernelState, step: int) -> int:
    """The last frame of `step` or before; the first where there is none."""
    return max(0, bisect_right([one.step for one in kernels.film], step) - 1)


def draw_newest(kernels: KernelState) -> None:
    """What a training has brought, with its marks: a millisecond for each frame that is shown, and none for the many
    between.
    """
    if kernels.film and kernels.other is None and kernels.film[kernels.frame].marks is None:
        kernels.film[kernels.frame] = marked(kernels.film[kernels.frame])
    draw(kernels)


def draw(kernels: KernelState) -> None:
    """Pictures of what is shown. Towers share one range of values, so that they can be compared."""
    from alexnet_studio.insight import kernels as pictures

    kernels.is_drawn = True
    shown, other = kernels.shown, kernels.other
    if shown is None:
        return
    seen = shown.kernels
    if seen.shape[1] not in {1, 3} and kernels.look == "pattern":
        seen = pictures.patterns(seen) if other is None else other.patterns
    low_high = pictures.span(seen)
    blocks: list[Block] = []
    first = 0
    for tower in parts(shown.kernels, kernels.towers):
        places = first + _order(kernels, tower, first)
        tiles = pictures.tiles(seen[places], kernels.normalisation, low_high)
        numbers = tuple((places + 1).tolist())
        blocks.append(Block(tiles, pictures.colourfulness(tower), numbers))
        first += len(tower)
    kernels.blocks = tuple(blocks)
    kernels.version += 1


def _order(kernels: KernelState, tower: NDArray[np.float32], first: int) -> NDArray[np.intp]:
    if kernels.order == "number":
        return np.arange(len(tower))
    from alexnet_studio.insight.kernel_measures import measures, ordered

    other = kernels.other
    found: Measures = (
        measures(tower) if other is None else other.measures.part(slice(first, first + len(tower)))
    )
    return ordered(found, kernels.order)
