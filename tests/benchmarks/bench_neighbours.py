"""Neighbours of one image among 50,000 x 4,096 features: ours beside scikit-learn's brute force, in one run.

    python tests/benchmarks/bench_neighbours.py [--images 50000] [--dimensions 4096] [--queries 10] [-k 6]

The features look like a trained network's: points of 10 classes, each a cloud in a random space of 32
dimensions of its own, plus noise, through one random projection and a ReLU whose threshold leaves 0.74 of the
values zero. Queries are further points of the same clouds. Searches are timed one by one, the sides in turn;
medians count.
"""

from __future__ import annotations

import argparse
import importlib
import statistics
import sys
import time
from collections.abc import Callable
from typing import Any

import numpy as np
from numpy.typing import NDArray
from sklearn.neighbors import NearestNeighbors

from alexnet_studio.insight.neighbours import Neighbours

Features = NDArray[np.float32]
Answer = tuple[NDArray[np.int64], NDArray[np.float64]]  # rows, distances
_CLASSES, _LATENT, _ZEROS = 10, 32, 0.74


def main() -> None:
    options = _options()
    features, queries = relu_features(options.images, options.queries, options.dimensions)
    zeros = np.count_nonzero(features == 0) / features.size
    _say(f"{len(features):,} x {features.shape[1]:,} float32, {zeros:.2f} zeros; {len(queries)} queries")
    begin = time.perf_counter()
    ours = Neighbours(features)
    _say(f"ours, once: the norms of all rows {1000 * (time.perf_counter() - begin):.0f} ms")
    sides: dict[str, Callable[[Features], Answer]] = {
        "ours": lambda query: _ours(ours, query, options.k),
        "scikit-learn": _scikit_learn(features, options.k),
        **_faiss(features, options.k),
    }
    milliseconds, answers = _timed(sides, queries)
    medians = {name: statistics.median(times) for name, times in milliseconds.items()}
    for name, median in medians.items():
        _say(f"{name:14} one query: median {median:7.1f} ms, fastest {min(milliseconds[name]):7.1f} ms")
    for name in list(sides)[1:]:
        faster = medians[name] / medians["ours"]
        _say(f"ours takes 1/{faster:.2f} of {name}; {_agreement(answers['ours'], answers[name])}")


def relu_features(images: int, queries: int, dimensions: int) -> tuple[Features, Features]:
    """(images, dimensions) and (queries, dimensions), made in blocks so that no second copy is needed."""
    rng = np.random.default_rng(2012)
    centres = rng.normal(size=(_CLASSES, 1, 64)).astype(np.float32)
    spaces = rng.normal(size=(_CLASSES, _LATENT, 64)).astype(np.float32) / np.sqrt(_LATENT, dtype=np.float32)
    projection = rng.normal(size=(64, dimensions)).astype(np.float32)
    out = np.empty((images + queries, dimensions), np.float32)
    threshold = None
    for start in range(0, len(out), 1000):
        block = out[start : start + 1000]
        labels = rng.integers(_CLASSES, size=len(block))
        latent = rng.normal(size=(len(block), 1, _LATENT)).astype(np.float32)
        points = (centres[labels] + latent @ spaces[labels])[:, 0] + 0.05 * rng.normal(size=(len(block), 64))
        projected = points.astype(np.float32) @ projection
        threshold = np.quantile(projected, _ZEROS) if threshold is None else threshold
        np.maximum(projected - threshold, 0, out=block)
    return out[:images], out[images:]


def _timed(
    sides: dict[str, Callable[[Features], Answer]], queries: Features
) -> tuple[dict[str, list[float]], dict[str, list[Answer]]]:
    milliseconds: dict[str, list[float]] = {name: [] for name in sides}
    answers: dict[str, list[Answer]] = {name: [] for name in sides}
    for search in sides.values():
        search(queries[0])  # threads started, pages touched
    for query in queries:
        for name, search in sides.items():
            begin = time.perf_counter()
            answers[name].append(search(query))
            milliseconds[name].append(1000 * (time.perf_counter() - begin))
    return milliseconds, answers


def _ours(neighbours: Neighbours, query: Features, k: int) -> Answer:
    found = neighbours.search(query, k)
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
    index.add(features)

    def search(query: Features) -> Answer:
        squares, rows = index.search(query[None], k)
        return rows[0], np.sqrt(squares[0])

    return {"faiss flat": search}


def _agreement(ours: list[Answer], theirs: list[Answer]) -> str:
    same = sum(np.array_equal(a, b) for (a, _), (b, _) in zip(ours, theirs, strict=True))
    worst = max(float(np.max(np.abs(a - b) / a)) for (_, a), (_, b) in zip(ours, theirs, strict=True))
    return f"the same neighbours for {same} of {len(ours)} queries, distances within {worst:.1e}"


def _say(line: str) -> None:
    sys.stdout.write(line + "\n")


def _options() -> Any:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--images", type=int, default=50_000)
    parser.add_argument("--dimensions", type=int, default=4096)
    parser.add_argument("--queries", type=int, default=10)
    parser.add_argument("-k", type=int, default=6)
    return parser.parse_args()


if __name__ == "__main__":
    main()
