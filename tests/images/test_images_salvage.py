"""What is seen of damaged files: the rows before the damage are those of the whole image; the rest is nothing."""

from __future__ import annotations

import io
import os
import threading
from pathlib import Path

import numpy as np
import pytest
from difficult_images import bad_images
from numpy.typing import NDArray
from PIL import Image, ImageFile

from alexnet_studio.images.decode import UnreadableError, read, read_bytes
from alexnet_studio.images.salvage import salvage
from alexnet_studio.images.skipped_problem import Problem, may_be_seen, problem_of

_HIGH, _WIDE = 200, 240


def picture() -> Image.Image:
    down, across = np.mgrid[0:_HIGH, 0:_WIDE]
    return Image.fromarray(np.stack([across, down, (across + down) // 2], -1).astype(np.uint8))


def encoded(kind: str, **options: object) -> bytes:
    file = io.BytesIO()
    picture().save(file, kind, **options)
    return file.getvalue()


def seen(tmp_path: Path, content: bytes) -> NDArray[np.uint8] | None:
    path = tmp_path / "file"
    path.write_bytes(content)
    return salvage(path)


@pytest.mark.parametrize(
    ("kind", "options"),
    [("JPEG", {}), ("JPEG", {"progressive": True}), ("PNG", {}), ("PPM", {}), ("TIFF", {})],
)
def test_an_image_that_ends_early_is_seen_to_there(
    tmp_path: Path, kind: str, options: dict[str, object]
) -> None:
    content = encoded(kind, **options)
    torn = content[: int(0.6 * len(content))]
    with pytest.raises(UnreadableError):
        read_bytes(torn, tmp_path)
    part = seen(tmp_path, torn)
    assert part is not None
    assert part.shape == (_HIGH, _WIDE, 3)
    whole = read_bytes(content, tmp_path).pixels
    rows = int(0.3 * _HIGH)
    levels = 24 if options else 3  # a progressive one is complete, and coarse
    assert np.abs(part[:rows].astype(int) - whole[:rows]).max() <= levels


@pytest.mark.parametrize("at", [30, -13])
def test_a_wrong_checksum_hides_nothing(tmp_path: Path, at: int) -> None:
    """Of the header, and of the pixels: what they are is as it was."""
    content = bytearray(encoded("PNG"))
    content[at] ^= 0xFF
    with pytest.raises(UnreadableError):
        read_bytes(bytes(content), tmp_path)
    part = seen(tmp_path, bytes(content))
    np.testing.assert_array_equal(part, np.asarray(picture()))


@pytest.mark.parametrize("content", [b"", b"hello " * 100, b"\xff\xd8\xff", encoded("PNG")[:40]])
def test_where_nothing_can_be_seen_there_is_nothing(tmp_path: Path, content: bytes) -> None:
    assert seen(tmp_path, content) is None


def test_folders_pipes_and_what_is_gone_are_nothing(tmp_path: Path) -> None:
    os.mkfifo(tmp_path / "pipe")
    for name in ("", "pipe", "gone"):
        assert salvage(tmp_path / name) is None


def test_an_image_that_claims_a_billion_pixels_takes_no_memory(tmp_path: Path) -> None:
    content = bytearray(encoded("BMP"))
    content[18:26] = (40_000).to_bytes(4, "little") * 2
    assert seen(tmp_path, bytes(content)) is None


def test_the_decoder_of_other_threads_stays_strict(tmp_path: Path) -> None:
    """Salvaging in one thread, a truncated image is still refused in another."""
    torn = encoded("JPEG")[:1500]
    path = tmp_path / "torn.jpg"
    path.write_bytes(torn)
    at_work = threading.Thread(target=lambda: [salvage(path) for _ in range(50)])
    at_work.start()
    while at_work.is_alive():
        with pytest.raises(UnreadableError):
            read(path)
    at_work.join()
    assert not ImageFile.LOAD_TRUNCATED_IMAGES


def test_whatever_a_damaged_file_holds_it_raises_nothing(tmp_path: Path) -> None:
    for bad in bad_images():
        part = seen(tmp_path, bad.content)
        assert part is None or (part.dtype == np.uint8 and part.ndim == 3 and part.shape[2] == 3)


@pytest.mark.parametrize(
    ("reason", "problem", "visible"),
    [
        ("ends early", Problem.EARLY, True),
        ("is damaged", Problem.DAMAGED, True),
        ("is empty", Problem.EMPTY, False),
        ("is not an image", Problem.NO_IMAGE, False),
        ("is of a type that is not read (.txt)", Problem.TYPE, False),
        ("is no image and lies in no class folder", Problem.TYPE, False),
        ("lies in no class folder", Problem.PLACE, True),
        ("has too many pixels (40,000 × 40,000; at most 89,478,485 are read)", Problem.SIZE, False),
        ("is a link that leads nowhere", Problem.LINK, False),
        ("is not a regular file", Problem.LINK, False),
        ("may not be read (no permission)", Problem.ACCESS, False),
        ("is a folder that may not be read (no permission)", Problem.ACCESS, False),
        ("has a name that is not Unicode; rename it", Problem.NAME, False),
    ],
)
def test_every_reason_is_some_problem(reason: str, problem: Problem, visible: bool) -> None:
    assert problem_of(reason) is problem
    assert may_be_seen(problem) is visible
