"""The validation at the end of an epoch, and by what an epoch is the best one."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from torch import nn

from alexnet_studio.ground.progress import Progress
from alexnet_studio.insight.evaluate import Evaluation, evaluate
from alexnet_studio.training.feeding import val_batches
from alexnet_studio.training.metrics import Reading
from alexnet_studio.training.plan import Plan


def validated(network: nn.Module, plan: Plan) -> Generator[Progress, None, Evaluation | None]:
    """None where there are no validation images. Its progress lets a training be stopped meanwhile."""
    count = len(plan.images.val)
    judged: Evaluation | None = None
    if count == 0:
        return judged
    with (
        closing(val_batches(plan)) as source,
        closing(evaluate(network, source, plan.k, plan.device, total=count)) as events,
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
