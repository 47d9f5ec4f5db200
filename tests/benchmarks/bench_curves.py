"""A log of a million steps: how soon it is seen, and how long a frame of its curves takes.

    python tests/benchmarks/bench_curves.py [--steps 1000000]

Opening is timed in this process, in the order of the window: the last 10,000 steps, then everything (which leaves a
column cache), then everything again; beside it the same file read row by row. The frames are those of the Training
panel's loss, error and learning rate at 1440 x 900, smoothed, panned and zoomed from all points to a thousand.
"""

from __future__ import annotations

import argparse
import json
import math
import os
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import TypeVar

import numpy as np

os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")

from PySide6.QtWidgets import QApplication

from alexnet_studio.runs.curves import Curves
from alexnet_studio.runs.history import History
from alexnet_studio.runs.log_reader import LogReader
from alexnet_studio.studio.panels.curves_area import CurvesArea
from alexnet_studio.studio.showing.curves import one_run
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.curves import CurveLook

T = TypeVar("T")


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--steps", type=int, default=1_000_000)
    steps = options.parse_args().steps
    with tempfile.TemporaryDirectory() as folder:
        metrics = Path(folder) / "metrics.jsonl"
        write(metrics, steps)
        say(f"{steps:,} steps, {metrics.stat().st_size / 1e6:.0f} MB")
        reader = LogReader(metrics)
        timed("the last 10,000 steps, the first time", lambda: Curves.of(reader.tail(10_000)))
        timed("everything, the first time", lambda: Curves.of(LogReader(metrics).now()))
        curves = timed("everything, the second time", lambda: Curves.of(LogReader(metrics).now()))
        timed("everything, row by row", lambda: History(metrics).read())
    frames(curves)


def write(metrics: Path, steps: int) -> None:
    rng = np.random.default_rng(0)
    losses = 7 * np.exp(-np.arange(steps) / (steps / 4)) + rng.normal(0, 0.2, steps)
    per_epoch = steps // 100
    with metrics.open("w", encoding="utf-8") as file:
        started = {"event": "started", "step": 0, "epoch": 0, "epochs": 100, "steps_per_epoch": per_epoch}
        facts = {"train_images": 1, "val_images": 1, "classes": 9, "network": "a", "device": "cpu"}
        file.write(json.dumps({**started, **facts, "precision": "float32", "k": 5}) + "\n")
        for step, loss in enumerate(losses.tolist(), start=1):
            epoch = (step - 1) // per_epoch + 1
            row = {
                "event": "step",
                "step": step,
                "epoch": epoch,
                "loss": loss,
                "top1": 0.4171875,
                "top5": 0.7,
            }
            rest = {"k": 5, "lr": 0.01, "images_per_second": 1234.567891234, "seconds": step * 0.0123}
            file.write(json.dumps({**row, **rest}) + "\n")
            if step % per_epoch == 0:
                row = {"event": "epoch", "epoch": epoch, "step": step, "train_loss": loss, "train_top1": 0.4}
                val = {"train_top5": 0.7, "val_loss": loss, "val_top1": 0.4, "val_top5": 0.7, "k": 5}
                file.write(json.dumps({**row, **val, "seconds": 9.0, "images_per_second": 1.0}) + "\n")


def frames(curves: Curves) -> None:
    app = QApplication.instance() or QApplication(sys.argv[:1])
    theme = Theme("light")
    area = CurvesArea(theme)
    area.resize(1440, 900)
    area.show()
    area.show_view(one_run(curves, CurveLook()))
    app.processEvents()
    last = float(len(curves.steps))
    rng = np.random.default_rng(1)
    spent: list[float] = []
    used: list[float] = []  # of the processor, where others share it
    for number in range(150):
        width = last * math.pow(0.001, number % 50 / 49)  # each third of them zooms in
        left = float(rng.uniform(0, last - width)) if number >= 50 else (last - width) / 2
        begin, used_before = time.perf_counter(), time.process_time()
        area.loss.plot.set_range((left, left + width), area.loss.plot.y_range())
        app.processEvents()
        spent.append(1000 * (time.perf_counter() - begin))
        used.append(1000 * (time.process_time() - used_before))
    for what, times in (("wall", sorted(spent)), ("processor", sorted(used))):
        say(f"a frame of three plots, {what}: {times[75]:.1f} ms (median), {times[-1]:.1f} ms (worst of 150)")
    area.close()


def timed(what: str, call: Callable[[], T]) -> T:
    begin = time.perf_counter()
    found = call()
    say(f"{what}: {time.perf_counter() - begin:.2f} s")
    return found


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
