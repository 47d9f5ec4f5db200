"""The validation at the end of an epoch, and by what an epoch is the best one."""

from __future__ import annotations

from collections.abc import Generator
from contextlib import closing

from torch import nn

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images.store_early import held
from alexnet_studio.insight.evaluate import Evaluation, evaluate
from alexnet_studio.insight.scoring import together
from alexnet_studio.training.feeding import val_batches
from alexnet_studio.training.metrics import Reading
from alexnet_studio.training.plan import Plan
from alexnet_studio.training.world import ALONE, Word, World


def validated(
    network: nn.Module, plan: Plan, epoch: int, world: World = ALONE
) -> Generator[Progress, None, Evaluation | None]:
    """After an epoch (the first is 0); None where there are no validation images. Its progress lets a training be
    stopped meanwhile.

    Of several processes each judges its part of the images, none twice, and all get the sums.
    """
    judged: Evaluation | None = None
    world.lead(Word.JUDGE)
    # What turned out to be unreadable while the store was filled is left out, as it would be by a filled one.
    val = yield from held(plan.images.store, plan.images.val)
    own = val[world.rank :: world.size]
    if not val:
        return judged
    with (
        closing(val_batches(plan, own, epoch)) as source,
        closing(evaluate(network, source, plan.k, plan.device, total=len(own))) as events,
    ):
        for event in events:
            if isinstance(event, Evaluation):
                judged = event
            else:
                yield event
    return judged if judged is None else together(world.gathered(judged))


def value(trained: Reading, judged: Evaluation | None) -> tuple[float, ...]:
    """Larger is better: validation top-1, then validation loss; the training loss where nothing validates."""
    return (-trained.loss,) if judged is None else (judged.top1, -judged.loss)
