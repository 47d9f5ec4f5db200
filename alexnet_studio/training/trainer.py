"""Training as a job: `train` begins a run, `resume` goes on with one."""

from __future__ import annotations

from collections.abc import Generator, Mapping
from contextlib import closing, nullcontext
from dataclasses import replace
from pathlib import Path

from alexnet_studio.ground.files import make_folder
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import corrections
from alexnet_studio.runs import checkpoint, lock
from alexnet_studio.runs import folder as run_folder
from alexnet_studio.runs.folder import RunFolder
from alexnet_studio.training import pinning
from alexnet_studio.training.agreeing import agreed, in_turn
from alexnet_studio.training.beginning import Beginning, beginning
from alexnet_studio.training.describing import record_of
from alexnet_studio.training.events import Event
from alexnet_studio.training.following import Follower
from alexnet_studio.training.learner import Learner
from alexnet_studio.training.objective import balanced_weights
from alexnet_studio.training.plan import Plan, planned
from alexnet_studio.training.precision import measured
from alexnet_studio.training.request import Request, check
from alexnet_studio.training.resuming import reopened
from alexnet_studio.training.session import Session
from alexnet_studio.training.stopwatch import WorkingClock
from alexnet_studio.training.world import ALONE, World

__all__ = ["Request", "resume", "train"]

Events = Generator[Event | None]


def train(request: Request, world: World = ALONE) -> Events:
    """Train into a new run folder; at least one event after every batch, `Ended` as the last.

    Closing it saves a checkpoint and writes an `Ended` row ("stopped"). Raises `BadInput` for what cannot be
    trained and `Failed` ("disk_full", "process_lost", ...) when the run can no longer be written; what was saved before
    is intact. Of several processes each calls this with its `world`; the first writes the run and tells what happens.
    """
    clock = WorkingClock()
    return clock.uncounted(_train(request, clock, world))


def resume(
    run: Path,
    *,
    folder: Path | None = None,
    changes: Mapping[str, object] | None = None,
    world: World = ALONE,
) -> Events:
    """Go on with `run`, exactly: on a CPU with the same threads it ends as if it had never been interrupted.

    `folder`: where the images are now, when they were moved. `changes`: fields of the recipe that may differ
    (epochs, device, workers); with another number of epochs "cosine" and "step" follow the curve of the new
    number. Without a checkpoint the run starts anew. Raises `BadInput` ("not_a_run", "recipe_differs",
    "folder_changed", "checkpoint_damaged", "run_in_use", ...).
    """
    clock = WorkingClock()
    return clock.uncounted(_resume(run, folder, changes or {}, clock, world))


def _train(request: Request, clock: WorkingClock, world: World) -> Events:
    check(request)
    start = None
    if request.start is not None:
        classes = request.folder.classes
        start = world.from_first(beginning(request.start, request.spec, classes) if world.leads else None)
    like = None if start is None else start.input
    alone = world.size == 1

    def planning() -> Generator[Progress, None, Plan]:
        return planned(request.folder, request.spec, request.recipe, request.typed, like, early=alone)

    plan = yield from in_turn(world, "decoding", planning)
    with closing(plan.images.store):
        plan = agreed(world, _in_fastest_precision(plan, world))
        if start is not None:
            plan = replace(plan, remarks=(*start.remarks, *plan.remarks))
        if world.leads:
            yield from _begun(request, plan, start, clock, world)
        else:
            yield from Follower(plan, _learner(plan, world, start), world).events()


def _in_fastest_precision(plan: Plan, world: World) -> Plan:
    """Measured once: a run that is resumed keeps what is written down."""
    device, sentence = world.from_first(
        measured(plan.spec, plan.recipe, plan.device) if world.leads else (plan.device, "")
    )
    told = (("precision_measured", sentence),) if sentence else ()
    return replace(
        plan, device=replace(plan.device, precision=device.precision), remarks=(*plan.remarks, *told)
    )


def _begun(
    request: Request, plan: Plan, start: Beginning | None, clock: WorkingClock, world: World
) -> Events:
    record = record_of(plan)
    run_folder.check_place(request.run, Path(record.data.root))
    make_folder(request.run)
    with lock.held(request.run):
        run = RunFolder(request.run, record)
        if request.corrections:
            corrections.write(run.path / corrections.FILE, request.corrections)
        pinning.begin(run, request.pins, plan.input)
        learner = _learner(plan, world, start)
        if start is not None:
            # What a run began from is in its folder, too: without it, resuming would begin from random numbers.
            checkpoint.save(run, learner.checkpoint(), best=False)
        # Last: a folder that was left before this is no run that could be resumed as another one.
        run_folder.write_record(run.path, record)
        yield from Session(run, plan, learner, clock, world).events()


def _resume(
    path: Path, folder: Path | None, changes: Mapping[str, object], clock: WorkingClock, world: World
) -> Events:
    if world.leads:
        run_folder.open(path)  # says so where there is no run to be locked
    with lock.held(path) if world.leads else nullcontext():
        run, plan, saved = yield from reopened(path, folder, changes, world)
        with closing(plan.images.store):
            learner = _learner(plan, world)
            if saved is not None:
                learner.restore(saved)
            if world.leads:
                yield from Session(run, plan, learner, clock, world).events()
            else:
                yield from Follower(plan, learner, world).events()


def _learner(plan: Plan, world: World, start: Beginning | None = None) -> Learner:
    images = plan.images
    weights = (
        balanced_weights([images.labels[index] for index in images.train], plan.spec.classes)
        if plan.recipe.balance == "loss"
        else None
    )
    learner = Learner(
        plan.spec,
        plan.recipe,
        plan.device,
        k=plan.k,
        steps_per_epoch=plan.steps_per_epoch,
        class_weights=weights,
        world=world,
    )
    if start is not None:
        learner.network.load_state_dict({**learner.network.state_dict(), **start.weights})
    return learner
