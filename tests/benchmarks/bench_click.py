"""A click on an image, until its neighbours' thumbnails are painted in the real window; beside it the bare query.

    python tests/benchmarks/bench_click.py [--clicks 12]                    the sample of drawings, trained and indexed
    python tests/benchmarks/bench_click.py --images 200000 [--folder DIR]   so many features of 4,096 values: 3.3 GB

The bare query is the network's answer to the decoded image and the exact search, without a window. The many features
are those of the same drawings through a network of 4,096 hidden values, mixed in pairs with noise upon them; their
index is made beforehand, as `index` does. The first click, which loads the network, is told apart.
"""

from __future__ import annotations

import argparse
import json
import os
import statistics
import subprocess
import sys
import tempfile
import time
from dataclasses import replace
from pathlib import Path
from typing import Any

import numpy as np
from numpy.lib.format import open_memmap
from PySide6.QtCore import QEvent, QObject, QPoint, Qt
from PySide6.QtTest import QTest
from PySide6.QtWidgets import QApplication

from alexnet_studio.ground.progress import finished
from alexnet_studio.insight import loaded, predict
from alexnet_studio.insight.neighbours import among
from alexnet_studio.networks import spec_file
from alexnet_studio.networks.layers import Dense
from alexnet_studio.runs import features
from alexnet_studio.runs import folder as runs
from alexnet_studio.studio.session import Session
from alexnet_studio.studio.window import Window

DIMENSIONS = 4096
_K = 6
_ROWS = 2048  # written at a time
_PATIENCE_S = 120


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--clicks", type=int, default=12)
    options.add_argument("--images", type=int, default=0)
    options.add_argument("--folder", type=Path)
    chosen = options.parse_args()
    with tempfile.TemporaryDirectory() as temporary:
        place = chosen.folder or Path(temporary)
        os.environ |= {
            "ALEXNET_STUDIO_DATA": str(place / "data"),
            "ALEXNET_STUDIO_CACHE": str(place / "cache"),
        }
        os.environ.setdefault("QT_QPA_PLATFORM", "offscreen")
        run = place / "run"
        if not run.exists():
            made(place, run, chosen.images)
        asked = runs.open(run).record.split.val[: chosen.clicks]
        bare = queried(run, asked)
        clicked_s, painted = clicked(run, asked)
    say(f"{painted}; {len(asked)} images")
    say(f"bare query:  median {1000 * statistics.median(bare):6.1f} ms, worst {1000 * max(bare):6.1f} ms")
    first, *later = clicked_s
    say(
        f"click:       median {1000 * statistics.median(later):6.1f} ms, worst {1000 * max(later):6.1f} ms, "
        f"the first {1000 * first:.1f} ms"
    )
    say(f"click / bare query: {statistics.median(later) / statistics.median(bare):.2f}")


def made(place: Path, run: Path, images: int) -> None:
    folder = place / "drawings"
    command("sample", str(folder))
    if not images:
        command("train", str(folder), "--run", str(run), "--epochs", "2")
        command("index", str(run))
        return
    command(
        "train", str(folder), "--run", str(run), "--epochs", "2", "--network", str(wide(place / "wide.json"))
    )
    command("index", str(run))
    multiply(run, images)


def wide(target: Path) -> Path:
    """The network "mini" with as many values in its last hidden layer as the paper's has."""
    spec = spec_file.resolve("mini")
    layers = tuple(
        replace(layer, neurons=DIMENSIONS) if isinstance(layer, Dense) and layer.name == "fc7" else layer
        for layer in spec.layers
    )
    target.write_text(json.dumps(spec_file.to_json(replace(spec, layers=layers))), encoding="utf-8")
    return target


def multiply(run: Path, images: int) -> None:
    """In the place of the run's features, so many that are made from them."""
    opened = runs.open(run)
    file = features.read(opened.features, "fc7")
    base = np.array(file.features)
    names = tuple(file.classes)
    noise = np.random.default_rng(7)
    # Other files than those that are mapped.
    numbers, small = opened.features / "made.npy", opened.features / "made.thumbnails.npy"
    out = open_memmap(numbers, mode="w+", dtype=np.float32, shape=(images, base.shape[1]))
    open_memmap(small, mode="w+", dtype=np.uint8, shape=(images, *file.thumbnails.shape[1:])).flush()
    spread = base.std(axis=0)
    for start in range(0, images, _ROWS):
        rows = np.arange(start, min(start + _ROWS, images))
        share = noise.random((len(rows), 1), np.float32)
        mixed = (
            share * base[rows % len(base)] + (1 - share) * base[(rows * 7 + rows // len(base)) % len(base)]
        )
        mixed += 0.1 * spread * noise.standard_normal(mixed.shape, np.float32)
        out[rows] = np.maximum(mixed, 0)
    out.flush()
    numbers.replace(features.numbers_of(opened.features, "fc7"))
    small.replace(features.thumbnails_of(opened.features, "fc7"))
    paths = [f"{names[row % len(names)]}/made-{row:07}.png" for row in range(images)]
    document = json.loads(features.json_of(opened.features, "fc7").read_text(encoding="utf-8"))
    document |= {"paths": paths, "classes": [names[row % len(names)] for row in range(images)]}
    features.json_of(opened.features, "fc7").write_text(json.dumps(document), encoding="utf-8")
    record: dict[str, Any] = json.loads((run / "run.json").read_text(encoding="utf-8"))
    record["split"]["train"] = paths
    (run / "run.json").write_text(json.dumps(record), encoding="utf-8")
    begin = time.perf_counter()
    finished(among(features.read(opened.features, "fc7")))
    say(f"the index of {images:,} x {base.shape[1]:,} in {time.perf_counter() - begin:.1f} s, once")


def queried(path: Path, asked: tuple[str, ...]) -> list[float]:
    """Seconds of each query without a window; what is loaded once is loaded before."""
    run = runs.open(path)
    network = loaded.load(run)
    file = features.read(run.features, "fc7")
    search = finished(among(file))
    search.search(predict.query(network, run.data_root / asked[0], file.layer)[1], _K)
    seconds: list[float] = []
    for image in asked:
        begin = time.perf_counter()
        search.search(predict.query(network, run.data_root / image, file.layer)[1], _K)
        seconds.append(time.perf_counter() - begin)
    return seconds


class Watch(QObject):
    """Whether the neighbours of an image have been painted, all with their pictures."""

    def __init__(self, window: Window) -> None:
        super().__init__()
        self._window = window
        self._rows = window.panels.neighbours.query.neighbours
        self.image = ""
        self.painted = False

    def begin(self, image: str) -> None:
        self.image, self.painted = image, False

    def eventFilter(self, _watched: QObject, event: QEvent) -> bool:
        if event.type() is QEvent.Type.Paint and not self._rows.missing():
            answers = self._window.controller.state.neighbours.answers
            shown = self._rows.rows[0].pictures()
            self.painted |= bool(answers) and answers[0].path == self.image and len(shown) >= _K
        return False


def clicked(run: Path, asked: tuple[str, ...]) -> tuple[list[float], str]:
    """Seconds from each double click in the Data panel to the painted neighbours, and what they were found among."""
    session = Session(keep_settings=False)
    window = session.window
    window.resize(1440, 900)
    window.show()
    window.commands["workspace_explore"].trigger()
    window.open(run)
    state, grid = window.controller.state, window.panels.data.browser.grid
    wait(lambda: state.run is not None and bool(state.neighbours.answers) and not state.progress)
    watch = Watch(window)
    window.panels.neighbours.query.neighbours.rows[0].installEventFilter(watch)
    seconds: list[float] = []
    for image in asked:
        window.panels.data.browser.search.setText(image)
        window.controller.settle(lambda image=image: window.controller.labels.search(image))
        wait(lambda image=image: grid.key_at(20, 20) == image and not state.progress)
        watch.begin(image)
        begin = time.perf_counter()
        QTest.mouseDClick(
            grid.viewport(), Qt.MouseButton.LeftButton, Qt.KeyboardModifier.NoModifier, QPoint(20, 20)
        )
        wait(lambda: watch.painted)
        seconds.append(time.perf_counter() - begin)
        wait(lambda: not state.progress)
    found = state.neighbours.features
    title = "" if found is None else f"{found.images:,} images, layer {found.layer}"
    window.close()
    window.controller.close()
    return seconds, title


def wait(done: Any) -> None:
    end = time.monotonic() + _PATIENCE_S
    while not done():
        QApplication.processEvents()
        time.sleep(0.0005)
        if time.monotonic() > end:
            raise SystemExit("the window does not come to it")


def command(*words: str) -> None:
    subprocess.run([sys.executable, "-m", "alexnet_studio", *words], check=True, stdout=subprocess.DEVNULL)


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
