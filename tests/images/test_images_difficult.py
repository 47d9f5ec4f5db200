"""The images that real folders hold and plain loaders get wrong: seen as an independent decoder sees them.

The judge is Qt's own readers (PySide6), which share no code with Pillow but libjpeg, libpng, libwebp and libtiff.
"""

from __future__ import annotations

from pathlib import Path

import numpy as np
import pytest
from difficult_images import Bad, Good, bad_images, good_images
from image_corpus import class_folders, scanned
from numpy.typing import NDArray
from PySide6.QtGui import QImage, QImageReader, QPainter

from alexnet_studio.images.decode import UnreadableError, read

GOOD, BAD = good_images(), bad_images()


def seen_by_qt(path: Path) -> NDArray[np.uint8]:
    """(height, width, 3): upright, the first frame, over white, by its content whatever its name says."""
    reader = QImageReader(str(path))
    reader.setDecideFormatFromContent(True)
    reader.setAutoTransform(True)
    image = reader.read()
    assert not image.isNull(), reader.errorString()
    layer = image.convertToFormat(QImage.Format.Format_ARGB32)
    white = QImage(layer.size(), QImage.Format.Format_RGB32)
    white.fill(0xFFFFFFFF)
    painter = QPainter(white)
    painter.drawImage(0, 0, layer)
    painter.end()
    rows = np.frombuffer(white.constBits(), np.uint8).reshape(white.height(), white.bytesPerLine() // 4, 4)
    return rows[:, : white.width(), 2::-1].copy()  # Qt's order in memory is BGRA


# Qt itself warns of the profiles that are none.
@pytest.mark.qt_log_ignore("ICC signature", "iCCP")
@pytest.mark.parametrize("good", GOOD, ids=lambda good: f"fault_{good.fault}-{good.name}")
def test_faults_21_to_29_are_seen_as_qt_sees_them(good: Good, tmp_path: Path) -> None:
    path = tmp_path / good.name
    path.write_bytes(good.content)
    decoded = read(path)
    expected = seen_by_qt(path) if good.seen is None else np.asarray(good.seen)
    assert decoded.pixels.shape == expected.shape
    difference = np.abs(decoded.pixels.astype(int) - expected.astype(int))
    assert difference.max() <= good.levels
    assert decoded.notes == (() if good.note is None else (good.note,))


@pytest.mark.parametrize("bad", BAD, ids=lambda bad: f"fault_{bad.fault}-{bad.name}")
def test_faults_19_20_30_have_a_reason(bad: Bad, tmp_path: Path) -> None:
    (tmp_path / bad.name).write_bytes(bad.content)
    with pytest.raises(UnreadableError) as caught:
        read(tmp_path / bad.name)
    assert caught.value.reason.startswith(bad.reason)
    assert caught.value.lasting


def test_faults_19_to_30_in_one_folder_are_a_report_and_no_end(tmp_path: Path) -> None:
    class_folders(tmp_path, {"a": 1})
    (tmp_path / "b").mkdir()
    for image in (*GOOD, *BAD):
        (tmp_path / "b" / image.name).write_bytes(image.content)
    folder = scanned(tmp_path, verify=True)
    assert {image.path for image in folder.images} == {"a/000.png", *(f"b/{good.name}" for good in GOOD)}
    reasons = {skipped.path.removeprefix("b/"): skipped.reason for skipped in folder.skipped}
    assert reasons.keys() == {bad.name for bad in BAD}
    assert all(reasons[bad.name].startswith(bad.reason) for bad in BAD)
    for words in (
        "2 files with a wrong extension kept",
        "In 5 files the first of several frames was taken.",
        "In 1 file there is one pixel only.",
        "In 3 files 16-bit grey was scaled to 8 bits.",
    ):
        assert any(words in note for note in folder.notes), words
