"""Section 4.1 as a function of seed, epoch and image."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pytest
import torch
from PIL import Image
from torchvision.transforms import RandomResizedCrop, functional

from alexnet_studio.images.augment import Augmentation, Box, Draw, central, draws
from alexnet_studio.images.statistics import ColourStatistics

TURN = np.array([[0.6, 0.8, 0.0], [-0.8, 0.6, 0.0], [0.0, 0.0, 1.0]])  # rows are unit vectors
COLOURS = ColourStatistics(
    mean=(0.5,) * 3,
    std=(0.2,) * 3,
    eigenvalues=(0.09, 0.01, 0.0025),
    eigenvectors=tuple(tuple(float(part) for part in row) for row in TURN),
)
ALL = Augmentation(crop=True, mirror=True, colour_pca=0.1, statistics=COLOURS)


def drawn(augmentation: Augmentation, count: int, *, slack: int = 8, first: int = 0) -> list[Draw]:
    return draws(augmentation, 12 + slack, 12, seed=1, epoch=2, indices=range(count), first=first)


def test_crops_reach_every_offset_and_half_are_mirrored() -> None:
    found = drawn(ALL, 2000)
    assert {one.box.top for one in found} == {one.box.left for one in found} == set(range(9))
    assert {(one.box.height, one.box.width) for one in found} == {(12, 12)}
    assert 900 < sum(one.mirrored for one in found) < 1100


def test_the_papers_crops_are_as_many_as_the_2012_code_made() -> None:
    """33 x 33 places and two reflections: 2,178, where the paper says 32 x 32 x 2 = 2,048."""
    found = draws(ALL, 256, 224, seed=1, epoch=1, indices=range(60_000))
    assert len({(one.box.top, one.box.left, one.mirrored) for one in found}) == 2178


def test_colour_noise_has_the_folder_s_covariance_times_a_hundredth() -> None:
    noise = np.stack([one.colour for one in drawn(ALL, 8000) if one.colour is not None])
    expected = 0.01 * TURN.T @ np.diag(COLOURS.eigenvalues) @ TURN
    np.testing.assert_allclose(np.cov(noise.T), expected, atol=5e-5)
    assert abs(noise.mean()) < 1e-3


@pytest.mark.parametrize("change", ["seed", "epoch", "index"])
def test_each_coordinate_draws_anew_and_the_same_draws_the_same(change: str) -> None:
    def one(seed: int = 1, epoch: int = 1, index: int = 1) -> Draw:
        # Among others, whose number and place must not matter.
        return draws(ALL, 2000, 1000, seed=seed, epoch=epoch, indices=(*range(50, 50 + index), index))[-1]

    again = draws(ALL, 2000, 1000, seed=1, epoch=1, indices=(1,))[0]
    first, other = one(), one(**{change: 2})
    assert (first.box, first.mirrored) == (again.box, again.mirrored)
    np.testing.assert_array_equal(np.array(first.colour), np.array(again.colour))
    assert first.box != other.box


def test_switching_one_part_off_leaves_the_others_as_they_were() -> None:
    for one, plain in zip(drawn(ALL, 50), drawn(Augmentation(True, False, 0.0, None), 50), strict=True):
        assert (plain.box, plain.mirrored, plain.colour) == (one.box, False, None)


def test_without_crops_the_centre_is_taken() -> None:
    pixels = np.arange(100, dtype=np.uint8).reshape(10, 10, 1)
    (one,) = draws(Augmentation(False, False, 0.0, None), 10, 6, seed=1, epoch=1, indices=(0,))
    np.testing.assert_array_equal(one.view(pixels, 6), pixels[2:8, 2:8])
    assert one == central(10, 6)


def test_a_view_is_turned_then_reflected() -> None:
    pixels = np.arange(16, dtype=np.uint8).reshape(4, 4, 1)
    box = Box(1, 0, 3, 3)
    assert Draw(box, mirrored=True).view(pixels, 3)[..., 0].tolist() == [[6, 5, 4], [10, 9, 8], [14, 13, 12]]
    flipped = Draw(box, mirrored=False, flipped=True).view(pixels, 3)[..., 0].tolist()
    assert flipped == [[12, 13, 14], [8, 9, 10], [4, 5, 6]]
    turned = Draw(box, mirrored=False, quarters=1).view(pixels, 3)[..., 0].tolist()
    assert turned == [[6, 10, 14], [5, 9, 13], [4, 8, 12]]  # counter-clockwise


def test_turns_and_flips_come_as_often_as_they_should() -> None:
    found = drawn(replace(ALL, flip=True, turn=True), 4000)
    assert all(900 < sum(one.quarters == turn for one in found) < 1100 for turn in range(4))
    assert 1900 < sum(one.flipped for one in found) < 2100


def test_resized_crops_are_torchvision_s() -> None:
    """Areas and ratios within its limits and spread as its own are, and the same pixels for the same box."""
    found = draws(replace(ALL, resized=True), 64, 48, seed=1, epoch=1, indices=range(4000))
    areas = np.array([one.box.height * one.box.width / 64**2 for one in found])
    ratios = np.array([one.box.width / one.box.height for one in found])
    image = Image.fromarray(np.random.default_rng(0).integers(0, 256, (64, 64, 3), dtype=np.uint8))
    as_tensor = torch.as_tensor(np.array(image)).permute(2, 0, 1)
    theirs = np.array(
        [RandomResizedCrop.get_params(as_tensor, [0.08, 1.0], [3 / 4, 4 / 3]) for _ in range(4000)]
    )
    np.testing.assert_allclose(
        np.quantile(areas, [0.1, 0.5, 0.9]),
        np.quantile(theirs[:, 2] * theirs[:, 3] / 64**2, [0.1, 0.5, 0.9]),
        atol=0.03,
    )
    np.testing.assert_allclose(
        np.quantile(ratios, [0.1, 0.5, 0.9]),
        np.quantile(theirs[:, 3] / theirs[:, 2], [0.1, 0.5, 0.9]),
        atol=0.03,
    )
    for one in found[:20]:
        box = one.box
        given: Any = image  # typed for tensors only; PIL images are its other half
        wanted = functional.resized_crop(given, box.top, box.left, box.height, box.width, [48, 48])
        plain = replace(one, mirrored=False)
        np.testing.assert_array_equal(plain.view(np.asarray(image), 48), np.asarray(wanted))


def test_as_in_2012_thirty_two_images_share_a_crop() -> None:
    asked = replace(ALL, as_2012=True)
    found = drawn(asked, 96, slack=32, first=16)
    boxes = [(one.box, one.mirrored) for one in found]
    # A batch that begins within a chunk goes on with it.
    assert boxes[:16] == [boxes[0]] * 16
    assert boxes[16:48] == [boxes[16]] * 32
    assert boxes[0] != boxes[16] != boxes[48]
    assert {one.scale for one in found} == {1 / 1.1}
    colours = np.stack([one.colour for one in found if one.colour is not None])
    assert len(np.unique(colours, axis=0)) == 96  # the noise is each image's own
