"""The map of classes in the window: offered for a network of convolutions, drawn, sized anew and saved."""

from __future__ import annotations

from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from pytestqt.qtbot import QtBot

from alexnet_studio.insight.importing import import_weights
from alexnet_studio.networks.build import build
from alexnet_studio.networks.layers import Conv, GlobalPool
from alexnet_studio.networks.spec import Spec
from alexnet_studio.studio.intents.run import example
from alexnet_studio.studio.jobs.export import class_map, save_figure
from alexnet_studio.studio.panels.class_map import ClassMapDialog
from alexnet_studio.studio.window import Window

PATIENCE_MS = 60_000
SPEC = Spec(
    "convolutions",
    "All convolutions",
    "the tests",
    (Conv("conv1", 4, 5, stride=2), GlobalPool("whole"), Conv("fc2", None, 1, activation="none")),
    image_size=16,
    classes=3,
)


def opened(qtbot: QtBot, window: Window, run: Path | None) -> ClassMapDialog:
    if run is not None:
        window.controller.settle(lambda: window.controller.runs.open(run))
        qtbot.waitUntil(lambda: window.controller.state.run is not None, timeout=PATIENCE_MS)
        qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=PATIENCE_MS)
    window.commands["class_map"].trigger()
    assert window.class_map is not None
    return window.class_map


def test_a_map_is_drawn_sized_anew_and_saved(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    torch.save(build(SPEC, seed=1).state_dict(), tmp_path / "w.pt")
    import_weights(tmp_path / "w.pt", SPEC, tmp_path / "run")
    photo = tmp_path / "a <b>photo.png"
    pixels = np.random.default_rng(0).integers(0, 255, (40, 60, 3), dtype=np.uint8)
    Image.fromarray(pixels).save(photo)
    dialog = opened(qtbot, window, tmp_path / "run")
    assert dialog.choose.isEnabled()
    maps = window.controller.maps
    window.controller.settle(lambda: maps.draw((str(photo),)))
    qtbot.waitUntil(lambda: not dialog.picture.pixmap().isNull(), timeout=PATIENCE_MS)
    seen = window.controller.state.map
    assert seen is not None
    assert seen.found.pixels.shape[0] == 36  # twice 18, from which 16 are cut
    dialog.zoom.setValue(3.0)
    qtbot.waitUntil(
        lambda: (
            window.controller.state.map is not None
            and window.controller.state.map.found.pixels.shape[0] == 54
        ),
        timeout=PATIENCE_MS,
    )
    again = window.controller.state.map
    assert again is not None
    list(save_figure(partial(class_map, again), tmp_path / "map.svg"))
    assert b"<svg" in (tmp_path / "map.svg").read_bytes()


def test_a_network_with_fully_connected_layers_says_why_not(qtbot: QtBot, window: Window) -> None:
    dialog = opened(qtbot, window, example())
    assert not dialog.choose.isEnabled()
    assert "the layer fc6" in dialog.problem.text()


def test_without_a_run_it_says_so(qtbot: QtBot, window: Window) -> None:
    dialog = opened(qtbot, window, None)
    assert dialog.problem.text() == "Train or open a run first: this needs a network’s weights."
