"""All GPUs of a computer at once: a process for each, begun from the window and followed as anybody's run."""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from PIL import Image
from PySide6.QtWidgets import QMessageBox
from pytestqt.qtbot import QtBot
from tiny_folder import folder

from alexnet_studio.networks import catalogue
from alexnet_studio.runs.history import History
from alexnet_studio.runs.rows import Ended
from alexnet_studio.studio.dataset import of_folder
from alexnet_studio.studio.jobs.folder import Proposed
from alexnet_studio.studio.jobs.spread import Asked, command
from alexnet_studio.studio.jobs.training import together
from alexnet_studio.studio.state.window import DeviceSeen, State
from alexnet_studio.studio.window import Window
from alexnet_studio.training.recipe import Recipe

PATIENCE_MS = 120_000
# What a computer with two GPUs would offer, on the processor.
TWO = DeviceSeen("cpu", "2 processes", processes=2)


def state_of(window: Window) -> State:
    return window.controller.state


def test_the_command_line_is_the_one_of_the_readme(tmp_path: Path) -> None:
    values = tuple(
        Recipe(device="cuda", mirror=False, groups="", dropout=None, group_by="-a b").model_dump().items()
    )
    asked = Asked(tmp_path / "my photos", tmp_path / "run", "mini", values, 4, source=tmp_path / "first")
    words = command(asked)
    assert words[1:8] == ["-m", "torch.distributed.run", "--standalone", "--nproc-per-node", "4", "-m", "--"]
    assert words[8:13] == [
        "alexnet_studio",
        "train",
        str(tmp_path / "my photos"),
        "--run",
        str(tmp_path / "run"),
    ]
    options = words[13:]
    assert {
        "--network=mini",
        f"--from={tmp_path / 'first'}",
        "--device=cuda",
        "--no-mirror",
        "--crop",
    } <= set(options)
    assert "--group-by=-a b" in options
    assert not any(option.startswith(("--dropout", "--groups", "--labels")) for option in options), (
        "empty: as usual"
    )
    plan = catalogue.get("mini", classes=3)
    changed = command(Asked(tmp_path, tmp_path / "run", "mini", values, 2, plan=plan))
    assert any(option.startswith("--network=") and option.endswith("network.json") for option in changed)


def test_all_gpus_are_one_of_the_devices(window: Window) -> None:
    found = together(4)
    assert (found.choice, found.name, found.processes) == ("cuda", "all 4 GPUs (4 processes)", 4)
    controller, state = window.controller, state_of(window)
    state.devices = (DeviceSeen("cpu", "CPU"), TWO)
    state.dataset = of_folder(folder(classes=1))
    values = tuple(Recipe().model_dump().items())
    controller.settle(lambda: controller.recipes.take_proposal(Proposed("mini", None, values, ""), False))
    device = window.panels.training.device
    assert [device.itemText(index) for index in range(device.count())] == [
        "automatic (CPU)",
        "CPU",
        "2 processes",
    ]
    device.activated.emit(2)
    assert state.setup is not None
    assert (dict(state.setup.values)["device"], state.setup.processes) == ("cpu", 2)
    window.panels.training.recipe_edited.emit("lr", 0.003)
    assert device.currentText() == "2 processes", "another field does not change it"
    device.activated.emit(1)
    assert (dict(state.setup.values)["device"], state.setup.processes) == ("cpu", 1)
    device.activated.emit(0)
    assert device.currentText() == "automatic (CPU)"


@pytest.mark.slow
def test_two_processes_train_and_are_stopped_from_the_window(
    qtbot: QtBot, window: Window, tmp_path: Path
) -> None:
    photos, state = tmp_path / "photos", state_of(window)
    noise = np.random.default_rng(1)
    for name, colour in {"blue": (40, 60, 200), "green": (40, 180, 60)}.items():
        (photos / name).mkdir(parents=True)
        for number in range(10):
            pixels = np.clip(noise.normal(colour, 20, (48, 48, 3)), 0, 255).astype(np.uint8)
            Image.fromarray(pixels).save(photos / name / f"{number}.png")
    window.open(photos)
    qtbot.waitUntil(lambda: state.setup is not None and not state.progress, timeout=PATIENCE_MS)
    state.devices = (*state.devices, TWO)
    window.controller.refresh()
    edited = window.panels.training.recipe_edited
    for field, value in (
        ("device", "cpu*2"),
        ("width", 0.25),
        ("epochs", 900),
        ("workers", 0),
        ("batch_size", 99),
    ):
        edited.emit(field, value)
    window.commands["start"].trigger()
    assert not window.commands["start"].isEnabled()
    qtbot.waitUntil(
        lambda: "A batch of 99 is more than" in window.notice.sentence.text(), timeout=PATIENCE_MS
    )
    assert state.run is None

    edited.emit("batch_size", 8)
    qtbot.waitUntil(window.commands["start"].isEnabled, timeout=PATIENCE_MS)
    window.commands["start"].trigger()
    qtbot.waitUntil(lambda: state.run is not None and state.run.elsewhere, timeout=PATIENCE_MS)
    run = state.run
    assert run is not None
    qtbot.waitUntil(lambda: run.step is not None and window.commands["stop"].isEnabled(), timeout=PATIENCE_MS)
    window.commands["stop"].trigger()
    box = window.findChild(QMessageBox)
    assert box is not None
    box.buttons()[0].click()
    qtbot.waitUntil(lambda: run.ended is not None and not run.elsewhere, timeout=PATIENCE_MS)
    last = History(run.path / "metrics.jsonl").read()[-1]
    assert isinstance(last, Ended) and last.reason == "stopped"
    assert '"processes": 2' in (run.path / "run.json").read_text(encoding="utf-8")
