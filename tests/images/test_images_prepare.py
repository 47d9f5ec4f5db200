"""From any size to the square: what the paper does, and what the record asks for."""

from __future__ import annotations

import numpy as np
import pytest
from image_corpus import noise, record_of
from PIL import Image

from alexnet_studio.images.prepare import centre, fit


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
