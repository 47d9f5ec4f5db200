"""What the Evaluation panel shows of the state."""

from __future__ import annotations

from dataclasses import replace
from functools import lru_cache

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing import moment, pins
from alexnet_studio.studio.showing.coverage import thinned
from alexnet_studio.studio.showing.data import editing
from alexnet_studio.studio.showing.evaluation_listing import LISTED
from alexnet_studio.studio.showing.evaluation_numbers import NOTHING, score_rows
from alexnet_studio.studio.showing.past import at_epoch
from alexnet_studio.studio.showing.ten import bars_of, view_ten
from alexnet_studio.studio.state.evaluation import EvaluationSeen, EvaluationState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.evaluation import (
    CalibrationView,
    EvaluationView,
    ListView,
    MatrixView,
    ScoreRow,
)
from alexnet_studio.studio.views.parts import ActionView, EmptyView


def view_evaluation(state: State) -> EvaluationView:
    evaluation, seen = state.evaluation, state.evaluation.seen
    view = EvaluationView(
        empty=None if seen is not None or _can(state).enabled else _empty(state),
        sources=_sources(),
        source=evaluation.source,
        views=_views(),
        chosen_views=evaluation.views,
        evaluate=_can(state),
        predict=view_actions.ask(state),
        busy=QCoreApplication.translate("Evaluation", "evaluating")
        if state.working(JobKind.EVALUATE)
        else "",
        ten=view_ten(state),
        moment=_moment(state),
        selection=state.selection,
    )
    if state.past.epoch is not None:
        return at_epoch(state, view, state.past.epoch)
    if seen is None:
        return view
    return replace(
        view,
        title=_title(seen),
        outdated=QCoreApplication.translate("Evaluation", "outdated: the weights have moved on")
        if evaluation.outdated
        else "",
        numbers=_numbers(seen),
        rows=_rows(seen),
        matrix=MatrixView(id(seen), seen.file.classes, seen.cells),
        calibration=_calibration(seen, evaluation.threshold),
        images=_images(state, evaluation, seen),
    )


def _moment(state: State) -> str:
    text = moment.text(state)
    seen = pins.seen_of(state)
    kept = () if seen is None or seen.answers is None else seen.answers.epochs
    if not text or moment.shown_epoch(state) in kept:
        return text
    missing = QCoreApplication.translate("Evaluation", "its answers were not kept; below are the newest")
    return f"{text} · {missing}"


def _can(state: State) -> ActionView:
    text = QCoreApplication.translate("Evaluation", "Evaluate")
    run = state.run
    if run is None or not run.has_checkpoint:
        tip = QCoreApplication.translate(
            "Actions", "Train or open a run first: this needs a network's weights."
        )
    elif state.working(JobKind.EVALUATE):
        tip = QCoreApplication.translate("Evaluation", "It is being evaluated.")
    else:
        return ActionView(True, text)
    return ActionView(False, text, tip)


def _empty(state: State) -> EmptyView:
    sentence = QCoreApplication.translate(
        "Evaluation",
        "How often a network is right, class by class; what it takes for what; its surest mistakes.",
    )
    if state.run is None:
        return EmptyView(
            sentence, QCoreApplication.translate("Evaluation", "Open the example"), "open_example"
        )
    return EmptyView(sentence, "", "")


def _sources() -> tuple[tuple[str, str], ...]:
    return (
        ("validation", QCoreApplication.translate("Evaluation", "validation images")),
        ("test", QCoreApplication.translate("Evaluation", "test images")),
        ("folder", QCoreApplication.translate("Evaluation", "a folder…")),
    )


def _views() -> tuple[tuple[str, str], ...]:
    return (
        ("center", QCoreApplication.translate("Evaluation", "centre view")),
        ("ten", QCoreApplication.translate("Evaluation", "ten views")),
    )


def _title(seen: EvaluationSeen) -> str:
    file = seen.file
    names = {
        "validation": QCoreApplication.translate("Evaluation", "validation images"),
        "test": QCoreApplication.translate("Evaluation", "test images"),
    }
    text = QCoreApplication.translate("Evaluation", "{images} {name} · {views} · epoch {epoch}")
    text = text.format(
        images=wording.count(len(file.paths)),
        name=names.get(file.name, file.root.replace("\\", "/").rstrip("/").rsplit("/", 1)[-1]),
        views=dict(_views()).get(file.views, file.views),
        epoch=file.epoch,
    )
    if file.left_out:
        more = QCoreApplication.translate("Evaluation", "{n} left out: they cannot be decoded")
        text = f"{text} · {more.format(n=wording.count(len(file.left_out)))}"
    return text


def _numbers(seen: EvaluationSeen) -> tuple[tuple[str, str], ...]:
    from alexnet_studio.insight.calibration import calibration_error
    from alexnet_studio.insight.interval import wilson
    from alexnet_studio.insight.per_class import balanced

    images = len(seen.file.paths)
    low, high = wilson(seen.right, images)
    span = f"{wording.decimal(100 * low, 1)}–{wording.percent(high)}"
    share = balanced(seen.scores)
    top_k = QCoreApplication.translate("Evaluation", "top-{k}").format(k=seen.file.k)
    return (
        (QCoreApplication.translate("Evaluation", "top-1"), wording.percent(seen.right / images)),
        (QCoreApplication.translate("Evaluation", "95 % interval"), span),
        (top_k, wording.percent(seen.among / images)),
        (
            QCoreApplication.translate("Evaluation", "classes of equal weight"),
            NOTHING if share is None else wording.percent(share),
        ),
        (
            QCoreApplication.translate("Evaluation", "calibration error"),
            wording.percent(calibration_error(seen.bins)),
        ),
        (QCoreApplication.translate("Evaluation", "loss"), wording.decimal(seen.file.loss, 3)),
    )


@lru_cache(maxsize=2)
def _rows(seen: EvaluationSeen) -> tuple[ScoreRow, ...]:
    return score_rows(seen.scores, seen.file.classes)


def _calibration(seen: EvaluationSeen, threshold: float) -> CalibrationView:
    from alexnet_studio.insight.calibration import calibration_error, coverage

    file = seen.file
    kept = coverage(file.sureness, file.guesses == file.labels, threshold)
    error = QCoreApplication.translate("Evaluation", "calibration error {error}")
    text = QCoreApplication.translate(
        "Evaluation",
        "at least {threshold} sure: {share} of the images, {right} of them right; {unsure} unsure",
    )
    return CalibrationView(
        bins=tuple((one.low, one.high, one.right) for one in seen.bins),
        curve=_curve(seen),
        point=None if kept.right is None else (kept.share, kept.right),
        threshold=threshold,
        error=error.format(error=wording.percent(calibration_error(seen.bins))),
        unsure=text.format(
            threshold=wording.percent(threshold, 0),
            share=wording.percent(kept.share),
            right=NOTHING if kept.right is None else wording.percent(kept.right),
            unsure=wording.count(len(file.paths) - kept.images),
        ),
    )


@lru_cache(maxsize=2)
def _curve(seen: EvaluationSeen) -> tuple[tuple[float, float], ...]:
    return thinned(*seen.curve)


def _images(state: State, evaluation: EvaluationState, seen: EvaluationSeen) -> ListView:
    listing, names, row = evaluation.listing, seen.file.classes, seen.row_of.get(state.selection.image or "")
    wrong = (
        QCoreApplication.translate("Evaluation", "least sure")
        if listing.kind == "doubtful"
        else QCoreApplication.translate("Evaluation", "surest mistakes")
    )
    filters = [
        ("mistakes", wrong),
        ("unsure", QCoreApplication.translate("Evaluation", "below the threshold")),
    ]
    if listing.kind == "cell":
        text = QCoreApplication.translate("Evaluation", "{truth} → {guess}")
        anything = QCoreApplication.translate("Evaluation", "anything")
        truth = anything if listing.truth is None else names[listing.truth]
        guess = anything if listing.guess is None else names[listing.guess]
        filters.append(("", text.format(truth=truth, guess=guess)))
    found = QCoreApplication.translate("Evaluation", "{n} images").format(
        n=wording.count(len(evaluation.images))
    )
    if len(evaluation.images) == LISTED:
        text = QCoreApplication.translate("Evaluation", "the first {n} images")
        found = text.format(n=wording.count(LISTED))
    if listing.kind == "doubtful":
        found = QCoreApplication.translate("Evaluation", "no mistakes")
    return ListView(
        filters=tuple(filters),
        filter="" if listing.kind == "cell" else "unsure" if listing.kind == "unsure" else "mistakes",
        found=found,
        images=evaluation.images,
        captions=evaluation.captions,
        version=evaluation.version,
        title="" if row is None else _picked(seen, row),
        bars=() if row is None else bars_of(_top(seen, row), names[int(seen.file.labels[row])]),
        editing=editing(state),
    )


def _picked(seen: EvaluationSeen, row: int) -> str:
    text = QCoreApplication.translate("Evaluation", "{name}, of class {truth}")
    return text.format(
        name=seen.file.paths[row].rsplit("/", 1)[-1], truth=seen.file.classes[int(seen.file.labels[row])]
    )


def _top(seen: EvaluationSeen, row: int) -> tuple[tuple[str, float], ...]:
    pairs = zip(seen.file.top[row], seen.file.shares[row], strict=True)
    return tuple((seen.file.classes[int(label)], float(share)) for label, share in pairs if label >= 0)
