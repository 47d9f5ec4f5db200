"""What the Training panel shows: the form, the buttons, the curves and how the run stands."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.insight.interval import wilson
from alexnet_studio.runs.rows import Ended
from alexnet_studio.studio import wording
from alexnet_studio.studio.remedies import remedies
from alexnet_studio.studio.showing import actions as view_actions
from alexnet_studio.studio.showing import recipe as view_recipe
from alexnet_studio.studio.showing.curves import view_curves
from alexnet_studio.studio.showing.orders import view_orders
from alexnet_studio.studio.state.run import Phase, RunState
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.parts import EmptyView
from alexnet_studio.studio.views.training import TrainingView

_FEW_IMAGES = 100  # below that a percentage pretends to more than it knows


def view_training(state: State) -> TrainingView:
    view = TrainingView(
        recipe=view_recipe.view_recipe(state),
        start=view_actions.start(state),
        pause=view_actions.pause(state),
        stop=view_actions.stop(state),
        resume=view_actions.resume(state),
    )
    if state.run is None:
        return _with_empty(view, state)
    return _with_curves(view, state, state.run)


def _with_empty(view: TrainingView, state: State) -> TrainingView:
    if state.setup is None:
        empty = EmptyView(
            QCoreApplication.translate(
                "Training", "Loss and error while the network learns, and the recipe it learns by."
            ),
            QCoreApplication.translate("Training", "Open folder…"),
            "open_folder",
        )
    else:
        empty = EmptyView(
            QCoreApplication.translate(
                "Training", "Loss and error will be drawn here while the network learns."
            ),
            QCoreApplication.translate("Training", "Start"),
            "start",
        )
    return TrainingView(
        empty=empty,
        recipe=view.recipe,
        start=view.start,
        pause=view.pause,
        stop=view.stop,
        resume=view.resume,
    )


def _with_curves(view: TrainingView, state: State, run: RunState) -> TrainingView:
    curves = run.curves
    return TrainingView(
        recipe=view.recipe,
        start=view.start,
        pause=view.pause,
        stop=view.stop,
        resume=view.resume,
        orders=view_orders(state),
        loss_train=curves.of_steps("loss"),
        loss_val=curves.of_epochs("val_loss"),
        top1_train=curves.of_steps("top1"),
        top1_val=curves.of_epochs("val_top1"),
        top5_train=curves.of_steps("top5"),
        top5_val=curves.of_epochs("val_top5"),
        curves=view_curves(state),
        k=run.started.k if run.started else 5,
        message=_message(run, {remedy.sentence for remedy in remedies(state)}),
        accuracy=_accuracy(run),
    )


def _message(run: RunState, above: set[str]) -> str:
    """`above` are sentences that stand there with their remedy: they are not said twice."""
    note = "" if run.note in above else run.note
    if run.phase is Phase.PAUSED:
        return QCoreApplication.translate("Training", "Paused. Resume goes on with the next step.")
    if run.phase is Phase.STOPPING:
        return QCoreApplication.translate("Training", "Stopping: the last step is saved.")
    if run.phase is Phase.TRAINING:
        return note or ("" if run.step else QCoreApplication.translate("Training", "Preparing the images."))
    return _message_at_rest(run, note, above)


def _message_at_rest(run: RunState, note: str, above: set[str]) -> str:
    """Of a run that is not trained here."""
    if run.elsewhere:
        text = QCoreApplication.translate("Training", "{who} trains this run; it is followed here. {note}")
        return text.format(who=wording.process(run.holder), note=note).strip()
    if run.ended is not None:
        return (
            run.ended.sentence
            if run.ended.sentence and run.ended.sentence not in above
            else _how_it_ended(run.ended)
        )
    if run.interrupted:
        text = QCoreApplication.translate(
            "Training", "Interrupted in epoch {epoch}. Resume goes on from the last checkpoint."
        )
        return text.format(epoch=max(1, run.current_epoch))
    return note


def _how_it_ended(ended: Ended) -> str:
    texts = {
        "finished": QCoreApplication.translate(
            "Training", "Finished after {epoch} epochs; the best was epoch {best}."
        ),
        "stopped": QCoreApplication.translate(
            "Training", "Stopped in epoch {epoch} and saved; Resume goes on from there."
        ),
        "diverged": QCoreApplication.translate(
            "Training", "The loss is no longer a number; the last good weights are kept."
        ),
        "failed": QCoreApplication.translate(
            "Training", "The training failed in epoch {epoch}; the last checkpoint is kept."
        ),
    }
    best = ended.epoch if ended.best_epoch is None else ended.best_epoch
    return texts[ended.reason].format(epoch=ended.epoch, best=best)


def _accuracy(run: RunState) -> str:
    """The last validation as "n of m" with its interval, where a share of so few images would mislead."""
    epoch, started = run.epoch, run.started
    if (
        epoch is None
        or started is None
        or epoch.val_top1 is None
        or not 0 < started.val_images <= _FEW_IMAGES
    ):
        return ""
    right = round(epoch.val_top1 * started.val_images)
    low, high = wilson(right, started.val_images)
    text = QCoreApplication.translate(
        "Training", "{right} of {of} validation images right ({share}, 95 % interval {low}–{high})"
    )
    return text.format(
        right=right,
        of=started.val_images,
        share=wording.percent(right / started.val_images, 0),
        low=wording.decimal(low * 100, 0),
        high=wording.percent(high, 0),
    )
