"""What the toolbar's numbers and the status line show."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.state.run import Phase, RunState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import ActionView
from alexnet_studio.studio.views.status import ReadoutView, StatusView

# What is shown when several jobs run: the one that a person waits for.
_SHOWN_FIRST = (
    JobKind.EXPORT,
    JobKind.QUERY,
    JobKind.LOOK_UP,
    JobKind.BESIDE,
    JobKind.VOTE,
    JobKind.HISTOGRAM,
    JobKind.FIRING,
    JobKind.KERNELS,
    JobKind.RESPONSE,
    JobKind.SEEDS,
    JobKind.EXCHANGE,
    JobKind.TELL,
    JobKind.SPREAD,
    JobKind.COLLECT,
    JobKind.MAP,
    JobKind.FEATURE_MAP,
    JobKind.SORT,
    JobKind.PREDICT,
    JobKind.EVALUATE,
    JobKind.VIEWS,
    JobKind.EXPLAIN,
    JobKind.PATCHES,
    JobKind.BENCH,
    JobKind.CHECK,
    JobKind.INDEX,
    JobKind.OPEN,
    JobKind.COMPARE,
    JobKind.LOOK,
    JobKind.LABORATORY,
    JobKind.CROP,
    JobKind.FETCH,
    JobKind.SCAN,
    JobKind.SAMPLE,
    JobKind.ENQUEUE,
    JobKind.READY,
    JobKind.TRAIN,
)


def view_readouts(state: State) -> tuple[ReadoutView, ...]:
    run = state.run
    if run is None or run.started is None:
        return ()
    readouts = [_epoch(run)]
    if run.best is not None and run.epoch is not None and run.epoch.val_top1 is not None:
        caption = QCoreApplication.translate("Status", "validation top-1, best {best}")
        best = wording.percent(run.best.val_top1 or 0.0)
        readouts.append(ReadoutView(wording.percent(run.epoch.val_top1), caption.format(best=best)))
    images_per_second = _speed(run)
    if images_per_second:
        readouts.append(
            ReadoutView(wording.speed(images_per_second), QCoreApplication.translate("Status", "images/s"))
        )
    left = seconds_left(run)
    if left is not None:
        readouts.append(ReadoutView(wording.duration(left), QCoreApplication.translate("Status", "left")))
    return tuple(readouts)


def view_status(state: State) -> StatusView:
    kind = next((kind for kind in _SHOWN_FIRST if kind in state.progress), None)
    progress = None if kind is None else state.progress[kind]
    # A training has its own buttons; only what comes before its first step, and a long validation, shows a bar.
    if kind is JobKind.TRAIN and progress is None:
        kind = None
    return StatusView(
        device=_device(state),
        device_tip="" if state.run is None else state.run.precision,
        skipped=_skipped(state),
        saved=_saved(state),
        job="" if kind is None else _job(kind, state),
        done=0 if progress is None else progress.done,
        total=0 if progress is None or progress.total is None else progress.total,
        cancel=ActionView(kind is not None, QCoreApplication.translate("Status", "Cancel")),
    )


def shown_job(state: State) -> JobKind | None:
    """The job that Cancel ends."""
    return next((kind for kind in _SHOWN_FIRST if kind in state.progress), None)


def seconds_left(run: RunState) -> float | None:
    """From the last whole epoch's time (validation included), or from the speed before there is one."""
    started, step = run.started, run.step
    if started is None or step is None or not run.live or started.steps_per_epoch < 1:
        return None
    epochs_left = max(0.0, started.epochs - step.step / started.steps_per_epoch)
    if run.epoch is not None:
        return epochs_left * run.epoch.seconds
    return epochs_left * started.train_images / step.images_per_second if step.images_per_second else None


def _epoch(run: RunState) -> ReadoutView:
    assert run.started is not None
    epoch = run.step.epoch if run.step else (run.epoch.epoch if run.epoch else run.started.epoch)
    text = QCoreApplication.translate("Status", "{epoch} / {epochs}")
    value = text.format(epoch=min(epoch, run.started.epochs), epochs=run.started.epochs)
    return ReadoutView(value, QCoreApplication.translate("Status", "epoch"))


def _speed(run: RunState) -> float:
    if (run.live or run.elsewhere) and run.step is not None:
        return run.step.images_per_second
    return run.epoch.images_per_second if run.epoch is not None else 0.0


def _device(state: State) -> str:
    run = state.run
    started = None if run is None else run.started
    if run is not None and started is not None:
        parts = [started.device.upper(), started.precision]
        if run.epoch is not None and run.epoch.memory_mb is not None:
            parts.append(wording.memory(run.epoch.memory_mb * 2**20))
        if run.live or run.elsewhere:
            speed = QCoreApplication.translate("Status", "{n} images/s")
            parts.append(speed.format(n=wording.speed(_speed(run))))
        return " · ".join(parts)
    return state.devices[0].name if state.devices else ""


def _skipped(state: State) -> str:
    count = 0 if state.dataset is None else len(state.dataset.skipped)
    if not count:
        return ""
    if count == 1:
        return QCoreApplication.translate("Status", "1 image skipped")
    return QCoreApplication.translate("Status", "{count} images skipped").format(count=wording.count(count))


def _saved(state: State) -> str:
    run = state.run
    if run is None or run.saved_at is None or run.saved_time is None:
        return ""
    if run.phase in {Phase.TRAINING, Phase.STOPPING}:
        text = QCoreApplication.translate("Status", "checkpoint saved {span} ago")
        return text.format(span=wording.duration(state.now - run.saved_at))
    # Nothing renews the line then, and an age would stand still.
    text = QCoreApplication.translate("Status", "checkpoint saved at {time}")
    return text.format(time=wording.time_of_day(run.saved_time))


def _job(kind: JobKind, state: State) -> str:
    texts = {
        JobKind.EXPORT: QCoreApplication.translate("Status", "saving"),
        JobKind.QUERY: QCoreApplication.translate("Status", "looking for neighbours"),
        JobKind.LOOK_UP: QCoreApplication.translate("Status", "reading features"),
        JobKind.BESIDE: QCoreApplication.translate("Status", "looking beside the features"),
        JobKind.VOTE: QCoreApplication.translate("Status", "letting neighbours vote"),
        JobKind.HISTOGRAM: QCoreApplication.translate("Status", "measuring activations"),
        JobKind.FIRING: QCoreApplication.translate("Status", "counting what fires"),
        JobKind.KERNELS: QCoreApplication.translate("Status", "reading kernels"),
        JobKind.RESPONSE: QCoreApplication.translate("Status", "applying the kernel"),
        JobKind.SEEDS: QCoreApplication.translate("Status", "reading other seeds"),
        JobKind.EXCHANGE: QCoreApplication.translate("Status", "reading weights"),
        JobKind.SPREAD: QCoreApplication.translate("Status", "starting the processes"),
        JobKind.TELL: QCoreApplication.translate("Status", "waiting for the training's answer"),
        JobKind.COLLECT: QCoreApplication.translate("Status", "collecting images"),
        JobKind.SORT: QCoreApplication.translate("Status", "copying images"),
        JobKind.PREDICT: QCoreApplication.translate("Status", "predicting images"),
        JobKind.EVALUATE: QCoreApplication.translate("Status", "evaluating"),
        JobKind.VIEWS: QCoreApplication.translate("Status", "looking at ten views"),
        JobKind.FEATURE_MAP: QCoreApplication.translate("Status", "drawing the map of images"),
        JobKind.MAP: QCoreApplication.translate("Status", "drawing the map of classes"),
        JobKind.EXPLAIN: QCoreApplication.translate("Status", "asking what speaks for the class"),
        JobKind.PATCHES: QCoreApplication.translate("Status", "gathering the strongest patches"),
        JobKind.BENCH: QCoreApplication.translate("Status", "timing networks"),
        JobKind.CHECK: QCoreApplication.translate("Status", "checking operations"),
        JobKind.INDEX: QCoreApplication.translate("Status", "indexing"),
        JobKind.COMPARE: QCoreApplication.translate("Status", "reading other runs"),
        JobKind.OPEN: QCoreApplication.translate("Status", "opening the run"),
        JobKind.FETCH: QCoreApplication.translate("Status", "downloading"),
        JobKind.LABORATORY: QCoreApplication.translate("Status", "looking at colours"),
        JobKind.CROP: QCoreApplication.translate("Status", "reading the image"),
        JobKind.LOOK: QCoreApplication.translate("Status", "looking at every image"),
        JobKind.SCAN: QCoreApplication.translate("Status", "looking through the folder"),
        JobKind.SAMPLE: QCoreApplication.translate("Status", "drawing the sample"),
        JobKind.ENQUEUE: QCoreApplication.translate("Status", "adding to the queue"),
        JobKind.READY: QCoreApplication.translate("Status", "making the queue’s next training ready"),
        JobKind.TRAIN: QCoreApplication.translate("Status", "preparing the images"),
    }
    progress = state.progress[kind]
    if progress is None:
        return texts[kind]
    if kind is JobKind.TRAIN and progress.what == "evaluate":
        texts[kind] = QCoreApplication.translate("Status", "validating")
    if progress.total is None:
        done = QCoreApplication.translate("Status", "{work} {done}")
        return done.format(work=texts[kind], done=wording.count(progress.done))
    of = QCoreApplication.translate("Status", "{work} {done} of {total}")
    return of.format(work=texts[kind], done=wording.count(progress.done), total=wording.count(progress.total))
