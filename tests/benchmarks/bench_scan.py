"""Scanning 100,000 files in 1,000 class folders: ours beside torchvision's ImageFolder, in one run.

    python tests/benchmarks/bench_scan.py [--files 100000] [--classes 1000] [--rounds 5]

The files are hard links to a few small JPEGs in a temporary folder, so that the folder is made in a second; all is
in the system's cache after the first round, which does not count. The sides take turns; medians count. ImageFolder
lists names. Ours also asks each file for its size and time and reads its first bytes, to find what is no image
before a training does; the line "system calls alone" is what that costs in Python with nothing else around it.
"""

from __future__ import annotations

import argparse
import os
import statistics
import sys
import tempfile
import time
from collections.abc import Callable, Generator
from pathlib import Path
from typing import Any, cast

import numpy as np
from PIL import Image
from torchvision.datasets import ImageFolder

from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import folder as folders

_CONTENTS = 20
_RATIO_MAX, _FIRST_COUNTS_MAX, _CANCEL_MAX = 2.0, 0.5, 0.2


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="alexnet-studio-bench-") as place:
        root = linked_folder(Path(place), options.files, options.classes)
        _say(f"{options.files:,} files in {options.classes:,} class folders")
        sides: dict[str, Callable[[], int]] = {
            "ours": lambda: _ours(root),
            "torchvision ImageFolder": lambda: len(ImageFolder(str(root))),
            "system calls alone": lambda: _system_calls(root),
        }
        seconds = _timed(sides, options.rounds, options.files)
        medians = {name: statistics.median(times) for name, times in seconds.items()}
        for name, median in medians.items():
            _say(f"{name:24} median {median:6.3f} s, fastest {min(seconds[name]):6.3f} s")
        theirs = medians["torchvision ImageFolder"]
        floor = medians["system calls alone"] / theirs
        _say(f"ours / ImageFolder: {medians['ours'] / theirs:.2f} (target: at most {_RATIO_MAX:g})")
        _say(f"system calls alone / ImageFolder: {floor:.2f}")
        _say(f"first counts after {_first_counts(root):.3f} s (target: at most {_FIRST_COUNTS_MAX:g})")
        waits = [_cancelled(root, 0.05 * (1 + i)) for i in range(options.rounds)]
        _say(f"cancelled within {max(waits):.3f} s (target: at most {_CANCEL_MAX:g})")


def linked_folder(place: Path, files: int, classes: int) -> Path:
    """Class folders with `files` images in all, named as ImageNet's are."""
    contents = [place / f"{number}.jpg" for number in range(_CONTENTS)]
    for number, path in enumerate(contents):
        pixels = np.random.default_rng(number).integers(0, 256, (16, 16, 3), np.uint8)
        Image.fromarray(pixels).save(path)
    root = place / "data"
    for label in range(classes):
        folder = root / f"n{label:08}"
        folder.mkdir(parents=True)
        for number in range(label * files // classes, (label + 1) * files // classes):
            os.link(contents[number % _CONTENTS], folder / f"n{label:08}_{number}.JPEG")
    return root


def _timed(sides: dict[str, Callable[[], int]], rounds: int, files: int) -> dict[str, list[float]]:
    seconds: dict[str, list[float]] = {name: [] for name in sides}
    for number in range(rounds + 1):
        for name, side in sides.items():
            begin = time.perf_counter()
            found = side()
            if number > 0:
                seconds[name].append(time.perf_counter() - begin)
            if found != files:
                raise SystemExit(f"{name} found {found:,} of {files:,} files")
    return seconds


def _ours(root: Path) -> int:
    return sum(len(event.images) for event in folders.scan(root) if isinstance(event, folders.ImageFolder))


def _system_calls(root: Path) -> int:
    """List, open, ask, read and close, as a scan must, and forget the answers."""
    count = 0
    for name in os.listdir(root):  # noqa: PTH208
        with os.scandir(f"{root}/{name}") as entries:
            for entry in entries:
                handle = os.open(entry.path, os.O_RDONLY)
                os.fstat(handle)
                count += len(os.read(handle, 16)) > 0
                os.close(handle)
    return count


def _first_counts(root: Path) -> float:
    """Seconds from the call to the first progress that counts a file."""
    begin = time.perf_counter()
    for event in folders.scan(root):
        if isinstance(event, Progress) and event.done:
            break
    return time.perf_counter() - begin


def _cancelled(root: Path, after: float) -> float:
    """Seconds that a consumer which wants to stop `after` seconds waits until the scan has ended."""
    events = cast("Generator[Progress | folders.ImageFolder]", folders.scan(root))
    stop = time.perf_counter() + after
    for _ in events:
        if time.perf_counter() >= stop:
            break
    events.close()
    return time.perf_counter() - stop


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _options() -> Any:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--files", type=int, default=100_000)
    parser.add_argument("--classes", type=int, default=1_000)
    parser.add_argument("--rounds", type=int, default=5)
    return parser.parse_args()


if __name__ == "__main__":
    main()
