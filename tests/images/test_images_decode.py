"""Every file becomes the pixels that a viewer shows, or one sentence that says why not."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from image_corpus import encoded, noise, png_that_claims, save
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images.decode import BYTES_MAX, UnreadableError, content_of, read, read_bytes

RED, WHITE = (255, 0, 0), (255, 255, 255)


def reason_of(path: Path) -> str:
    with pytest.raises(UnreadableError) as caught:
        read(path)
    assert caught.value.code == "image_unreadable"
    assert str(path) in caught.value.sentence
    return caught.value.reason


def grey(values: NDArray[np.generic], path: Path) -> Path:
    return save(Image.fromarray(values), path)


def test_pixels_of_a_png_are_those_that_were_written(tmp_path: Path) -> None:
    image = noise(1, 5, 7)
    decoded = read(save(image, tmp_path / "x.png"))
    np.testing.assert_array_equal(decoded.pixels, np.asarray(image))
    assert decoded.pixels.shape == (5, 7, 3)
    assert decoded.notes == ()


def test_one_channel_is_luminance(tmp_path: Path) -> None:
    path = save(Image.new("RGB", (2, 2), (255, 0, 0)), tmp_path / "x.png")
    assert read(path, 1).pixels.tolist() == [[[76], [76]], [[76], [76]]]  # 0.299 × 255 (ITU-R 601)


def test_fault_29_one_pixel_is_read_and_noted(tmp_path: Path) -> None:
    decoded = read(save(Image.new("RGB", (1, 1), RED), tmp_path / "x.png"))
    assert decoded.pixels.tolist() == [[[255, 0, 0]]]
    assert decoded.notes == ("there is one pixel only",)


def test_fault_25_16_bit_grey_is_scaled_and_not_clipped(tmp_path: Path) -> None:
    values = np.array([[0, 255, 256, 32_768, 65_535]], np.uint16)
    decoded = read(grey(values, tmp_path / "x.png"))
    assert decoded.pixels[..., 0].tolist() == [[0, 0, 1, 128, 255]]
    assert decoded.notes == ("16-bit grey was scaled to 8 bits",)


def test_fault_25_16_bit_netpbm_is_scaled(tmp_path: Path) -> None:
    path = tmp_path / "x.pgm"
    path.write_bytes(b"P5 3 1 65535\n" + struct.pack(">HHH", 0, 200, 65_535))
    assert read(path).pixels[..., 0].tolist() == [[0, 0, 255]]


@pytest.mark.parametrize(
    ("values", "expected"),
    [
        ([[0.0, 0.5, 1.0]], [0, 128, 255]),
        ([[0.0, 100.0, 255.0]], [0, 100, 255]),
        ([[-1.0, 0.0, 1.0]], [0, 128, 255]),
        ([[float("nan"), 0.5, 1.0]], [0, 128, 255]),
    ],
)
def test_fault_25_floating_point_grey_is_scaled(
    values: list[list[float]], expected: list[int], tmp_path: Path
) -> None:
    decoded = read(grey(np.array(values, np.float32), tmp_path / "x.tif"))
    assert decoded.pixels[0, :, 0].tolist() == expected
    assert decoded.notes == ("floating-point grey was scaled to 8 bits",)


@pytest.mark.parametrize(
    ("values", "expected"),
    [([[0, 7, 255]], [0, 7, 255]), ([[0, 512, 65_535]], [0, 2, 255]), ([[-100, 0, 300]], [0, 64, 255])],
)
def test_fault_25_32_bit_integers_are_scaled(
    values: list[list[int]], expected: list[int], tmp_path: Path
) -> None:
    decoded = read(grey(np.array(values, np.int32), tmp_path / "x.tif"))
    assert decoded.pixels[0, :, 0].tolist() == expected


def test_fault_24_transparent_pixels_are_white_and_not_what_they_hide(tmp_path: Path) -> None:
    image = Image.new("RGBA", (3, 1), (255, 0, 0, 255))
    image.putpixel((1, 0), (255, 0, 0, 0))
    image.putpixel((2, 0), (0, 0, 0, 128))
    pixels = read(save(image, tmp_path / "x.png")).pixels
    assert pixels[0].tolist() == [[255, 0, 0], [255, 255, 255], [127, 127, 127]]


def test_fault_23_grey_with_alpha_goes_over_white(tmp_path: Path) -> None:
    assert read(save(Image.new("LA", (1, 1), (0, 0)), tmp_path / "x.png")).pixels.tolist() == [
        [[255, 255, 255]]
    ]


def test_fault_23_a_palette_becomes_its_colours_and_its_transparency_white(tmp_path: Path) -> None:
    image = Image.new("P", (2, 1))
    image.putpalette([255, 0, 0, 0, 0, 255])
    image.putpixel((1, 0), 1)
    plain = save(image, tmp_path / "plain.png")
    assert read(plain).pixels[0].tolist() == [[255, 0, 0], [0, 0, 255]]
    image.save(tmp_path / "clear.png", transparency=1)
    assert read(tmp_path / "clear.png").pixels[0].tolist() == [[255, 0, 0], [255, 255, 255]]
    image.save(tmp_path / "bytes.png", transparency=bytes([255, 0]))
    assert read(tmp_path / "bytes.png").pixels[0].tolist() == [[255, 0, 0], [255, 255, 255]]


def test_fault_23_one_bit_images_are_black_and_white(tmp_path: Path) -> None:
    image = Image.new("1", (2, 1))
    image.putpixel((1, 0), 1)
    assert read(save(image, tmp_path / "x.png")).pixels[0].tolist() == [[0, 0, 0], [255, 255, 255]]


def test_fault_26_cmyk_jpeg_has_the_colours_that_were_printed(tmp_path: Path) -> None:
    # Pillow writes CMYK JPEGs as Adobe does, inverted: read wrongly, white would come out black.
    for ink, expected in (((0, 0, 0, 0), WHITE), ((0, 255, 255, 0), RED), ((0, 0, 0, 255), (0, 0, 0))):
        path = save(Image.new("CMYK", (16, 16), ink), tmp_path / "x.jpg")
        np.testing.assert_allclose(read(path).pixels[8, 8], expected, atol=3)


def test_fault_26_lab_becomes_srgb(tmp_path: Path) -> None:
    path = save(Image.new("LAB", (1, 1), (136, 128 + 81, 128 + 70)), tmp_path / "x.tif")
    np.testing.assert_allclose(
        read(path).pixels[0, 0], (255, 0, 0), atol=6
    )  # L* 53.3, a* 81, b* 70: about red


@pytest.mark.parametrize("orientation", range(1, 9))
def test_fault_27_exif_rotation_gives_the_upright_image(orientation: int, tmp_path: Path) -> None:
    upright = noise(3, 6, 4)
    inverse = {
        1: None,
        2: Image.Transpose.FLIP_LEFT_RIGHT,
        3: Image.Transpose.ROTATE_180,
        4: Image.Transpose.FLIP_TOP_BOTTOM,
        5: Image.Transpose.TRANSPOSE,
        6: Image.Transpose.ROTATE_90,
        7: Image.Transpose.TRANSVERSE,
        8: Image.Transpose.ROTATE_270,
    }[orientation]
    turned = upright if inverse is None else upright.transpose(inverse)
    exif = Image.Exif()
    exif[0x0112] = orientation
    turned.save(tmp_path / "x.png", exif=exif)
    np.testing.assert_array_equal(read(tmp_path / "x.png").pixels, np.asarray(upright))


def test_fault_27_corrupt_exif_is_ignored(tmp_path: Path) -> None:
    noise(4).save(
        tmp_path / "x.jpg", exif=b"Exif\x00\x00MM\x00*\x00\x00\x00\x08\xff\xff\x01\x12" + b"\xff" * 30
    )
    assert read(tmp_path / "x.jpg").pixels.shape == (20, 20, 3)


def test_fault_28_an_animation_gives_its_first_frame(tmp_path: Path) -> None:
    frames = [Image.new("RGB", (4, 4), colour) for colour in (RED, (0, 255, 0), (0, 0, 255))]
    frames[0].save(tmp_path / "x.gif", save_all=True, append_images=frames[1:])
    decoded = read(tmp_path / "x.gif")
    assert decoded.pixels[0, 0].tolist() == list(RED)
    assert decoded.notes == ("the first of several frames was taken",)


def test_fault_21_a_png_named_jpeg_is_read_by_what_it_holds(tmp_path: Path) -> None:
    (tmp_path / "x.JPEG").write_bytes(encoded(noise(5), "PNG"))
    np.testing.assert_array_equal(read(tmp_path / "x.JPEG").pixels, np.asarray(noise(5)))


def test_a_large_jpeg_is_decoded_smaller_but_never_below_any_input(tmp_path: Path) -> None:
    path = save(Image.new("RGB", (5200, 2600), RED), tmp_path / "x.jpg")
    assert read(path).pixels.shape == (1300, 2600, 3)


@pytest.mark.parametrize(
    ("name", "content", "reason"),
    [
        ("zero.jpg", b"", "is empty"),
        ("text.jpg", b"<html>not found</html>", "is not an image"),
        ("short.jpg", encoded(noise(6, 200, 200), "JPEG")[:4000], "ends early"),
        ("short.png", encoded(noise(6, 200, 200), "PNG")[:4000], "ends early"),
        ("short.gif", encoded(noise(6, 200, 200), "GIF")[:4000], "ends early"),
        ("short.bmp", encoded(noise(6, 200, 200), "BMP")[:4000], "ends early"),
        ("start.png", encoded(noise(6), "PNG")[:20], "ends early"),
        ("start.jpg", encoded(noise(6), "JPEG")[:20], "is damaged"),
    ],
)
def test_fault_19_20_what_is_no_whole_image_has_a_reason(
    name: str, content: bytes, reason: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(content)
    assert reason_of(tmp_path / name) == reason


@pytest.mark.parametrize("side", [10_000, 20_000, 60_000])
def test_fault_30_too_many_pixels_are_refused_before_decoding(side: int, tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(png_that_claims(side, side))
    assert reason_of(tmp_path / "x.png").startswith("has too many pixels")


@pytest.mark.skipif(sys.platform != "linux", reason="the peak of this process alone is Linux's VmHWM")
def test_fault_30_refusing_a_bomb_takes_no_memory(tmp_path: Path) -> None:
    save(noise(1), tmp_path / "small.png")
    (tmp_path / "bomb.png").write_bytes(png_that_claims(20_000, 20_000))
    code = f"""
import pathlib, re
from alexnet_studio.images.decode import BYTES_MAX, UnreadableError, content_of, read, read_bytes

def peak_kb():
    return int(re.search(r"VmHWM:\\s+(\\d+)", pathlib.Path("/proc/self/status").read_text()).group(1))

read(pathlib.Path({str(tmp_path / "small.png")!r}))
before = peak_kb()
try:
    read(pathlib.Path({str(tmp_path / "bomb.png")!r}))
except UnreadableError as error:
    print(peak_kb() - before, error.reason)
"""
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, check=True, timeout=60
    )
    grown_kb, reason = done.stdout.split(" ", 1)
    assert int(grown_kb) < 150_000  # its pixels would take 1,200,000
    assert reason.startswith("has too many pixels")


def test_a_file_of_more_bytes_than_any_image_here_is_refused_before_it_is_read(tmp_path: Path) -> None:
    with (tmp_path / "x.jpg").open("wb") as file:
        file.write(encoded(noise(1), "JPEG"))
        file.truncate(BYTES_MAX + 1)  # a hole: it takes no room
    assert reason_of(tmp_path / "x.jpg").startswith("is too large (536,870,911 bytes")


def test_a_file_is_read_once_and_its_content_gives_the_same_pixels(tmp_path: Path) -> None:
    path = save(noise(1), tmp_path / "x.png")
    content = content_of(path)
    assert content == path.read_bytes()
    np.testing.assert_array_equal(read_bytes(content, path).pixels, read(path).pixels)


def test_what_is_not_there_or_no_file_has_a_reason(tmp_path: Path) -> None:
    assert reason_of(tmp_path / "none.jpg") == "does not exist"
    assert reason_of(tmp_path) == "is not a regular file"
    (tmp_path / "loop.jpg").symlink_to(tmp_path / "loop.jpg")
    assert reason_of(tmp_path / "loop.jpg") == "is a link that leads to itself"


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no FIFO")
def test_fault_18_a_fifo_is_refused_without_waiting(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "x.jpg")
    assert reason_of(tmp_path / "x.jpg") == "is not a regular file"


@pytest.mark.skipif(sys.platform != "linux", reason="a regular file that the system fails to read")
def test_what_the_system_cannot_read_just_now_is_not_called_damaged() -> None:
    with pytest.raises(UnreadableError) as caught:
        read(Path("/proc/self/mem"))
    assert not caught.value.lasting
    assert "cannot be read" in caught.value.reason


def test_a_format_that_starts_other_programs_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "x.png").write_bytes(encoded(noise(7), "EPS"))
    assert reason_of(tmp_path / "x.png") == "is not an image"


@settings(max_examples=60, deadline=None)
@given(kind=st.sampled_from(["JPEG", "PNG", "GIF", "BMP", "TIFF", "WEBP", "PPM"]), data=st.data())
def test_damaged_bytes_give_pixels_or_our_error(
    kind: str, data: st.DataObject, tmp_path_factory: pytest.TempPathFactory
) -> None:
    content = bytearray(encoded(noise(8, 12, 12), kind))
    for position in data.draw(st.lists(st.integers(0, len(content) - 1), min_size=1, max_size=8)):
        content[position] = data.draw(st.integers(0, 255))
    path = tmp_path_factory.mktemp("fuzz") / "x.png"
    path.write_bytes(content)
    try:
        assert read(path).pixels.dtype == np.uint8
    except BadInput as error:
        assert error.code == "image_unreadable"
