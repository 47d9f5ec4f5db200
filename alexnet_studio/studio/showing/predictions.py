"""What the window of the predictions shows of the state."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache
from typing import TYPE_CHECKING

from PySide6.QtCore import QCoreApplication

from alexnet_studio.runs.evaluations import VALIDATION
from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing.coverage import thinned
from alexnet_studio.studio.showing.ten import bars_of, place_names
from alexnet_studio.studio.state.predictions import Asked, CopyPlan, Listed, PredictionState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import ActionView, EmptyView
from alexnet_studio.studio.views.predictions import Choices, PredictedView, PredictionsView

if TYPE_CHECKING:
    from alexnet_studio.runs.evaluations import EvaluationFile


def view_predictions(state: State) -> PredictionsView | None:
    shown = state.predictions
    if not shown.is_open:
        return None
    notice = state.notice
    view = PredictionsView(
        calls=shown.calls,
        empty=None if shown.sources else _empty(state),
        busy=_busy(state),
        notice="" if notice is None else notice.sentence,
        views=_views(),
        chosen_views=shown.views,
        piles=_piles(shown.listed),
        pile=shown.pile,
        classes=_classes(shown.listed.classes),
        class_name=shown.class_name,
        orders=_orders(),
        order=shown.order,
        threshold=shown.threshold,
        save=_can_save(state),
        selection=state.selection,
    )
    if shown.asked is None:
        return replace(view, title=_source(shown))
    return replace(
        _with_expectation(view, _validated(state, shown.asked), shown.threshold),
        title=_title(shown),
        sure=_sure(shown),
        images=shown.listed.images,
        captions=shown.captions,
        version=shown.version,
        picked=_picked(shown, state.selection.image),
        plan="" if shown.plan is None else _plan(shown.plan),
    )


def _empty(state: State) -> EmptyView:
    sentence = QCoreApplication.translate(
        "Predictions",
        "What a network takes new images for: a whole folder, sorted by how sure it is. The images need no labels.",
    )
    if not view_actions.ask(state).enabled:
        return EmptyView(
            sentence, QCoreApplication.translate("Predictions", "Open the example"), "open_example"
        )
    return EmptyView(
        sentence, QCoreApplication.translate("Predictions", "Choose a folder…"), "choose_predicted"
    )


def _source(shown: PredictionState) -> str:
    if len(shown.sources) == 1:
        return str(shown.sources[0])
    if not shown.sources:
        return ""
    text = QCoreApplication.translate("Predictions", "{n} files and folders")
    return text.format(n=wording.count(len(shown.sources)))


def _title(shown: PredictionState) -> str:
    asked = shown.asked
    assert asked is not None
    done = len(shown.answers)
    text = QCoreApplication.translate("Predictions", "{images} images of {source} · {run}, epoch {epoch}")
    if done < asked.images:
        text = QCoreApplication.translate(
            "Predictions", "{done} of {images} images of {source} · {run}, epoch {epoch}"
        )
    return text.format(
        done=wording.count(done),
        images=wording.count(asked.images),
        source=_source(shown),
        run=asked.run.name,
        epoch=asked.epoch,
    )


def _busy(state: State) -> str:
    texts = {
        JobKind.PREDICT: QCoreApplication.translate("Predictions", "predicting"),
        JobKind.SORT: QCoreApplication.translate("Predictions", "copying"),
    }
    kind = next((kind for kind in texts if state.working(kind)), None)
    if kind is None:
        return ""
    progress = state.progress[kind]
    if progress is None or not progress.total:
        return texts[kind]
    of = QCoreApplication.translate("Predictions", "{work} {done} of {total}")
    return of.format(work=texts[kind], done=wording.count(progress.done), total=wording.count(progress.total))


def _views() -> Choices:
    return (
        ("center", QCoreApplication.translate("Evaluation", "centre view")),
        ("ten", QCoreApplication.translate("Evaluation", "ten views")),
    )


def _orders() -> Choices:
    return (
        ("surest", QCoreApplication.translate("Predictions", "surest first")),
        ("doubtful", QCoreApplication.translate("Predictions", "least sure first")),
        ("path", QCoreApplication.translate("Predictions", "by path")),
    )


def _piles(listed: Listed) -> Choices:
    text = QCoreApplication.translate("Predictions", "{name} ({n})")
    names = (
        (
            "all",
            QCoreApplication.translate("Predictions", "all images"),
            listed.sure + listed.unsure + listed.unread,
        ),
        ("sure", QCoreApplication.translate("Predictions", "sure"), listed.sure),
        ("unsure", QCoreApplication.translate("Predictions", "unsure"), listed.unsure),
        ("unread", QCoreApplication.translate("Predictions", "cannot be read"), listed.unread),
    )
    return tuple((value, text.format(name=name, n=wording.count(n))) for value, name, n in names)


@lru_cache(maxsize=2)
def _classes(classes: tuple[tuple[str, int], ...]) -> Choices:
    text = QCoreApplication.translate("Predictions", "{name} ({n})")
    each = tuple((name, text.format(name=name, n=wording.count(n))) for name, n in classes)
    return (("", QCoreApplication.translate("Predictions", "every class")), *each)


def _sure(shown: PredictionState) -> str:
    listed = shown.listed
    answered = listed.sure + listed.unsure
    text = QCoreApplication.translate(
        "Predictions", "{sure} of {answered} are at least {threshold} sure ({share}), {unsure} are unsure"
    )
    said = text.format(
        sure=wording.count(listed.sure),
        answered=wording.count(answered),
        threshold=wording.percent(shown.threshold, 0),
        share=wording.percent(listed.sure / answered if answered else 0.0),
        unsure=wording.count(listed.unsure),
    )
    if not listed.unread:
        return said
    more = QCoreApplication.translate("Predictions", "{n} cannot be read")
    return f"{said}, {more.format(n=wording.count(listed.unread))}"


def _validated(state: State, asked: Asked) -> EvaluationFile | None:
    """Kept before the images were predicted, or evaluated since then."""
    seen = state.evaluation.seen
    if asked.validated is not None or seen is None or seen.path != asked.run:
        return asked.validated
    file = seen.file
    same = (file.name, file.views, file.checkpoint) == (VALIDATION, asked.views, asked.checkpoint)
    return file if same else None


def _with_expectation(
    view: PredictionsView, file: EvaluationFile | None, threshold: float
) -> PredictionsView:
    """How many of the sure ones are right, as far as the validation images can tell."""
    if file is None:
        text = QCoreApplication.translate(
            "Predictions",
            "How many of them are right is not known: evaluate the validation images ({views}).",
        )
        return replace(view, expected=text.format(views=dict(view.views)[view.chosen_views]))
    from alexnet_studio.insight.calibration import coverage

    right = file.guesses == file.labels
    found = coverage(file.sureness, right, threshold)
    if found.right is None:
        text = QCoreApplication.translate("Predictions", "no validation image is that sure")
    else:
        text = QCoreApplication.translate(
            "Predictions",
            "of the {n} validation images that are this sure, {right} are right (of all {of}: {all})",
        )
    return replace(
        view,
        expected=text.format(
            right=wording.percent(found.right or 0.0),
            n=wording.count(found.images),
            of=wording.count(len(right)),
            all=wording.percent(float(right.mean())),
        ),
        curve=_curve(file),
        point=None if found.right is None else (found.share, found.right),
    )


@lru_cache(maxsize=2)
def _curve(file: EvaluationFile) -> tuple[tuple[float, float], ...]:
    from alexnet_studio.insight.calibration import coverage_curve

    _, covered, right = coverage_curve(file.sureness, file.guesses == file.labels)
    return thinned(covered, right)


def _picked(shown: PredictionState, image: str | None) -> PredictedView:
    row = shown.row_of.get(image or "")
    if row is None:
        return PredictedView()
    one = shown.answers[row]
    verdict = ""
    if not one.error and one.is_unsure(shown.threshold):
        text = QCoreApplication.translate("Predictions", "unsure: below {threshold}")
        verdict = text.format(threshold=wording.percent(shown.threshold, 0))
    places = place_names()
    return PredictedView(
        one.image.name,
        str(one.image),
        bars_of(one.top, ""),
        verdict,
        one.error or "",
        tuple(
            (places[view.place, view.mirrored], view.top[0][0], wording.percent(view.top[0][1], 0))
            for view in one.views
        ),
    )


def _plan(plan: CopyPlan) -> str:
    text = QCoreApplication.translate(
        "Predictions",
        "Copy {images} images into class folders in {target}? They take {needed} of the {free} that are free there; "
        "{unsure} of them go to unsure/.",
    )
    if plan.threshold is None:
        text = QCoreApplication.translate(
            "Predictions",
            "Copy {images} images into class folders in {target}? They take {needed} of the {free} that are free "
            "there.",
        )
    return text.format(
        images=wording.count(plan.images),
        target=plan.target,
        needed=wording.memory(plan.needed_bytes),
        free=wording.memory(plan.free_bytes),
        unsure=wording.count(plan.unsure),
    )


def _can_save(state: State) -> ActionView:
    if state.working(JobKind.PREDICT):
        reason = QCoreApplication.translate("Predictions", "Images are still being predicted.")
    elif state.working(JobKind.SORT):
        reason = QCoreApplication.translate("Predictions", "Images are being copied.")
    elif not state.predictions.answers:
        reason = QCoreApplication.translate("Predictions", "There is nothing to save yet.")
    else:
        return ActionView(True)
    return ActionView(False, tip=reason)
