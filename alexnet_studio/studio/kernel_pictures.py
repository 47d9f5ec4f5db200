"""The film of conv1 and the pictures of the frame that is shown."""

from __future__ import annotations

from typing import TYPE_CHECKING

from alexnet_studio.studio.state import Block, KernelFrame, KernelState

if TYPE_CHECKING:
    from alexnet_studio.networks.spec import Spec

_FRAMES_KEPT = 400  # two hours at the pace of a frame every 20 s; above that every second frame is dropped


def first_layer(spec: Spec) -> str:
    from alexnet_studio.networks.spec import first_conv

    return first_conv(spec).name


def add(kernels: KernelState, frame: KernelFrame) -> None:
    """Append a frame that has just come; it is shown unless the person looks at an earlier one."""
    kernels.film.append(frame)
    if len(kernels.film) > _FRAMES_KEPT:
        # Denser in the first steps, where most happens: the first quarter is kept whole.
        kept = _FRAMES_KEPT // 4
        kernels.film[kept:] = kernels.film[kept::2]
        kernels.frame = min(kernels.frame, len(kernels.film) - 1)
    if kernels.follow:
        show(kernels, len(kernels.film) - 1)


def show(kernels: KernelState, frame: int) -> None:
    if not kernels.film:
        return
    kernels.frame = max(0, min(frame, len(kernels.film) - 1))
    kernels.follow = kernels.frame == len(kernels.film) - 1
    draw(kernels)


def draw(kernels: KernelState) -> None:
    """Pictures of the shown frame. Towers share one range of values, so that they can be compared."""
    from alexnet_studio.insight import kernels as pictures

    shown = kernels.shown
    if shown is None:
        return
    low_high = pictures.span(shown.kernels)
    normalisation = "kernel" if kernels.per_kernel else "global"
    kernels.blocks = tuple(
        Block(pictures.tiles(tower, normalisation, low_high), pictures.colourfulness(tower))
        for tower in pictures.towers(shown.kernels, kernels.towers)
    )
    kernels.version += 1
