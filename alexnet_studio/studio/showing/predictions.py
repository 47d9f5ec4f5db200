"""What the window of the predictions shows of the state."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing.expectation import validated, with_expectation
from alexnet_studio.studio.showing.predicted import view_predicted
from alexnet_studio.studio.state.predictions import CopyPlan, Listed, PredictionState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import ActionView, EmptyView
from alexnet_studio.studio.views.predictions import Choices, PredictionsView


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
        with_expectation(view, validated(state, shown.asked), shown.threshold),
        title=_title(shown),
        sure=_sure(shown),
        images=shown.listed.images,
        captions=shown.captions,
        version=shown.version,
        picked=view_predicted(shown, state.selection.image),
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
