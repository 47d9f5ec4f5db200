"""One time for everything: each frame while the moment is dragged along the curves, and what pins cost an epoch.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_moment.py [--frames 40] [--images 600]

The run is the example with answers made for it: its own fourteen classes, and ImageNet's 50,000 validation images of
1,000 classes. A frame is a step to another epoch with all panels painted; what counts is the time that the thread
worked. Epochs are those of `mini` at 32 pixels with six pinned images and without, in turn.
"""

from __future__ import annotations

import argparse
import os
import shutil
import statistics
import sys
import tempfile
import time
from pathlib import Path

import numpy as np
from PySide6.QtCore import QSettings
from PySide6.QtWidgets import QApplication
from sample_photos import photos

from alexnet_studio.ground import places
from alexnet_studio.images import folder as folders
from alexnet_studio.images.folder import ImageFolder
from alexnet_studio.networks import spec_file
from alexnet_studio.runs import folder as runs
from alexnet_studio.runs.answers import Answers, EpochAnswers
from alexnet_studio.runs.record import RecordedSplit
from alexnet_studio.runs.rows import Epoch
from alexnet_studio.studio.memory import Memory
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.window import Window
from alexnet_studio.training.recipe import Recipe
from alexnet_studio.training.request import Request
from alexnet_studio.training.trainer import train

_FRAME_MS = 33
_EPOCHS = 15  # of the example


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=40)
    parser.add_argument("--images", type=int, default=600)
    options = parser.parse_args()
    with tempfile.TemporaryDirectory() as made:
        place = Path(made)
        os.environ["ALEXNET_STUDIO_DATA"], os.environ["ALEXNET_STUDIO_CACHE"] = (
            f"{place}/data",
            f"{place}/cache",
        )
        epochs(place, options.images)
        few, many = answered(place / "few", 14, 140), answered(place / "many", 1000, 50_000)
        app = QApplication(sys.argv[:1])
        theme = Theme("light")
        theme.apply(app)
        window = Window(theme, Memory(QSettings(f"{place}/window.ini", QSettings.Format.IniFormat)))
        window.resize(1440, 900)
        window.show()
        window.panels.training.build_curves()
        for run in (few, many):
            drag(app, window, run, options.frames)
        window.close()
        app.processEvents()


def answered(path: Path, classes: int, images: int) -> Path:
    run = runs.open(Path(shutil.copytree(places.resources() / "example-run", path)))
    names = tuple(f"class {label}" for label in range(classes))
    split = RecordedSplit(train=run.record.split.train, val=tuple(f"{i}.png" for i in range(images)))
    run = runs.write_record(path, run.record.model_copy(update={"classes": names, "split": split}))
    dice, labels, answers = np.random.default_rng(1), np.arange(images) % classes, Answers(run)
    for epoch in range(1, _EPOCHS + 1):
        right = dice.random(images) < epoch / (_EPOCHS + 5)
        guesses = np.where(right, labels, dice.integers(0, classes, images))
        answers.append(EpochAnswers(epoch, labels, guesses, right), classes)
    return path


def drag(app: QApplication, window: Window, run: Path, frames: int) -> None:
    controller = window.controller
    window.open(run)
    end = time.monotonic() + 60
    while controller.state.past.seen is None or controller.state.past.seen.path != run:
        app.processEvents()
        time.sleep(0.01)
        assert time.monotonic() < end
    for space, panel in (("train", "pinned"), ("explore", "evaluation")):
        window.commands[f"workspace_{space}"].trigger()
        window.commands[f"show_{panel}"].trigger()
        app.processEvents()
        took: list[float] = []
        for frame in range(-4, frames):
            app.processEvents()
            began = time.thread_time()
            controller.after(controller.moments.step_epochs)(-1 if (frame // 12) % 2 == 0 else 1)
            app.processEvents()
            took += [1000 * (time.thread_time() - began)] if frame >= 0 else []
        low, high = statistics.median(took), sorted(took)[int(0.95 * len(took))]
        say(
            f"{run.name:5} classes, {space:8} a frame takes {low:5.1f} ms, 95 % below {high:5.1f}; wanted {_FRAME_MS}"
        )


def epochs(place: Path, images: int) -> None:
    photos(place / "photos", images, ("a", "b", "c"))
    found = [one for one in folders.scan(place / "photos") if isinstance(one, ImageFolder)][-1]
    spec = spec_file.resolve("mini", classes=3, image_size=32)
    recipe = Recipe(epochs=3, batch_size=32, device="cpu", precision="float32")
    took: dict[int, list[float]] = {0: [], 6: []}
    for turn in range(2):
        for pins, found_s in took.items():
            chosen = tuple(found.root / image.path for image in found.images[:pins])
            request = Request(found, place / f"run {turn} {pins}", spec, recipe, pins=chosen)
            found_s += [row.seconds for row in train(request) if isinstance(row, Epoch) and row.epoch > 1]
    without, pinned = (statistics.median(took[pins]) for pins in (0, 6))
    ratio = pinned / without
    say(
        f"an epoch of {images} images takes {without:.2f} s, with six pinned {pinned:.2f} s: {ratio:.2f} times"
    )


def say(text: str) -> None:
    sys.stdout.write(f"{text}\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
