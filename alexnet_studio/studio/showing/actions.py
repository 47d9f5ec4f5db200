"""Which commands can be used now, and the reason where one cannot."""

from __future__ import annotations

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import setup_building, wording
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.showing import orders as view_orders
from alexnet_studio.studio.showing import pins as view_pins
from alexnet_studio.studio.showing.data import editing
from alexnet_studio.studio.state.run import Phase
from alexnet_studio.studio.state.window import State, Workspace
from alexnet_studio.studio.views.parts import ActionView


def view_actions(state: State) -> tuple[tuple[str, ActionView], ...]:
    """Every action whose look depends on the state; the others are always enabled."""
    return (
        ("start", start(state)),
        ("start_from_run", start_from(state)),
        ("start_from_weights", start_from(state)),
        ("pause", pause(state)),
        ("stop", stop(state)),
        ("resume", resume(state)),
        *view_orders.action_views(state),
        ("index", index(state)),
        ("choose_image", ask(state)),
        ("paste_image", ask(state)),
        ("from_validation", from_validation(state)),
        ("predict_folder", ask(state)),
        ("pin_image", view_pins.can_pin(state, view_pins.asked(state))),
        ("evaluate", ask(state)),
        *((f"export_{form}", ask(state)) for form in ("safetensors", "torchvision", "onnx")),
        ("import_weights", ActionView(state.run is None or not state.run.live)),
        ("collect_file", collect(state)),
        ("collect_folder", collect(state)),
        ("export", ActionView(state.run is not None)),
        *labels(state),
        ("cancel", ActionView(enabled=bool(state.progress))),
        *(
            (f"theme_{name}", ActionView(True, checked=state.theme == name))
            for name in ("system", "light", "dark")
        ),
        *((f"workspace_{w.value}", ActionView(True, checked=state.workspace is w)) for w in Workspace),
    )


def labels(state: State) -> tuple[tuple[str, ActionView], ...]:
    """What the Data panel's own buttons do."""
    view = editing(state)
    rows = {
        "undo_labels": view.undo,
        "redo_labels": view.redo,
        "leave_out": view.leave_out,
        "check_images": view.check,
        "export_labels": view.export,
        "export_links": ActionView(state.dataset is not None and state.dataset.folder is not None),
    }
    return tuple(rows.items())


def start(state: State) -> ActionView:
    reason = _why_not_start(state)
    return ActionView(not reason, QCoreApplication.translate("Actions", "Start"), reason)


def start_from(state: State) -> ActionView:
    """As Start, with weights that somebody has."""
    reason = _why_not_start(state)
    return ActionView(not reason, tip=reason)


def pause(state: State) -> ActionView:
    running = _phase(state) is Phase.TRAINING
    return ActionView(
        running, QCoreApplication.translate("Actions", "Pause"), "" if running else _nothing_trains()
    )


def stop(state: State) -> ActionView:
    if state.run is not None and state.run.elsewhere:
        reason = view_orders.why_not(state)
    else:
        reason = "" if _phase(state) in {Phase.TRAINING, Phase.PAUSED} else _nothing_trains()
    return ActionView(not reason, QCoreApplication.translate("Actions", "Stop"), reason)


def resume(state: State) -> ActionView:
    reason = _why_not_resume(state)
    return ActionView(not reason, QCoreApplication.translate("Actions", "Resume"), reason)


def index(state: State) -> ActionView:
    text = QCoreApplication.translate("Actions", "Index the training images")
    reason = ""
    if state.run is None or not state.run.has_checkpoint:
        reason = _no_weights()
    elif state.working(JobKind.INDEX):
        reason = QCoreApplication.translate("Actions", "The training images are being indexed.")
    elif state.run.is_example:
        reason = QCoreApplication.translate("Actions", "The example is indexed already.")
    return ActionView(not reason, text, reason)


def ask(state: State) -> ActionView:
    """Asking for an image's class and neighbours needs weights."""
    ready = state.run is not None and state.run.has_checkpoint
    return ActionView(ready, tip="" if ready else _no_weights())


def collect(state: State) -> ActionView:
    """One collection at a time: a second one would end the first."""
    busy = state.working(JobKind.COLLECT)
    reason = QCoreApplication.translate("Actions", "Images are being collected.") if busy else ""
    return ActionView(not busy, tip=reason)


def from_validation(state: State) -> ActionView:
    if state.run is None or not (state.run.has_checkpoint or state.neighbours.answers):
        return ActionView(False, tip=_no_weights())
    if not state.run.val_paths:
        return ActionView(
            False, tip=QCoreApplication.translate("Actions", "This run has no validation images.")
        )
    return ActionView(True)


def _why_not_start(state: State) -> str:
    if _phase(state) is not Phase.READY or state.working(JobKind.TRAIN) or state.working(JobKind.SPREAD):
        return QCoreApplication.translate("Actions", "A training is running. Stop it first.")
    return why_not_train(state)


def why_not_train(state: State) -> str:
    """What is wrong with the form and its images, whatever else is going on."""
    dataset, setup = state.dataset, state.setup
    if dataset is None or dataset.folder is None:
        return QCoreApplication.translate("Actions", "Open a folder of images first.")
    if not dataset.trainable:
        return QCoreApplication.translate(
            "Actions",
            "There is only one class, so there is nothing to tell apart. Open a folder with two or more.",
        )
    if setup is None:
        return QCoreApplication.translate("Actions", "A recipe for this folder is being worked out.")
    if setup.spec is None or setup.error is not None:
        return QCoreApplication.translate(
            "Actions", "This network does not fit. Choose another one or another image size."
        )
    if not setup_building.gives_classes(setup.spec):
        return QCoreApplication.translate(
            "Actions", "This network ends with features. Add a classifier, or choose another network."
        )
    if setup.field_errors:
        return QCoreApplication.translate("Actions", "A field of the recipe is out of its range.")
    return ""


def _why_not_resume(state: State) -> str:
    run = state.run
    if run is None:
        return QCoreApplication.translate("Actions", "Open a run first.")
    if run.phase is Phase.PAUSED:
        return ""
    if run.phase is not Phase.READY or state.working(JobKind.TRAIN):
        return QCoreApplication.translate("Actions", "The training is running.")
    if run.elsewhere:
        text = QCoreApplication.translate("Actions", "{who} is training this run.")
        return text.format(who=wording.process(run.holder))
    if run.is_example:
        return QCoreApplication.translate("Actions", "The example is finished.")
    if state.working(JobKind.OPEN):
        return QCoreApplication.translate("Actions", "The run is still being read.")
    if run.ended is not None and run.ended.reason == "finished":
        return QCoreApplication.translate("Actions", "This run is finished. Start makes a new one.")
    if not run.has_checkpoint:
        return QCoreApplication.translate("Actions", "This run has no checkpoint to go on from.")
    return ""


def _phase(state: State) -> Phase:
    return Phase.READY if state.run is None else state.run.phase


def _nothing_trains() -> str:
    return QCoreApplication.translate("Actions", "No training is running.")


def _no_weights() -> str:
    return QCoreApplication.translate("Actions", "Train or open a run first: this needs a network's weights.")
