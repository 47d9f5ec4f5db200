"""The map of classes: what is shown, and whether this run can have one."""

from __future__ import annotations

from pathlib import Path

from PySide6.QtCore import QCoreApplication

from alexnet_studio.studio import setup_building
from alexnet_studio.studio.jobs.runner import JobKind
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.views.class_map import MapView


def view_map(state: State) -> MapView:
    problem = _problem(state)
    working = state.working(JobKind.MAP)
    return MapView(
        title="" if state.map is None else Path(state.map.image).name,
        picture=b"" if state.map is None else state.map.picture,
        busy=QCoreApplication.translate("ClassMap", "looking…") if working else "",
        problem=problem,
        ready=not problem and not working,
    )


def _problem(state: State) -> str:
    run, setup = state.run, state.setup
    if run is None or not run.has_checkpoint:
        return QCoreApplication.translate(
            "ClassMap", "Train or open a run first: this needs a network’s weights."
        )
    spec = None if setup is None else setup.spec
    layer = "" if spec is None else setup_building.first_fixed(spec)
    if layer:
        text = QCoreApplication.translate(
            "ClassMap",
            "This network has the layer {layer}, which takes one image size only. A map needs a "
            "network of convolutions, such as tf-slim-v2.",
        )
        return text.format(layer=layer)
    return ""
