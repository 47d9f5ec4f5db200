"""What of a training is shown at once, and what waits for the next view."""

from __future__ import annotations

from alexnet_studio.studio.jobs.runner import Finished, JobKind, Message
from alexnet_studio.studio.state.window import State


def may_wait(message: Message, state: State) -> bool:
    """One of the many that a training tells, or what is read anew after each of its epochs; what a training ends with,
    and an earlier moment that somebody looks at, may not.
    """
    run = state.run
    if message.kind is JobKind.PAST:
        return run is not None and run.live and state.shown_step is None
    return message.kind in {JobKind.TRAIN, JobKind.FOLLOW} and not isinstance(message, Finished)


def landmarks(state: State) -> tuple[object, ...]:
    """What changes seldom while a network trains, and is waited for when it does: its start, the first kernels, the
    first step and the first epoch's end, notes, the first weights, its end. A view that shows a change of these may not
    wait.
    """
    run = state.run
    if run is None:
        return (state.notice,)
    return (
        state.notice,
        run.path,
        run.phase,
        run.started,
        run.class_names,
        state.progress.get(JobKind.TRAIN) is None,  # no longer, or again, before the next step
        run.step is None,
        run.epoch is None,
        bool(state.kernels.film),
        run.note,
        run.has_checkpoint,
        run.ended,
        run.elsewhere,
        run.interrupted,
    )
