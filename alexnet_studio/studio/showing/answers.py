"""What is shown of one query: its bars, its neighbours by features, and what other ways of looking find."""

from __future__ import annotations

from collections.abc import Sequence

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.state.neighbours import Answer, FoundImage, Space, nearest
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.data import Thumbnail
from alexnet_studio.studio.views.neighbours import AnswerView, BarView, NeighbourView, RowView

_BARS = 5  # as in the paper's Fig. 4


def view_answer(state: State, answer: Answer) -> AnswerView:
    # What the network says stands in for the truth where that is not known, as for an image from outside.
    expected = answer.truth or (answer.top[0][0] if answer.top else "")
    found = nearest(answer.found, state.neighbours.k)
    beside = tuple(_beside(state, answer, space, expected) for space in state.neighbours.spaces if found)
    return AnswerView(
        query=Thumbnail(answer.path, answer.truth, state.picture(answer.path)),
        title=answer.path.replace("\\", "/").rsplit("/", 1)[-1],
        truth=answer.truth,
        bars=tuple(_bar(name, share, answer.truth) for name, share in answer.top[:_BARS]),
        neighbours=_row(state, found, expected),
        error="" if answer.error is None else wording.sentence(answer.error),
        said=_said(state, answer, found, expected, named=bool(beside)),
        beside=beside,
    )


def _said(state: State, answer: Answer, found: Sequence[FoundImage], expected: str, *, named: bool) -> str:
    """Under its own name where others stand beside it."""
    if answer.error is not None:
        return ""
    if not found:
        return QCoreApplication.translate(
            "Neighbours", "Its neighbours cannot be shown yet: the training images are not indexed."
        )
    parts = [_agreement(found, expected)]
    if named:
        parts.insert(0, QCoreApplication.translate("Neighbours", "features"))
    features = state.neighbours.features
    if features is not None and features.images < state.neighbours.k:
        text = QCoreApplication.translate("Neighbours", "only {n} are indexed")
        parts.append(text.format(n=wording.count(features.images)))
    return _joined(parts)


def _beside(state: State, answer: Answer, space: Space, expected: str) -> RowView:
    names = {
        "pixels": QCoreApplication.translate("Neighbours", "pixels"),
        "shortcut": QCoreApplication.translate("Neighbours", "2012 shortcut"),
    }
    name, beside, k = names[space], state.neighbours.beside.get((answer.path, space)), state.neighbours.k
    if beside is None:
        return RowView(space, _joined([name, "…"]))
    if beside.error is not None:
        return RowView(space, _joined([name, wording.sentence(beside.error)]))
    found = nearest(beside.found, k)
    row = _row(state, found, expected)
    if space == "pixels":
        return RowView(space, _joined([name, _agreement(found, expected)]), row)
    kept = {one.path for one in found}
    true = nearest(answer.found, k)
    missed = [one for one in true if one.path not in kept and not one.itself]
    text = QCoreApplication.translate("Neighbours", "misses {n} of {k}")
    count = text.format(n=len(missed), k=sum(not one.itself for one in true))
    note = QCoreApplication.translate("Neighbours", "missed")
    return RowView(
        space,
        _joined([name, _agreement(found, expected), count]),
        (*row, *_row(state, missed, expected, note)),
    )


def _row(
    state: State, found: Sequence[FoundImage], expected: str, note: str = ""
) -> tuple[NeighbourView, ...]:
    # The nearest one decides for the row, so that its distances line up.
    first = next((one.distance for one in found if not one.itself), 0.0)
    digits = 0 if first >= 1000 else 1 if first >= 10 else 2
    return tuple(
        NeighbourView(
            Thumbnail(one.path, one.class_name, state.picture(one.path)),
            wording.decimal(one.distance, digits),
            one.class_name,
            one.class_name == expected if expected and not one.itself else None,
            one.distance,
            note or _note(one),
        )
        for one in found
    )


def _note(found: FoundImage) -> str:
    if found.itself:
        return QCoreApplication.translate("Neighbours", "itself")
    return QCoreApplication.translate("Neighbours", "file gone") if found.gone else ""


def _bar(name: str, share: float, truth: str) -> BarView:
    return BarView(name, share, wording.percent(share, 0), None if not truth else name == truth)


def _agreement(found: Sequence[FoundImage], expected: str) -> str:
    others = [one for one in found if not one.itself]
    if not expected or not others:
        return ""
    text = QCoreApplication.translate("Neighbours", "{right} of {of} agree")
    return text.format(right=sum(one.class_name == expected for one in others), of=len(others))


def _joined(parts: Sequence[str]) -> str:
    return " · ".join(part for part in parts if part)
