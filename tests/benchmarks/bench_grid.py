"""The Data panel with 100,000 images: how long until it is painted, and each frame while it is scrolled.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_grid.py [--images 100000] [--frames 400]

Each frame scrolls a third of a page, or jumps; thumbnails arrive as they do from the decoding thread, a page at a
time; a frame is everything between the wheel and the painted page.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
from PySide6.QtWidgets import QApplication

from alexnet_studio.studio.panels.data import DataPanel
from alexnet_studio.studio.theme import Theme
from alexnet_studio.studio.views.data import ClassRow, DataView


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--images", type=int, default=100_000)
    parser.add_argument("--frames", type=int, default=400)
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    theme = Theme("light")
    panel = DataPanel(theme)
    panel.resize(1200, 900)
    panel.show()
    app.processEvents()
    view = made(options.images)
    opening = timed(lambda: (panel.show_view(view), panel.repaint(), app.processEvents()))
    say(f"opened with {options.images:,} images in {opening:.0f} ms (asked: under 500)")
    pixels = np.random.default_rng(1).integers(0, 256, (128, 128, 3), dtype=np.uint8)
    grid = panel.images
    wanted: list[str] = []
    grid.missing_seen.connect(wanted.extend)
    bar = grid.verticalScrollBar()
    frames: list[float] = []
    for number in range(options.frames):
        to = number * bar.pageStep() // 3 if number % 10 else int(bar.maximum() * (number % 97) / 97)

        def frame(to: int = to) -> None:
            bar.setValue(to)
            for key in wanted[:40]:
                panel.set_thumbnail(key, pixels)
            del wanted[:40]
            grid.viewport().repaint()
            app.processEvents()

        frames.append(timed(frame))
    frames.sort()
    say(
        f"{len(frames)} frames: median {statistics.median(frames):.1f} ms, 99 of 100 under "
        f"{frames[int(len(frames) * 0.99) - 1]:.1f}, longest {frames[-1]:.1f} ms (asked: none over 33)"
    )


def made(count: int) -> DataView:
    classes = tuple(ClassRow(f"class {i}", i, count // 1000, 0, 0) for i in range(1000))
    return DataView(
        title=f"photos · {count:,} images · 1,000 classes",
        classes=classes,
        splits=("train",),
        images=tuple(f"class {i % 1000}/photo-{i:06}.jpg" for i in range(count)),
        filters=(("", "all images"),),
    )


def timed(work: Callable[[], object]) -> float:
    began = time.perf_counter()
    work()
    return 1000 * (time.perf_counter() - began)


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
