"""Work on images without labels: asking a run about all of them, and saving or sorting by what it says."""

from __future__ import annotations

import time
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from alexnet_studio.ground.errors import StudioError
from alexnet_studio.ground.progress import Progress
from alexnet_studio.studio import tables
from alexnet_studio.studio.jobs import export
from alexnet_studio.studio.jobs.runner import Work
from alexnet_studio.studio.state.predictions import AnswersSeen, Asked, CopyPlan, Views

if TYPE_CHECKING:
    from alexnet_studio.insight.predict import Prediction
    from alexnet_studio.runs.evaluations import EvaluationFile
    from alexnet_studio.runs.folder import RunFolder
    from alexnet_studio.studio.jobs.insight import Shelf

_TELL_S = 0.25  # a hundred answers a second change the grid four times …
_TELL_MORE_S = 2e-5  # … and fewer times the more of them have to be counted and listed anew


@dataclass(frozen=True, slots=True)
class Copied:
    """`unread` images have no answer to be sorted by; `gone` ones are no longer there."""

    target: Path
    copies: int
    unsure: int
    unread: int
    gone: int


def predict(shelf: Shelf, path: Path, sources: tuple[Path, ...], views: Views) -> Work:
    """Answers for every image below `sources`, with the run's best weights: `Asked`, then `AnswersSeen` again and
    again. Raises `BadInput` ("folder_without_images", and what opening a run raises).
    """
    from alexnet_studio.images.photo_files import expand
    from alexnet_studio.insight.predict import predict as answers

    run = shelf.run(path)
    yield None
    images = yield from expand(sources)
    network = shelf.network(run)
    checkpoint, classes = network.checkpoint_id, run.record.classes
    validated = _validated(run, views, checkpoint)
    yield Asked(path, classes, len(images), views, checkpoint, network.epoch, network.note, validated)
    waiting: list[Prediction] = []
    told = 0.0
    for done, answer in enumerate(answers(network, images, views), 1):
        waiting.append(answer)
        if done == len(images) or time.monotonic() - told > _TELL_S + _TELL_MORE_S * done:
            yield AnswersSeen(tuple(waiting))
            yield Progress("predict", done, len(images))
            waiting, told = [], time.monotonic()
        else:
            yield None


def save_csv(answers: Sequence[Prediction], threshold: float | None, target: Path) -> Work:
    """What `predict --csv` prints."""
    from alexnet_studio.insight.prediction_table import rows

    yield None
    yield from export.save_table(tuple(rows(answers, tables.defused, threshold)), target)


def submit(
    answers: Sequence[Prediction], classes: tuple[str, ...], synsets: Path | None, target: Path
) -> Work:
    """`synsets` None numbers the classes in the run's own order. Raises what `require_fit` and `order_of` raise."""
    from alexnet_studio.insight import submission

    yield None
    submission.require_fit(classes, [one.image for one in answers])
    order = submission.run_order(classes) if synsets is None else submission.order_of(synsets, classes)
    submission.write(target, answers, order)
    yield export.Exported(target)


def plan_copies(
    answers: Sequence[Prediction],
    classes: tuple[str, ...],
    sources: tuple[Path, ...],
    target: Path,
    threshold: float | None,
) -> Work:
    """What copying would take, as a `CopyPlan`; nothing is written. Raises what `Piles` and `room` raise."""
    from alexnet_studio.insight.sorting_photos import Piles, room

    piles = Piles(target, classes, sources, threshold)
    yield None
    found = yield from room(answers, target)
    unsure = sum(piles.is_unsure(one) for one in answers if not one.error)
    yield CopyPlan(target, threshold, found.images, unsure, found.needed_bytes, found.free_bytes)


def copy(
    answers: Sequence[Prediction], classes: tuple[str, ...], sources: tuple[Path, ...], plan: CopyPlan
) -> Work:
    from alexnet_studio.insight.sorting_photos import Piles, sort

    yield None
    done = yield from sort(answers, Piles(plan.target, classes, sources, plan.threshold))
    unread = sum(bool(one.error) for one in answers)
    yield Copied(plan.target, done.copies, done.unsure, unread, done.gone)


def _validated(run: RunFolder, views: Views, checkpoint: str) -> EvaluationFile | None:
    """What the same weights have answered to the validation images by the same views, where it is kept."""
    from alexnet_studio.runs import evaluations

    for kept in evaluations.kept(run.path):
        if kept.name.startswith(evaluations.VALIDATION):
            try:
                file = evaluations.read(kept)
            except StudioError:
                continue
            if file.views == views and file.checkpoint == checkpoint:
                return file
    return None
