"""From any size to the square: what the paper does, and what the record asks for."""

from __future__ import annotations

from typing import Literal

import numpy as np
import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from image_corpus import noise, record_of
from PIL import Image, ImageOps

from alexnet_studio.images.input_record import InputRecord
from alexnet_studio.images.prepare import FIELD, centre, fit
from alexnet_studio.images.statistics import ColourStatistics, normalised_by


def test_what_fits_is_returned_as_it_is() -> None:
    pixels = np.asarray(noise(1, 16, 16))
    assert fit(pixels, record_of(16)) is pixels


def test_crop_is_the_shorter_side_resized_and_the_centre_cut_out() -> None:
    image = noise(2, 64, 128)
    paper = image.resize((64, 32), Image.Resampling.BILINEAR).crop((16, 0, 48, 32))
    fitted = fit(np.asarray(image), record_of(32))
    # In one step the filter ends at the square's border; inside of it the pixels are the same.
    np.testing.assert_array_equal(fitted[:, 1:-1], np.asarray(paper)[:, 1:-1])


def test_squash_takes_all_of_the_image() -> None:
    image = noise(3, 10, 30)
    record = record_of(16).model_copy(update={"fit": "squash"})
    expected = np.asarray(image.resize((16, 16), Image.Resampling.BILINEAR))
    np.testing.assert_array_equal(fit(np.asarray(image), record), expected)


@pytest.mark.parametrize("mode", ["RGB", "L"])
@given(height=st.integers(1, 90), width=st.integers(1, 90), side=st.integers(1, 40))
def test_pad_is_pillows(mode: str, height: int, width: int, side: int) -> None:
    image = noise(4, height, width).convert(mode)
    pixels = np.asarray(image).reshape(height, width, len(image.getbands()))
    record = record_of(side).model_copy(update={"fit": "pad"})
    field = FIELD[3] if mode == "RGB" else FIELD[1][0]
    # Pillow refuses an image that becomes none of a pixel high.
    assume(round(min(height, width) / max(height, width) * side) > 0)
    expected = ImageOps.pad(image, (side, side), Image.Resampling.BILINEAR, color=field)
    np.testing.assert_array_equal(fit(pixels, record), np.asarray(expected).reshape(side, side, -1))


@pytest.mark.parametrize("channels", [1, 3])
@pytest.mark.parametrize("size", [(1, 5000), (5000, 1)])
def test_pad_keeps_a_row_of_an_image_that_is_all_length(size: tuple[int, int], channels: int) -> None:
    record = record_of(16).model_copy(update={"fit": "pad"})
    fitted = fit(np.full((*size, channels), 255, np.uint8), record)
    assert (fitted == 255).all(axis=-1).sum() == 16


@pytest.mark.parametrize(
    ("channels", "name"), [(3, "folder"), (1, "folder"), (3, "imagenet"), (1, "imagenet")]
)
def test_what_is_padded_is_about_zero_once_normalised(
    channels: Literal[1, 3], name: Literal["folder", "imagenet"]
) -> None:
    record = InputRecord(
        channels=channels, fit="pad", resize_to=16, size=16, statistics=name, mean=(0,), std=(1,)
    )
    usual = ColourStatistics(mean=(0.46,) * channels, std=(0.25,) * channels, eigenvalues=(), eigenvectors=())
    normal = normalised_by(record, usual)
    field = (np.array(FIELD[channels]) / 255 - normal.mean) / normal.std
    assert np.abs(field).max() < (0.01 if name == "imagenet" else 0.25)


@pytest.mark.parametrize(("height", "width"), [(1, 1), (1, 5000), (5000, 1), (2, 3)])
@pytest.mark.parametrize("channels", [1, 3])
def test_fault_29_extreme_sizes_become_the_square(height: int, width: int, channels: int) -> None:
    pixels = np.full((height, width, channels), 7, np.uint8)
    fitted = fit(pixels, record_of(16))
    assert fitted.shape == (16, 16, channels)
    assert set(fitted.ravel().tolist()) == {7}


def test_centre_has_the_same_margin_on_both_sides() -> None:
    pixels = np.arange(36, dtype=np.uint8).reshape(6, 6, 1)
    np.testing.assert_array_equal(centre(pixels, 4), pixels[1:5, 1:5])
