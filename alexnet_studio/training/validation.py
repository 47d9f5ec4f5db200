"""The validation at the end of an epoch, and by what an epoch is the best one."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from torch import nn

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.store_early import held
from alexnet_studio.insight.evaluate import Evaluation, evaluate
from alexnet_studio.training.feeding import val_batches
from alexnet_studio.training.metrics import Reading
from alexnet_studio.training.plan import Plan


def validated(network: nn.Module, plan: Plan, epoch: int) -> Generator[Progress, None, Evaluation | None]:
    """After an epoch (the first is 0); None where there are no validation images.

    Its progress lets a training be stopped meanwhile."""
    judged: Evaluation | None = None
    # What turned out to be unreadable while the store was filled is left out, as it would be by a filled one.
    val = yield from held(plan.images.store, plan.images.val)
    if not val:
        return judged
    with (
        closing(val_batches(plan, val, epoch)) as source,
        closing(evaluate(network, source, plan.k, plan.device, total=len(val))) as events,
    ):
        for event in events:
            if isinstance(event, Evaluation):
                judged = event
            else:
                yield event
    return judged


def value(trained: Reading, judged: Evaluation | None) -> tuple[float, ...]:
    """Larger is better: validation top-1, then validation loss; the training loss where nothing validates."""
    return (-trained.loss,) if judged is None else (judged.top1, -judged.loss)
