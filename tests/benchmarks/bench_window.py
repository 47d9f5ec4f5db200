"""What watching costs: training in the window beside the same training without one, and how late the window is.

    python tests/benchmarks/bench_window.py [--epochs 4] [--rounds 2]

Both sides train the same recipe on the sample of drawings, each in a fresh process, in turn; who begins alternates. The
window shows curves and kernels live. In one more training a 16 ms timer in the window's thread notes by how much each
tick is late, from the first epoch's end to the last's; its rate does not count, because these ticks are work, too.
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
from pathlib import Path
from typing import Any

_TICK_MS = 16


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--epochs", type=int, default=4)
    options.add_argument("--rounds", type=int, default=2)
    options.add_argument("--window", nargs=2, help=argparse.SUPPRESS)
    options.add_argument("--ticks", action="store_true", help=argparse.SUPPRESS)
    chosen = options.parse_args()
    if chosen.window:
        folder, out = map(Path, chosen.window)
        watch(folder, out, chosen.epochs, ticks=chosen.ticks)
        return
    with tempfile.TemporaryDirectory() as temporary:
        compare(Path(temporary), chosen.epochs, chosen.rounds)


def compare(place: Path, epochs: int, rounds: int) -> None:
    folder = place / "drawings"
    command("sample", str(folder), place=place)
    bare: list[float] = []
    watched: list[float] = []

    def train_bare() -> None:
        run = place / f"bare-{len(bare)}"
        command("train", str(folder), "--run", str(run), "--epochs", str(epochs), "--json", place=place)
        bare.append(rate(run))

    def train_watched() -> None:
        watched.append(rate(Path(in_window(folder, place / f"window-{len(watched)}.json", epochs)["run"])))

    for number in range(rounds):
        sides = (train_bare, train_watched)
        for train in sides if number % 2 == 0 else sides[::-1]:
            train()
        say(f"round {number + 1}: command line {bare[-1]:.0f} images/s, window {watched[-1]:.0f}")
    say(f"window / command line: {statistics.median(watched) / statistics.median(bare):.3f} (medians)")
    late: list[float] = sorted(in_window(folder, place / "late.json", epochs, "--ticks")["late_ms"])
    say(
        f"{len(late)} ticks, late by {late[len(late) // 2]:.1f} ms (median), "
        f"{late[int(0.99 * len(late))]:.1f} (99th percentile), {late[-1]:.1f} (worst)"
    )


def in_window(folder: Path, out: Path, epochs: int, *words: str) -> dict[str, Any]:
    """The run of a training in a window of its own, and by how much its ticks were late."""
    told = [sys.executable, __file__, "--epochs", str(epochs), "--window", str(folder), str(out), *words]
    subprocess.run(told, check=True, env=environment(out.parent), stdout=subprocess.DEVNULL)
    return json.loads(out.read_text(encoding="utf-8"))


def rate(run: Path) -> float:
    """Images per second over all epochs but the first, which warms up."""
    rows = [json.loads(line) for line in (run / "metrics.jsonl").read_text(encoding="utf-8").splitlines()]
    return statistics.median([row["images_per_second"] for row in rows if row["event"] == "epoch"][1:])


def command(*words: str, place: Path) -> None:
    subprocess.run(
        [sys.executable, "-m", "alexnet_studio", *words],
        check=True,
        env=environment(place),
        stdout=subprocess.DEVNULL,
    )


def environment(place: Path) -> dict[str, str]:
    return {
        "QT_QPA_PLATFORM": "offscreen",
        **os.environ,
        "ALEXNET_STUDIO_DATA": str(place / "data"),
        "ALEXNET_STUDIO_CACHE": str(place / "cache"),
    }


def watch(folder: Path, out: Path, epochs: int, *, ticks: bool) -> None:
    """Train in the real window and write how late its thread was, where it `ticks`."""
    from PySide6.QtCore import Qt, QTimer

    from alexnet_studio.studio.session import Session
    from alexnet_studio.studio.state.run import Phase

    session = Session(keep_settings=False)
    controller = session.window.controller
    session.window.resize(1440, 900)
    late: list[float] = []
    due = 0.0
    ticking = QTimer(session.window)
    ticking.setTimerType(Qt.TimerType.PreciseTimer)
    started = False

    def tick() -> None:
        nonlocal due
        now = time.perf_counter()
        if due:
            late.append(max(0.0, 1000 * (now - due)))
        due = now + _TICK_MS / 1000

    def look() -> None:
        nonlocal started
        state = controller.state
        if not started and state.setup is not None and state.dataset is not None and not state.progress:
            started = True
            controller.settle(lambda: controller.recipes.edit("epochs", epochs))
            controller.act("start")
        elif started and state.run is not None:
            measures = ticks and state.run.epoch is not None and state.run.phase is Phase.TRAINING
            if measures and not ticking.isActive():
                ticking.start(_TICK_MS)
            elif state.run.phase is Phase.READY:
                ticking.stop()
                out.write_text(json.dumps({"run": str(state.run.path), "late_ms": late}), encoding="utf-8")
                looking.stop()
                session.leave(0)

    ticking.timeout.connect(tick)
    looking = QTimer(session.window)
    looking.timeout.connect(look)
    looking.start(200)
    session.when_painted(lambda: session.window.open(folder))
    sys.exit(session.run())


def say(line: str) -> None:
    sys.stdout.write(line + "\n")
    sys.stdout.flush()


if __name__ == "__main__":
    main()
