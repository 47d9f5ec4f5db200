"""What the Kernels panel says of one kernel, and the marks of all."""

from __future__ import annotations

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.state.kernels import KernelFrame, KernelState, ResponseSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.kernels import KernelDetail
from alexnet_studio.studio.views.parts import ActionView, Pixels

Facts = tuple[tuple[str, str], ...]


def marks_of(kernels: KernelState) -> dict[int, str]:
    """By a kernel's number, from 1: "×" dead, "∅" never fires, "=" like another, "~" noise. The worst one only."""
    found = kernels.marks
    letters: dict[int, str] = {}
    if found is not None:
        places = ("~", found.noisy), ("=", found.twin >= 0)
        letters = {int(place) + 1: letter for letter, those in places for place in np.flatnonzero(those)}
    firing = kernels.firing.get(kernels.shown_layer)
    if firing is not None:
        letters.update({number: "∅" for number, count in enumerate(firing.counts, 1) if not count})
    if found is not None:
        letters.update({int(place) + 1: "×" for place in np.flatnonzero(found.dead)})
    return letters


def view_kernel(state: State) -> KernelDetail | None:
    """The selected kernel; `number` counts from 1 through all towers, as the captions do."""
    kernels, shown, number = state.kernels, state.kernels.shown, state.selection.kernel
    # A unit of another layer may be selected, too.
    own = state.selection.layer in {None, kernels.shown_layer}
    if not own or number is None or shown is None or not 1 <= number <= len(shown.kernels):
        return None
    values = shown.kernels[number - 1]
    many = len(values) not in {1, 3}
    tile, under = _mosaic(kernels, shown, values) if many else (_tile(kernels, number), values)
    remark = QCoreApplication.translate(
        "Kernels", "All {count} input channels; below, the pattern that they have most in common."
    )
    answer = _answer(kernels, number)
    return KernelDetail(
        QCoreApplication.translate("Kernels", "Kernel {number}").format(number=number),
        _facts(kernels, shown, number),
        tile,
        _pattern(values) if many else values,
        under,
        remark.format(count=len(values)) if many else "",
        _apply(state),
        ActionView(
            state.run is not None and state.run.has_checkpoint,
            QCoreApplication.translate("Kernels", "Apply to an image…"),
        ),
        None if answer is None else _pair(answer),
        () if answer is None else _captions(answer),
    )


def _facts(kernels: KernelState, shown: KernelFrame, number: int) -> Facts:
    from alexnet_studio.insight.kernel_measures import measures

    one = shown.kernels[number - 1 : number]
    found = measures(one)
    angle, colour = float(found.orientation[0]), float(found.colour[0])
    tower = next((place for place, block in enumerate(kernels.blocks, 1) if number in block.numbers), 1)
    degrees = QCoreApplication.translate("Kernels", "{angle}°")
    cycles = QCoreApplication.translate("Kernels", "{cycles} a pixel")
    range_ = QCoreApplication.translate("Kernels", "{lowest} to {highest}")
    facts = [
        (QCoreApplication.translate("Kernels", "tower"), str(tower)),
        (QCoreApplication.translate("Kernels", "norm"), wording.decimal(float(found.norm[0]), 3)),
        (
            QCoreApplication.translate("Kernels", "values"),
            range_.format(
                lowest=wording.decimal(float(one.min()), 3), highest=wording.decimal(float(one.max()), 3)
            ),
        ),
        (
            QCoreApplication.translate("Kernels", "stripes run at"),
            "–" if np.isnan(angle) else degrees.format(angle=wording.decimal(angle, 0)),
        ),
        (
            QCoreApplication.translate("Kernels", "cycles"),
            cycles.format(cycles=wording.decimal(float(found.frequency[0]), 2)),
        ),
    ]
    if one.shape[1] == 3 and not np.isnan(colour):
        facts.append((QCoreApplication.translate("Kernels", "colourfulness"), wording.decimal(colour, 2)))
    return (*facts, *_verdicts(kernels, number))


def _verdicts(kernels: KernelState, number: int) -> Facts:
    found, firing = kernels.marks, kernels.firing.get(kernels.shown_layer)
    facts: list[tuple[str, str]] = []
    if firing is not None and number <= len(firing.counts):
        text = QCoreApplication.translate("Kernels", "{count} of {images} images")
        count = wording.count(firing.counts[number - 1])
        facts.append(
            (
                QCoreApplication.translate("Kernels", "fires on"),
                text.format(count=count, images=wording.count(firing.images)),
            )
        )
    if found is None:
        return tuple(facts)
    place = number - 1
    if found.dead[place]:
        dead = QCoreApplication.translate("Kernels", "dead")
        facts.append((QCoreApplication.translate("Kernels", "state"), dead))
    elif found.noisy[place]:
        noisy = QCoreApplication.translate("Kernels", "still noise")
        facts.append((QCoreApplication.translate("Kernels", "state"), noisy))
    if found.twin[place] >= 0:
        text = QCoreApplication.translate("Kernels", "kernel {number} (cosine {cosine})")
        cosine = wording.decimal(float(found.likeness[place]), 3)
        facts.append(
            (
                QCoreApplication.translate("Kernels", "like"),
                text.format(number=int(found.twin[place]) + 1, cosine=cosine),
            )
        )
    return tuple(facts)


def _tile(kernels: KernelState, number: int) -> Pixels:
    block = next(block for block in kernels.blocks if number in block.numbers)
    return block.tiles[block.numbers.index(number)]


def _mosaic(
    kernels: KernelState, shown: KernelFrame, values: NDArray[np.float32]
) -> tuple[Pixels, NDArray[np.float32]]:
    from alexnet_studio.insight.kernels import mosaic, span, tiles

    tile = tiles(values[None], kernels.normalisation, span(shown.kernels))[0]
    return tile, mosaic(np.ascontiguousarray(values[None], np.float32))


def _pattern(values: NDArray[np.float32]) -> NDArray[np.float32]:
    from alexnet_studio.insight.kernels import patterns

    return patterns(values[None])[0]


def _apply(state: State) -> ActionView:
    text = QCoreApplication.translate("Kernels", "Apply to the selected image")
    if state.run is None or not state.run.has_checkpoint:
        return ActionView(
            False, text, QCoreApplication.translate("Kernels", "This needs a network’s weights.")
        )
    if state.selection.image is None:
        return ActionView(False, text, QCoreApplication.translate("Kernels", "No image is selected."))
    return ActionView(True, text)


def _answer(kernels: KernelState, number: int) -> ResponseSeen | None:
    found = kernels.response
    if not kernels.image or found is None or (found.layer, found.number) != (kernels.shown_layer, number):
        return None
    return found


def _pair(answer: ResponseSeen) -> Pixels:
    """Both at the size of the larger one, each pixel a square."""
    sides = [len(answer.pixels), len(answer.answer)]
    side = max(sides)
    enlarged = [
        picture[np.arange(side) * len(picture) // side][:, np.arange(side) * picture.shape[1] // side]
        for picture in (answer.pixels, answer.answer)
    ]
    return np.stack(enlarged)


def _captions(answer: ResponseSeen) -> tuple[str, ...]:
    text = QCoreApplication.translate("Kernels", "{lowest} to {highest}")
    return (
        QCoreApplication.translate("Kernels", "the image"),
        text.format(lowest=wording.decimal(answer.lowest, 2), highest=wording.decimal(answer.highest, 2)),
    )
