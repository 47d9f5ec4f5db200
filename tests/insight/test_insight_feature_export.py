"""Exported features are read back with other libraries."""

from __future__ import annotations

import csv
import json
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from PIL import Image

from alexnet_studio.ground.errors import BadInput, Failed
from alexnet_studio.insight.feature_export import Exported, Format, export
from alexnet_studio.runs.features import FeatureFile

_PATHS = ("a/1.png", "a/with, comma.png", "b/=SUM(A1).png", "猫/tab\tand\nline.png", "b/5.png")


def _file(images: int = 5) -> FeatureFile:
    rng = np.random.default_rng(0)
    thumbnails: NDArray[np.uint8] = np.zeros((images, 64, 64, 3), np.uint8)
    thumbnails[:, 20:40, 20:40] = rng.integers(0, 256, (images, 1, 1, 3), dtype=np.uint8)
    paths = tuple(_PATHS[i % 5] for i in range(images))
    values = np.maximum(rng.normal(size=(images, 7)) * 1e-3, 0).astype(np.float32)
    return FeatureFile(
        "fc7", values, thumbnails, paths, tuple(path.split("/")[0] for path in paths), "c", "/p"
    )


def _written(folder: Path, format_: Format, images: int = 5) -> tuple[FeatureFile, Exported]:
    file = _file(images)
    last = list(export(file, folder, format_, lambda text: f"_{text}"))[-1]
    assert isinstance(last, Exported)
    assert not list(folder.glob(".*"))
    return file, last


def test_numpy_reads_them(tmp_path: Path) -> None:
    file, done = _written(tmp_path, "npy", 700)
    np.testing.assert_array_equal(np.load(tmp_path / "fc7.npy"), file.features)
    with (tmp_path / "fc7.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    assert rows[0] == ["path", "class"]
    assert [(path, name) for path, name in rows[1:]] == [
        (f"_{path}", f"_{name}") for path, name in zip(file.paths, file.classes, strict=True)
    ]
    assert (done.images, done.dimensions) == (700, 7)


def test_a_table_gives_every_value_back(tmp_path: Path) -> None:
    file, _ = _written(tmp_path, "csv", 300)
    with (tmp_path / "fc7.csv").open(encoding="utf-8", newline="") as text:
        rows = list(csv.reader(text))
    assert rows[0] == ["path", "class", *(f"fc7_{i}" for i in range(1, 8))]
    np.testing.assert_array_equal(np.array([row[2:] for row in rows[1:]], np.float32), file.features)
    assert [row[0] for row in rows[1:6]] == [f"_{path}" for path in _PATHS]


def test_the_projectors_files_fit_each_other(tmp_path: Path) -> None:
    file, done = _written(tmp_path, "projector")
    assert {path.name for path in done.files} == {path.name for path in tmp_path.iterdir()}
    (embedding,) = json.loads((tmp_path / "projector_config.json").read_text(encoding="utf-8"))["embeddings"]
    values = np.loadtxt(tmp_path / embedding["tensorPath"], delimiter="\t", dtype=np.float32)
    np.testing.assert_array_equal(values, file.features)
    lines = (tmp_path / embedding["metadataPath"]).read_text(encoding="utf-8").split("\n")
    assert lines[0] == "path\tclass"
    assert len(lines) == 7  # a heading, five rows, and nothing after the last line's end
    assert all(line.count("\t") == 1 for line in lines[:6])
    width, height = embedding["sprite"]["singleImageDim"]
    with Image.open(tmp_path / embedding["sprite"]["imagePath"]) as sprite:
        assert sprite.size == (3 * width, 3 * height)
        for place in range(5):
            middle = sprite.getpixel((place % 3 * width + 30, place // 3 * height + 30))
            assert middle == tuple(file.thumbnails[place, 30, 30].tolist())


@pytest.mark.slow
def test_a_sprite_is_never_larger_than_the_projector_loads(tmp_path: Path) -> None:
    file = _file(3)
    many = np.broadcast_to(file.thumbnails[0], (17_000, 64, 64, 3))
    wide = FeatureFile(
        "fc7", np.zeros((17_000, 1), np.float32), many, ("a",) * 17_000, ("a",) * 17_000, "c", "/"
    )
    list(export(wide, tmp_path, "projector"))
    with Image.open(tmp_path / "sprite.png") as sprite:
        assert max(sprite.size) <= 8192


def test_bad_formats_and_folders(tmp_path: Path) -> None:
    with pytest.raises(BadInput, match="Choose npy, csv or projector"):
        unknown: Any = "xlsx"
        list(export(_file(), tmp_path, unknown))
    (tmp_path / "file").write_text("")
    with pytest.raises(Failed):
        list(export(_file(), tmp_path / "file", "npy"))


def test_stopping_leaves_no_half_files(tmp_path: Path) -> None:
    job = export(_file(700), tmp_path, "csv")
    next(job)
    job.close()
    assert not list(tmp_path.iterdir())
