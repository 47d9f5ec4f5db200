"""Kernel pictures against their definition, on kernels whose answer is known."""

from __future__ import annotations

import numpy as np
import pytest

from alexnet_studio.insight.kernels import (
    Normalisation,
    colourfulness,
    grid,
    patterns,
    span,
    tiles,
    towers,
)


def _random(filters: int = 8, channels: int = 3, side: int = 5) -> np.ndarray:
    return np.random.default_rng(3).normal(size=(filters, channels, side, side)).astype(np.float32)


def test_towers_are_the_first_and_the_second_half() -> None:
    kernels = _random(8)
    first, second = towers(kernels, 2)
    assert np.array_equal(first, kernels[:4])
    assert np.array_equal(second, kernels[4:])
    with pytest.raises(ValueError, match="8 kernels"):
        towers(kernels, 3)


def test_global_normalisation_is_the_2012_one() -> None:
    kernels = _random()
    shown = kernels - kernels.min()
    shown /= shown.max()
    expected = np.rint(shown.transpose(0, 2, 3, 1) * 255)
    assert np.abs(tiles(kernels).astype(float) - expected).max() <= 1
    assert tiles(kernels).min() == 0
    assert tiles(kernels).max() == 255


def test_towers_shown_with_one_span_are_the_parts_of_the_whole() -> None:
    kernels = _random() * np.linspace(0.1, 3, 8, dtype=np.float32)[:, None, None, None]
    parts = [tiles(block, "global", span(kernels)) for block in towers(kernels, 2)]
    assert np.array_equal(np.concatenate(parts), tiles(kernels))


def test_each_kernel_by_itself_reaches_black_and_white() -> None:
    kernels = _random() * np.linspace(0.01, 3, 8, dtype=np.float32)[:, None, None, None]
    for tile, kernel in zip(tiles(kernels, "kernel"), kernels, strict=True):
        assert (tile.min(), tile.max()) == (0, 255)
        assert np.array_equal(tile, tiles(kernel[None])[0])


def test_a_single_channel_is_grey() -> None:
    single = _random(channels=1)
    assert np.array_equal(tiles(single)[..., 0], tiles(single)[..., 2])


@pytest.mark.parametrize(("channels", "down", "across"), [(2, 1, 2), (4, 2, 2), (5, 2, 3), (48, 7, 7)])
def test_more_channels_stand_beside_each_other_in_reading_order(
    channels: int, down: int, across: int
) -> None:
    many = _random(channels=channels)
    shown = tiles(many)
    assert shown.shape == (8, 6 * down - 1, 6 * across - 1, 3)
    alone = tiles(many.reshape(-1, 1, 5, 5)).reshape(8, channels, 5, 5, 3)  # one scale for all of them
    black = np.ones(shown.shape, bool)
    for channel in range(channels):
        top, left = 6 * (channel // across), 6 * (channel % across)
        assert np.array_equal(shown[:, top : top + 5, left : left + 5], alone[:, channel])
        black[:, top : top + 5, left : left + 5] = False
    assert not shown[black].any()


def test_symmetric_about_zero_makes_zero_mid_grey_and_signs_mirror_images() -> None:
    kernels = _random()
    kernels[0, 0, 0, 0] = 0
    kernels[1, 2, 3, 4] = -9  # the largest magnitude
    shown = tiles(kernels, "symmetric").astype(int)
    assert shown[0, 0, 0, 0] in {127, 128}
    assert shown[1, 3, 4, 2] == 0
    assert np.abs(255 - shown - tiles(-kernels, "symmetric")).max() <= 1  # 127.5 is rounded to the even side
    assert np.abs(shown - (kernels.transpose(0, 2, 3, 1) / 9 * 127.5 + 127.5)).max() <= 0.51


@pytest.mark.parametrize("normalisation", ["global", "kernel"])
def test_constant_and_broken_values_do_not_divide_by_zero(normalisation: Normalisation) -> None:
    constant = np.full((2, 3, 4, 4), 0.25, np.float32)
    assert set(np.unique(tiles(constant, normalisation))) <= {127, 128}
    broken = _random()
    broken[0, 0, 0, 0] = np.nan
    assert tiles(broken)[0, 0, 0, 0] == 0
    assert tiles(broken).max() == 255


def test_the_grid_puts_sixteen_in_a_row_between_borders() -> None:
    pictures = tiles(_random(18))
    sheet = grid(pictures)
    assert sheet.shape == (2 * 6 + 1, 16 * 6 + 1, 3)
    for number, picture in enumerate(pictures):
        top, left = 1 + number // 16 * 6, 1 + number % 16 * 6
        assert np.array_equal(sheet[top : top + 5, left : left + 5], picture)
    assert not sheet[0].any()
    assert not sheet[:, 0].any()
    assert not sheet[:, -1].any()
    assert not sheet[7:, 13:].any()  # the cells that no kernel fills


def test_a_grid_of_few_is_no_wider_than_they_are() -> None:
    assert grid(tiles(_random(3))).shape == (7, 19, 3)
    assert grid(tiles(_random(3)), columns=2, border=0, fill=9).shape == (10, 10, 3)


def test_grey_kernels_have_no_colour_and_opponent_kernels_nothing_else() -> None:
    grey = np.repeat(_random(channels=1), 3, axis=1)
    assert colourfulness(grey) == pytest.approx(0, abs=1e-12)
    opponent = _random()
    opponent -= opponent.mean(axis=1, keepdims=True)
    assert colourfulness(opponent) == pytest.approx(1)
    assert colourfulness(_random(4000)) == pytest.approx(2 / 3, abs=0.01)


def test_colourfulness_is_the_mean_over_kernels_and_ignores_scale() -> None:
    grey = np.repeat(_random(4, channels=1), 3, axis=1)
    red = np.zeros((4, 3, 5, 5), np.float32)
    red[:, 0] = 2.0  # (1, 0, 0): a third of its energy lies along grey
    assert colourfulness(red) == pytest.approx(2 / 3)
    both = np.concatenate([grey * 100, red])
    assert colourfulness(both) == pytest.approx(1 / 3)
    dead = np.zeros((5, 3, 5, 5), np.float32)
    assert colourfulness(np.concatenate([both, dead])) == pytest.approx(1 / 3)
    assert colourfulness(dead) == 0
    assert colourfulness(_random(channels=1)) == 0


def test_the_pattern_is_the_first_singular_vector_times_its_value() -> None:
    kernels = _random(6, channels=10)
    kernels[4] = np.arange(1, 11, dtype=np.float32)[:, None, None] * kernels[4, 0]  # of rank one
    found = patterns(kernels)
    assert found.shape == (6, 1, 5, 5)
    for kernel, pattern in zip(kernels, found, strict=True):
        weights, sizes, rows = np.linalg.svd(kernel.reshape(10, 25).astype(float), full_matrices=False)
        sign = 1 if weights[:, 0].sum() > 0 else -1
        np.testing.assert_allclose(pattern.ravel(), sign * sizes[0] * rows[0], atol=1e-4)
    assert np.linalg.norm(found[4]) == pytest.approx(np.linalg.norm(kernels[4]), rel=1e-5)
    assert not patterns(np.zeros((2, 4, 3, 3), np.float32)).any()
