"""Weights come in and go out through the window; a network is frozen and held beside a run's."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from person import Person
from PySide6.QtCore import QSettings
from pytestqt.qtbot import QtBot

from alexnet_studio.networks import catalogue, weight_files
from alexnet_studio.networks.build import build
from alexnet_studio.networks.layers import Conv, Dense
from alexnet_studio.networks.variant import variant
from alexnet_studio.studio import setup_building
from alexnet_studio.studio.intents.run import example
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window

PATIENCE_MS = 60_000


@pytest.fixture
def window(person: Person, theme: Theme, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Window]:
    monkeypatch.setenv("ALEXNET_STUDIO_DATA", str(tmp_path / "data"))
    made = Window(theme, Memory(QSettings(str(tmp_path / "window.ini"), QSettings.Format.IniFormat)))
    person.sees(made, 1200, 800)
    controller = made.controller
    controller.state.setup = setup_building.build("mini", (("image_size", None), ("width", 0.25)), 3)
    controller.refresh()
    yield made
    controller.close()


def settle(qtbot: QtBot, window: Window) -> None:
    qtbot.waitUntil(lambda: not window.controller.state.progress, timeout=PATIENCE_MS)


def sentence(window: Window) -> str:
    notice = window.controller.state.notice
    return "" if notice is None else notice.sentence


def test_weights_become_a_run_and_go_out_again(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    spec = variant(catalogue.get("mini"), classes=5, width=0.25)
    state = build(spec, seed=4).state_dict()
    torch.save(state, tmp_path / "somebody's.pth")
    controller = window.controller
    controller.settle(lambda: controller.exchange.bring(tmp_path / "somebody's.pth"))
    settle(qtbot, window)
    run = controller.state.run
    assert run is not None
    assert run.path.name == "somebody's"
    assert len(run.class_names) == 5
    assert sentence(window).startswith("16 tensors were taken from somebody's.pth.")
    assert window.commands["export_safetensors"].isEnabled()
    target = tmp_path / "out.safetensors"
    controller.settle(lambda: controller.exchange.write(run.path, "safetensors", target))
    settle(qtbot, window)
    assert sentence(window) == f"Saved as {target}."
    out = weight_files.read(target)
    assert out.keys() == state.keys()
    assert all(torch.equal(tensor, state[name]) for name, tensor in out.items())


def test_weights_of_another_network_change_nothing(qtbot: QtBot, window: Window, tmp_path: Path) -> None:
    torch.save(build(catalogue.get("lenet")).state_dict(), tmp_path / "lenet.pth")
    controller = window.controller
    before = controller.state.setup
    controller.settle(lambda: controller.exchange.bring(tmp_path / "lenet.pth"))
    settle(qtbot, window)
    assert "are not of the network mini" in sentence(window)
    assert controller.state.run is None
    assert controller.state.setup == before
    assert not (tmp_path / "data" / "runs" / "lenet").exists()


def test_without_weights_export_is_not_offered(window: Window) -> None:
    for form in ("safetensors", "torchvision", "onnx"):
        assert not window.commands[f"export_{form}"].isEnabled()


def test_layers_are_frozen_and_thawed(person: Person, window: Window) -> None:
    window.commands["workspace_network"].trigger()
    panel = window.panels.architecture
    panel.editor_fold.set_open(True)
    panel.selection_changed.emit(window.controller.state.selection.__class__(layer="conv2"))
    person.clicks(panel.editor.freeze)
    assert rates(window) == {"conv1": 0.0, "conv2": 0.0, "conv3": 1.0, "fc8": 1.0}
    person.clicks(panel.editor.thaw)
    assert set(rates(window).values()) == {1.0}


def rates(window: Window) -> dict[str, float]:
    setup = window.controller.state.setup
    assert setup is not None
    assert setup.spec is not None
    return {
        layer.name: layer.rate
        for layer in setup.spec.layers
        if isinstance(layer, Conv | Dense) and layer.name in {"conv1", "conv2", "conv3", "fc8"}
    }


def test_a_network_beside_a_run_s(window: Window) -> None:
    controller = window.controller
    controller.settle(lambda: controller.networks.compare_with_run(example()))
    comparison = window.panels.architecture.comparison
    assert str(example()) in comparison.source.text()
    rows = comparison.table.texts()
    assert any(cells[0] == "conv1" for cells in rows)  # a quarter of the width
