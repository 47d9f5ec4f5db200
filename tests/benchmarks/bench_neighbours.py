"""Neighbours among 4,096 features of real images: ours beside FAISS and scikit-learn, in one run.

    python tests/benchmarks/bench_neighbours.py [--folder DIR] [--queries 30] [-k 6]    50,000 images, and noise
    python tests/benchmarks/bench_neighbours.py --directions                            16 to 128 directions
    python tests/benchmarks/bench_neighbours.py --images 1281167 --folder DIR           ImageNet's size: 21 GB

How the features are made: `fashion_features.py`; 30,000 (60,000 for ImageNet's size) are of real images, the others of
perturbed copies. Queries are test images. Searches are timed one by one, the sides in turn. Files in
DIR are used again.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from fashion_features import DIMENSIONS, queries, say, trained, write
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from alexnet_studio.ground.progress import finished
from alexnet_studio.insight import index_file
from alexnet_studio.insight.near_index import build
from alexnet_studio.insight.neighbours import Neighbours

Features = NDArray[np.float32]
Answer = tuple[NDArray[np.int64], NDArray[np.float64]]  # rows, distances
_SMALL = 50_000


def main() -> None:
    options = _options()
    with tempfile.TemporaryDirectory() as temporary:
        folder = Path(options.folder or temporary)
        features, points = _made(folder, options.images, options.queries)
        say(f"{len(features):,} x {features.shape[1]:,}, {np.mean(features[:2000] == 0):.2f} zeros")
        if options.directions:
            _directions(features, points, options.k)
        elif len(features) > _SMALL:
            _large(features, points, options.k)
        else:
            _compared("features of real images", features, points, options.k)
            noise = np.random.default_rng(0).standard_normal((len(features) + 20, DIMENSIONS), np.float32)
            _compared("isotropic noise", noise[20:], noise[:20], options.k)


def _made(folder: Path, images: int, count: int) -> tuple[Features, Features]:
    file, asked = folder / f"features-{images}.npy", folder / "queries.npy"
    if not (file.exists() and asked.exists()):
        hidden = trained()
        write(file, hidden, 60_000 if images > _SMALL else images * 3 // 5, images)
        np.save(asked, queries(hidden, 200))
    return np.load(file, mmap_mode="r"), np.load(asked)[:count]


def _compared(title: str, features: Features, points: Features, k: int) -> None:
    begin = time.perf_counter()
    index = finished(build(features))
    say(f"{title}: the index in {time.perf_counter() - begin:.1f} s, once")
    ours, brute = Neighbours(features, index=index), Neighbours(features)
    sides: dict[str, Callable[[Features], Answer]] = {
        "ours": lambda point: _search(ours, point, k),
        "ours, all read": lambda point: _search(brute, point, k),
        "scikit-learn": _scikit_learn(features, k),
        **_faiss(features, k),
    }
    milliseconds, answers = _timed(sides, points)
    for name, times in milliseconds.items():
        say(f"  {name:15} one query: median {statistics.median(times):7.1f} ms, fastest {min(times):7.1f} ms")
    for name in list(sides)[1:]:
        slower = statistics.median(milliseconds[name]) / statistics.median(milliseconds["ours"])
        best = min(milliseconds[name]) / min(milliseconds["ours"])
        say(
            f"  {name} takes {slower:.2f} times as long as ours (of the fastest: {best:.2f}); "
            f"{_agreement(answers['ours'], answers[name])}"
        )


def _directions(features: Features, points: Features, k: int) -> None:
    for count in (16, 32, 64, 96, 128):
        search = Neighbours(features, index=finished(build(features, count)))
        milliseconds, _ = _timed({"ours": lambda point, search=search: _search(search, point, k)}, points)
        times = milliseconds["ours"]
        say(f"{count:4} directions: median {statistics.median(times):.2f} ms, fastest {min(times):.2f} ms")


def _large(features: Features, points: Features, k: int) -> None:
    begin = time.perf_counter()
    peak = 0.0
    job = index_file.ready(features)
    while True:
        try:
            next(job)
            peak = max(peak, _anonymous_gb())
        except StopIteration as end:
            index = end.value
            break
    say(f"index made (or opened) in {time.perf_counter() - begin:.0f} s, at most {peak:.2f} GB anonymous")
    begin = time.perf_counter()
    search = Neighbours(features, index=index)
    say(f"search ready in {time.perf_counter() - begin:.1f} s")
    for turn in ("first", "again, the rows in the page cache"):
        milliseconds, answers = _timed({"ours": lambda point: _search(search, point, k)}, points)
        times = sorted(milliseconds["ours"])
        say(f"{turn}: median {statistics.median(times):.0f} ms, slowest {times[-1]:.0f} ms")
        say(f"  {_anonymous_gb():.2f} GB anonymous")
    say("as float64 brute force: " + _checked(features, points[:3], answers["ours"][:3], k))


def _checked(features: Features, points: Features, answers: list[Answer], k: int) -> str:
    squares = np.empty((len(points), len(features)))
    for start in range(0, len(features), 4096):
        block = features[start : start + 4096].astype(np.float64)
        for own, point in zip(squares, points, strict=True):
            own[start : start + 4096] = np.square(block - point).sum(axis=1)
    same = sum(
        np.array_equal(np.lexsort((np.arange(len(own)), own))[:k], rows)
        for own, (rows, _) in zip(squares, answers, strict=True)
    )
    return f"{same} of {len(points)} queries have the same rows in the same order"


def _anonymous_gb() -> float:
    lines = Path("/proc/self/status").read_text().splitlines()
    return int(next(line for line in lines if line.startswith("RssAnon")).split()[1]) / 1e6


def _timed(
    sides: dict[str, Callable[[Features], Answer]], points: Features
) -> tuple[dict[str, list[float]], dict[str, list[Answer]]]:
    milliseconds: dict[str, list[float]] = {name: [] for name in sides}
    answers: dict[str, list[Answer]] = {name: [] for name in sides}
    for search in sides.values():
        search(points[0])  # threads started, pages touched
    for point in points:
        for name, search in sides.items():
            begin = time.perf_counter()
            answers[name].append(search(point))
            milliseconds[name].append(1000 * (time.perf_counter() - begin))
    return milliseconds, answers


def _search(neighbours: Neighbours, point: Features, k: int) -> Answer:
    found = neighbours.search(point, k)
    return np.array([one.row for one in found]), np.array([one.distance for one in found])


def _scikit_learn(features: Features, k: int) -> Callable[[Features], Answer]:
    model: Any = NearestNeighbors(n_neighbors=k, algorithm="brute")
    model.fit(features)

    def search(query: Features) -> Answer:
        distances, rows = model.kneighbors(query[None])
        return rows[0], distances[0]

    return search


def _faiss(features: Features, k: int) -> dict[str, Callable[[Features], Answer]]:
    try:
        # By name: an optional extra, so the type checker must not need it to be installed.
        faiss: Any = importlib.import_module("faiss")
    except ImportError:
        return {}
    index: Any = faiss.IndexFlatL2(features.shape[1])
    index.add(np.ascontiguousarray(features))

    def search(query: Features) -> Answer:
        squares, rows = index.search(query[None], k)
        return rows[0], np.sqrt(squares[0])

    return {"FAISS flat": search}


def _agreement(ours: list[Answer], theirs: list[Answer]) -> str:
    same = sum(np.array_equal(a, b) for (a, _), (b, _) in zip(ours, theirs, strict=True))
    worst = max(float(np.max(np.abs(a - b) / a)) for (_, a), (_, b) in zip(ours, theirs, strict=True))
    return f"the same neighbours for {same} of {len(ours)} queries, distances within {worst:.1e}"


def _options() -> Any:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=_SMALL)
    parser.add_argument("--folder", help="keep what is made here")
    parser.add_argument("--queries", type=int, default=30)
    parser.add_argument("--directions", action="store_true")
    parser.add_argument("-k", type=int, default=6)
    return parser.parse_args()


if __name__ == "__main__":
    main()
