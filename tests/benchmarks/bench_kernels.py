"""What a new frame of 96 kernels costs the window's thread, and how large the film of 90 epochs becomes.

    QT_QPA_PLATFORM=offscreen python tests/benchmarks/bench_kernels.py [--frames 200]

A refresh is everything between the frame and the painted grid: pictures, view, panel, paint. It is measured as the film
plays, and standing still, where two thirds of the kernels have a mark; beside it what is painted alone, and what the
marks cost the thread that looks for them. Then the same for 384 kernels of 192 channels, and the film of the paper's
network, written as the training does. What counts is the time that the thread worked: the rest it waited for others.
"""

from __future__ import annotations

import argparse
import statistics
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import numpy as np
from numpy.typing import NDArray
from PySide6.QtWidgets import QApplication

from alexnet_studio.insight.kernel_measures import measures
from alexnet_studio.insight.kernels import patterns
from alexnet_studio.runs.film import Film
from alexnet_studio.studio import kernel_pictures
from alexnet_studio.studio.panels.kernels import KernelsPanel
from alexnet_studio.studio.showing.kernels import view_kernels
from alexnet_studio.studio.state.kernels import KernelFrame, LayerSeen
from alexnet_studio.studio.state.window import State
from alexnet_studio.studio.theme import Theme

_STEPS_AN_EPOCH = 10_009  # 1.28 million images in batches of 128


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--frames", type=int, default=200)
    options = parser.parse_args()
    app = QApplication(sys.argv[:1])
    theme = Theme("light")
    panel = KernelsPanel(theme)
    panel.resize(431, 700)
    panel.show()
    rng = np.random.default_rng(0)
    state = State()
    state.kernels.layer, state.kernels.towers = "conv1", 2
    frames = [kernel_pictures.frame(step, 0, learned(rng), 2) for step in range(40)]
    state.kernels.film = [kernel_pictures.marked(frame) for frame in frames]

    def refresh(number: int) -> None:
        kernel_pictures.show(state.kernels, number % 40)
        panel.show_view(view_kernels(state))
        for block in panel.blocks:
            block.repaint()

    for playing, name in ((True, "as the film plays"), (False, "with marks")):
        state.kernels.playing = playing
        refresh(0)
        app.processEvents()
        letters = sum(mark != "" for tower in view_kernels(state).towers for mark in tower.marks)
        assert (letters == 0) == playing, "the marks are what this measures"
        told(f"96 kernels of 11 x 11 x 3, {name} (asked: under 4 ms)", options.frames, refresh)
    told("of which painting", options.frames, lambda _: [block.repaint() for block in panel.blocks])
    told("marks of 96 kernels", 40, lambda at: kernel_pictures.marked(frames[at]))
    deep(state, panel, rng.normal(size=(384, 192, 3, 3)).astype(np.float32), options.frames // 10)
    film(rng.normal(size=(96, 3, 11, 11)).astype(np.float32))


def learned(rng: np.random.Generator) -> NDArray[np.float32]:
    """96 of 11 x 11 x 3: stripes, of which a sixth are dead, a sixth another's double, and a sixth noise."""
    y, x = np.mgrid[:11, :11] - 5
    turned = rng.uniform(0, np.pi, 96)[:, None, None]
    wave = np.cos(rng.uniform(0.6, 2.2, 96)[:, None, None] * (x * np.cos(turned) + y * np.sin(turned)))
    kernels = (wave * np.exp(-(x**2 + y**2) / 12))[:, None] * rng.normal(size=(96, 3, 1, 1))
    kernels[0::6] *= 1e-6
    kernels[1::6] = kernels[2::6]
    kernels[3::6] = rng.normal(size=(16, 3, 11, 11))
    return kernels.astype(np.float32)


def deep(state: State, panel: KernelsPanel, kernels: NDArray[np.float32], frames: int) -> None:
    seen = LayerSeen(
        "conv4",
        2,
        kernel_pictures.marked(KernelFrame(0, 0, kernels), 2),
        patterns(kernels),
        measures(kernels),
    )
    state.kernels.looked, state.kernels.still = "conv4", seen

    def redraw(_number: int) -> None:
        kernel_pictures.draw(state.kernels)
        panel.show_view(view_kernels(state))
        for block in panel.blocks:
            block.repaint()

    for look in ("pattern", "channels"):
        state.kernels.look = "pattern" if look == "pattern" else "channels"
        redraw(0)
        told(f"384 kernels of 3 x 3 x 192 drawn anew, {look}", frames, redraw)


def film(kernels: NDArray[np.float32]) -> None:
    with tempfile.TemporaryDirectory() as folder:
        made = Film(Path(folder))
        last = 90 * _STEPS_AN_EPOCH
        for step in (*range(20), *range(300, last, 300), last):
            made.append(step, 1 + step // _STEPS_AN_EPOCH, kernels)
        size = sum(file.stat().st_size for file in Path(folder).iterdir())
        say(f"film of 90 epochs: {size / 1e6:.1f} MB, {len(made.frames)} frames (asked: under 20 MB)")


def told(what: str, frames: int, work: Callable[[int], object]) -> None:
    times: list[float] = []
    busy: list[float] = []
    for number in range(frames):
        began, worked = time.perf_counter(), time.thread_time()
        work(number)
        times.append(1000 * (time.perf_counter() - began))
        busy.append(1000 * (time.thread_time() - worked))
    times.sort()
    say(
        f"{what}: median {statistics.median(times):.2f} ms (of which the thread worked "
        f"{statistics.median(busy):.2f}), 9 of 10 under {times[int(0.9 * frames)]:.2f} ms"
    )


def say(text: str) -> None:
    sys.stdout.write(text + "\n")


if __name__ == "__main__":
    main()
