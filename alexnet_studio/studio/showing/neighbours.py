"""What the Neighbours panel shows."""

from __future__ import annotations

from dataclasses import replace

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing import pins as view_pins
from alexnet_studio.studio.showing.answers import view_answer
from alexnet_studio.studio.showing.votes import view_suspects, view_votes
from alexnet_studio.studio.state.neighbours import FeaturesSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.neighbours import NeighboursView
from alexnet_studio.studio.views.parts import ActionView, EmptyView


def view_neighbours(state: State) -> NeighboursView:
    neighbours = state.neighbours
    sheet = tuple(view_answer(state, answer) for answer in neighbours.answers)
    current = sheet[neighbours.current] if neighbours.current < len(sheet) else None
    features = neighbours.features
    return NeighboursView(
        empty=None if sheet or features is not None or state.working(JobKind.QUERY) else _empty(state),
        title="" if features is None else _title(features),
        layers=_layers(state),
        layer=neighbours.layer if features is None else features.layer,
        outdated=_outdated() if neighbours.outdated else "",
        answer=current,
        sheet=sheet,
        busy=_busy(state),
        k=neighbours.k,
        version=neighbours.version,
        index=_index(state),
        pin=view_pins.can_pin(state, view_pins.asked(state)),
        spaces=_spaces(),
        space="+".join(neighbours.spaces) or "features",
        votes=view_votes(state),
        suspects=view_suspects(state),
        selection=state.selection,
    )


def _empty(state: State) -> EmptyView:
    sentence = QCoreApplication.translate(
        "Neighbours", "The most probable classes of an image, and the training images nearest to it."
    )
    if state.run is None:
        return EmptyView(
            sentence, QCoreApplication.translate("Neighbours", "Open the example"), "open_example"
        )
    if state.run.has_checkpoint and not state.run.live:
        return EmptyView(
            sentence, QCoreApplication.translate("Neighbours", "Index the training images"), "index"
        )
    if state.run.val_paths:
        return EmptyView(
            sentence, QCoreApplication.translate("Neighbours", "Take validation images"), "from_validation"
        )
    return EmptyView(sentence, QCoreApplication.translate("Neighbours", "Choose an image…"), "choose_image")


def _title(features: FeaturesSeen) -> str:
    text = QCoreApplication.translate("Neighbours", "Euclidean · of {images}")
    return text.format(images=wording.count(features.images))


def _outdated() -> str:
    return QCoreApplication.translate("Neighbours", "outdated: the weights have moved on")


def _busy(state: State) -> str:
    if state.working(JobKind.INDEX):
        return QCoreApplication.translate("Neighbours", "indexing")
    if state.working(JobKind.VOTE):
        return QCoreApplication.translate("Neighbours", "voting")
    looking = state.working(JobKind.QUERY) or state.working(JobKind.BESIDE)
    return QCoreApplication.translate("Neighbours", "looking") if looking else ""


def _layers(state: State) -> tuple[tuple[str, str], ...]:
    run = state.run
    if run is None:
        return ()
    return tuple((name, f"{name} · {wording.count(size)}") for name, size in run.feature_sizes)


def _index(state: State) -> ActionView:
    """Short: beside the layer's name it says enough."""
    view = view_actions.index(state)
    return replace(view, text=QCoreApplication.translate("Neighbours", "Index"), tip=view.tip or view.text)


def _spaces() -> tuple[tuple[str, str], ...]:
    return (
        ("features", QCoreApplication.translate("Neighbours", "features")),
        ("pixels", QCoreApplication.translate("Neighbours", "+ pixels")),
        ("shortcut", QCoreApplication.translate("Neighbours", "+ 2012 shortcut")),
        ("pixels+shortcut", QCoreApplication.translate("Neighbours", "+ both")),
    )
