"""Whether a network is right as often as it says: calibration, and what a threshold leaves unsure."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.ground.errors import BadInput

BINS = 15  # as Guo et al. 2017, "On Calibration of Modern Neural Networks", use


@dataclass(frozen=True, slots=True)
class Bin:
    """Images whose sureness lies in (`low`, `high`]; of an empty bin `sureness` and `right` are None."""

    low: float
    high: float
    images: int
    sureness: float | None = None
    right: float | None = None


@dataclass(frozen=True, slots=True)
class Coverage:
    """Of the images whose sureness is at least `threshold`: their share of all, and the share of them that is right
    (None for none)."""

    threshold: float
    images: int
    share: float
    right: float | None


def reliability(sureness: NDArray[np.float32], right: NDArray[np.bool_], bins: int = BINS) -> tuple[Bin, ...]:
    """`sureness` (images,) are the most probable classes' probabilities, `right` whether they were the true ones."""
    edges = np.linspace(0, 1, bins + 1)
    # The bin (low, high] of each: where an edge is met, the lower one.
    place = np.clip(np.searchsorted(edges, sureness.astype(np.float64), side="left") - 1, 0, bins - 1)
    counts = np.bincount(place, minlength=bins)
    sums = np.bincount(place, weights=sureness.astype(np.float64), minlength=bins)
    hits = np.bincount(place, weights=right.astype(np.float64), minlength=bins)
    return tuple(
        Bin(float(edges[i]), float(edges[i + 1]), int(n), float(sums[i] / n), float(hits[i] / n))
        if n
        else Bin(float(edges[i]), float(edges[i + 1]), 0)
        for i, n in enumerate(counts)
    )


def calibration_error(bins: tuple[Bin, ...]) -> float:
    """The expected calibration error: the mean distance of sureness and accuracy over the bins, by their images."""
    total = sum(one.images for one in bins)
    gaps = (one.images * abs((one.sureness or 0.0) - (one.right or 0.0)) for one in bins)
    return sum(gaps) / total if total else float("nan")


def coverage(sureness: NDArray[np.float32], right: NDArray[np.bool_], threshold: float) -> Coverage:
    sure = sureness >= threshold
    images = int(sure.sum())
    return Coverage(
        threshold,
        images,
        images / len(sureness) if len(sureness) else 0.0,
        float(right[sure].mean()) if images else None,
    )


def coverage_curve(
    sureness: NDArray[np.float32], right: NDArray[np.bool_]
) -> tuple[NDArray[np.float64], NDArray[np.float64], NDArray[np.float64]]:
    """Thresholds from high to low, with the share of images that reach each and the share of those that is right.

    One point for each distinct sureness, so that images of equal sureness come together.
    """
    order = np.argsort(-sureness, kind="stable")
    falling = sureness[order]
    last = np.flatnonzero(np.append(falling[1:] != falling[:-1], True)) if len(falling) else np.empty(0, int)
    covered = last + 1.0
    return (
        falling[last].astype(np.float64),
        covered / max(1, len(falling)),
        np.cumsum(right[order])[last] / covered,
    )


def require_share(threshold: float) -> None:
    """Raises `BadInput` ("threshold_range")."""
    if not 0 <= threshold <= 1:  # also what is no number
        raise BadInput(
            "threshold_range",
            "--threshold is a probability from 0 to 1, and {threshold} is none. Give one such as 0.8.",
            threshold=threshold,
        )
