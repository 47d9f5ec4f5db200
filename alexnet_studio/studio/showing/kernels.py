"""What the Kernels panel shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing.apart import view_apart
from alexnet_studio.studio.showing.kernel import marks_of, view_kernel
from alexnet_studio.studio.state.kernels import KernelFrame, KernelState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.kernels import KernelsView, TowerView
from alexnet_studio.studio.views.parts import ActionView, EmptyView


def view_kernels(state: State) -> KernelsView:
    kernels, shown = state.kernels, state.kernels.shown
    if shown is None or not kernels.blocks:
        return KernelsView(empty=_empty(state), selection=state.selection)
    on_film = kernels.other is None
    marks = marks_of(kernels)
    return KernelsView(
        title=_title(kernels, shown),
        towers=_towers(kernels, _telling(marks, len(shown.kernels))),
        version=kernels.version,
        layers=kernels.layers,
        layer=kernels.looked or kernels.layer,
        normalisation=kernels.normalisation,
        order=kernels.order,
        look="" if shown.kernels.shape[1] in {1, 3} else kernels.look,
        legend=_legend(kernels, marks),
        firing=_firing(state),
        frames=len(kernels.film) if on_film else 0,
        frame=kernels.frame,
        frame_text=_moment(kernels, shown),
        playing=kernels.playing,
        apart=view_apart(kernels) if on_film else None,
        detail=view_kernel(state),
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
    towers = len(kernels.blocks)
    if towers == 1:
        text = QCoreApplication.translate(
            "Kernels", "{layer} · {filters} of {height} × {width} × {channels} · {moment}"
        )
    else:
        text = QCoreApplication.translate(
            "Kernels", "{layer} · {towers} × {filters} of {height} × {width} × {channels} · {moment}"
        )
    return text.format(
        layer=kernels.shown_layer,
        towers=towers,
        filters=filters // towers,
        height=height,
        width=width,
        channels=channels,
        moment=_moment(kernels, shown),
    )


def _moment(kernels: KernelState, shown: KernelFrame) -> str:
    """The film counts whole epochs, and a person the one under way, as the curves do."""
    text = QCoreApplication.translate("Kernels", "epoch {epoch}, step {step}")
    return text.format(epoch=shown.epoch + (kernels.other is None), step=wording.count(shown.step))


def _towers(kernels: KernelState, marks: dict[int, str]) -> tuple[TowerView, ...]:
    views: list[TowerView] = []
    shown = kernels.shown
    has_colour = shown is not None and shown.kernels.shape[1] == 3
    for number, block in enumerate(kernels.blocks, start=1):
        if not has_colour:
            text = QCoreApplication.translate("Kernels", "Tower {tower}") if len(kernels.blocks) > 1 else ""
        elif len(kernels.blocks) == 1:
            text = QCoreApplication.translate("Kernels", "colourfulness {colour}")
        else:
            text = QCoreApplication.translate("Kernels", "Tower {tower} · colourfulness {colour}")
        title = text.format(tower=number, colour=wording.decimal(block.colourfulness, 2))
        letters = tuple(marks.get(one, "") for one in block.numbers)
        views.append(TowerView(title, block.numbers, block.tiles, letters))
    return tuple(views)


def _telling(marks: dict[int, str], count: int) -> dict[int, str]:
    """Without a mark that most kernels have, as "~" at the start of a training: it would hide what it is about."""
    letters = list(marks.values())
    return {number: letter for number, letter in marks.items() if 2 * letters.count(letter) <= count}


def _legend(kernels: KernelState, marks: dict[int, str]) -> str:
    """How many there are of each mark, and what it means."""
    texts = {
        "×": QCoreApplication.translate("Kernels", "× dead: {count}"),
        "∅": QCoreApplication.translate("Kernels", "∅ never fires: {count}"),
        "=": QCoreApplication.translate("Kernels", "= like another: {count}"),
        "~": QCoreApplication.translate("Kernels", "~ still noise: {count}"),
    }
    letters = list(marks.values())
    said = [text.format(count=letters.count(letter)) for letter, text in texts.items() if letter in letters]
    firing = kernels.firing.get(kernels.shown_layer)
    if firing is not None:
        text = QCoreApplication.translate("Kernels", "firing counted on {images} images")
        said.append(text.format(images=wording.count(firing.images)))
    return " · ".join(said)


def _firing(state: State) -> ActionView:
    text = QCoreApplication.translate("Kernels", "Which fire?")
    tip = QCoreApplication.translate(
        "Kernels", "Count on how many of a thousand training images each kernel’s unit is above zero anywhere"
    )
    if state.run is None or not state.run.has_checkpoint:
        reason = QCoreApplication.translate("Kernels", "This needs a network’s weights.")
        return ActionView(False, text, reason)
    return ActionView(not state.working(JobKind.FIRING), text, tip)
