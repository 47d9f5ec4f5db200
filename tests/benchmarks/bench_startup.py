"""From the start of the process to the first painted window, beside the imports that it must not wait for.

    python tests/benchmarks/bench_startup.py [--runs 5]

Each side is a fresh process on a warm disk; medians count. Without a display the window is painted offscreen.
"""

from __future__ import annotations

import argparse
import os
import statistics
import subprocess
import sys
import tempfile
import time

_WINDOW = """
import sys, time
from PySide6.QtCore import QTimer
from alexnet_studio.studio import app
session = app._session(keep_settings=False)
def painted():
    sys.stdout.write(str(time.time()))
    # The first paint may come before the event loop, which a window closed by then would not end.
    QTimer.singleShot(0, session.window, lambda: session.leave(0))
session.window.painted.connect(painted)
sys.exit(session.run())
"""
_TORCH = "import time, torch, sys; sys.stdout.write(str(time.time()))"
_QT = "import time, PySide6.QtWidgets, sys; sys.stdout.write(str(time.time()))"


def main() -> None:
    options = argparse.ArgumentParser()
    options.add_argument("--runs", type=int, default=5)
    runs: int = options.parse_args().runs
    sides = {"first painted window": _WINDOW, "import QtWidgets": _QT, "import torch": _TORCH}
    measured = {name: [seconds(code) for _ in range(runs + 1)][1:] for name, code in sides.items()}
    for name, times in measured.items():
        spread = f"(best {min(times):.2f}, worst {max(times):.2f})"
        sys.stdout.write(f"{name:22} {statistics.median(times):.2f} s   {spread}\n")


def seconds(code: str) -> float:
    """From just before the process is created to the moment that it prints."""
    with tempfile.TemporaryDirectory() as places:
        environment = {
            "QT_QPA_PLATFORM": "offscreen",
            **os.environ,
            "ALEXNET_STUDIO_DATA": places,
            "ALEXNET_STUDIO_CACHE": places,
        }
        begin = time.time()
        done = subprocess.run(
            [sys.executable, "-c", code], capture_output=True, text=True, check=True, env=environment
        )
    return float(done.stdout) - begin


if __name__ == "__main__":
    main()
