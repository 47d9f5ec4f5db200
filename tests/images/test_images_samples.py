"""The two samples: the same files every time, and nothing of anybody's overwritten."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from image_corpus import answer, scanned
from PIL import Image

from alexnet_studio.ground.errors import BadInput
from alexnet_studio.images import digits, samples
from alexnet_studio.images.drawings import DRAWINGS, SIDE_PX, render
from alexnet_studio.images.folder import as_json, fingerprint
from alexnet_studio.images.samples import Written


@pytest.fixture(scope="module")
def drawings(tmp_path_factory: pytest.TempPathFactory) -> Path:
    folder = tmp_path_factory.mktemp("samples") / "drawings"
    written = answer(samples.write("drawings", folder), Written)
    assert written == Written(folder, 14, 1400)
    return folder


def test_the_drawings_are_a_clean_folder_of_balanced_classes(drawings: Path) -> None:
    folder = scanned(drawings, verify=True)
    assert as_json(folder)["classes"] == {
        drawing.name: 100 for drawing in sorted(DRAWINGS, key=lambda d: d.name)
    }
    assert folder.skipped == ()
    assert [note for note in folder.notes if "hidden" not in note] == []


def test_a_drawing_depends_on_its_class_and_number_alone() -> None:
    np.testing.assert_array_equal(render(DRAWINGS[3], 7), render(DRAWINGS[3], 7))
    assert not np.array_equal(render(DRAWINGS[3], 7), render(DRAWINGS[3], 8))
    assert render(DRAWINGS[0], 0).shape == (SIDE_PX, SIDE_PX, 3)


def chroma(pixels: np.ndarray[tuple[int, ...], np.dtype[np.uint8]]) -> float:
    """How far the image's channels are apart, in grey levels."""
    means = pixels.astype(float)
    return float((means.max(axis=-1) - means.min(axis=-1)).mean())


@pytest.mark.parametrize("drawing", DRAWINGS, ids=lambda drawing: drawing.name)
def test_grey_drawings_are_grey_and_coloured_ones_coloured(drawing: object) -> None:
    assert drawing in DRAWINGS
    one = next(found for found in DRAWINGS if found is drawing)
    mean = np.mean([chroma(render(one, number)) for number in range(5)])
    assert mean < 8 if one.name.startswith("grey") else mean > 40


def dominant_angle(name: str, number: int) -> float:
    """The direction of the strongest wave in degrees, 0..180, and so of the stripes' normal."""
    drawing = next(found for found in DRAWINGS if found.name == name)
    grey = render(drawing, number).mean(axis=-1)
    power = np.abs(np.fft.fftshift(np.fft.fft2((grey - grey.mean()) * np.outer(*[np.hanning(SIDE_PX)] * 2))))
    power[SIDE_PX // 2 - 2 : SIDE_PX // 2 + 3, SIDE_PX // 2 - 2 : SIDE_PX // 2 + 3] = 0  # the light
    row, column = np.unravel_index(int(power.argmax()), power.shape)
    return float(np.degrees(np.arctan2(row - SIDE_PX // 2, column - SIDE_PX // 2)) % 180)


@pytest.mark.parametrize(
    ("name", "angles"),
    [("grey-upright-stripes", (0, 180)), ("grey-level-stripes", (90,)), ("grey-slanted-stripes", (45, 135))],
)
def test_stripes_run_as_their_name_says(name: str, angles: tuple[int, ...]) -> None:
    for number in range(20):
        found = dominant_angle(name, number)
        assert min(abs(found - angle) for angle in angles) < 20


@pytest.fixture(scope="module")
def handwriting(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Begun, stopped, and written to the end."""
    folder = tmp_path_factory.mktemp("samples") / "digits"
    job = samples.write("digits", folder)
    next(job)
    del job
    assert answer(samples.write("digits", folder), Written) == Written(folder, 10, 1797)
    return folder


def test_digits_are_those_of_scikit_learn(handwriting: Path) -> None:
    _, labels = digits.load()
    counts = {str(digit): int((labels == digit).sum()) for digit in range(10)}
    assert as_json(scanned(handwriting))["classes"] == counts
    with Image.open(handwriting / "3" / "000.png") as image:
        assert (image.size, image.mode) == ((32, 32), "L")


def test_writing_again_repairs_what_is_damaged_and_touches_nothing_else(handwriting: Path) -> None:
    before = fingerprint(scanned(handwriting))
    damaged = handwriting / "5" / "000.png"
    content, times = damaged.read_bytes(), damaged.stat()
    damaged.write_bytes(b"")
    answer(samples.write("digits", handwriting), Written)
    assert damaged.read_bytes() == content
    os.utime(damaged, ns=(times.st_atime_ns, times.st_mtime_ns))
    assert fingerprint(scanned(handwriting)) == before


def test_a_folder_in_use_is_refused_and_left_alone(tmp_path: Path) -> None:
    (tmp_path / "thesis.txt").write_text("do not touch")
    with pytest.raises(BadInput) as caught:
        answer(samples.write("drawings", tmp_path), Written)
    assert caught.value.code == "sample_folder_used"
    assert [path.name for path in tmp_path.iterdir()] == ["thesis.txt"]


def test_a_file_is_no_place_for_a_sample(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("x")
    with pytest.raises(BadInput):
        answer(samples.write("drawings", tmp_path / "file"), Written)


def test_one_sample_does_not_overwrite_the_other(drawings: Path) -> None:
    with pytest.raises(BadInput):
        answer(samples.write("digits", drawings), Written)
