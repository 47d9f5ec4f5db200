"""What the Kernels panel shows."""

from __future__ import annotations

import numpy as np
from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.state import KernelFrame, KernelState, State
from alexnet_studio.studio.views import EmptyView, KernelDetail, KernelsView, TowerView


def view_kernels(state: State) -> KernelsView:
    kernels, shown = state.kernels, state.kernels.shown
    if shown is None or not kernels.blocks:
        return KernelsView(empty=_empty(state), selection=state.selection)
    return KernelsView(
        title=_title(kernels, shown),
        towers=_towers(kernels),
        version=kernels.version,
        normalisation="kernel" if kernels.per_kernel else "global",
        frames=len(kernels.film),
        frame=kernels.frame,
        frame_text=_moment(shown),
        detail=_detail(kernels, shown, state.selection.kernel),
        selection=state.selection,
    )


def _empty(state: State) -> EmptyView:
    sentence = QCoreApplication.translate(
        "Kernels", "The first convolution’s kernels, one block a tower, changing while the network learns."
    )
    if state.setup is None:
        return EmptyView(sentence, QCoreApplication.translate("Kernels", "Open the example"), "open_example")
    return EmptyView(sentence, QCoreApplication.translate("Kernels", "Start"), "start")


def _title(kernels: KernelState, shown: KernelFrame) -> str:
    filters, channels, height, width = shown.kernels.shape
    if kernels.towers == 1:
        text = QCoreApplication.translate(
            "Kernels", "{layer} · {filters} of {height} × {width} × {channels} · {moment}"
        )
    else:
        text = QCoreApplication.translate(
            "Kernels", "{layer} · {towers} × {filters} of {height} × {width} × {channels} · {moment}"
        )
    return text.format(
        layer=kernels.layer,
        towers=kernels.towers,
        filters=filters // kernels.towers,
        height=height,
        width=width,
        channels=channels,
        moment=_moment(shown),
    )


def _moment(shown: KernelFrame) -> str:
    text = QCoreApplication.translate("Kernels", "epoch {epoch}, step {step}")
    return text.format(epoch=shown.epoch, step=wording.count(shown.step))


def _towers(kernels: KernelState) -> tuple[TowerView, ...]:
    views: list[TowerView] = []
    first = 1
    for number, block in enumerate(kernels.blocks, start=1):
        if len(kernels.blocks) == 1:
            text = QCoreApplication.translate("Kernels", "colourfulness {colour}")
        else:
            text = QCoreApplication.translate("Kernels", "Tower {tower} · colourfulness {colour}")
        title = text.format(tower=number, colour=wording.decimal(block.colourfulness, 2))
        views.append(TowerView(title, first, block.tiles))
        first += len(block.tiles)
    return tuple(views)


def _detail(kernels: KernelState, shown: KernelFrame, number: int | None) -> KernelDetail | None:
    """The selected kernel; `number` counts from 1 through all towers, as the captions do."""
    if number is None or not 1 <= number <= len(shown.kernels):
        return None
    per_tower = len(shown.kernels) // kernels.towers
    tower, place = divmod(number - 1, per_tower)
    values = shown.kernels[number - 1]
    return KernelDetail(
        QCoreApplication.translate("Kernels", "Kernel {number}").format(number=number),
        (
            (QCoreApplication.translate("Kernels", "tower"), str(tower + 1)),
            (QCoreApplication.translate("Kernels", "lowest"), wording.decimal(float(values.min()), 3)),
            (QCoreApplication.translate("Kernels", "highest"), wording.decimal(float(values.max()), 3)),
            (QCoreApplication.translate("Kernels", "mean"), wording.decimal(float(values.mean()), 4)),
            (
                QCoreApplication.translate("Kernels", "norm"),
                wording.decimal(float(np.linalg.norm(values)), 3),
            ),
        ),
        kernels.blocks[tower].tiles[place],
        values,
    )
