"""The ten views of the selected image, as the Evaluation panel shows them."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.state.evaluation import TenSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.evaluation import TenView, ViewTile
from alexnet_studio.studio.views.neighbours import BarView
from alexnet_studio.studio.views.parts import ActionView

_BARS = 5  # as in the paper's Fig. 4


def view_ten(state: State) -> TenView:
    ten, image = state.evaluation.ten, state.selection.image
    can = _can_look(state)
    if ten is None or ten.image != image:
        text = QCoreApplication.translate(
            "Evaluation",
            "Four corners, the centre and their mirrors: what does each say of the selected image?",
        )
        return TenView(text, look=can)
    seen = state.evaluation.seen
    row = None if seen is None else seen.row_of.get(ten.image)
    truth = "" if seen is None or row is None else seen.file.classes[int(seen.file.labels[row])]
    text = QCoreApplication.translate(
        "Evaluation", "{name}: the ten views, and the mean of their probabilities"
    )
    return TenView(
        text.format(name=ten.image.replace("\\", "/").rsplit("/", 1)[-1]),
        _tiles(ten),
        bars_of(ten.mean, truth),
        can,
    )


def _can_look(state: State) -> ActionView:
    text = QCoreApplication.translate("Evaluation", "Look at the ten views")
    if state.run is None or not state.run.has_checkpoint:
        return ActionView(False, text, view_actions.ask(state).tip)
    if state.selection.image is None:
        return ActionView(False, text, QCoreApplication.translate("Evaluation", "Select an image first."))
    return ActionView(not state.working(JobKind.VIEWS), text)


def _tiles(ten: TenSeen) -> tuple[ViewTile, ...]:
    places = place_names()
    answer = QCoreApplication.translate("Evaluation", "{share} {name}")
    best = ten.mean[0][0]
    return tuple(
        ViewTile(
            places[place],
            answer.format(share=wording.percent(top[0][1], 0), name=top[0][0]),
            top[0][0] == best,
            pixels,
        )
        for pixels, place, top in zip(ten.crops, ten.places, ten.alone, strict=True)
    )


def place_names() -> dict[tuple[str, bool], str]:
    """Of the ten views, by where each lies and whether it is mirrored."""
    places = {
        "top left": QCoreApplication.translate("Evaluation", "top left"),
        "top right": QCoreApplication.translate("Evaluation", "top right"),
        "centre": QCoreApplication.translate("Evaluation", "centre"),
        "bottom left": QCoreApplication.translate("Evaluation", "bottom left"),
        "bottom right": QCoreApplication.translate("Evaluation", "bottom right"),
    }
    mirrored = QCoreApplication.translate("Evaluation", "{place}, mirrored")
    turned = {(place, True): mirrored.format(place=name) for place, name in places.items()}
    return {**turned, **{(place, False): name for place, name in places.items()}}


def bars_of(top: tuple[tuple[str, float], ...], truth: str) -> tuple[BarView, ...]:
    return tuple(
        BarView(name, share, wording.percent(share, 0), None if not truth else name == truth)
        for name, share in top[:_BARS]
    )
