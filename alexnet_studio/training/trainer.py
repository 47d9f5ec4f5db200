"""Training as a job: `train` begins a run, `resume` goes on with one."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing
from dataclasses import replace
from pathlib import Path

from alexnet_studio.ground.files import make_folder
from alexnet_studio.images import corrections
from alexnet_studio.runs import checkpoint, lock
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.training.beginning import Beginning, beginning
from alexnet_studio.training.describing import record_of
from alexnet_studio.training.events import Event
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.objective import balanced_weights
from alexnet_studio.training.plan import Plan, planned
from alexnet_studio.training.request import Request, check, require_one_process
from alexnet_studio.training.resuming import reopened
from alexnet_studio.training.session import Session
from alexnet_studio.training.stopwatch import WorkingClock

__all__ = ["Request", "resume", "train"]

Events = Generator[Event | None]


def train(request: Request) -> Events:
    """Train into a new run folder; at least one event after every batch, `Ended` as the last.

    Closing it saves a checkpoint and writes an `Ended` row ("stopped"). Raises `BadInput` for what cannot be
    trained and `Failed` ("disk_full", ...) when the run can no longer be written; what was saved before is
    intact.
    """
    clock = WorkingClock()
    return clock.uncounted(_train(request, clock))


def resume(run: Path, *, folder: Path | None = None, changes: Mapping[str, object] | None = None) -> Events:
    """Go on with `run`, exactly: on a CPU with the same threads it ends as if it had never been interrupted.

    `folder`: where the images are now, when they were moved. `changes`: fields of the recipe that may differ
    (epochs, device, workers); with another number of epochs "cosine" and "step" follow the curve of the new
    number. Without a checkpoint the run starts anew. Raises `BadInput` ("not_a_run", "recipe_differs",
    "folder_changed", "checkpoint_damaged", "run_in_use", ...).
    """
    clock = WorkingClock()
    return clock.uncounted(_resume(run, folder, changes or {}, clock))


def _train(request: Request, clock: WorkingClock) -> Events:
    check(request)
    start = None if request.start is None else beginning(request.start, request.spec)
    like = None if start is None else start.input
    plan = yield from planned(request.folder, request.spec, request.recipe, request.typed, like)
    with closing(plan.images.store):
        if start is not None:
            plan = replace(plan, remarks=(*start.remarks, *plan.remarks))
        yield from _begun(request, plan, start, clock)


def _begun(request: Request, plan: Plan, start: Beginning | None, clock: WorkingClock) -> Events:
    record = record_of(plan)
    run_folder.check_place(request.run, Path(record.data.root))
    make_folder(request.run)
    with lock.held(request.run):
        run = RunFolder(request.run, record)
        if request.corrections:
            corrections.write(run.path / corrections.FILE, request.corrections)
        learner = _learner(plan)
        if start is not None:
            learner.network.load_state_dict({**learner.network.state_dict(), **start.weights})
            # What a run began from is in its folder, too: without it, resuming would begin from random numbers.
            checkpoint.save(run, learner.checkpoint(), best=False)
        # Last: a folder that was left before this is no run that could be resumed as another one.
        run_folder.write_record(run.path, record)
        yield from Session(run, plan, learner, clock).events()


def _resume(path: Path, folder: Path | None, changes: Mapping[str, object], clock: WorkingClock) -> Events:
    require_one_process()
    run_folder.open(path)  # says so where there is no run to be locked
    with lock.held(path):
        run, plan, saved = yield from reopened(path, folder, changes)
        with closing(plan.images.store):
            learner = _learner(plan)
            if saved is not None:
                learner.restore(saved)
            yield from Session(run, plan, learner, clock).events()


def _learner(plan: Plan) -> Learner:
    images = plan.images
    weights = (
        balanced_weights([images.labels[index] for index in images.train], plan.spec.classes)
        if plan.recipe.balance == "loss"
        else None
    )
    return Learner(
        plan.spec,
        plan.recipe,
        plan.device,
        k=plan.k,
        steps_per_epoch=plan.steps_per_epoch,
        class_weights=weights,
    )
