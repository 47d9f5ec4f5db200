"""What the Neighbours panel shows."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.state.neighbours import Answer, FeaturesSeen, FoundImage
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.data import Thumbnail
from alexnet_studio.studio.views.neighbours import AnswerView, BarView, NeighboursView, NeighbourView
from alexnet_studio.studio.views.parts import EmptyView

_BARS = 5  # as in the paper's Fig. 4


def view_neighbours(state: State) -> NeighboursView:
    neighbours = state.neighbours
    sheet = tuple(_answer(state, answer) for answer in neighbours.answers)
    current = sheet[neighbours.current] if neighbours.current < len(sheet) else None
    return NeighboursView(
        empty=None if sheet else _empty(state),
        title="" if neighbours.features is None else _title(neighbours.features),
        outdated=_outdated() if neighbours.outdated else "",
        answer=current,
        sheet=sheet,
        agreement="" if current is None else _agreement(current),
        busy=_busy(state),
        k=neighbours.k,
        version=neighbours.version,
        index=view_actions.index(state),
    )


def _empty(state: State) -> EmptyView:
    sentence = QCoreApplication.translate(
        "Neighbours", "The most probable classes of an image, and the training images nearest to it."
    )
    if state.run is None:
        return EmptyView(
            sentence, QCoreApplication.translate("Neighbours", "Open the example"), "open_example"
        )
    if state.neighbours.features is None and state.run.has_checkpoint and not state.run.live:
        return EmptyView(
            sentence, QCoreApplication.translate("Neighbours", "Index the training images"), "index"
        )
    if state.run.val_paths:
        return EmptyView(
            sentence, QCoreApplication.translate("Neighbours", "Take validation images"), "from_validation"
        )
    return EmptyView(sentence, QCoreApplication.translate("Neighbours", "Choose an image…"), "choose_image")


def _title(features: FeaturesSeen) -> str:
    text = QCoreApplication.translate("Neighbours", "{layer} after ReLU · Euclidean · of {images}")
    return text.format(layer=features.layer, images=wording.count(features.images))


def _outdated() -> str:
    return QCoreApplication.translate("Neighbours", "outdated: the weights have moved on")


def _busy(state: State) -> str:
    if state.working(JobKind.INDEX):
        return QCoreApplication.translate("Neighbours", "indexing")
    return QCoreApplication.translate("Neighbours", "looking") if state.working(JobKind.QUERY) else ""


def _answer(state: State, answer: Answer) -> AnswerView:
    # What the network says stands in for the truth where that is not known, as for an image from outside.
    expected = answer.truth or (answer.top[0][0] if answer.top else "")
    # The nearest decides for the row, so that its distances line up.
    digits = 1 if answer.found and answer.found[0].distance >= 10 else 2
    return AnswerView(
        query=Thumbnail(answer.path, answer.truth, state.picture(answer.path)),
        title=answer.path.replace("\\", "/").rsplit("/", 1)[-1],
        truth=answer.truth,
        bars=tuple(_bar(name, share, answer.truth) for name, share in answer.top[:_BARS]),
        neighbours=tuple(
            _neighbour(state, found, expected, digits) for found in answer.found[: state.neighbours.k]
        ),
        error="" if answer.error is None else wording.sentence(answer.error),
    )


def _bar(name: str, share: float, truth: str) -> BarView:
    return BarView(name, share, wording.percent(share, 0), None if not truth else name == truth)


def _neighbour(state: State, found: FoundImage, expected: str, digits: int) -> NeighbourView:
    return NeighbourView(
        Thumbnail(found.path, found.class_name, state.picture(found.path)),
        wording.decimal(found.distance, digits),
        found.class_name,
        found.class_name == expected if expected else None,
        found.distance,
    )


def _agreement(answer: AnswerView) -> str:
    known = [row.agrees for row in answer.neighbours if row.agrees is not None]
    if not known:
        return ""
    text = QCoreApplication.translate("Neighbours", "{right} of {of} agree")
    return text.format(right=sum(known), of=len(known))
