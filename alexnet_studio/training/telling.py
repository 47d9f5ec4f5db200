"""A training's state as the rows of its history."""

from __future__ import annotations

from alexnet_studio.insight.evaluate import Evaluation
from alexnet_studio.runs.rows import Ended, EndReason, Epoch, Layers, Started, Step
from alexnet_studio.training.layer_sizes import LayerSizes
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.metrics import Reading
from alexnet_studio.training.plan import Plan

# A curve on a screen has about this many pixels across; more rows than that cost disk and time to read.
_ROWS_OF_A_CURVE = 2_000
_ROWS_OF_LAYERS = 200


def is_logged(step: int, plan: Plan) -> bool:
    total = plan.recipe.epochs * plan.steps_per_epoch
    return step % max(1, total // _ROWS_OF_A_CURVE) == 0


def is_watched(step: int, plan: Plan) -> bool:
    """Whether the sizes of the layers are looked at in this update, which takes a copy of the weights."""
    total = plan.recipe.epochs * plan.steps_per_epoch
    return step == 1 or step % max(1, total // _ROWS_OF_LAYERS) == 0


def started(plan: Plan, learner: Learner) -> Started:
    return Started(
        step=learner.step,
        epoch=learner.epoch,
        epochs=plan.recipe.epochs,
        steps_per_epoch=plan.steps_per_epoch,
        train_images=len(plan.images.train),
        val_images=len(plan.images.val),
        classes=plan.spec.classes,
        network=plan.spec.name,
        device=plan.device.choice,
        precision=plan.device.precision,
        k=plan.k,
    )


def step(learner: Learner, last: Reading, k: int, *, speed: float, seconds: float) -> Step:
    return Step(
        step=learner.step,
        epoch=learner.epoch + 1,
        loss=last.loss,
        top1=last.top1,
        top5=last.topk,
        k=k,
        lr=learner.last_rate,
        images_per_second=speed,
        seconds=seconds,
    )


def layers(learner: Learner, sizes: LayerSizes) -> Layers:
    return Layers(learner.step, learner.epoch + 1, sizes.read())


def epoch(
    learner: Learner,
    trained: Reading,
    judged: Evaluation | None,
    k: int,
    *,
    seconds: float,
    speed: float,
    memory_mb: float,
) -> Epoch:
    """Of the epoch that the learner has just finished."""
    return Epoch(
        epoch=learner.epoch,
        step=learner.step,
        train_loss=trained.loss,
        train_top1=trained.top1,
        train_top5=trained.topk,
        val_loss=None if judged is None else judged.loss,
        val_top1=None if judged is None else judged.top1,
        val_top5=None if judged is None else judged.top5,
        k=k,
        seconds=seconds,
        images_per_second=speed,
        val_balanced=None if judged is None else judged.balanced,
        memory_mb=memory_mb,
    )


def ended(learner: Learner, reason: EndReason, sentence: str = "", code: str = "") -> Ended:
    best = None if learner.best is None else learner.best.epoch
    return Ended(learner.step, learner.epoch, reason, best, sentence, code)
