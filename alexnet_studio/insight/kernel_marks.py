"""Kernels that did not become what they could: dead, doubled or still noise. Definitions stand with the fields."""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.insight.kernels import Kernels

DEAD_BELOW = 0.01  # of the layer's median norm
DOUBLED_FROM = 0.95  # cosine
NOISY_BELOW = 0.5  # of the energy, in the strongest tenth of the frequencies
_SMALLEST_JUDGED = 5  # pixels a side: a 3 x 3 kernel has nine frequencies, too few to tell


@dataclass(frozen=True, slots=True)
class Marks:
    """(F,) each, of one layer.

    `dead`: the norm is not above a hundredth of the layer's median norm (all zero, or not finite).

    `twin`: the place of the kernel of the same group with the largest cosine <a, b> / (|a| |b|), where that is 0.95
    or more, else -1; `likeness` is that cosine. Dead kernels have no twin.

    `noisy`: the strongest tenth of a kernel's spatial frequencies (|DFT|^2, channel by channel, weighed by energy)
    holds less than half of its energy. White noise comes to about a third; a stripe, an edge or a spot to nearly
    all. Kernels of less than 5 pixels a side are not judged.
    """

    dead: NDArray[np.bool_]
    twin: NDArray[np.intp]
    likeness: NDArray[np.float64]
    noisy: NDArray[np.bool_]


def marks(kernels: Kernels, groups: int = 1) -> Marks:
    """Of (F, C, H, W); kernels of different `groups` see different inputs and are never each other's twins."""
    flat = kernels.reshape(len(kernels), -1).astype(np.float32)
    norms = np.sqrt(np.einsum("fn,fn->f", flat, flat, dtype=np.float64))
    finite = norms[np.isfinite(norms)]
    dead = ~(norms > DEAD_BELOW * (float(np.median(finite)) if finite.size else 0.0)) | ~np.isfinite(norms)
    twin, likeness = _twins(flat, norms, dead, groups)
    return Marks(dead, twin, likeness, (concentration(kernels) < NOISY_BELOW) & ~dead)


def concentration(kernels: Kernels) -> NDArray[np.float64]:
    """(F,) the share of the energy that the strongest tenth of the frequencies holds; 1 where that is not judged."""
    height, width = kernels.shape[2:]
    if min(height, width) < _SMALLEST_JUDGED:
        return np.ones(len(kernels))
    spectrum = np.fft.rfft2(np.nan_to_num(kernels))
    half = np.square(spectrum.real) + np.square(spectrum.imag)
    # The other half of the plane mirrors this one; where each frequency stands does not matter here.
    power = np.concatenate([half, half[..., 1 : (width + 1) // 2]], axis=3).reshape(*kernels.shape[:2], -1)
    strongest = max(1, round(power.shape[2] / 10))
    top = np.partition(power, -strongest, axis=2)[:, :, -strongest:].sum(axis=(1, 2))
    total = power.sum(axis=(1, 2))
    with np.errstate(invalid="ignore", divide="ignore"):
        return np.where(total > 0, top / total, 1.0)


def _twins(
    flat: NDArray[np.float32], norms: NDArray[np.float64], dead: NDArray[np.bool_], groups: int
) -> tuple[NDArray[np.intp], NDArray[np.float64]]:
    count = len(flat)
    with np.errstate(invalid="ignore", divide="ignore"):
        unit = np.where(dead[:, None], np.float32(0), flat * (1 / norms).astype(np.float32)[:, None])
    twin = np.full(count, -1, np.intp)
    likeness = np.zeros(count)
    size = count // groups
    for first in range(0, count, max(1, size)):
        part = unit[first : first + size]
        cosines = part @ part.T
        np.fill_diagonal(cosines, -1.0)
        nearest = cosines.argmax(axis=1)
        best = cosines[np.arange(len(part)), nearest]
        found = best >= DOUBLED_FROM
        twin[first : first + size][found] = first + nearest[found]
        likeness[first : first + size] = best
    return twin, likeness
