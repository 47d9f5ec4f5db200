"""The whole window as one frozen value: every label, every enabled-rule and every number format comes from here."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio.showing.actions import view_actions
from alexnet_studio.studio.showing.architecture import view_architecture
from alexnet_studio.studio.showing.class_map import view_map
from alexnet_studio.studio.showing.collection import view_collection
from alexnet_studio.studio.showing.data import view_data
from alexnet_studio.studio.showing.evaluation import view_evaluation
from alexnet_studio.studio.showing.feature_map import view_feature_map
from alexnet_studio.studio.showing.kernels import view_kernels
from alexnet_studio.studio.showing.laboratory import view_laboratory
from alexnet_studio.studio.showing.layers import view_layers
from alexnet_studio.studio.showing.measures import view_measures
from alexnet_studio.studio.showing.neighbours import view_neighbours
from alexnet_studio.studio.showing.pins import view_pins
from alexnet_studio.studio.showing.predictions import view_predictions
from alexnet_studio.studio.showing.queue import queue_actions, view_queue
from alexnet_studio.studio.showing.runs import view_runs
from alexnet_studio.studio.showing.status import view_readouts, view_status
from alexnet_studio.studio.showing.training import view_training
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.status import NoticeView
from alexnet_studio.studio.views.window import WindowView


def view_state(state: State) -> WindowView:
    """Pure: the same state gives an equal view, and nothing is changed."""
    run = state.run
    return WindowView(
        title="" if run is None else run.path.name,
        modified=run is not None and run.live,
        leaving=state.closing and (run is None or not run.live),
        recent=tuple((str(path), _shortened(path)) for path in state.recent),
        welcome=state.dataset is None and run is None,
        folder="" if state.dataset is None else state.dataset.name,
        run="" if run is None else run.path.name,
        readouts=view_readouts(state),
        actions=(*view_actions(state), *queue_actions(state)),
        notice=_notice(state),
        status=view_status(state),
        data=view_data(state),
        architecture=view_architecture(state),
        training=view_training(state),
        kernels=view_kernels(state),
        neighbours=view_neighbours(state),
        layers=view_layers(state),
        feature_map=view_feature_map(state),
        measures=view_measures(state),
        runs=view_runs(state),
        queue=view_queue(state),
        map=view_map(state),
        evaluation=view_evaluation(state),
        pins=view_pins(state),
        predictions=view_predictions(state),
        laboratory=view_laboratory(state),
        collection=view_collection(state.collection),
    )


def _notice(state: State) -> NoticeView | None:
    if state.closing:
        return NoticeView(
            QCoreApplication.translate("Window", "Saving what was learned; the window closes after that.")
        )
    notice = state.notice
    if notice is None:
        return None
    return NoticeView(notice.sentence, "error" if notice.is_error else "note", notice.button, notice.intent)


def _shortened(path: Path) -> str:
    """With `~` for the home folder."""
    try:
        return str(Path("~") / path.relative_to(Path.home()))
    except (ValueError, RuntimeError):
        return str(path)
