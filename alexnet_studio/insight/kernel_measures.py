"""Numbers by which kernels are ordered: norm, colour, orientation, frequency, each with its formula."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

import numpy as np
from numpy.typing import NDArray

from alexnet_studio.insight.kernels import Kernels, colour_shares

Order = Literal["number", "colour", "orientation", "frequency", "norm"]
Numbers = NDArray[np.float64]  # one a kernel


@dataclass(frozen=True, slots=True)
class Measures:
    """(F,) each. `norm` is sqrt(sum w^2), `colour` is `colour_shares`.

    The other two come from the power spectrum P(k) = sum over channels |DFT(w - mean of w in its channel)|^2, with
    k = (kx, ky) in cycles a pixel, x to the right and y down; the kernel is padded with zeros to twice its side or
    more, so that P is sampled finely.

    `frequency` is sum |k| P / sum P: a Gabor kernel's own frequency, from 0 (nothing varies) to 0.71.

    `orientation` is the direction in which the stripes run, in degrees from 0 to 180, counted from horizontal
    stripes against the clock: 90 + atan2(2 Jxy, Jxx - Jyy) / 2, seen with y up, where Jab = sum ka kb P is the
    structure tensor. NaN where nothing varies or no direction is preferred.
    """

    norm: Numbers
    colour: Numbers
    orientation: Numbers
    frequency: Numbers

    def part(self, places: slice) -> Measures:
        return Measures(
            self.norm[places], self.colour[places], self.orientation[places], self.frequency[places]
        )


def measures(kernels: Kernels) -> Measures:
    """Of each of (F, C, H, W)."""
    norm: Numbers = np.sqrt(np.einsum("fchw,fchw->f", kernels, kernels, dtype=np.float64))
    orientation, frequency = _spectral(kernels)
    return Measures(norm, colour_shares(kernels), orientation, frequency)


def ordered(found: Measures, order: Order) -> NDArray[np.intp]:
    """The places of the kernels, those to be shown first in front: the most colourful, the largest norm, the lowest
    frequency, the smallest orientation. What has no such number comes last; equal ones stay in their order.
    """
    keys = {
        "number": np.zeros(len(found.norm)),
        "colour": -found.colour,
        "norm": -found.norm,
        "orientation": found.orientation,
        "frequency": found.frequency,
    }[order]
    return np.argsort(keys, kind="stable")  # NaN is sorted to the end


def _spectral(kernels: Kernels) -> tuple[Numbers, Numbers]:
    height, width = kernels.shape[2:]
    side = 1 << (2 * max(height, width) - 1).bit_length()
    varying = np.nan_to_num(kernels - kernels.mean(axis=(2, 3), keepdims=True))
    spectrum = np.fft.rfft2(varying, (side, side))  # (F, C, side, side / 2 + 1)
    power = (np.square(spectrum.real) + np.square(spectrum.imag)).sum(axis=1, dtype=np.float64)
    # Half of the plane stands for all of it, but for its two columns that are their own mirror image.
    power[:, :, 1:-1] *= 2
    kx, ky = np.fft.rfftfreq(side)[None, :], np.fft.fftfreq(side)[:, None]
    weights = np.stack([np.ones_like(kx + ky), np.hypot(kx, ky), kx * kx - ky * ky, 2 * kx * ky])
    # The vertical Nyquist row has no sign of its own: its products with kx cancel.
    weights[3, side // 2] = 0
    sums: NDArray[np.float64] = power.reshape(len(power), -1) @ weights.reshape(4, -1).T
    total, radial, difference, product = sums[:, 0], sums[:, 1], sums[:, 2], sums[:, 3]
    scale = np.square(kernels, dtype=np.float64).sum(axis=(1, 2, 3)) * side * side
    varies = total > 1e-9 * scale
    preferred = varies & (np.hypot(difference, product) > 1e-6 * total)
    with np.errstate(invalid="ignore", divide="ignore"):
        frequency = np.where(varies, radial / total, 0.0)
    angle = 90 - np.degrees(np.arctan2(product, difference)) / 2  # minus: y points down
    # Rounded, so that what is as good as 180 is 0.
    return np.where(preferred, np.mod(np.round(angle, 4), 180), np.nan), frequency
