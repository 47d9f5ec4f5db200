"""A layer's feature maps in the Layers panel: how long until 256 of them are made pictures and painted.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_maps.py [--maps 256] [--side 27] [--frames 200]

Beside it, in the same run and at the same size, the plain way: a picture of its own for each map, all painted.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable
from functools import partial

import numpy as np
from numpy.typing import NDArray
from PySide6.QtCore import QRectF
from PySide6.QtGui import QPainter, QPaintEvent
from PySide6.QtWidgets import QApplication, QWidget

from alexnet_studio.insight.map_tiles import map_tiles
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.widgets.map_grid import MapGrid
from alexnet_studio.studio.widgets.picture import image_of


class Plain(QWidget):
    """The same cells without the one image and without leaving out what is not seen."""

    def __init__(self, grid: MapGrid) -> None:
        super().__init__()
        self._cells = grid.geometry_now()
        self._tiles: NDArray[np.uint8] = np.empty((0, 1, 1), np.uint8)

    def set_maps(self, tiles: NDArray[np.uint8]) -> None:
        self._tiles = tiles

    def paintEvent(self, _event: QPaintEvent) -> None:
        painter = QPainter(self)
        for index, tile in enumerate(self._tiles):
            painter.drawImage(QRectF(*self._cells.cell(index)), image_of(tile))


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--maps", type=int, default=256)
    parser.add_argument("--side", type=int, default=27)
    parser.add_argument("--frames", type=int, default=200)
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    grid = MapGrid(Theme("light"))
    grid.resize(580, 420)
    grid.show()
    app.processEvents()
    dice = np.random.default_rng(0)
    shape = (options.maps, options.side, options.side)
    layers = [np.maximum(dice.normal(size=shape), 0).astype(np.float32) for _ in range(4)]
    grid.set_maps(map_tiles(layers[0], "global"))
    plain = Plain(grid)
    plain.resize(grid.size())
    plain.show()
    app.processEvents()

    def ours(number: int) -> None:
        grid.set_maps(map_tiles(layers[number % 4], "global"))
        grid.viewport().repaint()

    def theirs(number: int) -> None:
        plain.set_maps(map_tiles(layers[number % 4], "global"))
        plain.repaint()

    made = [timed(partial(ours, number)) for number in range(options.frames)]
    other = [timed(partial(theirs, number)) for number in range(options.frames)]
    scrolled = [timed(grid.viewport().repaint) for _ in range(options.frames)]
    say(
        f"{options.maps} maps of {options.side} x {options.side}, another layer: {told(made)} (asked: under 16)"
    )
    say(f"the same as a picture for each map: {told(other)}")
    say(f"painted again, as when scrolling: {told(scrolled)}")


def told(times: list[float]) -> str:
    ordered = sorted(times)
    return f"median {statistics.median(ordered):.1f} ms, 99 of 100 under {ordered[int(len(ordered) * 0.99) - 1]:.1f}"


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
