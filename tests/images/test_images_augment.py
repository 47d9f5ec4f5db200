"""Section 4.1 as a function of seed, epoch and image."""

from __future__ import annotations

import numpy as np
import pytest

from alexnet_studio.images.augment import Augmentation, Draw, draw
from alexnet_studio.images.statistics import ColourStatistics

TURN = np.array([[0.6, 0.8, 0.0], [-0.8, 0.6, 0.0], [0.0, 0.0, 1.0]])  # rows are unit vectors
COLOURS = ColourStatistics(
    mean=(0.5,) * 3,
    std=(0.2,) * 3,
    eigenvalues=(0.09, 0.01, 0.0025),
    eigenvectors=tuple(tuple(float(part) for part in row) for row in TURN),
)
ALL = Augmentation(crop=True, mirror=True, colour_pca=0.1, statistics=COLOURS)


def drawn(augmentation: Augmentation, count: int, *, slack: int = 8) -> list[Draw]:
    return [draw(augmentation, slack, seed=1, epoch=2, index=index) for index in range(count)]


def test_crops_reach_every_offset_and_half_are_mirrored() -> None:
    draws = drawn(ALL, 2000)
    assert {one.top for one in draws} == {one.left for one in draws} == set(range(9))
    assert 900 < sum(one.mirrored for one in draws) < 1100


def test_colour_noise_has_the_folder_s_covariance_times_a_hundredth() -> None:
    noise = np.stack([one.colour for one in drawn(ALL, 4000) if one.colour is not None])
    expected = 0.01 * TURN.T @ np.diag(COLOURS.eigenvalues) @ TURN
    np.testing.assert_allclose(np.cov(noise.T), expected, atol=5e-5)


@pytest.mark.parametrize("change", ["seed", "epoch", "index"])
def test_each_coordinate_draws_anew_and_the_same_draws_the_same(change: str) -> None:
    at = {"seed": 1, "epoch": 1, "index": 1}
    first, again, other = (draw(ALL, 1000, **where) for where in (at, at, at | {change: 2}))
    assert (first.top, first.left, first.mirrored) == (again.top, again.left, again.mirrored)
    np.testing.assert_array_equal(np.array(first.colour), np.array(again.colour))
    assert (first.top, first.left) != (other.top, other.left)


def test_switching_one_part_off_leaves_the_others_as_they_were() -> None:
    for one, plain in zip(drawn(ALL, 50), drawn(Augmentation(True, False, 0.0, None), 50), strict=True):
        assert (plain.top, plain.left, plain.mirrored, plain.colour) == (one.top, one.left, False, None)


def test_without_crops_the_centre_is_taken() -> None:
    pixels = np.arange(100, dtype=np.uint8).reshape(10, 10, 1)
    (one,) = drawn(Augmentation(False, False, 0.0, None), 1, slack=4)
    np.testing.assert_array_equal(one.view(pixels, 6), pixels[2:8, 2:8])


def test_a_mirrored_view_is_reflected_left_to_right() -> None:
    pixels = np.arange(16, dtype=np.uint8).reshape(4, 4, 1)
    view = Draw(top=1, left=0, mirrored=True).view(pixels, 3)
    assert view[..., 0].tolist() == [[6, 5, 4], [10, 9, 8], [14, 13, 12]]
