"""Numbers and marks of kernels, on kernels whose numbers are known."""

from __future__ import annotations

import numpy as np
import pytest
from numpy.typing import NDArray

from alexnet_studio.insight.kernel_marks import concentration, marks
from alexnet_studio.insight.kernel_measures import Order, measures, ordered
from alexnet_studio.insight.kernels import colourfulness, towers
from alexnet_studio.insight.specialisation import specialisation

Kernels = NDArray[np.float32]
GREY = np.ones(3)
OPPONENT = np.array([1.0, -1.0, 0.0])


def gabor(degrees: float, frequency: float, colour: NDArray[np.float64] = GREY, side: int = 11) -> Kernels:
    """(3, side, side): stripes that run at `degrees` against the clock from the horizontal, `frequency` a pixel."""
    y, x = np.mgrid[:side, :side] - side // 2
    turned = np.radians(degrees)
    across = x * np.sin(turned) + y * np.cos(turned)  # y points down
    wave = np.exp(-(x**2 + y**2) / (2 * 2.5**2)) * np.cos(2 * np.pi * frequency * across + 0.4)
    return (colour[:, None, None] * wave).astype(np.float32)


def noise(count: int, channels: int = 3, side: int = 11, seed: int = 0) -> Kernels:
    return np.random.default_rng(seed).normal(size=(count, channels, side, side)).astype(np.float32)


@pytest.mark.parametrize("degrees", [0, 20, 45, 70, 90, 110, 135, 160])
@pytest.mark.parametrize("frequency", [0.15, 0.25, 0.35])
def test_a_gabor_kernel_has_its_own_orientation_and_frequency(degrees: float, frequency: float) -> None:
    found = measures(gabor(degrees, frequency)[None])
    off = (found.orientation[0] - degrees + 90) % 180 - 90
    assert abs(off) < 2  # eleven pixels cut the kernel off
    assert found.frequency[0] == pytest.approx(frequency, rel=0.1)


def test_the_spectrum_is_the_definitions_sum_over_the_whole_plane() -> None:
    """By explicit loops over the full two-dimensional transform."""
    kernels = noise(3, channels=2, side=5)
    side = 16
    expected: list[tuple[float, float]] = []
    for kernel in kernels:
        power = np.zeros((side, side))
        for channel in kernel:
            power += np.abs(np.fft.fft2(channel - channel.mean(), (side, side))) ** 2
        tensor, radial = np.zeros((2, 2)), 0.0
        for row, ky in enumerate(np.fft.fftfreq(side)):
            for column, kx in enumerate(np.fft.fftfreq(side)):
                k = np.array([kx, -ky])  # y up
                both = (abs(kx), abs(ky)) != (0.5, 0.5) and 0.5 in {abs(kx), abs(ky)}
                outer = np.diag(k**2) if both or (abs(kx), abs(ky)) == (0.5, 0.5) else np.outer(k, k)
                tensor += power[row, column] * outer
                radial += power[row, column] * float(np.hypot(kx, ky))
        values, vectors = np.linalg.eigh(tensor)
        x, y = vectors[:, int(values.argmax())]
        expected.append(((np.degrees(np.arctan2(y, x)) + 90) % 180, radial / power.sum()))
    found = measures(kernels)
    np.testing.assert_allclose(found.orientation, [one[0] for one in expected], atol=0.01)
    np.testing.assert_allclose(found.frequency, [one[1] for one in expected], rtol=1e-5)


def test_norm_and_colour_are_those_of_each_kernel() -> None:
    kernels = np.stack([3 * gabor(0, 0.2), gabor(0, 0.2, OPPONENT), np.zeros((3, 11, 11), np.float32)])
    found = measures(kernels)
    np.testing.assert_allclose(found.norm, [np.linalg.norm(kernel) for kernel in kernels], rtol=1e-6)
    np.testing.assert_allclose(found.colour, [0, 1, np.nan], atol=1e-6)


def test_what_does_not_vary_has_no_orientation_and_frequency_zero() -> None:
    flat = np.full((1, 3, 7, 7), 0.5, np.float32)
    y, x = np.mgrid[:7, :7] - 3
    round_ = np.exp(-(x**2 + y**2) / 4.0)[None, None].repeat(3, 1).astype(np.float32)
    found = measures(np.concatenate([flat, round_]))
    assert np.isnan(found.orientation).all()
    assert found.frequency[0] == 0
    assert 0 < found.frequency[1] < 0.2


@pytest.mark.parametrize(
    ("order", "expected"),
    [
        ("number", [0, 1, 2, 3]),
        ("colour", [1, 0, 2, 3]),
        ("norm", [2, 0, 1, 3]),
        ("frequency", [3, 2, 0, 1]),
        ("orientation", [1, 0, 2, 3]),
    ],
)
def test_kernels_are_put_in_order_and_what_has_no_number_last(order: Order, expected: list[int]) -> None:
    kernels = np.stack(
        [
            gabor(60, 0.2),
            gabor(30, 0.3, OPPONENT),
            4 * gabor(120, 0.15),
            np.zeros((3, 11, 11), np.float32),
        ]
    )
    assert list(ordered(measures(kernels), order)) == expected


def test_dead_kernels_have_a_hundredth_of_the_median_norm_or_less() -> None:
    kernels = noise(9)
    kernels[2] = 0
    kernels[4] *= 0.005
    kernels[5] *= 0.1
    kernels[7, 0, 0, 0] = np.nan
    assert list(np.flatnonzero(marks(kernels).dead)) == [2, 4, 7]
    assert marks(np.zeros((3, 3, 5, 5), np.float32)).dead.all()


def test_twins_are_kernels_of_one_group_with_a_cosine_of_095() -> None:
    kernels = noise(8)
    kernels[5] = 3 * kernels[1] + 0.2 * noise(8, seed=1)[0]  # in the other group
    kernels[2] = -kernels[0]  # opposite is not the same
    found = marks(kernels)
    assert list(np.flatnonzero(found.twin >= 0)) == [1, 5]
    assert (found.twin[1], found.twin[5]) == (5, 1)
    a, b = kernels[1].ravel().astype(float), kernels[5].ravel().astype(float)
    assert found.likeness[1] == pytest.approx(a @ b / np.linalg.norm(a) / np.linalg.norm(b), abs=1e-5)
    assert not (marks(kernels, groups=2).twin >= 0).any()
    kernels[6] = kernels[4]
    assert marks(kernels, groups=2).twin[6] == 4


def test_noise_is_told_from_stripes_edges_and_spots() -> None:
    y, x = np.mgrid[:11, :11] - 5
    edge = np.tanh(x / 2.0) * np.exp(-(y**2) / 20)
    spot = np.exp(-((x - 2) ** 2 + y**2) / 6)
    drawn = [np.stack([one] * 3).astype(np.float32) for one in (edge, spot)]
    stripes = [gabor(degrees, f, side=11) for degrees in (0, 30, 90) for f in (0.1, 0.25, 0.4)]
    assert concentration(np.stack([*drawn, *stripes])).min() > 0.85
    assert not marks(np.stack([*drawn, *stripes])).noisy.any()
    for side, channels in ((11, 3), (7, 3), (5, 48)):
        assert marks(noise(64, channels, side)).noisy.all()
    assert not marks(noise(64, 64, 3)).noisy.any()  # too small to be judged


def test_specialisation_is_the_difference_of_means_over_the_pooled_deviation() -> None:
    rng = np.random.default_rng(4)
    mixed = [gabor(0, 0.2, GREY + share * OPPONENT) for share in rng.uniform(0, 2, 20)]
    coloured = [gabor(0, 0.2, GREY + share * OPPONENT) for share in rng.uniform(1, 3, 12)]
    blocks = np.stack(mixed), np.stack(coloured)
    shares = [np.array([colourfulness(one[None]) for one in block]) for block in blocks]
    variance = (19 * shares[0].var(ddof=1) + 11 * shares[1].var(ddof=1)) / 30
    found = specialisation(blocks)
    assert found is not None
    assert found.value == pytest.approx((shares[1].mean() - shares[0].mean()) / np.sqrt(variance))
    assert found.chance == pytest.approx(1.96 * np.sqrt(1 / 20 + 1 / 12))
    assert (found.coloured, found.is_clear) == (2, True)
    turned = specialisation(blocks[::-1])
    assert turned is not None
    assert (turned.value, turned.coloured) == (pytest.approx(found.value), 1)


def test_chance_keeps_nineteen_of_twenty_random_halves() -> None:
    found = [specialisation(towers(noise(32, side=5, seed=seed), 2)) for seed in range(200)]
    clear = sum(one is not None and one.is_clear for one in found)
    assert 2 <= clear <= 22  # ten expected


def test_without_two_towers_of_colour_there_is_no_specialisation() -> None:
    assert specialisation((noise(8),)) is None
    assert specialisation(towers(noise(8, channels=1), 2)) is None
    half_dead = noise(8)
    half_dead[:3] = 0
    assert specialisation(towers(half_dead, 2)) is None
    same = specialisation((noise(8), noise(8)))
    assert same is not None
    assert (same.value, same.is_clear) == (0, False)
