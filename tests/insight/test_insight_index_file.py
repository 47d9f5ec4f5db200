"""An index beside a feature file speaks for that state of it, whole, or not at all."""

from __future__ import annotations

import os
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray

from alexnet_studio.ground.errors import Failed
from alexnet_studio.ground.progress import Progress, finished
from alexnet_studio.insight import index_file
from alexnet_studio.insight.neighbours import among, nearest
from alexnet_studio.runs import features as feature_files
from alexnet_studio.runs.feature_draft import Draft
from alexnet_studio.runs.features import FeatureFile

_IMAGES = index_file.WORTH_IMAGES + 300


def _written(folder: Path, *, images: int = _IMAGES, seed: int = 0, wrong: int | None = None) -> FeatureFile:
    rng = np.random.default_rng(seed)
    with Draft(folder, "fc7", images=images, dimensions=24) as draft:
        draft.features[:] = rng.normal(size=(images, 3)) @ rng.normal(size=(3, 24))
        if wrong is not None:
            draft.features[wrong, 5] = np.nan
        return draft.finish(
            paths=[f"a/{i}.png" for i in range(images)],
            classes=["a"] * images,
            checkpoint="abc123",
            source="/p",
        )


def _near(folder: Path) -> Path:
    return index_file.path_of(folder / "fc7.npy")


def _expected(file: FeatureFile, query: NDArray[np.float32]) -> list[int]:
    squares = np.square(file.features - query.astype(np.float64)).sum(axis=1)
    return np.argsort(squares, kind="stable")[:7].tolist()


def test_an_index_is_made_once_and_opened_later(tmp_path: Path) -> None:
    file = _written(tmp_path)
    made = finished(index_file.ready(file.features))
    again = list(index_file.ready(file.features))
    assert made is not None
    assert again == []  # no progress: nothing was made
    read = index_file.read(_near(tmp_path), index_file.identity(tmp_path / "fc7.npy", file.features))
    assert read is not None
    for name in ("mean", "directions", "table", "squares"):
        np.testing.assert_array_equal(getattr(read, name), getattr(made, name))
    query = file.features[17] + np.float32(0.01)
    assert [one.row for one in nearest(file, query, 7)] == _expected(file, query)


def test_few_images_need_none(tmp_path: Path) -> None:
    file = _written(tmp_path, images=50)
    assert finished(index_file.ready(file.features)) is None
    assert not _near(tmp_path).exists()
    assert nearest(file, file.features[3], 1)[0].row == 3


def test_other_features_under_the_same_name_are_noticed(tmp_path: Path) -> None:
    first = _written(tmp_path)
    finished(index_file.ready(first.features))
    stat = (tmp_path / "fc7.npy").stat()
    second = _written(tmp_path, seed=1)
    os.utime(tmp_path / "fc7.npy", ns=(stat.st_atime_ns, stat.st_mtime_ns))
    assert (tmp_path / "fc7.npy").stat().st_size == stat.st_size
    query = second.features[9] + np.float32(0.01)
    assert [one.row for one in nearest(second, query, 7)] == _expected(second, query)


@pytest.mark.parametrize("damage", ["flipped", "cut", "longer", "text", "empty", "gone"])
def test_damage_only_costs_time(tmp_path: Path, damage: str) -> None:
    file = _written(tmp_path)
    finished(index_file.ready(file.features))
    near = _near(tmp_path)
    content = bytearray(near.read_bytes())
    content[len(content) // 2] ^= 0x40
    match damage:
        case "flipped":
            near.write_bytes(content)
        case "cut":
            near.write_bytes(near.read_bytes()[:-8])
        case "longer":
            near.write_bytes(near.read_bytes() + bytes(8))
        case "text":
            near.write_text("[1]\n")
        case "empty":
            near.write_bytes(b"")
        case _:
            near.unlink()
    query = file.features[17] + np.float32(0.01)
    events = list(index_file.ready(file.features))
    assert isinstance(events[0], Progress)
    assert [one.row for one in nearest(file, query, 7)] == _expected(file, query)


def test_a_folder_that_cannot_be_written_to_has_no_index(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    file = _written(tmp_path)

    def refuse(*_: object) -> None:
        raise Failed("not_writable", "no")

    monkeypatch.setattr(index_file, "write_atomic", refuse)
    query = file.features[17] + np.float32(0.01)
    assert [one.row for one in nearest(file, query, 7)] == _expected(file, query)
    assert not _near(tmp_path).exists()


@pytest.mark.parametrize("images", [60, _IMAGES])
def test_fault_69_not_a_number_names_the_image_and_the_checkpoint(tmp_path: Path, images: int) -> None:
    file = _written(tmp_path, images=images, wrong=41)
    with pytest.raises(Failed, match=r"a/41\.png.*abc123.*Index") as caught:
        finished(among(file))
    assert caught.value.code == "features_not_finite"
    assert feature_files.read(tmp_path, "fc7").layer == "fc7"
