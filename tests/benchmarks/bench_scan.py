"""Scanning 100,000 files in 1,000 class folders: ours beside torchvision's ImageFolder, in one run.

    python tests/benchmarks/bench_scan.py [--files 100000] [--classes 1000] [--rounds 5]

The files are hard links to a few small JPEGs in a temporary folder, so that the folder is made in a second; all is
in the system's cache after the first round, which does not count. The sides take turns; medians count. ImageFolder
lists names. Ours also asks each file for its size and time and, the first time, reads its first bytes, to find what
is no image before a training does; the next time what they told comes from the cache folder. The two lines "system
calls alone" are what that costs in Python with nothing else around it.
"""

from __future__ import annotations

import argparse
import os
import shutil
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

from alexnet_studio.ground import places
from alexnet_studio.ground.progress import Progress
from alexnet_studio.images import folder as folders

_CONTENTS = 20
_RATIO_MAX, _FIRST_COUNTS_MAX, _CANCEL_MAX = 2.0, 0.5, 0.2
_SETTLED_SECONDS = 2.1  # a file younger than 2 seconds is not remembered


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory(prefix="alexnet-studio-bench-") as place:
        os.environ["ALEXNET_STUDIO_CACHE"] = str(Path(place) / "cache")
        root = linked_folder(Path(place), options.files, options.classes)
        time.sleep(_SETTLED_SECONDS)
        _say(f"{options.files:,} files in {options.classes:,} class folders")
        sides: dict[str, Callable[[], int]] = {
            "torchvision ImageFolder": lambda: len(ImageFolder(str(root))),
            "ours, first time": lambda: _ours(root),
            "ours, next time": lambda: _ours(root),
            "system calls, first time": lambda: _calls_to_read(root),
            "system calls, next time": lambda: _calls_to_ask(root),
        }
        seconds = _timed(sides, options.rounds, options.files)
        theirs = statistics.median(seconds["torchvision ImageFolder"])
        for name, times in seconds.items():
            median = statistics.median(times)
            _say(
                f"{name:25} median {median:6.3f} s, fastest {min(times):6.3f} s, {median / theirs:5.2f} x ImageFolder"
            )
        _say(f"target: ours at most {_RATIO_MAX:g} x ImageFolder")
        kept = sum(file.stat().st_size for file in _scans().iterdir())
        _say(f"remembered in {kept:,} bytes, {kept / options.files:.1f} a file")
        _forget()
        _say(f"first counts after {_first_counts(root):.3f} s (target: at most {_FIRST_COUNTS_MAX:g})")
        waits = [_cancelled(root, 0.05 * (1 + i)) for i in range(options.rounds)]
        _say(f"cancelled within {max(waits):.3f} s (target: at most {_CANCEL_MAX:g})")


def _scans() -> Path:
    return places.cache() / "scans"


def _forget() -> None:
    shutil.rmtree(_scans(), ignore_errors=True)


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
        _forget()
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


def _calls_to_read(root: Path) -> int:
    """List, open, ask, read and close, as a first scan must, and forget the answers."""
    count = 0
    for name in os.listdir(root):  # noqa: PTH208
        with os.scandir(f"{root}/{name}") as entries:
            for entry in entries:
                handle = os.open(entry.path, os.O_RDONLY)
                os.fstat(handle)
                count += len(os.read(handle, 16)) > 0
                os.close(handle)
    return count


def _calls_to_ask(root: Path) -> int:
    """List and ask, as every later scan must, and forget the answers."""
    count = 0
    for name in os.listdir(root):  # noqa: PTH208
        with os.scandir(f"{root}/{name}") as entries:
            for entry in entries:
                count += entry.stat().st_size > 0
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
