"""The map of images: each frame while 50,000 points are dragged, zoomed and hovered, beside pyqtgraph's scatter plot.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_map.py [--points 50000] [--frames 200]

A frame is everything between the mouse and the painted widget. The points are 100 clusters, as t-SNE makes them;
every drag leaves the part that is drawn beforehand several times, so that drawing anew is among the frames. What counts
is the time that the thread worked: the rest it waited for other programs.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
import pyqtgraph
from numpy.typing import NDArray
from PySide6.QtCore import QPointF
from PySide6.QtWidgets import QApplication, QWidget

from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.point_map import PointMap

_SIZE = (720, 640)
_STEP_PX = 17


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--points", type=int, default=50_000)
    parser.add_argument("--frames", type=int, default=200)
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    theme = Theme("light")
    dice = np.random.default_rng(1)
    labels: NDArray[np.int64] = dice.integers(0, 100, int(options.points), dtype=np.int64)
    places = (dice.normal(size=(100, 2))[labels] * 20 + dice.normal(size=(options.points, 2))).astype(
        np.float32
    )
    pictures = dice.integers(0, 256, (options.points, 64, 64, 3), dtype=np.uint8)
    ours = PointMap(theme)
    ours.resize(*_SIZE)
    ours.show()
    app.processEvents()
    ours.set_points(places, labels, pictures)
    say(f"{options.points:,} points, {_SIZE[0]} x {_SIZE[1]} pixels")
    say("median and longest frame in ms of the thread's work; in all")
    frames = measured(app, ours, options.frames, lambda _: ours.pan(_STEP_PX, _STEP_PX / 3))
    tell("drag", frames)
    ours.fit()
    tell("zoom", measured(app, ours, 40, lambda i: ours.zoom(1.25 if i % 40 < 20 else 0.8)))
    ours.fit()
    ours.set_mistaken(labels % 5 == 0, only=False)
    tell(
        "zoom with a fifth outlined as mistakes",
        measured(app, ours, 40, lambda i: ours.zoom(1.25 if i % 40 < 20 else 0.8)),
    )
    ours.set_mistaken(None, only=False)
    ours.fit()
    tell("hover", measured(app, ours, options.frames, lambda i: hover(ours, i)))
    ours.fit()
    while not ours.has_pictures():
        ours.zoom(1.25, ours.pixel_of(0))
    frames = measured(
        app, ours, options.frames, lambda i: ours.pan(_STEP_PX * (1 if i % 100 < 50 else -1), 0)
    )
    tell("drag with pictures", frames)
    # Last: its objects, one a point, would slow the others' garbage collection down.
    theirs, scatter = other_side(theme, places, labels)
    theirs.resize(*_SIZE)
    theirs.show()
    app.processEvents()
    box: Any = scatter.getViewBox()
    frames = measured(app, theirs, options.frames, lambda _: box.translateBy(x=0.2, y=0.07))
    tell("drag, pyqtgraph's ScatterPlotItem", frames, "")


def other_side(theme: Theme, places: NDArray[np.float32], labels: NDArray[np.int64]) -> tuple[QWidget, Any]:
    library: Any = pyqtgraph
    plot = library.PlotWidget(background="w")
    brushes = [library.mkBrush(theme.run_colour(label)) for label in labels.tolist()]
    item = library.ScatterPlotItem(
        x=places[:, 0], y=places[:, 1], size=5, pen=None, brush=brushes, pxMode=True
    )
    plot.addItem(item)
    return plot, item


def hover(ours: PointMap, frame: int) -> None:
    ours.point_at(QPointF(10 + 3 * frame % _SIZE[0], 320))
    ours.update()


def measured(
    app: QApplication, widget: QWidget, count: int, move: Callable[[int], object]
) -> list[tuple[float, float]]:
    """Of each frame the milliseconds that the thread worked, and all."""

    def frame(number: int) -> tuple[float, float]:
        began, worked = time.perf_counter(), time.thread_time()
        move(number)
        widget.repaint()
        app.processEvents()
        return 1000 * (time.thread_time() - worked), 1000 * (time.perf_counter() - began)

    frame(0)
    return [frame(number) for number in range(count)]


def tell(
    what: str, frames: list[tuple[float, float]], asked: str = " (asked: none over 33 ms of work)"
) -> None:
    work, whole = zip(*frames, strict=True)
    told = (f"{statistics.median(times):.1f}, {max(times):.1f}" for times in (work, whole))
    say(f"{what}: {'; in all '.join(told)}{asked}")


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
